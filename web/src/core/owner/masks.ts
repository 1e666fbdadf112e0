/** A place in the picture, both from 0, left and top, to 1. */
export interface Point {
  x: number
  y: number
}

export const MAX_MASKS = 16
export const MAX_POINTS = 16
/** A tap this near to a corner means the corner: a fingertip on a phone's picture. */
export const NEAR = 0.055

interface Board {
  masks: readonly (readonly Point[])[]
  /** the corners of one that is being drawn */
  drawing: readonly Point[]
}

/** Which corner; mask -1 is the one that is being drawn. */
export interface Corner {
  mask: number
  corner: number
}

/** What must not be seen, drawn with a finger: corner by corner, each step can be taken back. */
export class Masks {
  private now: Board = { masks: [], drawing: [] }
  private past: Board[] = []

  /** @param ratio the picture's width by its height */
  constructor(public ratio = 16 / 9) {}

  get masks(): readonly (readonly Point[])[] {
    return this.now.masks
  }

  get drawing(): readonly Point[] {
    return this.now.drawing
  }

  get canUndo(): boolean {
    return this.past.length > 0
  }

  /** The drawn corners are enough for an area. */
  get canClose(): boolean {
    return this.now.drawing.length >= 3
  }

  get full(): boolean {
    return this.now.masks.length >= MAX_MASKS
  }

  /** The corner that a finger means, if one is near. */
  near(at: Point): Corner | undefined {
    let best: { corner: Corner; far: number } | undefined
    const look = (points: readonly Point[], mask: number) =>
      points.forEach((p, corner) => {
        const far = Math.hypot(p.x - at.x, (p.y - at.y) / this.ratio)
        if (far <= NEAR && (!best || far < best.far)) best = { corner: { mask, corner }, far }
      })
    look(this.now.drawing, -1)
    this.now.masks.forEach(look)
    return best?.corner
  }

  /** A tap: another corner; on the first one the area is done. */
  tap(at: Point): void {
    const c = this.near(at)
    if (c?.mask === -1 && c.corner === 0 && this.canClose) return this.close()
    if (c || this.full) return
    this.step({ ...this.now, drawing: [...this.now.drawing, inside(at)] })
    if (this.now.drawing.length === MAX_POINTS) this.close()
  }

  close(): void {
    if (!this.canClose) return
    // One step with its last corner would be undone too far.
    this.step({ masks: [...this.now.masks, this.now.drawing], drawing: [] })
  }

  /** A finger takes a corner: from now on move draws it along, as one step. */
  grab(): void {
    this.step(this.now)
  }

  move(c: Corner, at: Point): void {
    const moved = (points: readonly Point[]) => points.map((p, i) => (i === c.corner ? inside(at) : p))
    this.now =
      c.mask < 0
        ? { ...this.now, drawing: moved(this.now.drawing) }
        : { ...this.now, masks: this.now.masks.map((m, i) => (i === c.mask ? moved(m) : m)) }
  }

  remove(mask: number): void {
    if (this.now.masks[mask]) this.step({ ...this.now, masks: this.now.masks.filter((_, i) => i !== mask) })
  }

  undo(): void {
    this.now = this.past.pop() ?? this.now
  }

  private step(next: Board): void {
    this.past.push(this.now)
    if (this.past.length > 200) this.past.shift()
    this.now = next
  }
}

const clamp = (n: number): number => Math.min(1, Math.max(0, n))
const inside = (p: Point): Point => ({ x: clamp(p.x), y: clamp(p.y) })
