import { LitElement, css, html, svg } from 'lit'
import { Masks, type Corner, type Point } from '../core/owner/masks'
import { base } from '../ui/shared'

/** A finger that moves less than this, of the picture's width, taps. */
const TAP = 0.012

/** Draws what must not be seen over the picture, by finger. */
export class MaskBoard extends LitElement {
  static override properties = { masks: { attribute: false }, label: { attribute: false } }
  declare masks: Masks
  declare label: string
  private held: { corner: Corner | undefined; from: Point; moved: boolean } | undefined

  static override styles = [
    base,
    css`
      :host {
        display: block;
        touch-action: none;
        cursor: crosshair;
      }
      svg {
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      .area {
        fill: #10151dd9;
        stroke: #fff;
      }
      .open {
        fill: #ffd54a40;
        stroke: #ffd54a;
      }
      .corner {
        fill: #fff;
        stroke: #0a4fa6;
      }
      .open-corner {
        fill: #ffd54a;
        stroke: #10151d;
      }
      text {
        fill: #fff;
        font: 700 60px system-ui;
        text-anchor: middle;
        dominant-baseline: central;
      }
    `,
  ]

  constructor() {
    super()
    this.addEventListener('pointerdown', this.down)
    this.addEventListener('pointermove', this.moved)
    this.addEventListener('pointerup', this.up)
    this.addEventListener('pointercancel', () => (this.held = undefined))
  }

  override render() {
    const { masks, drawing, ratio } = this.masks
    const width = 1000
    const height = Math.round(width / ratio)
    const at = (p: Point) => `${(p.x * width).toFixed(1)},${(p.y * height).toFixed(1)}`
    const list = (m: readonly Point[]) => m.map(at).join(' ')
    const dot = (p: Point, kind: string, r: number) => svg`<circle class=${kind} cx=${p.x * width} cy=${p.y * height} r=${r} stroke-width="7"/>`
    const middle = (m: readonly Point[]) => m.reduce((c, p) => ({ x: c.x + p.x / m.length, y: c.y + p.y / m.length }), { x: 0, y: 0 })
    return html`<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label=${this.label}>
      ${masks.map((m, i) => {
        const c = middle(m)
        return svg`<polygon class="area" points=${list(m)} stroke-width="6"/>${m.map((p) => dot(p, 'corner', 17))}<text x=${c.x * width} y=${c.y * height}>${i + 1}</text>`
      })}
      ${svg`<polygon class="open" points=${list(drawing)} stroke-width="7" stroke-dasharray="22 14"/>`}
      ${drawing.map((p, i) => dot(p, 'open-corner', i === 0 ? 27 : 19))}
    </svg>`
  }

  private point(e: PointerEvent): Point {
    const box = this.getBoundingClientRect()
    return { x: (e.clientX - box.left) / box.width, y: (e.clientY - box.top) / box.height }
  }

  private readonly down = (e: PointerEvent): void => {
    if (!e.isPrimary) return
    e.preventDefault()
    const from = this.point(e)
    this.held = { corner: this.masks.near(from), from, moved: false }
    this.setPointerCapture(e.pointerId)
  }

  private readonly moved = (e: PointerEvent): void => {
    const h = this.held
    if (!h) return
    const at = this.point(e)
    if (!h.moved && Math.hypot(at.x - h.from.x, at.y - h.from.y) < TAP) return
    if (h.corner) {
      if (!h.moved) this.masks.grab()
      this.masks.move(h.corner, at)
      this.drawn()
    }
    h.moved = true
  }

  private readonly up = (): void => {
    const h = this.held
    this.held = undefined
    if (!h || h.moved) return
    this.masks.tap(h.from)
    this.drawn()
  }

  private drawn(): void {
    this.requestUpdate()
    this.dispatchEvent(new CustomEvent('drawn', { bubbles: true, composed: true }))
  }
}
customElements.define('mask-board', MaskBoard)
