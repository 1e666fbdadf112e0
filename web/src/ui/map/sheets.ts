import { densityOf, laid } from '../../core/map/sheet'
import type { View } from '../../core/map/view'

/** What sheets are drawn with, on a page or off it. */
export type Pen = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D

/** A step that takes longer than this, ms, is one of a slow device. */
const SLOW_MS = 4
/** So many sharp sheets with such steps, more than without, show that it is. */
const SLOW_SHEETS = 2

/** Draws a sheet, step by step. */
export type Job = (g: Pen, view: View, density: number) => Generator<void, void>

/**
 * The sheet that is seen, which goes with the fingers, and the next one, of
 * which a little is drawn in each frame. Where it can be, the next one is drawn
 * off the page and handed over whole: a canvas that somebody has drawn on costs
 * the page's thread a copy with every frame in which it is moved.
 */
export class Sheets {
  /** what is seen shows this; undefined before the first */
  private front: View | undefined
  /** what is drawn, or waits, shows this */
  private back: View | undefined
  private job: Generator<void, void> | undefined
  private pen: Pen | undefined
  private drawn: OffscreenCanvas | HTMLCanvasElement | undefined

  /** sheets with slow steps, less those without */
  private slow = 0
  private longest = 0
  private rough = false

  constructor(private readonly seen: HTMLCanvasElement) {}

  /** What the newest one shows, drawn or begun. */
  get newest(): View | undefined {
    return this.back ?? this.front
  }

  get busy(): boolean {
    return this.job !== undefined
  }

  /** The one that is ready to be shown. */
  get next(): View | undefined {
    return this.job ? undefined : this.back
  }

  /** Whether the newest is less sharp than the screen could show it. */
  get dull(): boolean {
    return this.rough
  }

  /** @param passing it is looked at while the map moves: on a slow device it is less sharp, and a quarter of the work */
  begin(view: View, passing: boolean, job: Job): void {
    this.rough = passing && this.slow >= SLOW_SHEETS
    this.longest = 0
    const density = densityOf(view, devicePixelRatio || 1, this.rough)
    const width = Math.round(view.width * density)
    const height = Math.round(view.height * density)
    // Safari 16.3 and older have none off the page.
    this.drawn ??= typeof OffscreenCanvas === 'undefined' ? document.createElement('canvas') : new OffscreenCanvas(width, height)
    const { drawn } = this
    if (drawn.width !== width || drawn.height !== height) Object.assign(drawn, { width, height })
    // Without the graphics processor: what is drawn is there at once, and does not come as one lump when it is handed over.
    const g = drawn.getContext('2d', { willReadFrequently: true }) as Pen | null
    if (!g) return
    this.pen = g
    g.setTransform(density, 0, 0, density, 0, 0)
    this.back = view
    this.job = job(g, view, density)
  }

  /** Goes on for so long, ms. A step that is begun is done. */
  work(ms: number): void {
    const end = performance.now() + ms
    let now = end - ms
    while (this.job && now < end) {
      const begun = now
      if (this.job.next().done) this.job = undefined
      // Chromium only notes what is to be drawn; to read it has it done.
      this.pen?.getImageData(0, 0, 1, 1)
      now = performance.now()
      this.longest = Math.max(this.longest, now - begun)
    }
    if (this.job || this.rough || !this.longest) return
    this.slow = this.longest > SLOW_MS ? Math.min(SLOW_SHEETS + 1, this.slow + 1) : Math.max(0, this.slow - 1)
    this.longest = 0
  }

  /** What was begun is not wanted any more. */
  drop(): void {
    this.job = this.back = undefined
  }

  /** The ground is measured from another origin. */
  rebase(to: (v: View) => View): void {
    this.drop()
    if (this.front) this.front = to(this.front)
  }

  /** Shows the next one instead. */
  turn(): void {
    const { seen, drawn, back } = this
    if (!drawn || !back) return
    if (seen.width !== drawn.width || seen.height !== drawn.height) Object.assign(seen, { width: drawn.width, height: drawn.height })
    if ('transferToImageBitmap' in drawn) seen.getContext('bitmaprenderer')?.transferFromImageBitmap(drawn.transferToImageBitmap())
    else {
      const g = seen.getContext('2d')
      g?.clearRect(0, 0, seen.width, seen.height)
      g?.drawImage(drawn, 0, 0)
    }
    if (back.width !== this.front?.width) seen.style.width = `${back.width}px`
    if (back.height !== this.front?.height) seen.style.height = `${back.height}px`
    this.front = back
    this.back = undefined
  }

  /** Puts the one that is seen where the view has it. */
  lay(v: View): void {
    if (!this.front) return
    const { x, y, stretch } = laid(this.front, v)
    // Where it is not stretched its pixels are the screen's.
    const whole = (n: number) => (stretch === 1 ? Math.round(n * devicePixelRatio) / devicePixelRatio : n)
    this.seen.style.transform = `translate(${whole(x)}px, ${whole(y)}px) scale(${stretch})`
  }
}
