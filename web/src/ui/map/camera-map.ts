import { LitElement, html, nothing, type PropertyValues } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Directory } from '../../core/cameras'
import type { Lang } from '../../core/i18n'
import type { Cluster } from '../../core/map/clusters'
import type { Ground } from '../../core/map/ground'
import { hit, reading, type Placed } from '../../core/map/hit'
import { mapStrings, type MapStrings } from '../../core/map/map-text'
import type { Spot } from '../../core/map/mercator'
import { Terrain } from '../../core/map/terrain'
import { boxOf, clampScale, fit, inside, pan, pinch, zoomAt, type View } from '../../core/map/view'
import type { Here, Trouble } from '../position'
import { base } from '../shared'
import { Board } from './board'
import { Gestures, turned, type Wishes } from './gestures'
import { pressed } from './keys'
import { mapStyle } from './map-style'
import { Layers } from './layers'
import { standOf } from './me'
import { askGround } from './operator'
import { watchColours } from './palette'
import { Sheets } from './sheets'
import { stackList } from './stack'
import { firstView, nearby, remember, ROOM, whole } from './start'
import { says, tools, type Tools } from './tools'

/** What a keyboard goes through at once: those nearest to the middle. */
const READ = 60
/** The view is read out when it has rested for this long, ms. */
const REST_MS = 140
const KEY_MS = 160
/** A flick runs out as far as it would go in this time, ms. */
const RUNOUT_MS = 190
/** The watched camera is no nearer to the screen's edge, CSS pixels. */
const EDGE = 32

/** The cameras where they stand. Our own drawing: nothing is fetched for it. Fires `choose` with a camera's id, and `locate` when somebody wants to see where the device is. */
export class CameraMap extends LitElement {
  static override properties = {
    directory: { attribute: false },
    current: { attribute: false },
    language: { attribute: false },
    marked: { state: true },
    stack: { state: true },
    spots: { state: true },
    here: { attribute: false },
    trouble: { attribute: false },
    token: { attribute: false },
    ground: { state: true },
    asked: { state: true },
  }
  declare directory: Directory | undefined
  /** the camera that is watched */
  declare current: string
  declare language: Lang
  /** the item that has the keyboard's focus, or a mouse over it */
  declare marked: string | undefined
  /** cameras that no scale parts, as a list */
  declare stack: Cluster | undefined
  /** what a keyboard goes through */
  declare spots: readonly Placed[]
  /** where the device is; undefined while nobody knows, or has asked */
  declare here: Here | undefined
  /** why it is not known, when it was asked for */
  declare trouble: Trouble | undefined
  /** what the gateway is asked with for the operator's map; '' for a person's session */
  declare token: string
  /** the operator's map, when there is one */
  declare ground: Ground | undefined
  /** somebody wants to see where the device is */
  declare asked: boolean

  static override styles = [base, mapStyle]

  private terrain: Terrain | undefined
  private board: Board | undefined
  private layers: Layers | undefined
  /** for tests: whether the view is not the one that a keyboard goes through */
  moving = false
  private resting: number | undefined
  private unwatch: (() => void) | undefined
  private readonly resized = new ResizeObserver(() => this.measure())
  private readonly gestures = new Gestures(this.wishes())

  constructor() {
    super()
    this.spots = []
    this.asked = false
    this.current = ''
    this.token = ''
    this.language = 'vi'
  }

  // For tests and measurements: how often the map was drawn, and what is on the screen.
  get drawn(): number {
    return this.board?.drawn ?? 0
  }
  get items(): readonly Placed[] {
    return this.board?.items ?? []
  }

