import { Timer, type Env } from './env'
import type { Camera } from './cameras'

/** Bounds of a tour's interval, seconds. */
export const TOUR_SECONDS = [5, 10, 15, 20, 30, 60] as const

/** One stop: the cameras of a page, or one camera. */
export type Stop = readonly string[]

/** Whether a camera is worth a stop: it gives pictures, and nothing has to be stated or opened first. */
export function worthAStop(c: Camera | undefined): boolean {
  return c !== undefined && c.state !== 'offline' && c.closed === undefined && c.needs_case !== true
}

/** Cameras as stops of a size. */
export function stopsOf(cameras: readonly string[], size: number): Stop[] {
  const stops: Stop[] = []
  for (let i = 0; i < cameras.length; i += size) stops.push(cameras.slice(i, i + size))
  return stops
}

/** Told by a tour. */
export interface Guide {
  /** The stops as they are now: cameras come and go while it runs. */
  stops(): readonly Stop[]
  /** Shows a stop; next comes after it. */
  show(stop: Stop, next: Stop): void
  /** The seconds that are left, or whether it runs, are others. */
  changed(): void
}

/** Goes from stop to stop by itself. */
export class Tour {
  running = false
  paused = false
  seconds = 15
  /** that are left at this stop, ms */
  private left = 0
  private at = -Infinity
  private last: Stop | undefined
  private readonly timer: Timer

  constructor(
    private readonly env: Env,
    private readonly guide: Guide,
  ) {
    this.timer = new Timer(env, () => this.tick())
  }

  start(seconds: number): void {
    this.seconds = Math.min(60, Math.max(5, Math.round(seconds)))
    this.running = true
    this.paused = false
    this.last = undefined
    this.go(1)
  }

  stop(): void {
    this.running = this.paused = false
    this.timer.clear()
    this.guide.changed()
  }

  /** Somebody looks closer: the stop stays until they let it go on. */
  pause(): void {
    if (!this.running || this.paused) return
    this.left = this.remaining
    this.paused = true
    this.timer.clear()
    this.guide.changed()
  }

  resume(): void {
    if (!this.paused) return
    this.paused = false
    this.at = this.env.now() + this.left
    this.wait()
  }

  /** To the next stop, or the one before, at once. */
  go(by: 1 | -1): void {
    const stops = this.guide.stops()
    if (stops.length === 0) return this.stop()
    const before = this.last ? stops.findIndex((s) => s.join() === this.last!.join()) : -1
    // A stop that is gone is taken for its first camera's; else the tour begins anew.
    const near = before < 0 && this.last ? stops.findIndex((s) => s.some((c) => this.last!.includes(c))) : before
    const i = near < 0 ? 0 : (near + by + stops.length) % stops.length
    this.last = stops[i]!
    this.guide.show(this.last, stops[(i + 1) % stops.length]!)
    this.left = this.seconds * 1000
    this.at = this.env.now() + this.left
    if (this.paused) this.guide.changed()
    else this.wait()
  }

  /** Until the next stop, whole seconds. */
  get countdown(): number {
    return Math.ceil(this.remaining / 1000)
  }

  private get remaining(): number {
    return this.paused ? this.left : Math.max(0, this.at - this.env.now())
  }

  private wait(): void {
    this.guide.changed()
    const left = this.at - this.env.now()
    // When the number of seconds changes.
    this.timer.set(Math.max(10, left % 1000 || 1000))
  }

  private tick(): void {
    if (this.env.now() >= this.at - 5) this.go(1)
    else this.wait()
  }
}
