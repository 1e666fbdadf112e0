import type { Load } from './rates'
import type { Ease } from './wanted'

/** Decoding that takes more of a picture's time than this is near its end, if pictures are lost too. */
const BUSY = 0.6
/** More dropped pictures than this are seen; a few with a busy decoder are its first. */
const DROPPED = 0.1
const SOME_DROPPED = 0.03
/** Fewer pictures a second say nothing. */
const LEAST = 5

/** A step down needs this many bad seconds of the last WINDOW: a busy moment is no heat. */
const WINDOW = 6
const BAD = 5
/** After a step its effect is awaited, s. */
const SETTLE_S = 4
/** A trial of more begins after so many good seconds, twice as many after each that failed. */
const COOL_S = 30
const MOST_COOL_S = 300
/** A trial that goes wrong within this long has failed, s, and so few bad seconds end it. */
const TRIAL_S = 15
const BAD_TRIAL = 3

/**
 * Whether a second was more than the device can do. Decoding time alone says
 * little, as hardware decodes some pictures at once; with pictures lost it does.
 * @param ms how long the second was @param pressed the system calls its processor overloaded
 */
export function overloaded(l: Load, ms: number, pressed: boolean): boolean {
  if (l.decoded + l.dropped < LEAST) return false
  const dropped = l.dropped / (l.decoded + l.dropped)
  const behind = l.received > 0 ? 1 - (l.decoded + l.dropped) / l.received : 0
  const lost = Math.max(dropped, behind)
  const share = pressed ? 0.5 : 1
  return lost > DROPPED * share || (l.decodeMs / ms > BUSY * share && lost > SOME_DROPPED * share)
}

/** The ways down from all that was asked for, the mildest first. @param small all are small already */
export function steps(shown: number, small: boolean): Ease[] {
  const all: Ease[] = [{ keep: Math.max(shown, 1), small: 'none' }]
  if (shown > 1 && !small) all.push({ keep: shown, small: 'others' })
  for (let keep = shown; keep > 1; ) all.push({ keep: (keep = Math.floor(keep / 2)), small: 'others' })
  if (!small) all.push({ keep: 1, small: 'all' })
  return all
}

/** Decides when a device is to do less, and when it may try more again. Told of every second. */
export class Heat {
  /** index into steps: 0 is all that was asked for */
  level = 0
  private bad: boolean[] = []
  private since = 0
  private cool = COOL_S
  private trial = false

  /** @param most the last step there is @returns whether the level changed */
  second(bad: boolean, most: number): boolean {
    this.since++
    this.bad.push(bad)
    if (this.bad.length > WINDOW) this.bad.shift()
    if (this.level > most) return this.to(most)
    const count = this.bad.filter(Boolean).length
    if (this.trial && this.since > TRIAL_S) {
      this.trial = false
      this.cool = COOL_S
    }
    if (this.since > SETTLE_S && count >= (this.trial ? BAD_TRIAL : BAD) && this.level < most) {
      if (this.trial) this.cool = Math.min(2 * this.cool, MOST_COOL_S)
      this.trial = false
      return this.to(this.level + 1)
    }
    if (bad && this.since > SETTLE_S) this.since = SETTLE_S
    if (this.level > 0 && this.since >= SETTLE_S + this.cool && count === 0) {
      this.trial = true
      return this.to(this.level - 1)
    }
    return false
  }

  private to(level: number): boolean {
    this.level = level
    this.since = 0
    this.bad = []
    return true
  }
}
