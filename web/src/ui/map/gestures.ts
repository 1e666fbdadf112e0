import type { Spot } from '../../core/map/mercator'

/** Farther than this a touch is no tap, CSS pixels. */
const STILL = 8
const TAP_MS = 500
const DOUBLE_MS = 320
const DOUBLE_NEAR = 32
/** How much of the last movement tells the speed of a flick, ms. */
const FLICK_MS = 90

/** What fingers, pens and mice want of a map. Points are CSS pixels from its corner. */
export interface Wishes {
  pan(dx: number, dy: number): void
  pinch(from: [Spot, Spot], to: [Spot, Spot]): void
  /** @param speed CSS pixels a ms */
  flick(speed: Spot): void
  /** @param second soon after another, at the same place */
  tap(p: Spot, second: boolean): void
  hover(p: Spot | undefined): void
  /** a touch has begun: what moves by itself stops */
  touched(): void
}

export class Gestures {
  private readonly down = new Map<number, Spot>()
  private begun: (Spot & { at: number }) | undefined
  private lastTap: (Spot & { at: number }) | undefined
  private trail: (Spot & { at: number })[] = []

  constructor(private readonly wishes: Wishes) {}

  readonly press = (e: PointerEvent): void => {
    if (e.button !== 0 || this.down.size >= 2) return
    const target = e.currentTarget as Element
    target.setPointerCapture(e.pointerId)
    const p = spotOf(e)
    this.down.set(e.pointerId, p)
    this.trail = [{ ...p, at: e.timeStamp }]
    // A second finger makes it no tap.
    this.begun = this.down.size === 1 ? { ...p, at: e.timeStamp } : undefined
    this.wishes.touched()
  }

  readonly move = (e: PointerEvent): void => {
    const p = spotOf(e)
    const from = this.down.get(e.pointerId)
    if (!from) {
      if (e.pointerType === 'mouse') this.wishes.hover(p)
      return
    }
    if (this.begun && apart(this.begun, p) <= STILL) return
    const other = [...this.down].find(([id]) => id !== e.pointerId)?.[1]
    if (other) this.wishes.pinch([from, other], [p, other])
    else this.wishes.pan(p.x - from.x, p.y - from.y)
    this.begun = undefined
    this.down.set(e.pointerId, p)
    this.trail.push({ ...p, at: e.timeStamp })
    if (this.trail.length > 12) this.trail.shift()
  }

  readonly release = (e: PointerEvent): void => {
    if (!this.down.delete(e.pointerId)) return
    const p = spotOf(e)
    const { begun } = this
    this.begun = undefined
    if (this.down.size > 0) {
      // The finger that stays begins anew, without a flick.
      this.trail = []
      return
    }
    if (begun) {
      if (e.timeStamp - begun.at <= TAP_MS) this.tap(p, e.timeStamp)
      return
    }
    const recent = this.trail.filter((t) => e.timeStamp - t.at <= FLICK_MS)
    const first = recent[0]
    const ms = first ? e.timeStamp - first.at : 0
    if (first && recent.length > 2 && ms > 0) this.wishes.flick({ x: (p.x - first.x) / ms, y: (p.y - first.y) / ms })
  }

  readonly cancel = (e: PointerEvent): void => {
    this.down.delete(e.pointerId)
    this.begun = undefined
  }

  readonly leave = (): void => this.wishes.hover(undefined)

  private tap(p: Spot, at: number): void {
    const last = this.lastTap
    const second = last !== undefined && at - last.at <= DOUBLE_MS && apart(last, p) <= DOUBLE_NEAR
    this.lastTap = second ? undefined : { ...p, at }
    this.wishes.tap(p, second)
  }
}

function spotOf(e: PointerEvent): Spot {
  return { x: e.offsetX, y: e.offsetY }
}

function apart(a: Spot, b: Spot): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** By how much a wheel zooms. A trackpad's pinch comes as one with the control key; Firefox counts lines. */
export function turned(e: WheelEvent): number {
  const speed = (e.ctrlKey ? 0.01 : 0.0022) * (e.deltaMode === 1 ? 16 : 1)
  return Math.exp(-Math.max(-200, Math.min(200, e.deltaY)) * speed)
}
