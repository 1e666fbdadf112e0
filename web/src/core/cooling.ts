import { Heat, overloaded, steps } from './heat'
import type { Look } from './rates'
import type { Ease } from './wanted'

/** It is said for so long that the device is spared, ms. */
const SAID_MS = 8000

/** What it spares. */
interface Spared {
  /** the tiles that show a camera, and which tiles make do with small streams already */
  readonly wanted: { readonly shown: readonly number[]; readonly small: readonly boolean[] }
  ease(e: Ease): void
}

/** Has a device do less that cannot keep up, and more when it may be able to again. */
export class Cooling {
  private readonly heat = new Heat()
  /** page clock since when it is spared, ms */
  private since: number | undefined

  /** @param pressed the system calls its processor overloaded, or the device too warm; where it tells */
  constructor(private readonly pressed: () => boolean) {}

  /** Takes what a second was like. @param now page clock, ms */
  second(s: Spared, look: Look, now: number): void {
    const { shown, small } = s.wanted
    const all = steps(shown.length, shown.every((i) => small[i]))
    const bad = look.loads.some((l) => overloaded(l, look.ms, this.pressed()))
    this.heat.second(bad, all.length - 1)
    if (this.heat.level === 0) this.since = undefined
    else this.since ??= now
    s.ease(all[this.heat.level]!)
  }

  /** It is to be said now; once, until it is over. */
  says(now: number): boolean {
    return this.since !== undefined && now - this.since < SAID_MS
  }
}
