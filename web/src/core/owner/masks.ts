/** A place in the picture, both from 0, left and top, to 1. */
export interface Point {
  x: number
  y: number
}

/** The corners of what is hidden. */
export type Mask = readonly Point[]

export const MAX_MASKS = 16
export const MAX_POINTS = 16
/** A tap this near to a corner means the corner, where nobody says how large the picture is drawn. */
export const NEAR = 0.055
/** An arrow key moves a corner by this, of the picture's width and height; with Shift five times as far. */
export const NUDGE = 0.01

interface Board {
  masks: readonly Mask[]
  /** the corners of one that is being drawn */
  drawing: Mask
}

/** Which corner; mask -1 is the one that is being drawn, corner -1 stands for the whole mask. */
export interface Corner {
  mask: number
  corner: number
}

/** What must not be seen, drawn with a finger: corner by corner, each step can be taken back. */
export class Masks {
  private now: Board
  private past: Board[] = []
  /** what the buttons and keys are about */
  chosen: Corner | undefined

  /** @param ratio the picture's width by its height */
  constructor(
    public ratio = 16 / 9,
    masks: readonly Mask[] = [],
  ) {
    this.now = { masks, drawing: [] }
  }

  get masks(): readonly Mask[] {
    return this.now.masks
  }

  get drawing(): Mask {
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

  /** The corner that a finger means, if one is near: reach is of the picture's width. */
  near(at: Point, reach = NEAR): Corner | undefined {
    let best: { corner: Corner; far: number } | undefined
    const look = (points: Mask, mask: number) =>
      points.forEach((p, corner) => {
        const far = Math.hypot(p.x - at.x, (p.y - at.y) / this.ratio)
        if (far <= reach && (!best || far < best.far)) best = { corner: { mask, corner }, far }
      })
    look(this.now.drawing, -1)
    if (!best) this.now.masks.forEach(look)
    return best?.corner
  }

  /** A tap: another corner; on the first one the area is done, on a corner or an area it is chosen. */
  tap(at: Point, reach = NEAR): void {
    const c = this.near(at, reach)
    const open = this.now.drawing.length > 0
    if (c?.mask === -1 && c.corner === 0 && this.canClose) return this.close()
    if (c) return void (this.chosen = c)
    const within = open ? -1 : this.now.masks.findLastIndex((m) => hides(m, at))
    if (within >= 0) return void (this.chosen = { mask: within, corner: -1 })
    if (this.full) return
    this.chosen = undefined
    this.step({ ...this.now, drawing: [...this.now.drawing, inside(at)] })
    if (this.now.drawing.length === MAX_POINTS) this.close()
  }

  close(): void {
    if (!this.canClose) return
    // One step with its last corner would be undone too far.
    this.step({ masks: [...this.now.masks, this.now.drawing], drawing: [] })
    this.chosen = { mask: this.now.masks.length - 1, corner: -1 }
  }

  /** Another area in the middle, for who would rather drag corners, or has no pointer. */
  add(): void {
    if (this.full || this.now.drawing.length > 0) return
    const shift = 0.04 * (this.now.masks.length % 5)
    const [a, b] = [0.34 + shift, 0.58 + shift]
    this.step({ masks: [...this.now.masks, [{ x: a, y: a }, { x: b, y: a }, { x: b, y: b }, { x: a, y: b }]], drawing: [] })
    this.chosen = { mask: this.now.masks.length - 1, corner: -1 }
  }

  /** Another corner in the middle of the line behind a corner; undefined where there are as many as may be. */
  split(mask: number, behind: number): Corner | undefined {
    const m = this.now.masks[mask]
    if (!m || m.length >= MAX_POINTS) return undefined
    const [p, q] = [m[behind]!, m[(behind + 1) % m.length]!]
    const next = [...m.slice(0, behind + 1), { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 }, ...m.slice(behind + 1)]
    this.step({ ...this.now, masks: this.now.masks.map((o, i) => (i === mask ? next : o)) })
    return (this.chosen = { mask, corner: behind + 1 })
  }

  /** A finger takes a corner: from now on move draws it along, as one step. */
  grab(): void {
    this.step(this.now)
  }

  move(c: Corner, at: Point): void {
    const moved = (points: Mask) => points.map((p, i) => (i === c.corner ? inside(at) : p))
    this.now =
      c.mask < 0
        ? { ...this.now, drawing: moved(this.now.drawing) }
        : { ...this.now, masks: this.now.masks.map((m, i) => (i === c.mask ? moved(m) : m)) }
  }

  /** A key moves a corner. */
  nudge(c: Corner, x: number, y: number): void {
    const p = this.at(c)
    if (!p) return
    this.grab()
    this.move(c, { x: p.x + x * NUDGE, y: p.y + y * NUDGE })
  }

  at(c: Corner): Point | undefined {
    return (c.mask < 0 ? this.now.drawing : this.now.masks[c.mask])?.[c.corner]
  }

  /** Takes a corner away; the area goes with one of its last three. */
  removeCorner(c: Corner): void {
    if (!this.at(c)) return
    const rest = (points: Mask) => points.filter((_, i) => i !== c.corner)
    if (c.mask < 0) this.step({ ...this.now, drawing: rest(this.now.drawing) })
    else if (this.now.masks[c.mask]!.length <= 3) return this.remove(c.mask)
    else this.step({ ...this.now, masks: this.now.masks.map((m, i) => (i === c.mask ? rest(m) : m)) })
    this.chosen = c.mask < 0 ? undefined : { mask: c.mask, corner: -1 }
  }

  remove(mask: number): void {
    this.chosen = undefined
    if (this.now.masks[mask]) this.step({ ...this.now, masks: this.now.masks.filter((_, i) => i !== mask) })
  }

  undo(): void {
    this.chosen = undefined
    this.now = this.past.pop() ?? this.now
  }

  private step(next: Board): void {
    this.past.push(this.now)
    if (this.past.length > 200) this.past.shift()
    this.now = next
  }
}

const clamp = (n: number): number => Math.round(Math.min(1, Math.max(0, n)) * 1e4) / 1e4
const inside = (p: Point): Point => ({ x: clamp(p.x), y: clamp(p.y) })

/** Whether a place is within what a mask's lines go around. */
export function hides(m: Mask, at: Point): boolean {
  let winding = 0
  m.forEach((b, i) => {
    const a = m.at(i - 1)!
    const left = (b.x - a.x) * (at.y - a.y) - (at.x - a.x) * (b.y - a.y)
    if (a.y <= at.y && b.y > at.y && left > 0) winding++
    else if (a.y > at.y && b.y <= at.y && left < 0) winding--
  })
  return winding !== 0
}

/** The share of the picture that masks hide, in whole percent, as the audit log counts it. */
export function hiddenPercent(masks: readonly Mask[]): number {
  const [columns, rows] = [128, 72]
  let n = 0
  for (let y = 0.5; y < rows; y++) for (let x = 0.5; x < columns; x++) if (masks.some((m) => hides(m, { x: x / columns, y: y / rows }))) n++
  return Math.round((100 * n) / (columns * rows))
}

/** Whether other masks in the place of some show more than before. */
export function lifts(before: readonly Mask[], after: readonly Mask[]): boolean {
  return after.length < before.length || hiddenPercent(after) < hiddenPercent(before)
}

export const sameMasks = (a: readonly Mask[], b: readonly Mask[]): boolean => JSON.stringify(a) === JSON.stringify(b)
