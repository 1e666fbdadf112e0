/** The audit log as the API tells it, and what is asked of it. */

/** A record, as it stands in the log. */
export interface LogRecord {
  n: number
  time: string
  event: string
  /** who acts; "console" for somebody on the machine itself, absent for the gateway */
  subject?: string
  name?: string
  by?: string
  address?: string
  device?: string
  camera?: string
  kind?: string
  areas?: string[] | null
  target?: string
  view?: string
  /** nanoseconds */
  duration?: number
  reason?: string
  case?: string
  detail?: string
}

export interface LogPage {
  entries: LogRecord[] | null
  next?: number
}

export interface LogHead {
  n: number
  head: string
  key: string
  /** the caller may export all of it */
  whole: boolean
  checked: boolean
  faults: string[] | null
  /** all that this gateway records */
  events?: string[] | null
}

/** What somebody looks for, by kind. */
export const GROUPS = ['views', 'denied', 'signIns', 'rights', 'places', 'households', 'sharing', 'log'] as const
export type Group = (typeof GROUPS)[number]

const GROUP_EVENTS: Record<Group, readonly string[]> = {
  views: ['view.opened', 'view.closed', 'picture.still', 'picture.exported', 'camera.lookback', 'camera.ptz', 'camera.sound', 'view.ended'],
  denied: ['view.denied', 'act.denied', 'session.refused', 'share.refused'],
  signIns: ['session.begun', 'session.refused', 'session.ended', 'sessions.ended'],
  rights: ['grant.given', 'grant.revoked', 'grant.emergency', 'request.asked', 'request.answered', 'person.blocked', 'person.unblocked', 'account.changed'],
  places: ['camera.changed', 'camera.removed', 'camera.tried', 'camera.checked', 'masks.drawn', 'masks.lifted', 'devices.sought', 'device.asked', 'area.changed', 'area.removed', 'inventory.imported', 'inventory.exported', 'settings.changed', 'layout.changed', 'layout.removed'],
  households: ['consent.given', 'consent.changed', 'consent.withdrawn', 'camera.off', 'camera.on', 'case.opened', 'case.closed', 'invitation.made', 'invitation.used', 'owner.link'],
  sharing: ['share.made', 'share.opened', 'share.refused', 'share.revoked', 'portal.changed', 'portal.removed', 'portal.ended', 'embed.issued'],
  log: ['log.read', 'log.exported', 'log.retention', 'log.cut', 'log.key', 'log.saved', 'log.restored', 'gateway.started', 'gateway.stopped'],
}

/** The events of a group that this gateway knows; it refuses to be asked for others. */
export function eventsOf(group: Group, known: readonly string[] | null | undefined): string[] {
  const all = GROUP_EVENTS[group]
  return known?.length ? all.filter((e) => known.includes(e)) : [...all]
}

/** The groups of which this gateway has an event. */
export const groupsOf = (known: readonly string[] | null | undefined): Group[] => GROUPS.filter((g) => eventsOf(g, known).length > 0)

/** The first group that an event is of. */
export const groupOf = (event: string): Group | undefined => GROUPS.find((g) => GROUP_EVENTS[g].includes(event))

export const SPANS = ['today', 'yesterday', 'week', 'month', 'all', 'day', 'range'] as const
export type Span = (typeof SPANS)[number]

/** What is looked for; '' and [] stand for everything. */
export interface LogFilter {
  span: Span
  /** of span "day": 2026-11-22 */
  day: string
  /** of span "range": 2026-11-22T06:00, in the zone of this device */
  from: string
  until: string
  person: string
  camera: string
  area: string
  group: Group | ''
  reason: string
  number: string
  /** of a watermark, or a view's whole name */
  code: string
}

export const newFilter = (): LogFilter => ({
  span: 'today', day: '', from: '', until: '', person: '', camera: '', area: '', group: '', reason: '', number: '', code: '',
})

/** The beginning of a day, some days after that of `now`; days are of the device's zone, and not all have 24 hours. */
function dayAt(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days)
}

/** From when until when: until is not included, undefined where there is no bound. */
export function bounds(f: LogFilter, now: Date): { from?: Date; until?: Date } {
  switch (f.span) {
    case 'today':
      return { from: dayAt(now, 0) }
    case 'yesterday':
      return { from: dayAt(now, -1), until: dayAt(now, 0) }
    case 'week':
      return { from: dayAt(now, -6) }
    case 'month':
      return { from: dayAt(now, -29) }
    case 'day': {
      const [y, m, d] = f.day.split('-').map(Number)
      return y && m && d ? { from: new Date(y, m - 1, d), until: new Date(y, m - 1, d + 1) } : {}
    }
    case 'range': {
      const [from, until] = [new Date(f.from), new Date(f.until)]
      const out: { from?: Date; until?: Date } = {}
      if (Number.isFinite(from.getTime())) out.from = from
      if (Number.isFinite(until.getTime())) out.until = until
      return out
    }
    case 'all':
      return {}
  }
}

