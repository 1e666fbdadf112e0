import { LitElement, html, nothing, type PropertyValues } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Directory } from '../../core/cameras'
import type { Lang } from '../../core/i18n'
import type { Cluster } from '../../core/map/clusters'
import { hit, reading, type Placed } from '../../core/map/hit'
import { mapStrings, type MapStrings } from '../../core/map/map-text'
import type { LatLng, Spot } from '../../core/map/mercator'
import { Terrain } from '../../core/map/terrain'
import { boxOf, clampScale, fit, inside, pan, pinch, zoomAt, type View } from '../../core/map/view'
import { draw } from '../icons'
import { base } from '../shared'
import { Board } from './board'
import { Gestures, type Wishes } from './gestures'
import { pressed } from './keys'
import { mapStyle } from './map-style'
import { Me, type Stand } from './me'
import { watchColours } from './palette'
import { TOOLS } from './room'
import { Ruler } from './ruler'
import { Sheets } from './sheets'
import { signs } from './signs'
import { stackList, stateWords } from './stack'
import { Whereabouts, type Here } from './whereabouts'

/** What a keyboard goes through at once: those nearest to the middle. */
const READ = 60
/** The view is read out when it has rested for this long, ms. */
const REST_MS = 140
const KEY_MS = 160
/** A flick runs out as far as it would go in this time, ms. */
const RUNOUT_MS = 190
/** One camera, or one officer, is shown with this much around, metres. */
const AROUND = 1200
const EDGE = 32
/** Room for hulls and names around what is shown whole, and at the right for the buttons, CSS pixels. */
const ROOM = { left: 44, right: 44 + TOOLS, top: 52, bottom: 56 }

/** Where the map was left, for as long as the page lives: it is put away while a list is looked at. */
let left: { at: LatLng; scale: number } | undefined

