import type { Spot } from '../../core/map/mercator'
import type { Box } from '../../core/map/view'
import type { Sprites } from './sprites'
import { TOOLS } from './room'
import type { Pen } from './sheets'

/** A side of a point that a label may stand on. */
type Side = 'right' | 'left' | 'above' | 'below'

const GAP = 3

export interface Style {
  font: string
  ink: string
  halo: string
}

interface Rect {
  x: number
  y: number
  w: number
  h: number
}

/** Texts on a sheet that keep clear of each other, and of what is drawn already. The screen's edge cuts none. */
export class Labels {
  private readonly taken: Rect[] = []
  /** where the screen's buttons leave room */
  private readonly readable: Rect

  /** @param screen on the sheet @param sheet its size, CSS pixels */
  constructor(
    private readonly g: Pen,
    private readonly sprites: Sprites,
    private readonly screen: Box,
    private readonly sheet: { width: number; height: number },
  ) {
    this.readable = { x: screen.left, y: screen.top, w: screen.right - TOOLS - screen.left, h: screen.bottom - screen.top }
  }

  /** Keeps a disc free of labels. */
  keep({ x, y }: Spot, radius: number): void {
    this.taken.push({ x: x - radius, y: y - radius, w: 2 * radius, h: 2 * radius })
  }

  /** Keeps a box free of labels. */
  cover(box: Rect): void {
    this.taken.push(box)
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

  private free(a: Rect): boolean {
    const { readable, screen } = this
    if (!holds({ x: 0, y: 0, w: this.sheet.width, h: this.sheet.height }, a)) return false
    const beside = a.x > screen.right || a.y > screen.bottom || a.x + a.w < screen.left || a.y + a.h < screen.top
    if (!beside && !holds(readable, a)) return false
    return !this.taken.some((b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
  }
}

function holds(room: Rect, a: Rect): boolean {
  return a.x >= room.x && a.y >= room.y && a.x + a.w <= room.x + room.w && a.y + a.h <= room.y + room.h
}

function write(g: Pen, text: string, { x, y }: Spot, style: Style): void {
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
