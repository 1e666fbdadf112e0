import type { CameraHealth, StreamHealth } from '../core/manage/health'
import type { Office } from './office'

/* A camera's health in words. Numbers and their units never part: U+00A0. */

const locale = { vi: 'vi-VN', en: 'en-GB' } as const

export const decimal = (office: Office, n: number, digits: number): string =>
  n.toLocaleString(locale[office.lang], { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** "500 ms", "2,5 s": at the axis of a chart. */
export const markOf = (office: Office, ms: number): string => (ms === 0 ? '0' : ms < 1000 ? `${ms}\u00a0ms` : waitOf(office, ms))

/** "0,4 s"; under a tenth of a second "80 ms". */
export function waitOf(office: Office, ms: number): string {
  return ms < 100 ? `${Math.round(ms)}\u00a0ms` : `${decimal(office, ms / 1000, ms < 9950 ? 1 : 0)}\u00a0s`
}

/** "99,2"; never 100 where there was an outage. */
export function percentOf(office: Office, share: number): string {
  if (share === 0 || share === 1) return String(share * 100)
  return decimal(office, Math.min(Math.max(share * 100, 0.1), 99.9), 1)
}

/** Why a camera gives no picture. */
export const causeOf = (office: Office, cause: string | undefined): string =>
  cause ? ((office.s.healthCauses as Record<string, string>)[cause] ?? cause) : ''

/** "1280×720 · 1,1 Mb/s", as far as it is known. */
export function streamOf(office: Office, s: StreamHealth): string {
  return [s.width ? `${s.width}×${s.height}` : '', s.bits ? `${decimal(office, s.bits / 1e6, 1)}\u00a0Mb/s` : ''].filter(Boolean).join(' · ')
}

/** What stands beside the state: since when, or when somebody looked last. */
export function sinceOf(office: Office, c: CameraHealth): string {
  const { s } = office
  if (c.state === 'unknown') return ''
  if (c.state === 'offline') return s.healthSince(office.time(c.since))
  return c.pulled ? s.healthWatched : s.healthChecked(office.time(c.checked))
}

/** The dot before the state. */
export const DOTS = { offline: 'offline', flapping: 'weak', freezing: 'weak', slow: 'weak', live: 'live', unknown: '' } as const
