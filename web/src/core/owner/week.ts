/** The hours of a week, as the gateway has them (auth.Hours). */
export interface Hours {
  zone: string
  spans: { day: number; from: number; to: number }[]
}

export const ZONE = 'Asia/Ho_Chi_Minh'

/** The same hours on some days: what an owner is asked for. */
export interface Daily {
  /** 0 is Sunday */
  days: number[]
  /** minutes after midnight */
  from: number
  to: number
}

/** Monday first, as calendars here have it. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0] as const

export function hoursOf(d: Daily): Hours {
  const days = WEEK.filter((day) => d.days.includes(day))
  return { zone: ZONE, spans: days.map((day) => ({ day, from: d.from, to: d.to === 0 ? 1440 : d.to })) }
}

/** The other way round; undefined where the hours differ from day to day. */
export function dailyOf(h: Hours): Daily | undefined {
  const [first] = h.spans
  if (!first || h.spans.some((s) => s.from !== first.from || s.to !== first.to)) return undefined
  return { days: h.spans.map((s) => s.day), from: first.from, to: first.to % 1440 }
}

/** "07:30" of minutes, and back; undefined of what is no time. */
export const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

export function minutesOf(clock: string): number | undefined {
  const m = /^(\d\d):(\d\d)$/.exec(clock)
  const n = m ? Number(m[1]) * 60 + Number(m[2]) : NaN
  return n >= 0 && n < 1440 && Number(m![2]) < 60 ? n : undefined
}

/** Days and times as they are typed. */
export interface Times {
  days: readonly number[]
  from: string
  to: string
}

/** The hours of days and times as they were typed; null where something is missing. */
export function chosenHours(t: Times): Hours | null {
  const from = minutesOf(t.from)
  const to = minutesOf(t.to)
  if (t.days.length === 0 || from === undefined || to === undefined || from === to) return null
  return hoursOf({ days: [...t.days], from, to })
}

/** The times that are offered: every half hour, and one that was set elsewhere. */
export function timesOffered(now: string): string[] {
  const all = Array.from({ length: 48 }, (_, i) => clockOf(i * 30))
  return now === '' || all.includes(now) ? all : [...all, now].sort()
}