/** What is wrong with a filter, by field. */
export function filterFaults(f: LogFilter): Partial<Record<'day' | 'until' | 'code', string>> {
  const out: Partial<Record<'day' | 'until' | 'code', string>> = {}
  if (f.span === 'day' && !/^\d{4}-\d\d-\d\d$/.test(f.day)) out.day = 'day'
  if (f.span === 'range' && f.from && f.until && f.from >= f.until) out.until = 'until'
  if (f.code && plainCode(f.code).length < 7) out.code = 'code'
  return out
}

/** A code without what people write between its letters. */
const plainCode = (code: string): string => code.replace(/[\s-]/g, '')

/** The query of GET audit; `after` is the next of the page before. */
export function queryOf(f: LogFilter, known: readonly string[] | null | undefined, now: Date, after = 0): string {
  const q = new URLSearchParams()
  const set = (name: string, value: string): void => {
    if (value) q.set(name, value)
  }
  set('view', plainCode(f.code))
  if (!f.code) {
    // A code says all: what it leads to may be of any time.
    const { from, until } = bounds(f, now)
    if (from) q.set('from', from.toISOString())
    if (until) q.set('until', until.toISOString())
  }
  set('person', f.person)
  set('camera', f.camera)
  set('area', f.area)
  set('reason', f.reason)
  set('case', f.number.trim())
  if (f.group) for (const e of eventsOf(f.group, known)) q.append('event', e)
  if (after) q.set('after', String(after))
  return q.toString()
}

/** A line of the list: a record, or a view with both of its ends. */
export interface LogRow {
  record: LogRecord
  /** of a view: when it began and ended, Unix ms; ended is 0 while nobody knows */
  view?: { began: number; ended: number; ms: number; why: string }
}

/** Records, the newest first, as rows: an opened view and its closing are one, at the place of its opening. */
export function rowsOf(records: readonly LogRecord[]): LogRow[] {
  const opened = new Set(records.filter((r) => r.event === 'view.opened' && r.view).map((r) => r.view))
  const closed = new Map<string, LogRecord>()
  const rows: LogRow[] = []
  for (const record of records) {
    const at = Date.parse(record.time)
    const ms = (record.duration ?? 0) / 1e6
    if (record.event === 'view.closed') {
      if (record.view && opened.has(record.view)) closed.set(record.view, record)
      else rows.push({ record, view: { began: at - ms, ended: at, ms, why: record.detail ?? '' } })
    } else if (record.event === 'view.opened') {
      const end = record.view ? closed.get(record.view) : undefined
      if (end) rows.push({ record, view: { began: at, ended: Date.parse(end.time), ms: (end.duration ?? 0) / 1e6, why: end.detail ?? '' } })
      else rows.push({ record, view: { began: at, ended: 0, ms: 0, why: '' } })
    } else rows.push({ record })
  }
  return rows
}

/** Rows by the day of their records, in the device's zone. */
export function byDay(rows: readonly LogRow[]): { day: number; rows: LogRow[] }[] {
  const out: { day: number; rows: LogRow[] }[] = []
  for (const row of rows) {
    const day = dayAt(new Date(row.record.time), 0).getTime()
    const last = out.at(-1)
    if (last?.day === day) last.rows.push(row)
    else out.push({ day, rows: [row] })
  }
  return out
}

/** A view's code as a watermark shows it, "4QX-7RT2"; '' for the names that older records have. */
export function codeOf(view: string | undefined): string {
  if (!view || !/^[0-9a-hjkmnp-tv-z]{16}$/.test(view)) return ''
  const code = view.slice(0, 7).toUpperCase()
  return `${code.slice(0, 3)}-${code.slice(3)}`
}

/** Something unusual in who looks at what. */
export interface Finding {
  pattern: 'long night' | 'many households' | 'many areas' | 'sole watcher' | 'no reason'
  subject: string
  name: string
  /** 2026-11-22 */
  day?: string
  camera?: string
  amount: number
  first: number
  last: string
}

export interface Report {
  from: string
  until: string
  findings: Finding[] | null
  more?: boolean
}

/** The filter that shows what a finding is about. A night ends on the next day. */
export function filterOf(f: Finding): LogFilter {
  const out = { ...newFilter(), person: f.subject, camera: f.camera ?? '', group: 'views' as Group }
  if (!f.day) return { ...out, span: 'month' }
  if (f.pattern !== 'long night') return { ...out, span: 'day', day: f.day }
  const [y = 0, m = 1, d = 1] = f.day.split('-').map(Number)
  const next = new Date(Date.UTC(y, m - 1, d + 1)).toISOString().slice(0, 10)
  return { ...out, span: 'range', from: `${f.day}T18:00`, until: `${next}T12:00` }
}
