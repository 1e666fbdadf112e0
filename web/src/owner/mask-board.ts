import { LitElement, html, nothing, svg, type PropertyValues } from 'lit'
import { Masks, type Corner, type Mask, type Point } from '../core/owner/masks'
import { base } from '../ui/shared'
import { boardStyle } from './board-style'

/** A finger that moves less than this, in pixels, taps. */
const TAP = 6
/** A fingertip, in pixels: what is this near is meant. */
const REACH = 22
/** Half of a corner that is chosen, with its line. */
const RIM = 12

/** How the board's parts are called. */
export interface BoardWords {
  /** from 1; mask 0 is the one that is being drawn */
  corner(corner: number, mask: number): string
  edge(mask: number): string
}

const KEYS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

const within = (at: number, most: number): number => Math.min(most - RIM, Math.max(RIM, at))

/** Draws what must not be seen over the picture, by finger, mouse or keys. */
export class MaskBoard extends LitElement {
  static override properties = { masks: { attribute: false }, fixed: { attribute: false }, label: { attribute: false }, words: { attribute: false }, size: { state: true } }
  declare masks: Masks
  /** what others drew, which stays */
  declare fixed: readonly Mask[]
  declare label: string
  declare words: BoardWords
  /** in pixels */
  declare size: { width: number; height: number }
  private held: { corner: Corner | undefined; edge: Corner | undefined; from: Point; moved: boolean } | undefined
  private watch: ResizeObserver | undefined

  static override styles = [base, boardStyle]

  constructor() {
    super()
    this.fixed = []
    this.size = { width: 1000, height: 562 }
    this.addEventListener('pointerdown', this.down)
    this.addEventListener('pointermove', this.moved)
    this.addEventListener('pointerup', this.up)
    this.addEventListener('pointercancel', () => (this.held = undefined))
    this.addEventListener('keydown', this.key)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.watch = new ResizeObserver(() => {
      const { width, height } = this.getBoundingClientRect()
      if (width > 0 && height > 0) this.size = { width, height }
    })
    this.watch.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.watch?.disconnect()
  }

  override render() {
    const { masks, drawing } = this.masks
    const { width, height } = this.size
    return html`<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="group" aria-label=${this.label}>
      ${this.fixed.map((m) => svg`<polygon class="fixed" points=${this.list(m)} />`)} ${masks.map((m, i) => this.area(m, i))}
      ${drawing.length > 1 ? svg`<polyline class="open edge" points=${this.list(drawing)} /><polyline class="open" points=${this.list(drawing)} />` : nothing}
      ${drawing.map((p, i) => this.handle(p, { mask: -1, corner: i }, i === 0 && this.masks.canClose ? 13 : 9))}
    </svg>`
  }

  private list(m: Mask): string {
    return m.map((p) => `${(p.x * this.size.width).toFixed(1)},${(p.y * this.size.height).toFixed(1)}`).join(' ')
  }

  private area(m: Mask, mask: number) {
    const { width, height } = this.size
    const { chosen } = this.masks
    const on = chosen?.mask === mask
    const x = m.reduce((sum, p) => sum + p.x / m.length, 0) * width
    const y = m.reduce((sum, p) => sum + p.y / m.length, 0) * height
    return svg`<polygon class="edge" points=${this.list(m)} /><polygon class="area ${on ? 'on' : ''}" points=${this.list(m)} />
      <text x=${x} y=${y}>${mask + 1}</text>
      ${on ? this.edges(mask).map((e) => this.plus(e.at, mask, e.behind)) : nothing}
      ${m.map((p, corner) => this.handle(p, { mask, corner }, 9))}`
  }

  /** Between the corners of the chosen area, where the line is long enough: from there another one is drawn. */
  private edges(mask: number): { behind: number; at: Point }[] {
    const m = this.masks.masks[mask]!
    return m.flatMap((p, behind) => {
      const q = m[(behind + 1) % m.length]!
      const long = Math.hypot((p.x - q.x) * this.size.width, (p.y - q.y) * this.size.height)
      return long > 4 * REACH ? [{ behind, at: { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 } }] : []
    })
  }

  private handle(p: Point, c: Corner, r: number) {
    const { chosen } = this.masks
    const on = chosen?.mask === c.mask && chosen.corner === c.corner
    // At the picture's rim the whole of it is seen all the same.
    const [x, y] = [within(p.x * this.size.width, this.size.width), within(p.y * this.size.height, this.size.height)]
    return svg`<g class="corner ${c.mask < 0 ? 'new' : ''} ${on ? 'on' : ''}" tabindex="0" role="button" aria-label=${this.words.corner(c.corner + 1, c.mask + 1)}
      data-mask=${c.mask} data-corner=${c.corner} @focus=${() => this.focused(c)}>
      <circle class="reach" cx=${x} cy=${y} r=${REACH} /><circle class="dot" cx=${x} cy=${y} r=${on ? r + 2 : r} />
    </g>`
  }

