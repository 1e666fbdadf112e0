/** How cameras did in the last 24 hours, as the API tells it. */
import type { Finding } from './check'

export const CARES = ['offline', 'flapping', 'freezing', 'slow', 'live', 'unknown'] as const
export type Care = (typeof CARES)[number]

export interface StreamHealth {
  quality: string
  state: string
  codec?: string
  width?: number
  height?: number
  /** a second */
  bits?: number
  /** a second */
  pictures?: number
  /** how it goes to viewers */
  way?: 'pass' | 'some' | 'rung' | 'refused'
  /** of CPU, estimated, while its rung is watched */
  cores?: number
  why?: 'masks' | 'mark' | 'codec' | 'b_frames'
}

export interface CameraHealth {
  id: string
  name: string
  area: string
  kind: string
  /** what it needs, the most urgent */
  state: Care
  /** offline, or live, since, Unix ms */
  since?: number
  cause?: string
  /** when somebody watched it last, Unix ms */
  checked?: number
  /** it is watched now */
  pulled: boolean
  /** a letter a quarter of an hour, the oldest first: - l f m o */
  day: string
  live_seconds: number
  down_seconds: number
  outages: number
  freezes: number
  first_count: number
  first_median_ms?: number
  first_p95_ms?: number
  streams: StreamHealth[] | null
}

export interface HealthList {
  /** nothing is known from before, Unix ms */
  from: number
  all: number
  counts: { state: Care; cameras: number }[] | null
  cameras: CameraHealth[] | null
  next?: string
}

/** Something that took some time, Unix ms and ms. */
export interface Lapse {
  at: number
  ms: number
}

/** What a camera does against the rules, and what is done about it. */
export interface QuirkHealth extends Finding {
  /** of which it was met in the last 24 hours */
  streams: string[]
  /** met first, Unix ms */
  since: number
}

export interface HealthDetail extends CameraHealth {
  from: number
  outage_list: { from: number; until?: number; cause: string }[] | null
  freeze_list: Lapse[] | null
  first_pictures: Lapse[] | null
  quirks: QuirkHealth[] | null
}

const QUARTER_MS = 15 * 60_000

export const countOf = (list: HealthList, state: Care): number => list.counts?.find((c) => c.state === state)?.cameras ?? 0

/** The share of the watched time in which there were pictures, 0 to 1; undefined where nobody watched. */
export function shareOf(c: CameraHealth): number | undefined {
  const watched = c.live_seconds + c.down_seconds
  return watched > 0 ? c.live_seconds / watched : undefined
}

/** A row of quarters that are alike. */
export interface Run {
  letter: string
  from: number
  length: number
}

/** "--llo" as runs; what nobody watched is left out. */
export function runsOf(day: string): Run[] {
  const runs: Run[] = []
  for (let i = 0; i < day.length; i++) {
    const letter = day[i]!
    const last = runs.at(-1)
    if (last?.letter === letter && last.from + last.length === i) last.length++
    else if (letter !== '-') runs.push({ letter, from: i, length: 1 })
  }
  return runs
}

/** The full hours of a day that ends with the quarter of `now`, every `step` of them, and how far along each is, 0 to 1. */
export function hoursOf(now: number, quarters: number, step: number): { at: number; hour: number }[] {
  const end = Math.floor(now / QUARTER_MS + 1) * QUARTER_MS
  const begin = end - quarters * QUARTER_MS
  const first = new Date(begin)
  first.setMinutes(0, 0, 0)
  const hours: { at: number; hour: number }[] = []
  for (let t = first.getTime(); t < end; t += 3_600_000) {
    const hour = new Date(t).getHours()
    if (t >= begin && hour % step === 0) hours.push({ at: (t - begin) / (end - begin), hour })
  }
  return hours
}

/**
 * The order to show after the list came again. Who is at work in it finds each
 * row where it was; what is new stands behind.
 */
export function settled(shown: readonly CameraHealth[], next: readonly CameraHealth[], busy: boolean): CameraHealth[] {
  if (!busy) return [...next]
  const by = new Map(next.map((c) => [c.id, c]))
  const stay = shown.flatMap((c) => by.get(c.id) ?? [])
  const known = new Set(stay.map((c) => c.id))
  return [...stay, ...next.filter((c) => !known.has(c.id))]
}

/** The stream of a camera that says most: its main one, where that was ever seen. */
export function mainStream(c: CameraHealth): StreamHealth | undefined {
  const seen = (c.streams ?? []).filter((s) => s.width)
  return seen.find((s) => s.quality === 'main') ?? seen[0]
}

/** A spreadsheet takes what begins with these for a formula. */
const FORMULA = /^[=+\-@\t\r]/

function cell(value: string | number): string {
  const text = String(value)
  const safe = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text
  return /[",\n\r;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A table that spreadsheets open with its letters right: they want a byte order mark. */
export function csvOf(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return `\ufeff${[head, ...rows].map((r) => r.map(cell).join(',')).join('\r\n')}\r\n`
}

/** Where the dots of first pictures stand: x and y from 0 to 1, y upwards, to a round top in ms. */
export function dotsOf(firsts: readonly Lapse[]): { top: number; dots: { x: number; y: number; at: number; ms: number }[] } {
  const most = Math.max(0, ...firsts.map((f) => f.ms))
  const top = [500, 1000, 2000, 5000, 10_000].find((t) => most <= t) ?? 30_000
  return { top, dots: firsts.map((f, i) => ({ x: firsts.length === 1 ? 0.5 : i / (firsts.length - 1), y: Math.min(1, f.ms / top), at: f.at, ms: f.ms })) }
}
