import type { Texts } from './texts'

/** One look at the camera, as the gateway tells it to the owner. */
export interface View {
  n: number
  at: string
  seconds: number
  running?: boolean
  /** stills only */
  still?: boolean
  unknown?: boolean
  reason?: string
  own?: boolean
}

export interface Line {
  n: number
  /** 08:12 */
  time: string
  /** 3 phút, tìm người mất tích */
  text: string
  running: boolean
}

export interface Day {
  name: string
  lines: Line[]
}

/** Vietnam has one time, and no summer time; the phone may be set to another. */
const OFFSET_MS = 7 * 3_600_000
const DAY_MS = 24 * 3_600_000

const two = (n: number): string => String(n).padStart(2, '0')
const dayNumber = (ms: number): number => Math.floor((ms + OFFSET_MS) / DAY_MS)

/** 08:12 */
export function timeOf(ms: number): string {
  const d = new Date(ms + OFFSET_MS)
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
}

/** 22/11/2026 */
export function dateOf(ms: number): string {
  const d = new Date(ms + OFFSET_MS)
  return `${two(d.getUTCDate())}/${two(d.getUTCMonth() + 1)}/${d.getUTCFullYear()}`
}

export function howLong(v: View, s: Texts): string {
  if (v.running) return s.running
  if (v.still) return s.stills
  if (v.unknown) return s.unknownLong
  if (v.seconds < 60) return s.short
  const minutes = Math.floor(v.seconds / 60)
  return minutes < 60 ? s.minutes(minutes) : s.hoursLong(Math.floor(minutes / 60), minutes % 60)
}

/** The looks by days, the newest first. @param reasons the codes in words @param now Unix ms */
export function byDay(views: readonly View[], reasons: ReadonlyMap<string, string>, s: Texts, now: number): Day[] {
  const days: Day[] = []
  let last: number | undefined
  for (const v of views) {
    const at = Date.parse(v.at)
    const day = dayNumber(at)
    if (day !== last) {
      const ago = dayNumber(now) - day
      days.push({ name: ago === 0 ? s.today : ago === 1 ? s.yesterday : dateOf(at), lines: [] })
      last = day
    }
    const why = v.own ? s.ownView : v.reason ? (reasons.get(v.reason) ?? v.reason) : s.noReason
    days.at(-1)!.lines.push({ n: v.n, time: timeOf(at), text: `${howLong(v, s)}, ${why.charAt(0).toLowerCase()}${why.slice(1)}`, running: v.running ?? false })
  }
  return days
}
