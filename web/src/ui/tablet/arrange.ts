import { html, nothing } from 'lit'
import { HIDDEN } from '../../core/arrangement'
import { putOn, swap } from '../../core/board'
import { icon } from '../icons'
import { glyph } from './glyphs'
import type { Tablet } from './index'

/** A finger that rests on a tile for so long, ms, lifts it; one that moves farther than this, px, swipes. */
const HOLD_MS = 450
const STILL_PX = 10
/** A mouse, or a finger while tiles are being arranged, drags after so many px. */
const DRAG_PX = 8

/** What is in the hand: what stands on a position, or a camera of the list. */
type Held = { cell: number } | { camera: string }

/** Moves cameras between tiles: by dragging, by two taps, and by keys. */
export class Arranger {
  on = false
  held: Held | undefined
  /** the position under what is dragged */
  over: number | undefined
  /** for screen readers */
  said = ''
  private dragging = false
  private down: { x: number; y: number; id: number; held: Held; timer: number | undefined } | undefined
  private ghost: HTMLElement | undefined
  private readonly root: ShadowRoot

  constructor(private readonly t: Tablet) {
    this.root = t.page.renderRoot as ShadowRoot
    const hear = <K extends keyof HTMLElementEventMap>(type: K, f: (e: HTMLElementEventMap[K]) => void) =>
      this.root.addEventListener(type, f as EventListener, { capture: true, passive: false })
    hear('pointerdown', (e) => this.pressed(e))
    hear('pointermove', (e) => this.moved(e))
    hear('pointerup', (e) => this.released(e))
    hear('pointercancel', () => this.drop(undefined))
    // Else the page scrolls under the finger, and takes the pointer away.
    hear('touchmove', (e) => this.dragging && e.cancelable && e.preventDefault())
    hear('contextmenu', (e) => (this.dragging || this.down?.timer !== undefined) && e.preventDefault())
    this.root.addEventListener('pick', (e) => this.picked(e as CustomEvent<string>), { capture: true })
  }

  private get tiles() {
    return this.t.page.viewer.tiles
  }

  private get s() {
    return this.t.words
  }

  begin(): void {
    this.t.touring.stop()
    this.on = true
    this.t.listed = true
    this.update()
    void this.focus(0)
  }

  end(): void {
    this.on = false
    this.held = this.over = undefined
    this.said = ''
    this.update()
  }

  /** The position whose camera is in the hand. */
  get heldCell(): number | undefined {
    return this.held && 'cell' in this.held ? this.held.cell : undefined
  }

  get heldName(): string {
    const { held } = this
    return held ? ('cell' in held ? this.nameAt(held.cell) : this.t.page.viewer.nameOf(held.camera)) : ''
  }

  nameAt(cell: number): string {
    const camera = this.tiles.cells[cell] ?? ''
    return camera === '' ? this.s.emptyCell : camera === HIDDEN ? this.s.denied : this.t.page.viewer.nameOf(camera)
  }

  /** Takes up what is there, or puts down what is in the hand. */
  press(cell: number): void {
    if (this.held) return this.put(cell)
    this.held = { cell }
    this.said = this.s.picked(this.nameAt(cell))
    this.update()
  }

  /** The tile in the hand shows nothing from now on. */
  takeOut(): void {
    const cell = this.heldCell
    if (cell === undefined) return
    this.held = undefined
    this.said = this.s.taken(cell + 1)
    putOn(this.tiles, cell, '')
    this.update()
  }

  key(e: KeyboardEvent, cell: number): void {
    const columns = this.tiles.shape === '4' ? 2 : 3
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[e.key]
    if (step !== undefined) {
      const to = cell + step
      if (to >= 0 && to < this.tiles.size) void this.focus(to)
    } else if (e.key === 'Escape') {
      if (!this.held) this.end()
      else {
        this.said = this.s.cancelled
        this.held = undefined
        this.update()
      }
    } else if (e.key === 'Delete' || e.key === 'Backspace') {
      this.held = { cell }
      this.takeOut()
    } else return
    e.preventDefault()
  }

  private put(cell: number): void {
    const { held, heldName } = this
    this.held = this.over = undefined
    if (!held) return
    this.t.saved = undefined
    if ('camera' in held) putOn(this.tiles, cell, held.camera)
    else if (held.cell !== cell) swap(this.tiles, held.cell, cell)
    this.said = this.s.put(heldName, cell + 1)
    this.update()
    if (this.on) void this.focus(cell)
  }

  private async focus(cell: number): Promise<void> {
    await (this.t.page as unknown as { updateComplete: Promise<unknown> }).updateComplete
    this.root.querySelector<HTMLElement>(`.cell[data-cell="${cell}"]`)?.focus()
  }

  private update(): void {
    this.t.page.requestUpdate()
  }

  // The pointer.

  /** A camera was tapped in the list while tiles are arranged: it is in the hand. */
  private picked(e: CustomEvent<string>): void {
    if (!this.on) return
    e.stopPropagation()
    this.held = { camera: e.detail }
    this.said = this.s.picked(this.t.page.viewer.nameOf(e.detail))
    this.update()
  }

