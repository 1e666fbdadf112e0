import { Clusters } from '../../core/map/clusters'
import { placed, type Placed } from '../../core/map/hit'
import type { Terrain } from '../../core/map/terrain'
import { fly, type View } from '../../core/map/view'
import { grid, paint, type Ground, type Scene } from './paint'
import { readPalette, type Palette } from './palette'
import { Sprites } from './sprites'

const FLIGHT_MS = 380
/** More pixels a point are hardly seen, and cost their square. */
const SHARPEST = 2
/** Frames that come later than this, ms, so many more than others, show that the device is slow. */
const LATE_MS = 28
const LATE_FRAMES = 3

/** What the element tells the board to draw, beside the terrain. */
export type Shown = Pick<Scene, 'current' | 'marked' | 'me' | 'nameOf' | 'lang'>

/** The canvas of a map: its view, its flights, and when it is drawn. It draws when something has changed, and only then. */
export class Board {
  view: View = { x: 0, y: 0, scale: 0, width: 0, height: 0 }
  /** for tests: how often it was drawn */
  drawn = 0
  ground: Ground = grid
  private terrain: Terrain | undefined
  private shown: Shown | undefined
  private palette: Palette | undefined
  private flight: { from: View; to: View; ms: number; begun: number | undefined } | undefined
  private frame = 0
  /** by density: sharp and rough */
  private readonly sprites = new Map<number, Sprites>()
  /** On a slow device a map that moves has one pixel a point; it is sharp again when it rests. */
  private rough = false
  private late = 0
  private last = 0
  private ratio = 0
  private readonly calm = matchMedia('(prefers-reduced-motion: reduce)')

  /** @param moved the view has become another one */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly moved: () => void,
  ) {}

  /** Where a flight goes to, or where we are. */
  get bound(): View {
    return this.flight?.to ?? this.view
  }

  show(terrain: Terrain, shown: Shown): void {
    this.terrain = terrain
    this.shown = shown
    this.draw()
  }

  recolour(): void {
    this.palette = undefined
    this.sprites.clear()
    this.draw()
  }

  /** @returns whether it was another size before */
  resize(width: number, height: number): boolean {
    if (width === this.view.width && height === this.view.height && devicePixelRatio === this.ratio) return false
    this.ratio = devicePixelRatio
    this.view = { ...this.view, width, height }
    if (this.flight) this.flight.to = { ...this.flight.to, width, height }
    this.draw()
    return true
  }

  /** At once; a flight ends. */
  set(view: View): void {
    this.flight = undefined
    this.view = view
    this.draw()
    this.moved()
  }

  flyTo(to: View, ms = FLIGHT_MS): void {
    if (this.calm.matches || this.view.scale === 0) return this.set(to)
    this.flight = { from: this.view, to, ms, begun: undefined }
    this.draw()
  }

  land(): void {
    this.flight = undefined
  }

  /** Draws with the next frame. */
  draw(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(this.tick)
  }

  /** Nothing moves for now. */
  rest(): void {
    this.late = 0
    if (!this.rough) return
    this.rough = false
    this.draw()
  }

  stop(): void {
    cancelAnimationFrame(this.frame)
    this.frame = 0
  }

  /** What the screen shows, or will with the next frame. */
  get items(): readonly Placed[] {
    const { terrain, view } = this
    return terrain ? placed(view, terrain.clusters.at(Clusters.level(view.scale))) : []
  }

  private readonly tick = (now: number): void => {
    this.frame = 0
    this.pace(now)
    const { flight } = this
    if (flight) {
      flight.begun ??= now
      const t = Math.min(1, (now - flight.begun) / flight.ms)
      this.view = { ...fly(flight.from, flight.to, t), width: this.view.width, height: this.view.height }
      if (t >= 1) this.flight = undefined
      else this.draw()
      this.moved()
    }
    const { view: v, terrain, shown } = this
    if (!terrain || !shown || v.width === 0 || v.scale === 0) return
    const g = this.context()
    if (!g) return
    this.palette ??= readPalette(this.canvas)
    let sprites = this.sprites.get(this.density)
    if (!sprites) this.sprites.set(this.density, (sprites = new Sprites(this.density)))
    paint(g, { view: v, ground: this.ground, colours: this.palette, hulls: terrain.hulls, items: this.items, sprites, ...shown })
    this.drawn++
  }

  private get density(): number {
    return Math.min(this.rough ? 1 : SHARPEST, devicePixelRatio || 1)
  }

  /** Notices frames that are late one after the other. */
  private pace(now: number): void {
    const gap = now - this.last
    this.last = now
    if (gap > 250) this.late = 0
    else if (gap > LATE_MS) this.late++
    else if (this.late > 0) this.late--
    if (this.late >= LATE_FRAMES) this.rough = true
  }

  /** Of the size that the screen has now. */
  private context(): CanvasRenderingContext2D | null {
    const { canvas, density, view } = this
    const width = Math.round(view.width * density)
    const height = Math.round(view.height * density)
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    const g = canvas.getContext('2d', { alpha: false })
    g?.setTransform(density, 0, 0, density, 0, 0)
    return g
  }
}
