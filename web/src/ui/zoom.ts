import { inside, magnify, MOST, nextStep, settled, TWICE, WHOLE, within, type Point, type Size, type Zoom as View } from '../core/zoom'

/** Two taps so close in time, ms, and place, px, are one. */
const DOUBLE_MS = 300
const NEAR = 36
/** A finger that moves further does not tap, px. */
const SLOP = 10
/** A finger that rests so long wants the menu, ms. */
const HOLD_MS = 500
const PAN_KEY = 60

interface Finger {
  at: Point
  from: Point
  since: number
}

/** The fingers, the mouse and the keys on a picture: magnifying it, moving it, and holding it. */
export class Zoom {
  view: View = WHOLE
  private readonly fingers = new Map<number, Finger>()
  private readonly ends = new AbortController()
  private tapped: { at: Point; time: number } | undefined
  private centreLater: number | undefined
  private holdLater: number | undefined
  /** more than a tap has happened since the first finger came */
  private moved = false

  /**
   * @param picture where the picture lies on the screen, and its own size where one is there; undefined while none is large
   * @param changed after `view` is another one @param held for the menu, a finger rested
   */
  constructor(
    private readonly stage: HTMLElement,
    private readonly picture: () => { box: DOMRect; size: Size | undefined } | undefined,
    private readonly changed: () => void,
    private readonly held: () => void,
  ) {
    const { signal } = this.ends
    stage.addEventListener('pointerdown', this.down, { signal })
    stage.addEventListener('pointermove', this.move, { signal })
    stage.addEventListener('pointerup', this.up, { signal })
    stage.addEventListener('pointercancel', this.gone, { signal })
    stage.addEventListener('wheel', this.wheel, { signal, passive: false })
    stage.addEventListener('keydown', this.key, { signal })
    // An iPhone would magnify the whole page.
    stage.addEventListener('gesturestart', (e) => e.preventDefault(), { signal })
  }

  close(): void {
    this.ends.abort()
    clearTimeout(this.centreLater)
    clearTimeout(this.holdLater)
  }

  reset(): void {
    this.set(WHOLE)
  }

  /** The next step of the button: about the middle, and round again. */
  step(): void {
    const to = nextStep(this.view.scale)
    if (to === 1) this.reset()
    else this.to(to, { x: 0, y: 0 })
  }

  private set(view: View): void {
    const v = this.view
    if (view.scale === v.scale && view.x === v.x && view.y === v.y) return
    this.view = view
    this.changed()
  }

  /** @param to where `from` is to come; it stays where it is */
  private to(scale: number, from: Point, to = from): void {
    const p = this.picture()
    if (p) this.set(magnify(this.view, scale, from, to, p.box, inside(p.box, p.size)))
  }

  private shift(dx: number, dy: number): void {
    const p = this.picture()
    const { scale, x, y } = this.view
    if (p) this.set(within({ scale, x: x + dx, y: y + dy }, p.box, inside(p.box, p.size)))
  }

  /** From the middle of the picture's box. */
  private point(e: { clientX: number; clientY: number }): Point {
    const box = this.picture()?.box
    return box ? { x: e.clientX - box.x - box.width / 2, y: e.clientY - box.y - box.height / 2 } : { x: 0, y: 0 }
  }

  private readonly down = (e: PointerEvent): void => {
    if (e.button !== 0 || !this.picture() || onButton(e)) return
    // More than two fingers are a palm.
    if (this.fingers.size >= 2) return this.forget()
    const at = this.point(e)
    if (this.fingers.size === 0) this.moved = false
    else this.moved = true
    this.fingers.set(e.pointerId, { at, from: at, since: e.timeStamp })
    clearTimeout(this.holdLater)
    if (this.fingers.size === 1 && e.pointerType !== 'mouse') this.holdLater = window.setTimeout(() => this.hold(), HOLD_MS)
    // A mouse that drags a magnified picture may leave it.
    if (e.pointerType === 'mouse' && this.view.scale > 1) this.stage.setPointerCapture(e.pointerId)
  }