/** The cameras where they stand. Our own drawing: nothing is fetched for it. Fires `choose` with a camera's id. */
export class CameraMap extends LitElement {
  static override properties = {
    directory: { attribute: false },
    current: { attribute: false },
    language: { attribute: false },
    marked: { state: true },
    stack: { state: true },
    spots: { state: true },
    here: { attribute: false },
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
  /** where the device is, from whoever follows it already; else the map asks itself, when somebody wants to see it */
  declare here: Here | undefined
  /** somebody wants to see where the device is */
  declare asked: boolean

  static override styles = [base, mapStyle]

  private terrain: Terrain | undefined
  private board: Board | undefined
  private me: Me | undefined
  /** for tests: whether the view is not the one that a keyboard goes through */
  moving = false
  private resting: number | undefined
  private unwatch: (() => void) | undefined
  private readonly whereabouts = new Whereabouts(() => this.found())
  private readonly resized = new ResizeObserver(() => this.measure())
  private readonly gestures = new Gestures(this.wishes())

  constructor() {
    super()
    this.spots = []
    this.asked = false
    this.current = ''
    this.language = 'vi'
  }

  /** How often the map was drawn, for tests and measurements. */
  get drawn(): number {
    return this.board?.drawn ?? 0
  }

  /** What is on the screen, for tests. */
  get items(): readonly Placed[] {
    return this.board?.items ?? []
  }

  private get t(): MapStrings {
    return mapStrings[this.language]
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.resized.observe(this)
    this.unwatch = watchColours(() => this.board?.recolour())
    void this.whereabouts.resume().then(() => !this.isConnected && this.whereabouts.stop())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.remember()
    this.resized.disconnect()
    this.unwatch?.()
    this.whereabouts.stop()
    this.board?.stop()
    clearTimeout(this.resting)
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('directory')) this.survey()
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
          <canvas></canvas>
          <div class="me" hidden><i class="sure"></i><i class="cone"></i><i class="dot"></i></div>
          <p class="ruler"><span></span><i></i></p>
        </div>
        <ul class="spots">
          ${repeat(this.spots, (p) => p.cluster.id, (p) => this.spot(p.cluster))}
        </ul>
      </div>
      ${none ? html`<p class="none"><b>${t.empty}</b>${t.emptyHint}</p>` : this.tools()}
      <p class="sr" id="keys">${t.keys}</p>
      <p class="note ${this.whereabouts.trouble && !this.here ? 'bad' : ''}" role="status">${none ? '' : this.note()}</p>
      ${this.stack ? stackList(this.directory!.pick(this.stack.points.map((p) => p.id)), this.current, this.language, (id) => this.choose(id), this.unstack) : nothing}
    `
  }

  private tools() {
    const { t } = this
    return html`<p class="north" aria-hidden="true">${t.north}${draw(signs.north, 20, 1.8)}</p>
      <div class="tools">
        <button class="locate ${this.place ? 'on' : ''}" aria-label=${t.locate} @click=${this.locate}>${draw(signs.locate, 23)}</button>
        <button class="whole" aria-label=${t.whole} @click=${() => this.whole()}>${draw(signs.whole, 22)}</button>
        <div class="pair">
          <button aria-label=${t.zoomIn} @click=${() => this.zoom(2)}>${draw(signs.plus, 23)}</button>
          <button aria-label=${t.zoomOut} @click=${() => this.zoom(0.5)}>${draw(signs.minus, 23)}</button>
        </div>
      </div>`
  }

  private spot(c: Cluster) {
    const camera = c.points.length === 1 ? this.directory?.get(c.id) : undefined
    const n = (k: number) => k.toLocaleString(this.language === 'vi' ? 'vi-VN' : 'en-GB')
    const label = camera
      ? `${camera.name}, ${stateWords(camera, this.language, Date.now())}`
      : c.off
        ? this.t.clusterOff(n(c.points.length), n(c.off))
        : this.t.cluster(n(c.points.length))
    return html`<li>
      <button
        aria-label=${label}
        aria-current=${c.id === this.current && camera ? 'true' : 'false'}
        @focus=${() => (this.marked = c.id)}
        @blur=${() => (this.marked = undefined)}
        @click=${() => this.act(c)}
      ></button>
    </li>`
  }

  private note(): string {
    const { t, terrain, whereabouts: w } = this
    if (w.trouble && !this.here) return t[w.trouble]
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
    const me = this.stand(terrain)
    this.me?.show(me)
    board.show(terrain, { bare: true, current: this.current, marked: this.marked, me, nameOf: (id) => directory?.get(id)?.name ?? id, lang: this.language })
    if (changed.has('here') && this.asked) this.found()
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
    const one = (what: string) => this.renderRoot.querySelector<HTMLElement>(what)!
    const me = (this.me = new Me(one('.me')))
    const ruler = new Ruler(one('.ruler'))
    const lay = (v: View) => {
      me.lay(v)
      ruler.lay(v, this.language, !this.moving)
    }
    return new Board(this, new Sheets(this.renderRoot.querySelector('canvas')!), () => this.moved(), lay)
  }

  /** Where the map was left, else around the watched camera's area, else everything. */
  private begin(): void {
    const { board, terrain } = this
    if (!board || !terrain || terrain.points.length === 0) return
    const old = left && { ...board.view, scale: left.scale, ...terrain.mercator.toSpot(left.at) }
    if (old && terrain.points.some((p) => inside(old, p, 0))) {
      board.set(old)
      return this.follow()
    }
    const area = this.directory?.get(this.current)?.area
    const box = (terrain.get(this.current) && terrain.extent(area)) ?? terrain.extent()
    if (box) board.set(fit(board.view, box, ROOM, AROUND / 2))
  }

  private remember(): void {
    const { board, terrain } = this
    if (board && terrain && board.view.scale > 0) left = { at: terrain.mercator.toLatLng(board.bound), scale: board.bound.scale }
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

  private zoom(factor: number, ms?: number): void {
    const { board } = this
    if (!board) return
    const v = board.bound
    board.flyTo(zoomAt(v, factor, { x: v.width / 2, y: v.height / 2 }), ms)
  }

  private whole(): void {
    const box = this.terrain?.extent()
    if (box) this.board?.flyTo(fit(this.board.view, box, ROOM, AROUND / 2))
  }

  private readonly locate = (): void => {
    this.asked = true
    // An iPhone gives its compass only to who is asked at a touch.
    void (window.DeviceOrientationEvent as unknown as { requestPermission?: () => Promise<string> } | undefined)?.requestPermission?.().catch(() => '')
    if (!this.here) this.whereabouts.start()
    this.found()
  }

  /** Where the device is, as far as anybody knows. */
  private get place(): Here | undefined {
    return this.here ?? this.whereabouts.here
  }

  private stand(terrain: Terrain): Stand | undefined {
    const { place } = this
    return place && { ...terrain.mercator.toSpot([place.lat, place.lon]), accuracy: place.accuracy, heading: place.heading }
  }

  /** The device's position is another one, or known to be unknown. */
  private found(): void {
    const { place, terrain } = this
    if (this.whereabouts.trouble) this.asked = false
    if (this.asked && place && terrain && this.board) {
      this.asked = false
      const { x, y } = terrain.mercator.toSpot([place.lat, place.lon])
      const half = AROUND / 2
      this.board.flyTo(fit(this.board.view, { left: x - half, right: x + half, top: y - half, bottom: y + half }, ROOM, 0))
    }
    this.requestUpdate()
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
    if (!board) return
    // A trackpad's pinch comes as a wheel with the control key; Firefox counts lines.
    const speed = (e.ctrlKey ? 0.01 : 0.0022) * (e.deltaMode === 1 ? 16 : 1)
    const factor = Math.exp(-Math.max(-200, Math.min(200, e.deltaY)) * speed)
    board.set(zoomAt(board.view, factor, { x: e.offsetX, y: e.offsetY }))
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
