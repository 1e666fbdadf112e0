import type { Lang } from './i18n'
import type { Grant, Notice, Request } from './people'

/** Letters that a reason must have; as auth counts them. */
export const MIN_LETTERS = 10
/** Characters of one's own words: with a ready reason before them within the 1000 bytes of auth. */
export const MAX_TEXT = 300
/** A request that nobody answers is closed after this long, ms. */
export const OPEN_MS = 24 * 3600_000
/** For how long one may ask, s. */
export const SPANS = [30 * 60, 2 * 3600, 8 * 3600, 24 * 3600]
/** For how long one may give oneself an emergency, s. */
export const EMERGENCY_SPANS = [10 * 60, 20 * 60, 30 * 60]

/** Where a request stands for who made it. */
export type Standing =
  | { kind: 'waiting' }
  | { kind: 'granted'; until: number }
  /** it was granted, and its time is over */
  | { kind: 'over'; until: number }
  /** it was granted, and ended before its time */
  | { kind: 'ended' }
  | { kind: 'refused' }
  | { kind: 'withdrawn' }
  /** nobody answered */
  | { kind: 'expired' }

/** @param grants those for the person, or undefined where they are not known yet @param now Unix ms */
export function standing(r: Request, grants: readonly Grant[] | undefined, now: number): Standing {
  if (r.state === 'open') return { kind: now - Date.parse(r.asked) < OPEN_MS ? 'waiting' : 'expired' }
  if (r.state !== 'granted') return { kind: r.state }
  const until = grantedUntil(r)
  if (now >= until) return { kind: 'over', until }
  // The grant stands under the request's key; without it somebody ended it.
  const given = grants?.find((g) => g.key === r.key || g.request === r.key)
  if (grants && !(given && (given.until === undefined || inForce(given.until, now)))) return { kind: 'ended' }
  return { kind: 'granted', until }
}

/** When a granted request ends, Unix ms. */
export function grantedUntil(r: Request): number {
  return Date.parse(r.answered ?? r.asked) + r.for * 1000
}

/** The emergency that somebody has given themselves and that is still on. */
export function ownEmergency(grants: readonly Grant[], key: string, now: number): Grant | undefined {
  return grants.find((g) => g.emergency === true && g.who.person === key && key !== '' && inForce(g.until, now))
}

/** Emergencies of others that are on. @param own key of one's own, which is no news */
export function othersEmergencies(notices: readonly Notice[], own: string | undefined, now: number): Notice[] {
  return notices.filter((n) => n.emergency && n.key !== own && inForce(n.until, now))
}

/** Requests that wait for our answer, the oldest first. */
export function toAnswer(requests: readonly Request[], now: number): Request[] {
  return requests
    .filter((r) => r.answer && !r.mine && standing(r, undefined, now).kind === 'waiting')
    .sort((a, b) => Date.parse(a.asked) - Date.parse(b.asked))
}

function inForce(until: string | undefined, now: number): boolean {
  return until !== undefined && now < Date.parse(until)
}

/** What happened between two looks at the same requests: those of one's own that were answered. */
export function answered(before: readonly Request[], after: readonly Request[]): Request[] {
  const open = new Set(before.filter((r) => r.mine && r.state === 'open').map((r) => r.key))
  return after.filter((r) => open.has(r.key) && (r.state === 'granted' || r.state === 'refused'))
}

/** A ready reason and what was written beside it, on one line: the gateway takes line breaks out. */
export function reasonOf(ready: string | undefined, text: string): string {
  const own = text.replace(/\s+/g, ' ').trim()
  return [ready, own].filter(Boolean).join(': ')
}

/** How many letters a reason still lacks. */
export function lacking(reason: string): number {
  return Math.max(0, MIN_LETTERS - (reason.match(/\p{L}/gu)?.length ?? 0))
}

/** A time that is left: "29:41", "1:59:59". Its last second is 0:01. */
export function countdown(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const minutes = Math.floor(s / 60)
  if (minutes < 60) return `${minutes}:${two(s % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(s % 60)}`
}

/** A length of time in whole units: "30 phút", "2 giờ", "1 giờ 30 phút". */
export function formatSpan(seconds: number, lang: Lang): string {
  const h = Math.floor(seconds / 3600)
  const min = Math.round((seconds % 3600) / 60)
  const hours = lang === 'vi' ? `${h}\u00a0giờ` : `${h}\u00a0h`
  const minutes = lang === 'vi' ? `${min}\u00a0phút` : `${min}\u00a0min`
  if (h === 0) return minutes
  return min === 0 ? hours : `${hours} ${minutes}`
}
