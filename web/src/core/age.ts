/** RTP video clock ticks in a millisecond (RFC 6184 section 8.1: 90 kHz). */
const TICKS = 90
/** The age on the screen is the median of this much time, and is renewed as often. */
const WINDOW_MS = 1000

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
    if (this.shown === undefined || at - this.shownAt >= WINDOW_MS) {
      this.shown = median(this.samples.map((s) => s.age))
      this.shownAt = at
    }
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
