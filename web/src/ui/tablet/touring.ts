import { ahead } from '../../core/drive'
import { place } from '../../core/cameras'
import { stopsOf, Tour, worthAStop, type Stop } from '../../core/tour'
import { browser } from '../world'
import { keep } from '../keep'
import type { Tablet } from './index'

/** What a tour goes through. */
export type Course = 'list' | 'favourites' | 'pages' | 'ahead' | `area:${string}`

/** What is ahead is looked at again after, ms, and shown for at least as long. */
const LOOK_MS = 1000
const REST_MS = 3000

/** The tour of the page: by the clock, or by the car's way. */
export class Touring {
  course: Course = 'list'
  follows = false
  private readonly tour: Tour
  /** what was shown before: to go back to */
  private before: { board: readonly string[] | undefined; grid: boolean; pages: Stop[] } | undefined
  private timer: number | undefined
  private turned = 0

  constructor(private readonly t: Tablet) {
    this.tour = new Tour(browser, {
      stops: () => this.stops(),
      show: (stop, next) => this.show(stop, next),
      changed: () => t.page.requestUpdate(),
    })
    // Whoever touches the pictures wants to look closer.
    t.page.renderRoot.addEventListener('pointerdown', (e) => {
      if (e.composedPath().some((n) => n instanceof HTMLElement && n.classList.contains('stage'))) this.pause()
    })
  }

  get on(): boolean {
    return this.tour.running || this.follows
  }

  get paused(): boolean {
    return this.tour.paused
  }

  get countdown(): number {
    return this.tour.countdown
  }

  get seconds(): number {
    const s = Number(keep.get('tour') ?? 15)
    return s >= 5 && s <= 60 ? s : 15
  }

  /** Cameras that a course would show now; a page's empty places are kept. */
  stopsFor(course: Course): Stop[] {
    const v = this.t.page.viewer
    const d = v.directory
    const good = (id: string) => worthAStop(d?.get(id))
    if (course === 'pages') return this.pagesNow().map((p) => p.map((c) => (good(c) ? c : ''))).filter((p) => p.some(Boolean))
    const all = course === 'favourites' ? v.lists.favourites.ids : course.startsWith('area:') ? this.inArea(course.slice(5)) : v.list.map((c) => c.id)
    return stopsOf(all.filter(good), this.size)
  }

  start(course: Course, seconds: number): boolean {
    this.stop()
    if (course !== 'ahead' && this.stopsFor(course).length === 0) return false
    const { tiles } = this.t.page.viewer
    this.before = { board: tiles.board, grid: tiles.mode === 'grid', pages: this.pagesNow() }
    this.course = course
    this.t.saved = course === 'pages' ? this.t.saved : undefined
    if (course === 'ahead') return this.follow()
    keep.set('tour', String(seconds))
    this.tour.start(seconds)
    return true
  }

  stop(): void {
    const { before } = this
    if (!this.on && !before) return
    this.before = undefined
    this.follows = false
    clearInterval(this.timer)
    this.tour.stop()
    const v = this.t.page.viewer
    v.expectNext([])
    if (before) v.tiles.arrange(before.board)
    this.t.page.requestUpdate()
  }

  pause(): void {
    this.tour.pause()
  }

  toggle(): void {
    if (!this.tour.paused) return this.tour.pause()
    const { tiles } = this.t.page.viewer
    // A picture that was opened meanwhile is put back into its grid.
    if (this.before?.grid && tiles.mode === 'single') tiles.grid()
    this.tour.resume()
  }

  go(by: 1 | -1): void {
    this.tour.go(by)
  }

  private get size(): number {
    const { tiles } = this.t.page.viewer
    return tiles.mode === 'grid' ? tiles.size : 1
  }

  /** The pages of what is shown, as they were when the tour began. */
  private pagesNow(): Stop[] {
    const { tiles, list } = this.t.page.viewer
    if (this.before) return this.before.pages
    return stopsOf(tiles.board ?? list.map((c) => c.id), this.size)
  }

  /** Those of an area and of all below it are in groups that follow each other. */
  private inArea(area: string): string[] {
    return this.t.page.viewer.directory?.groups.find((g) => g.area === area)?.cameras.map((c) => c.id) ?? []
  }

  private stops(): Stop[] {
    return this.stopsFor(this.course)
  }

  private show(stop: Stop, next: Stop): void {
    const v = this.t.page.viewer
    if (v.tiles.mode === 'grid') v.tiles.arrange(stop)
    else if (stop[0]) v.open(stop[0])
    v.expectNext(next.filter(Boolean))
    this.t.page.requestUpdate()
  }

  // With the car.

  private follow(): boolean {
    this.follows = true
    this.t.driving.watch()
    this.turned = -Infinity
    this.timer = window.setInterval(() => this.look(), LOOK_MS)
    this.look()
    return true
  }

  private look(): void {
    const v = this.t.page.viewer
    const { fix } = this.t.driving
    const now = performance.now()
    if (!fix || !v.directory || now - this.turned < REST_MS) return
    const near = ahead(v.directory.cameras.filter(worthAStop), fix, this.size)
    if (near.length === 0) return
    const { tiles } = v
    if (tiles.mode === 'single') {
      if (near[0] === tiles.current) return
      v.open(near[0]!)
    } else {
      // Who stays on the page stays on the tile: an eye finds it again.
      const next = place(near, Array.from({ length: this.size }, (_, i) => tiles.cells[i] ?? ''))
      if (next.join() === tiles.cells.join()) return
      tiles.arrange(next)
    }
    this.turned = now
    this.t.page.requestUpdate()
  }
}