  private plus(p: Point, mask: number, behind: number) {
    const [x, y] = [p.x * this.size.width, p.y * this.size.height]
    return svg`<g class="plus" tabindex="0" role="button" aria-label=${this.words.edge(mask + 1)} data-split=${behind} data-mask=${mask}>
      <circle class="reach" cx=${x} cy=${y} r=${REACH} /><circle class="dot" cx=${x} cy=${y} r="8" /><path d="M${x - 4} ${y}h8M${x} ${y - 4}v8" />
    </g>`
  }

  protected override updated(_: PropertyValues): void {
    // Who moves corners by keys stays at the one that was made or moved.
    const c = this.masks.chosen
    if (!this.refocus || !c) return
    this.refocus = false
    this.renderRoot.querySelector<SVGElement>(`.corner[data-mask="${c.mask}"][data-corner="${Math.max(0, c.corner)}"]`)?.focus()
  }
  private refocus = false

  private focused(c: Corner): void {
    const { chosen } = this.masks
    if (this.held || (chosen?.mask === c.mask && chosen.corner === c.corner)) return
    this.masks.chosen = c
    this.drawn()
  }

  private point(e: PointerEvent): Point {
    const box = this.getBoundingClientRect()
    return { x: (e.clientX - box.left) / box.width, y: (e.clientY - box.top) / box.height }
  }

  private readonly down = (e: PointerEvent): void => {
    if (!e.isPrimary || e.button > 0) return
    e.preventDefault()
    const from = this.point(e)
    const corner = this.masks.near(from, REACH / this.size.width)
    const { chosen } = this.masks
    const edge = corner || !chosen || chosen.mask < 0 || this.masks.drawing.length > 0 ? undefined : this.edges(chosen.mask).find((m) => this.apart(m.at, from) <= REACH)
    this.held = { corner, edge: edge && { mask: chosen!.mask, corner: edge.behind }, from, moved: false }
    this.setPointerCapture(e.pointerId)
  }

  private apart(a: Point, b: Point): number {
    return Math.hypot((a.x - b.x) * this.size.width, (a.y - b.y) * this.size.height)
  }

  private readonly moved = (e: PointerEvent): void => {
    const h = this.held
    if (!h) return
    const at = this.point(e)
    if (!h.moved && this.apart(at, h.from) < TAP) return
    if (!h.moved && h.edge) h.corner = this.masks.split(h.edge.mask, h.edge.corner)
    else if (!h.moved && h.corner) this.masks.grab()
    h.moved = true
    if (!h.corner) return
    this.masks.chosen = h.corner
    this.masks.move(h.corner, at)
    this.drawn()
  }

  private readonly up = (): void => {
    const h = this.held
    this.held = undefined
    if (!h || h.moved) return
    if (h.edge) this.masks.split(h.edge.mask, h.edge.corner)
    else this.masks.tap(h.from, REACH / this.size.width)
    this.drawn()
  }

  private readonly key = (e: KeyboardEvent): void => {
    const to = (e.composedPath()[0] as Element).closest('g')
    if (!to || e.ctrlKey || e.metaKey || e.altKey) return
    const mask = Number(to.getAttribute('data-mask'))
    const split = to.getAttribute('data-split')
    const c = { mask, corner: Number(to.getAttribute('data-corner')) }
    const way = KEYS[e.key]
    if (split !== null) {
      if (e.key !== 'Enter' && e.key !== ' ') return
      this.masks.split(mask, Number(split))
      this.refocus = true
    } else if (way) this.masks.nudge(c, way[0] * (e.shiftKey ? 5 : 1), way[1] * (e.shiftKey ? 5 : 1))
    else if (e.key === 'Delete' || e.key === 'Backspace') {
      this.masks.removeCorner(c)
      this.refocus = true
    } else if (e.key === 'Enter' && mask < 0) this.masks.close()
    else return
    e.preventDefault()
    e.stopPropagation()
    this.drawn()
  }

  private drawn(): void {
    this.requestUpdate()
    this.dispatchEvent(new CustomEvent('drawn', { bubbles: true, composed: true }))
  }
}
customElements.define('mask-board', MaskBoard)
