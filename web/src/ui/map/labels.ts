import type { Spot } from '../../core/map/mercator'

/** A side of a point that a label may stand on. */
type Side = 'right' | 'left' | 'above' | 'below'

const GAP = 3

/** Texts on a canvas that keep clear of each other, and of what is drawn already. */
export class Labels {
  private readonly taken: { x: number; y: number; w: number; h: number }[] = []

  constructor(
    private readonly g: CanvasRenderingContext2D,
    private readonly widths: Map<string, number>,
    private readonly room: { width: number; height: number },
  ) {}

  /** Keeps a disc free of labels. */
  keep({ x, y }: Spot, radius: number): void {
    this.taken.push({ x: x - radius, y: y - radius, w: 2 * radius, h: 2 * radius })
  }

  /** Writes beside a point where there is room. @param away from the point's middle, CSS pixels @returns whether there was */
  put(text: string, p: Spot, away: number, size: number, sides: readonly Side[], style: { font: string; ink: string; halo: string }): boolean {
    const { g } = this
    const w = this.width(text, style.font)
    for (const side of sides) {
      const x = side === 'right' ? p.x + away : side === 'left' ? p.x - away - w : p.x - w / 2
      const y = side === 'above' ? p.y - away - size : side === 'below' ? p.y + away : p.y - size / 2
      const box = { x: x - GAP, y: y - GAP, w: w + 2 * GAP, h: size + 2 * GAP }
      if (!this.free(box)) continue
      this.taken.push(box)
      g.font = style.font
      g.textAlign = 'left'
      g.textBaseline = 'middle'
      g.lineWidth = 3.5
      g.lineJoin = 'round'
      g.strokeStyle = style.halo
      g.strokeText(text, x, y + size / 2)
      g.fillStyle = style.ink
      g.fillText(text, x, y + size / 2)
      return true
    }
    return false
  }

  private free(a: { x: number; y: number; w: number; h: number }): boolean {
    if (a.x < 0 || a.y < 0 || a.x + a.w > this.room.width || a.y + a.h > this.room.height) return false
    return !this.taken.some((b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
  }

  private width(text: string, font: string): number {
    const key = font + text
    let w = this.widths.get(key)
    if (w === undefined) {
      this.g.font = font
      w = this.g.measureText(text).width
      this.widths.set(key, w)
    }
    return w
  }
}