  private readonly move = (e: PointerEvent): void => {
    const f = this.fingers.get(e.pointerId)
    if (!f) return
    const at = this.point(e)
    const before = f.at
    if (!this.moved && Math.hypot(at.x - f.from.x, at.y - f.from.y) > SLOP) {
      this.moved = true
      clearTimeout(this.holdLater)
    }
    f.at = at
    if (this.fingers.size === 2) this.pinch(e.pointerId, before)
    else if (this.moved && this.view.scale > 1) this.shift(at.x - before.x, at.y - before.y)
  }

  /** One of the two fingers has moved. */
  private pinch(id: number, before: Point): void {
    const other = [...this.fingers].find(([i]) => i !== id)![1].at
    const { at } = this.fingers.get(id)!
    const apart = Math.hypot(before.x - other.x, before.y - other.y)
    if (apart < 1) return
    const scale = (this.view.scale * Math.hypot(at.x - other.x, at.y - other.y)) / apart
    this.to(scale, middle(before, other), middle(at, other))
  }

  private readonly up = (e: PointerEvent): void => {
    const f = this.fingers.get(e.pointerId)
    this.gone(e)
    if (!f || this.moved || this.fingers.size > 0 || e.timeStamp - f.since > HOLD_MS) return
    this.tap(f.at, e.timeStamp)
  }

  private readonly gone = (e: PointerEvent): void => {
    if (!this.fingers.delete(e.pointerId)) return
    clearTimeout(this.holdLater)
    this.set(settled(this.view))
  }

  private tap(at: Point, time: number): void {
    const t = this.tapped
    this.tapped = { at, time }
    clearTimeout(this.centreLater)
    if (t && time - t.time < DOUBLE_MS && Math.hypot(at.x - t.at.x, at.y - t.at.y) < NEAR) {
      this.tapped = undefined
      if (this.view.scale > 1) this.reset()
      else this.to(TWICE, at)
    } else if (this.view.scale > 1) {
      // Whoever cannot drag taps what is to come to the middle.
      this.centreLater = window.setTimeout(() => this.shift(-at.x, -at.y), DOUBLE_MS)
    }
  }

  private hold(): void {
    if (this.moved || this.fingers.size !== 1) return
    this.forget()
    this.held()
  }

  /** What the fingers did is done: the same fingers do nothing more. */
  private forget(): void {
    clearTimeout(this.holdLater)
    this.fingers.clear()
    this.set(settled(this.view))
  }

  private readonly wheel = (e: WheelEvent): void => {
    if (!this.picture()) return
    e.preventDefault()
    // Lines are about 16 px each. A trackpad's pinch comes as a wheel with Ctrl, in small steps.
    const by = e.deltaY * (e.deltaMode === 1 ? 16 : 1) * (e.ctrlKey ? 0.01 : 0.0018)
    this.to(this.view.scale * Math.exp(-by), this.point(e))
    this.set(settled(this.view))
  }

  private readonly key = (e: KeyboardEvent): void => {
    if (e.altKey || e.ctrlKey || e.metaKey || !this.picture()) return
    const { scale } = this.view
    const pan = scale > 1 ? { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key] : undefined
    if (pan) this.shift(pan[0]! * PAN_KEY, pan[1]! * PAN_KEY)
    else if (e.key === '+' || e.key === '=') this.to(Math.min(MOST, scale * 1.5), { x: 0, y: 0 })
    else if (e.key === '-') {
      this.to(scale / 1.5, { x: 0, y: 0 })
      this.set(settled(this.view))
    } else if (e.key === '0') this.reset()
    else return
    e.preventDefault()
  }
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

/** A button on the picture is for itself. */
function onButton(e: Event): boolean {
  return e.composedPath().some((n) => n instanceof HTMLButtonElement)
}
