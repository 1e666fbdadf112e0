/** RTP video clock ticks in a millisecond (RFC 6184 section 8.1: 90 kHz). */
const TICKS = 90
/** The age on the screen is the median of so much time, ms. */
const WINDOW_MS = 600
/** It is renewed as often, ms; earlier where it is off by so much, and enough pictures say so. */
const RENEW_MS = 1000
const SOON_MS = 300
const OFF_MS = 50
const ENOUGH = 8

/** a - b of two 32-bit RTP timestamps, in ticks: positive when a is later, across a wrap too. */
export function rtpDiff(a: number, b: number): number {
  return (a - b) | 0
}

export interface Mapping {
  rtp: number
  /** gateway's clock, Unix ms */
  captured: number
}

/** When the picture with this RTP timestamp was taken: gateway's clock, Unix ms. */
export function capturedAt(rtp: number, m: Mapping): number {
  return m.captured + rtpDiff(rtp, m.rtp) / TICKS
}

export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  const v = [...values].sort((a, b) => a - b)
  const i = v.length >> 1
  return v.length % 2 ? v[i] : (v[i - 1]! + v[i]!) / 2
}

/** Smooths the ages of single pictures into the one number on the screen. */
export class AgeMeter {
  private samples: { at: number; age: number }[] = []
  private shown: number | undefined
  private shownAt = -Infinity

  /** @param at page clock, ms @param age ms */
  add(at: number, age: number): void {
    this.samples.push({ at, age })
    while (this.samples.length > 1 && this.samples[0]!.at < at - WINDOW_MS) this.samples.shift()
    const now = median(this.samples.map((s) => s.age))!
    const since = at - this.shownAt
    const off = Math.abs(now - (this.shown ?? Infinity)) > OFF_MS
    if (since < RENEW_MS && this.shown !== undefined && !(off && since >= SOON_MS && this.samples.length >= ENOUGH)) return
    this.shown = now
    this.shownAt = at
  }

  /** The mapping jumped: what was measured by the old one counts no more. The number stays until the next picture. */
  restart(): void {
    this.samples = []
    this.shownAt = -Infinity
  }

  reset(): void {
    this.samples = []
    this.shown = undefined
    this.shownAt = -Infinity
  }

  /** The age on the screen, ms. */
  get value(): number | undefined {
    return this.shown
  }
}
