import { groupOf, type LogRecord, type LogRow } from '../core/manage/log'
import type { Office } from './office'
import type { IconName } from './icons'

/** Records in words. */

const named = (names: object, key: string): string => (names as Record<string, string>)[key] ?? key

export const whatOf = (office: Office, r: LogRecord): string => named(office.s.logEvents, r.event)

export const reasonOf = (office: Office, code: string): string => named(office.s.logReasons, code)

export function whoOf(office: Office, r: LogRecord): string {
  const { s } = office
  if (r.subject === 'console') return s.logConsole(r.name ?? '')
  if (r.name || r.subject) return r.name || office.personName(r.subject ?? '') || r.subject!
  return r.address ? s.logNobody : s.logSystem
}

/** The camera's name; its id where it is not known here, as of a household or one that is gone. */
export const cameraOf = (office: Office, r: LogRecord): string => (r.camera ? office.cameraName(r.camera) : '')

/** The lowest area that a record is about. */
export const areaOf = (office: Office, r: LogRecord): string => (r.areas?.[0] ? office.areaName(r.areas[0]) : '')

/** A key that the gateway made: it says nothing to people. */
const MADE = /^[A-Z2-7]{26}$/

/** "Nguyễn Văn Hùng", where the target is a person that is known; else as it is recorded. */
export const targetOf = (office: Office, r: LogRecord): string => (r.target ? office.personName(r.target) || r.target : '')

/** "12 giây", "3 phút", "1 giờ 5 phút" */
export function longOf(office: Office, ms: number): string {
  const { s } = office
  const seconds = Math.max(1, Math.round(ms / 1000))
  if (seconds < 90) return s.logSeconds(seconds)
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? s.logMinutes(minutes) : s.logHours(Math.floor(minutes / 60), minutes % 60)
}

/** How the gateway records masks, before and after. */
const MASKS = /(\d+) masks before, (\d+) now; of the picture (\d+) % hidden before, (\d+) % now/

/** The detail of a record, in words where this page has them. */
export function detailOf(office: Office, r: LogRecord): string {
  const found = MASKS.exec(r.detail ?? '')
  if (!found) return r.detail ?? ''
  const [was, is, hid, hides] = found.slice(1).map(Number) as [number, number, number, number]
  return office.s.logMasks(was, is, hid, hides) + (r.detail!.startsWith('by its owner') ? ` ${office.s.logMasksOwner}` : '')
}

/** Why a view closed. */
export const whyOf = (office: Office, why: string): string => named(office.s.logWhys, why)

/** What permitted it, as the gateway records it: "role viewer", "grant K3…". */
export function byOf(office: Office, by: string): string {
  const { s } = office
  const [kind, ...rest] = by.split(' ')
  const name = rest.join(' ')
  if (kind === 'role') return s.logByRole(named(s.roleNames, name))
  if (kind === 'grant') return s.logByGrant(name)
  if (kind === 'token') return s.logByToken(name)
  return by === 'session' ? s.logBySession : by
}

export const two = (n: number): string => String(n).padStart(2, '0')

/** "14:05" */
export function clockOf(ms: number): string {
  const d = new Date(ms)
  return `${two(d.getHours())}:${two(d.getMinutes())}`
}

/** "14:05:09, 22/11/2026" */
export function momentOf(ms: number): string {
  const d = new Date(ms)
  return `${clockOf(ms)}:${two(d.getSeconds())}, ${two(d.getDate())}/${two(d.getMonth() + 1)}/${d.getFullYear()}`
}

/** "Hôm nay", "Thứ Sáu, 20/11/2026" */
export function dayOf(office: Office, day: number): string {
  const { s } = office
  const [d, now] = [new Date(day), new Date()]
  if (d.toDateString() === now.toDateString()) return s.logToday
  if (d.toDateString() === new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1).toDateString()) return s.logYesterday
  return s.logDayName(s.logWeekdays[d.getDay()]!, `${two(d.getDate())}/${two(d.getMonth() + 1)}/${d.getFullYear()}`)
}

const DRAWINGS: Record<string, IconName> = {
  views: 'eye', denied: 'lock', signIns: 'phone', rights: 'key', places: 'camera', households: 'home', sharing: 'link', log: 'file',
}

export function drawingOf(r: LogRecord): IconName {
  if (r.event.endsWith('.denied') || r.event.endsWith('.refused')) return 'lock'
  if (r.event.startsWith('masks.')) return 'eye'
  return DRAWINGS[groupOf(r.event) ?? 'log'] ?? 'file'
}

/** What a row says under who did it. */
export function linesOf(office: Office, row: LogRow): string[] {
  const r = row.record
  const target = targetOf(office, r)
  const on = cameraOf(office, r) || (MADE.test(target) ? '' : target)
  const why = [r.reason ? reasonOf(office, r.reason) : '', r.case ?? ''].filter(Boolean).join(' · ')
  return [[whatOf(office, r), on].filter(Boolean).join(': '), [areaOf(office, r), why].filter(Boolean).join(' · ')].filter(Boolean)
}