  private get t(): MapStrings {
    return mapStrings[this.language]
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.resized.observe(this)
    this.unwatch = watchColours(() => this.recolour())
    this.lie()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    if (this.board && this.terrain) remember(this.board.bound, this.terrain)
    this.resized.disconnect()
    this.unwatch?.()
    this.board?.stop()
    this.layers?.stop()
    clearTimeout(this.resting)
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('directory')) this.survey()
    if (changed.has('token')) void askGround(this.token).then((ground) => (this.ground = ground))
  }

  override render() {
    const { t, terrain } = this
    if (!terrain) return html`<p class="none">${t.loading}</p>`
    const none = terrain.points.length === 0
    return html`
      <div
        class="pane"
        role="application"
        tabindex="0"
        aria-label=${t.map}
        aria-describedby="keys"
        ?hidden=${none}
        @keydown=${this.key}
      >
        <div
          class="ground"
          aria-hidden="true"
          @pointerdown=${this.gestures.press}
          @pointermove=${this.gestures.move}
          @pointerup=${this.gestures.release}
          @pointercancel=${this.gestures.cancel}
          @pointerleave=${this.gestures.leave}
          @wheel=${this.wheel}
          @mousedown=${(e: Event) => this.stack && e.preventDefault()}
        >
          <div class="tiles"></div>
          <canvas></canvas>
          <div class="me" hidden><i class="sure"></i><i class="cone"></i><i class="dot"></i></div>
          <p class="ruler"><span></span><i></i></p>
        </div>
        <ul class="spots">
          ${repeat(this.spots, (p) => p.cluster.id, (p) => this.spot(p.cluster))}
        </ul>
      </div>
      ${none ? html`<p class="none"><b>${t.empty}</b>${t.emptyHint}</p>` : tools(t, this.here !== undefined, this.buttons)}
      ${this.ground?.attribution && !none ? html`<p class="credit">${this.ground.attribution}</p>` : nothing}
      <p class="sr" id="keys">${t.keys}</p>
      <p class="note ${this.lost ? 'bad' : ''}" role="status">${none ? '' : this.note()}</p>
      ${this.stack ? stackList(this.directory!.pick(this.stack.points.map((p) => p.id)), this.current, this.language, (id) => this.choose(id), this.unstack) : nothing}
    `
  }

  private spot(c: Cluster) {
    return html`<li>
      <button
        aria-label=${says(c, this.directory, this.language)}
        aria-current=${c.id === this.current && c.points.length === 1 ? 'true' : 'false'}
        @focus=${() => (this.marked = c.id)}
        @blur=${() => (this.marked = undefined)}
        @click=${() => this.act(c)}
      ></button>
    </li>`
  }

  private note(): string {
    const { t, terrain, lost } = this
    if (lost) return lost === 'refused' ? t.notAllowed : t.noPosition
    if (this.asked) return t.locating
    return terrain?.unplaced ? t.unplaced(String(terrain.unplaced)) : ''
  }

  protected override firstUpdated(): void {
    this.measure()
  }

  protected override updated(changed: PropertyValues): void {
    this.measure()
    const { board, terrain, directory } = this
    if (!board || !terrain) return
    const me = standOf(terrain.mercator, this.here)
    this.layers!.me.show(me)
    if (changed.has('ground')) this.lie()
    board.show(terrain, { bare: !this.ground, credit: this.layers!.credit(), current: this.current, marked: this.marked, me, nameOf: (id) => directory?.get(id)?.name ?? id, lang: this.language })
    if (this.asked && (changed.has('here') || changed.has('trouble'))) this.found()
    if (changed.has('current') && changed.get('current') !== undefined) this.follow()
    if (changed.has('spots')) this.lay()
    if (changed.has('directory')) this.settle()
    if (changed.has('stack') && this.stack) this.renderRoot.querySelector<HTMLElement>('.stack li button')?.focus()
  }

  /** Another list: what was in sight stays in sight. */
  private survey(): void {
    const { terrain: before, board } = this
    this.terrain = this.directory && new Terrain(this.directory)
    if (!this.terrain || !before || !board || board.view.scale === 0) return
    const to = this.terrain.mercator
    board.rebase((v) => ({ ...v, ...to.toSpot(before.mercator.toLatLng(v)) }))
    const still = this.stack && this.terrain.get(this.stack.id)
    if (this.stack && !still) this.stack = undefined
  }

  private measure(): void {
    if (!this.terrain) return
    this.board ??= this.begun()
    if (this.clientWidth === 0 || this.clientHeight === 0) return
    const other = this.board.resize(this.clientWidth, this.clientHeight)
    if (this.board.view.scale === 0) this.begin()
    else if (other) this.moved()
  }

  private begun(): Board {
    const layers = (this.layers = new Layers(this.renderRoot))
    const lay = (v: View) => layers.lay(v, this.terrain?.mercator, this.language, !this.moving)
    return new Board(this, new Sheets(this.renderRoot.querySelector('canvas')!), () => this.moved(), lay)
  }

  /** Another ground lies under the cameras. */
  private lie(): void {
    this.layers?.spread(this.ground, () => this.token)
    this.recolour()
  }

  private recolour(): void {
    this.board?.recolour()
    if (this.board) this.layers?.colour(this.board.colours.mood)
  }

  private begin(): void {
    const { board, terrain } = this
    if (!board || !terrain?.points.length) return
    const view = firstView(board.view, terrain, this.directory, this.current)
    if (view) board.set(view)
    this.follow()
  }

  /** Another camera is watched: it comes into sight. */
  private follow(): void {
    const p = this.terrain?.get(this.current)
    const b = this.board
    if (p && b && b.view.scale > 0 && !inside(b.bound, p, EDGE)) b.flyTo({ ...b.bound, x: p.x, y: p.y })
  }

  private moved(): void {
    if (!this.moving) this.move(true)
    clearTimeout(this.resting)
    this.resting = window.setTimeout(() => this.settle(), REST_MS)
  }

  /** Without the rest of the element's work: it is in the fingers' way. */
  private move(moving: boolean): void {
    this.moving = moving
    this.renderRoot.querySelector('.pane')?.classList.toggle('moving', moving)
  }

  /** The view rests: the keyboard's way through it is laid anew. */
  private settle(): void {
    const { board } = this
    if (!board || board.view.scale === 0) return
    clearTimeout(this.resting)
    const spots = reading(board.view, board.items, READ)
    const focused = this.renderRoot instanceof ShadowRoot ? this.renderRoot.activeElement : null
    if (focused?.closest('.spots') && !spots.some((s) => s.cluster.id === this.marked)) this.renderRoot.querySelector<HTMLElement>('.pane')?.focus()
    this.spots = spots
    this.move(false)
    board.rest()
  }

  /** Puts the buttons where their items are. */
  private lay(): void {
    const all = this.renderRoot.querySelectorAll<HTMLElement>('.spots button')
    this.spots.forEach((s, i) => all[i]?.style.setProperty('transform', `translate(${Math.round(s.x)}px, ${Math.round(s.y)}px)`))
  }

  private act(c: Cluster): void {
    const { board, terrain } = this
    if (c.points.length === 1) return this.choose(c.id)
    if (!board || !terrain) return
    const split = terrain.clusters.splitScale(c, board.view.scale)
    if (split === undefined) {
      this.stack = c
      return
    }
    const to = fit(board.view, boxOf(c.points)!, ROOM, 30)
    board.flyTo({ ...to, scale: clampScale(Math.max(to.scale, split)) })
  }

  private choose(id: string): void {
    this.stack = undefined
    this.dispatchEvent(new CustomEvent('choose', { detail: id }))
  }

  private readonly unstack = (): void => {
    this.stack = undefined
    this.renderRoot.querySelector<HTMLElement>('.pane')?.focus({ preventScroll: true })
  }

  private readonly buttons: Tools = { locate: () => this.locate(), whole: () => this.whole(), zoom: (factor) => this.zoom(factor) }

  private zoom(factor: number, ms?: number): void {
    const { board } = this
    if (!board) return
    const v = board.bound
    board.flyTo(zoomAt(v, factor, { x: v.width / 2, y: v.height / 2 }), ms)
  }

  private whole(): void {
    const view = this.terrain && this.board && whole(this.board.view, this.terrain)
    if (view) this.board?.flyTo(view)
  }

  private locate(): void {
    this.asked = true
    this.dispatchEvent(new CustomEvent('locate'))
    this.found()
  }

  /** Why nobody knows where the device is, when that is so. */
  private get lost(): Trouble | undefined {
    return this.here ? undefined : this.trouble
  }

  /** The device's position is another one, or known to be unknown. */
  private found(): void {
    const { here, terrain } = this
    if (this.lost) this.asked = false
    if (!this.asked || !here || !terrain || !this.board) return
    this.asked = false
    this.board.flyTo(nearby(this.board.view, terrain.mercator.toSpot([here.lat, here.lon])))
  }

  private wishes(): Wishes {
    const on = (f: (b: Board) => void) => this.board && f(this.board)
    return {
      pan: (dx, dy) => on((b) => b.set(pan(b.view, dx, dy))),
      pinch: (from, to) => on((b) => b.set(pinch(b.view, from, to))),
      flick: (speed) => on((b) => b.flyTo(pan(b.view, speed.x * RUNOUT_MS, speed.y * RUNOUT_MS))),
      touched: () => on((b) => b.land()),
      tap: (p, second) => this.tapped(p, second),
      hover: (p) => this.hover(p),
    }
  }

  private tapped(p: Spot, second: boolean): void {
    const { board } = this
    if (!board) return
    const item = hit(board.items, p)
    this.stack = undefined
    if (item && !second) this.act(item)
    else if (second) board.flyTo(zoomAt(board.view, 2, p))
  }

  private hover(p: Spot | undefined): void {
    const item = p && this.board ? hit(this.board.items, p, 16) : undefined
    if (item?.id === this.marked) return
    this.marked = item?.id
    this.renderRoot.querySelector('.ground')?.classList.toggle('over', item !== undefined)
  }

  private readonly wheel = (e: WheelEvent): void => {
    e.preventDefault()
    const { board } = this
    board?.set(zoomAt(board.view, turned(e), { x: e.offsetX, y: e.offsetY }))
  }

  private readonly key = (e: KeyboardEvent): void => {
    const { board, stack } = this
    if (!board) return
    pressed(e, {
      by: (dx, dy) => board.flyTo(pan(board.bound, dx, dy), KEY_MS),
      zoom: (factor) => this.zoom(factor, KEY_MS),
      whole: () => this.whole(),
      close: () => stack !== undefined && (this.unstack(), true),
    })
  }
}
customElements.define('camera-map', CameraMap)

declare global {
  interface HTMLElementTagNameMap {
    'camera-map': CameraMap
  }
}
