/** Grants: who may do what, where and when. */

export interface Span {
  /** on which it begins; 0 is Sunday */
  day: number
  /** minutes after midnight */
  from: number
  to: number
}

export interface Hours {
  zone: string
  spans: Span[]
}

export interface Who {
  role?: string
  group?: string
  person?: string
}

export interface Grant {
  key: string
  who: Who
  who_name?: string
  actions: string[]
  areas?: string[]
  cameras?: string[]
  kinds?: string[]
  from?: string
  until?: string
  hours?: Hours | null
  by?: string
  by_name?: string
  reason?: string
  given?: string
  emergency?: boolean
  request?: string
}

export const ZONE = 'Asia/Ho_Chi_Minh'

export interface GrantForm {
  who: 'person' | 'role' | 'group'
  person: string
  role: string
  group: string
  actions: string[]
  areas: string[]
  cameras: string[]
  household: boolean
  /** "always" or between the two times */
  limited: boolean
  /** as <input type="datetime-local"> has them; '' for at once, and until it is revoked */
  from: string
  until: string
  weekly: boolean
  days: number[]
  hourFrom: string
  hourTo: string
  reason: string
}

export const newGrant = (): GrantForm => ({
  who: 'person',
  person: '',
  role: 'viewer',
  group: '',
  actions: ['view'],
  areas: [],
  cameras: [],
  household: false,
  limited: false,
  from: '',
  until: '',
  weekly: false,
  days: [1, 2, 3, 4, 5],
  hourFrom: '07:00',
  hourTo: '17:00',
  reason: '',
})

export type GrantFault = 'who' | 'actions' | 'where' | 'until' | 'past' | 'days' | 'hours'

/** Faults by the part of the form where they stand. @param now Unix ms */
export function checkGrant(f: GrantForm, now: number): Partial<Record<'who' | 'actions' | 'where' | 'when' | 'hours', GrantFault>> {
  const faults: ReturnType<typeof checkGrant> = {}
  if ((f.who === 'person' && !f.person) || (f.who === 'group' && !f.group.trim()) || (f.who === 'role' && !f.role)) faults.who = 'who'
  if (f.actions.length === 0) faults.actions = 'actions'
  if (f.areas.length + f.cameras.length === 0) faults.where = 'where'
  if (f.limited && f.until) {
    const until = Date.parse(f.until)
    if (until <= now) faults.when = 'past'
    else if (f.from && until <= Date.parse(f.from)) faults.when = 'until'
  }
  if (f.weekly && f.days.length === 0) faults.hours = 'days'
  else if (f.weekly && (minutes(f.hourFrom) === undefined || minutes(f.hourTo) === undefined)) faults.hours = 'hours'
  return faults
}

const ORDINARY = ['public', 'office', 'institution']

/** The document to send. Times are this device's; weekly hours are Viet Nam's. */
export function grantDocument(f: GrantForm): Omit<Grant, 'key'> {
  const d: Omit<Grant, 'key'> = { who: { [f.who]: f[f.who].trim() }, actions: [...f.actions] }
  if (f.areas.length) d.areas = f.areas.includes('all') ? ['all'] : [...f.areas]
  if (f.cameras.length) d.cameras = [...f.cameras]
  if (f.household && d.areas) d.kinds = [...ORDINARY, 'household']
  if (f.limited && f.from) d.from = new Date(f.from).toISOString()
  if (f.limited && f.until) d.until = new Date(f.until).toISOString()
  if (f.weekly) d.hours = { zone: ZONE, spans: spansOf(f.days, f.hourFrom, f.hourTo) }
  if (f.reason.trim()) d.reason = f.reason.trim()
  return d
}

/** "07:30" > 450 */
export function minutes(clock: string): number | undefined {
  const m = /^(\d{1,2}):(\d{2})$/.exec(clock)
  if (!m) return undefined
  const n = Number(m[1]) * 60 + Number(m[2])
  return Number(m[2]) < 60 && n <= 1440 ? n : undefined
}

export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** The same hours on each of these days. An end at midnight is the day's end; an end before the beginning is on the next day. */
export function spansOf(days: readonly number[], from: string, to: string): Span[] {
  const a = minutes(from) ?? 0
  const b = minutes(to) ?? 0
  return [...days].sort((x, y) => x - y).map((day) => ({ day, from: a % 1440, to: b === 0 ? 1440 : b }))
}

/** Spans with the same hours put together, for reading: [{days, from, to}], in the order of the week from Monday. */
export function grouped(spans: readonly Span[]): { days: number[]; from: string; to: string }[] {
  const out: { days: number[]; from: string; to: string }[] = []
  const fromMonday = (d: number) => (d + 6) % 7
  for (const s of [...spans].sort((x, y) => fromMonday(x.day) - fromMonday(y.day) || x.from - y.from)) {
    const [from, to] = [clockOf(s.from), clockOf(s.to)]
    const same = out.find((g) => g.from === from && g.to === to)
    if (same) same.days.push(s.day)
    else out.push({ days: [s.day], from, to })
  }
  return out
}