  private pressed(e: PointerEvent): void {
    if (!e.isPrimary || e.button !== 0 || this.tiles.mode !== 'grid' || this.t.driving.on) return
    const held = this.under(e)
    if (!held) return
    // A finger on a tile may be a swipe, and in the list it scrolls.
    const rests = e.pointerType !== 'mouse' && (!this.on || 'camera' in held)
    const timer = rests ? window.setTimeout(() => this.lift(), HOLD_MS) : undefined
    this.down = { x: e.clientX, y: e.clientY, id: e.pointerId, held, timer }
  }

  private moved(e: PointerEvent): void {
    const { down } = this
    if (!down || down.id !== e.pointerId) return
    if (!this.dragging) {
      const far = Math.hypot(e.clientX - down.x, e.clientY - down.y)
      if (down.timer !== undefined) {
        if (far > STILL_PX) this.forget()
        return
      }
      if (far < DRAG_PX) return
      this.lift()
    }
    e.stopPropagation()
    this.carry(e.clientX, e.clientY)
  }

  private released(e: PointerEvent): void {
    if (this.dragging) {
      e.stopPropagation()
      // The click that follows is the drag's end, not a tap.
      const swallow = (c: Event) => c.stopPropagation()
      this.root.addEventListener('click', swallow, { capture: true, once: true })
      window.setTimeout(() => this.root.removeEventListener('click', swallow, { capture: true }), 80)
      this.drop(this.cellAt(e.clientX, e.clientY))
    } else this.forget()
  }

  private lift(): void {
    const { down } = this
    if (!down) return
    down.timer = undefined
    if (!this.t.touring.paused) this.t.touring.stop()
    this.dragging = true
    this.held = down.held
    navigator.vibrate?.(12)
    this.ghost = document.createElement('div')
    this.ghost.className = 'ghost'
    this.ghost.textContent = this.heldName
    this.root.append(this.ghost)
    this.carry(down.x, down.y)
    this.update()
  }

  private carry(x: number, y: number): void {
    if (this.ghost) this.ghost.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`
    const over = this.cellAt(x, y)
    if (over === this.over) return
    this.over = over
    this.update()
  }

  private drop(cell: number | undefined): void {
    if (!this.dragging) return this.forget()
    this.forget()
    if (cell === undefined) this.held = this.over = undefined
    else this.put(cell)
    this.update()
  }

  private forget(): void {
    clearTimeout(this.down?.timer)
    this.down = undefined
    this.dragging = false
    this.ghost?.remove()
    this.ghost = undefined
  }

  /** What a pointer is on: a position, or a camera of the list. */
  private under(e: PointerEvent): Held | undefined {
    for (const n of e.composedPath()) {
      if (!(n instanceof HTMLElement)) continue
      if (n.dataset['cell'] !== undefined) return { cell: Number(n.dataset['cell']) }
      if (n.dataset['camera'] !== undefined) return { camera: n.dataset['camera'] }
      if (n.dataset['tile'] !== undefined) {
        const cell = this.tiles.cells.indexOf(this.tiles.placed[Number(n.dataset['tile'])] || '-')
        return cell < 0 ? undefined : { cell }
      }
    }
    return undefined
  }

  private cellAt(x: number, y: number): number | undefined {
    for (const c of this.root.querySelectorAll<HTMLElement>('.cell')) {
      const b = c.getBoundingClientRect()
      if (x >= b.left && x < b.right && y >= b.top && y < b.bottom) return Number(c.dataset['cell'])
    }
    return undefined
  }
}

/** The positions that hold no camera, and while something is moved all of them, as buttons over the pictures. */
export function cells(t: Tablet) {
  const { arranger: a, words: s } = t
  const v = t.page.viewer
  const all = v.tiles.cells
  const holes = all.map((camera, i) =>
    v.tiles.board && (camera === '' || camera === HIDDEN)
      ? html`<div class="hole" data-order=${i}>${camera === HIDDEN ? html`${icon('lock', 26)}<b>${s.denied}</b>` : html`<span>${s.emptyCell}</span>`}</div>`
      : nothing,
  )
  const act = a.on || a.held !== undefined
  return html`${holes}
    <div class="cells ${act ? '' : 'idle'}" role="group" aria-label=${s.arrange} aria-hidden=${act ? 'false' : 'true'}>
      ${Array.from({ length: v.tiles.size }, (_, i) => {
        const state = `${a.heldCell === i ? 'held' : ''} ${a.over === i ? 'over' : ''}`
        return html`<button
          class="cell ${state}"
          data-cell=${i}
          tabindex=${act ? 0 : -1}
          aria-pressed=${a.heldCell === i ? 'true' : 'false'}
          aria-label="${s.cell(i + 1, a.nameAt(i))}. ${a.held ? s.putDown : s.pickUp}"
          @click=${() => a.press(i)}
          @keydown=${(e: KeyboardEvent) => a.key(e, i)}
        >
          ${a.on ? html`<span class="grip">${glyph('move', 22)}</span>` : nothing}
        </button>`
      })}
    </div>`
}
