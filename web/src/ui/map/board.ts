import { Clusters } from '../../core/map/clusters'
import { placed, type Placed } from '../../core/map/hit'
import { around, fills, fresh, windowOn, worn } from '../../core/map/sheet'
import type { Terrain } from '../../core/map/terrain'
import { fly, type View } from '../../core/map/view'
import { paint, type Scene } from './paint'
import { readPalette, type Palette } from './palette'
import type { Pen, Sheets } from './sheets'
import { Sprites } from './sprites'

const FLIGHT_MS = 380
/** So much of a frame is for drawing the next sheet, ms: the rest is the fingers', the picture's and the browser's own. */
const SLICE_MS = 3

/** What the element tells the board to draw, beside the terrain. */
export type Shown = Pick<Scene, 'bare' | 'credit' | 'current' | 'marked' | 'me' | 'nameOf' | 'lang'>

/** The view of a map, its flights, and when it is drawn. It works when something has changed, and only then. */
export class Board {
  view: View = { x: 0, y: 0, scale: 0, width: 0, height: 0 }
  /** for tests: how often it was drawn */
  drawn = 0
  private terrain: Terrain | undefined
  private shown: Shown | undefined
  private palette: Palette | undefined
  private flight: { from: View; to: View; ms: number; begun: number | undefined } | undefined
  private frame = 0
  /** what is seen is not what is there any more */
  private stale = false
  private resting = true
  private sprites: Sprites | undefined
  private ratio = 0
  private readonly calm = matchMedia('(prefers-reduced-motion: reduce)')

  /** @param host whose colours they are @param moved the view has become another one @param lay puts what lies over and under the sheets in its place */
  constructor(
    private readonly host: Element,
    private readonly sheets: Sheets,
    private readonly moved: () => void,
    private readonly lay: (v: View) => void,
  ) {}

  /** Where a flight goes to, or where we are. */
  get bound(): View {
    return this.flight?.to ?? this.view
  }

  /** The colours as they are now. */
  get colours(): Palette {
    return (this.palette ??= readPalette(this.host))
  }

  show(terrain: Terrain, shown: Shown): void {
    if (terrain !== this.terrain || !this.shown || !same(shown, this.shown)) this.stale = true
    this.terrain = terrain
    this.shown = shown
    this.draw()
  }

  recolour(): void {
    this.palette = undefined
    this.sprites = undefined
    this.sheets.drop()
    this.stale = true
    this.draw()
  }

  /** @returns whether it was another size before */
  resize(width: number, height: number): boolean {
    if (width === this.view.width && height === this.view.height && devicePixelRatio === this.ratio) return false
    this.ratio = devicePixelRatio
    this.view = { ...this.view, width, height }
    if (this.flight) this.flight.to = { ...this.flight.to, width, height }
    this.sheets.drop()
    this.stale = true
    this.draw()
    return true
  }

  /** At once; a flight ends. */
  set(view: View): void {
    this.flight = undefined
    this.go(view)
    this.draw()
  }

  /** The ground is measured from another origin: what is seen stays. A flight ends. */
  rebase(to: (v: View) => View): void {
    this.flight = undefined
    this.sheets.rebase(to)
    this.go(to(this.view))
    this.draw()
  }

  flyTo(to: View, ms = FLIGHT_MS): void {
    if (this.calm.matches || this.view.scale === 0) return this.set(to)
    this.flight = { from: this.view, to, ms, begun: undefined }
    this.draw()
  }

  land(): void {
    this.flight = undefined
  }

  /** Works with the next frame. */
  draw(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(this.tick)
  }

  /** Nothing moves for now. */
  rest(): void {
    this.resting = true
    this.draw()
  }

  stop(): void {
    cancelAnimationFrame(this.frame)
    this.frame = 0
  }

  /** What the screen shows, or will in a moment. */
  get items(): readonly Placed[] {
    return this.itemsOf(this.view)
  }

  private itemsOf(v: View): readonly Placed[] {
    return this.terrain && v.scale > 0 ? placed(v, this.terrain.clusters.at(Clusters.level(v.scale))) : []
  }

  private go(view: View): void {
    this.view = view
    this.resting = false
    this.moved()
  }

  private readonly tick = (now: number): void => {
    this.frame = 0
    this.advance(now)
    const { sheets, view } = this
    if (!this.terrain || !this.shown || view.width === 0 || view.scale === 0) return
    this.begin()
    sheets.work(SLICE_MS)
    // In the middle of a flight the target's sheet may lie beside the screen.
    if (sheets.next && (!this.flight || fills(sheets.next, view))) {
      sheets.turn()
      this.drawn++
    }
    sheets.lay(view)
    this.lay(view)
    if (this.flight || sheets.busy || sheets.next || this.stale) this.draw()
  }

  private advance(now: number): void {
    const { flight } = this
    if (!flight) return
    flight.begun ??= now
    const t = Math.min(1, (now - flight.begun) / flight.ms)
    if (t >= 1) this.flight = undefined
    this.go({ ...fly(flight.from, flight.to, t), width: this.view.width, height: this.view.height })
  }

  /** Another sheet, where there must be one. One that is begun is finished first: under a finger that never stops none would be. */
  private begin(): void {
    const { sheets, bound } = this
    if (sheets.busy) return
    const have = sheets.newest
    const wanted = this.stale || !have || worn(have, bound) || (this.resting && (sheets.dull || !fresh(have, bound)))
    if (!wanted) return
    this.stale = false
    sheets.begin(around(bound), !this.resting, (g, view, density) => this.paint(g, view, density))
  }

  private *paint(g: Pen, view: View, density: number): Generator<void, void> {
    const { terrain, shown, colours } = this
    if (this.sprites?.density !== density) this.sprites = new Sprites(density)
    const items = this.itemsOf(view)
    yield
    yield* paint(g, { view, window: windowOn(view), colours, hulls: terrain!.hulls, items, sprites: this.sprites, ...shown! })
  }
}

function same(a: Shown, b: Shown): boolean {
  const me = a.me === b.me || (a.me?.x === b.me?.x && a.me?.y === b.me?.y)
  const credit = a.credit?.width === b.credit?.width && a.credit?.height === b.credit?.height
  return me && credit && a.bare === b.bare && a.current === b.current && a.marked === b.marked && a.lang === b.lang
}
