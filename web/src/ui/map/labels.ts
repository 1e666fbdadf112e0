import type { Spot } from '../../core/map/mercator'
import type { Sprites } from './sprites'

/** A side of a point that a label may stand on. */
type Side = 'right' | 'left' | 'above' | 'below'

const GAP = 3

export interface Style {
  font: string
  ink: string
  halo: string
}

/** Texts on a canvas that keep clear of each other, and of what is drawn already. */
export class Labels {
  private readonly taken: { x: number; y: number; w: number; h: number }[] = []

  constructor(
    private readonly g: CanvasRenderingContext2D,
    private readonly sprites: Sprites,
    private readonly room: { width: number; height: number },
  ) {}

  /** Keeps a disc free of labels. */
  keep({ x, y }: Spot, radius: number): void {
    this.taken.push({ x: x - radius, y: y - radius, w: 2 * radius, h: 2 * radius })
  }

  /** Writes beside a point where there is room. @param away from the point's middle, CSS pixels @returns whether there was */
  put(text: string, p: Spot, away: number, size: number, sides: readonly Side[], style: Style): boolean {
    const w = this.sprites.width(this.g, text, style.font)
    for (const side of sides) {
      const x = side === 'right' ? p.x + away : side === 'left' ? p.x - away - w : p.x - w / 2
      const y = side === 'above' ? p.y - away - size : side === 'below' ? p.y + away : p.y - size / 2
      const box = { x: x - GAP, y: y - GAP, w: w + 2 * GAP, h: size + 2 * GAP }
      if (!this.free(box)) continue
      this.taken.push(box)
      this.sprites.put(this.g, style.font + style.ink + text, { x: x + w / 2, y: y + size / 2 }, w + 8, size + 10, (g, at) => write(g, text, at, style))
      return true
    }
    return false
  }

  private free(a: { x: number; y: number; w: number; h: number }): boolean {
    if (a.x < 0 || a.y < 0 || a.x + a.w > this.room.width || a.y + a.h > this.room.height) return false
    return !this.taken.some((b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
  }
}

function write(g: CanvasRenderingContext2D, text: string, { x, y }: Spot, style: Style): void {
  g.font = style.font
  g.textAlign = 'center'
  g.textBaseline = 'middle'
  g.lineWidth = 3.5
  g.lineJoin = 'round'
  g.strokeStyle = style.halo
  g.strokeText(text, x, y)
  g.fillStyle = style.ink
  g.fillText(text, x, y)
}
