import type { Spot } from '../../core/map/mercator'
import type { Pen } from './sheets'

/** More are not kept: a city's worth of names and bubbles. */
const KEPT = 500

/**
 * Small pictures that are drawn once and then only copied. Outlines of letters
 * and rims of bubbles cost a weak phone most of a map's frame.
 */
export class Sprites {
  private readonly kept = new Map<string, HTMLCanvasElement>()
  private readonly widths = new Map<string, number>()

  /** how many were drawn, and not only copied */
  made = 0

  /** @param density pixels of the screen a CSS pixel */
  constructor(readonly density: number) {}

  /** Copies a picture to its middle on g, drawing it first where it is not kept. @param w CSS pixels */
  put(g: Pen, key: string, middle: Spot, w: number, h: number, paint: (g: Pen, middle: Spot) => void): void {
    const { density } = this
    let picture = this.kept.get(key)
    if (!picture) {
      picture = document.createElement('canvas')
      Object.assign(picture, { width: Math.ceil(w * density), height: Math.ceil(h * density) })
      const own = picture.getContext('2d')
      own?.scale(density, density)
      this.made++
      if (own) paint(own, { x: w / 2, y: h / 2 })
      if (this.kept.size >= KEPT) this.kept.delete(this.kept.keys().next().value!)
      this.kept.set(key, picture)
    }
    // On whole pixels, so that it is copied and not mixed.
    const whole = (n: number) => Math.round(n * density) / density
    g.drawImage(picture, whole(middle.x - w / 2), whole(middle.y - h / 2), picture.width / density, picture.height / density)
  }

  /** A text's width, CSS pixels. */
  width(g: Pen, text: string, font: string): number {
    const key = font + text
    let w = this.widths.get(key)
    if (w === undefined) {
      g.font = font
      w = g.measureText(text).width
      if (this.widths.size >= 4 * KEPT) this.widths.clear()
      this.widths.set(key, w)
    }
    return w
  }
}
