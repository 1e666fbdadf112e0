/*
 * What a tablet, or a desk, has beside the phone's page: rail and bar, grids,
 * layouts, tours and the drive mode. A phone never fetches it.
 */
import { html, nothing } from 'lit'
import type { Shape } from '../../core/arrangement'
import { Layouts, type Layout } from '../../core/layouts'
import { tabletStrings } from '../../core/tablet-text'
import type { Controls } from '../controls'
import { keep } from '../keep'
import type { Tab } from '../camera-list'
import { Arranger, cells } from './arrange'
import { bar } from './bar'
import { driveBar, Driving } from './driving'
import './layout-sheet'
import { rail } from './rail'
import { Seen } from './seen'
import { driveStyle } from './drive-style'
import { tabletStyle } from './tablet-style'
import { wideStyle } from './wide-style'
import { Touring } from './touring'
import './tour-sheet'

/** The page that the tablet's parts belong to. */
export interface Page extends Controls {
  readonly renderRoot: HTMLElement | DocumentFragment
  requestUpdate(): void
}

/** The clock in the bar goes on although nothing else changes. */
const CLOCK_MS = 5000

export class Tablet {
  /** the list is open beside the grid */
  listed = false
  /** the layout that is shown, as it was saved */
  saved: Layout | undefined
  readonly arranger: Arranger
  readonly touring: Touring
  readonly driving: Driving
  private shelf: { person: string; layouts: Layouts } | undefined
  private readonly seen = new Seen((tile, seen) => this.page.viewer.see(tile, seen))

  constructor(readonly page: Page) {
    const root = page.renderRoot as ShadowRoot
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...[wideStyle, tabletStyle, driveStyle].map((s) => s.styleSheet!)]
    const { tiles } = page.viewer
    const shape = keep.get('shape')
    if (shape === '6' || shape === '9') tiles.shape = shape
    this.driving = new Driving(this)
    this.touring = new Touring(this)
    this.arranger = new Arranger(this)
    window.setInterval(() => page.requestUpdate(), CLOCK_MS)
  }

  get words() {
    return tabletStrings[this.page.viewer.lang]
  }

  /** Of who looks: a person's are at the gateway, a link's on the device. */
  get layouts(): Layouts {
    const person = this.page.viewer.people.desk?.who.key ?? ''
    if (this.shelf?.person !== person) {
      const layouts = new Layouts(person, keep, (path, init) => fetch(path, init), () => this.page.requestUpdate())
      this.shelf = { person, layouts }
      void layouts.load()
    }
    return this.shelf.layouts
  }

  /** What the page's outermost element is. */
  get classes(): string {
    const { tiles } = this.page.viewer
    const grid = tiles.mode === 'grid'
    return [grid && `s${tiles.shape}`, grid && this.listed && 'listed', this.driving.on && 'drive', this.arranger.on && 'arranging'].filter(Boolean).join(' ')
  }

  /** Rail, bar and sheets; what is not for a driver is not there while driving. */
  bars() {
    const c = this.page
    return html`${this.driving.on ? driveBar(this) : html`${rail(this)}${bar(this)}`}
      <p class="sr said" role="status">${this.arranger.said || this.driving.said}</p>
      <tablet-layouts .tablet=${this} .stamp=${c.stamp}></tablet-layouts>
      <tablet-tours .tablet=${this} .stamp=${c.stamp}></tablet-tours>`
  }

  /** What lies among the tiles: places without a camera, and what arranges them. */
  cells() {
    const { tiles } = this.page.viewer
    return tiles.mode === 'grid' ? cells(this) : nothing
  }

  /** The page is drawn. */
  laid(): void {
    const root = this.page.renderRoot
    this.seen.watch(root.querySelectorAll('camera-tile'))
    for (const hole of root.querySelectorAll<HTMLElement>('.hole')) hole.style.order = hole.dataset['order'] ?? ''
  }

  reshape(shape: Shape): void {
    keep.set('shape', shape)
    this.page.viewer.tiles.reshape(shape)
  }

  /** Shows a layout that was saved; undefined: the list again. */
  show(l: Layout | undefined): void {
    this.touring.stop()
    this.saved = l
    const { tiles } = this.page.viewer
    tiles.arrange(l?.cameras)
    if (l) tiles.reshape(l.shape)
    this.page.requestUpdate()
  }

  /** The list beside the grid, or away; beside one picture it always is. */
  toggleList(tab: Tab): void {
    const v = this.page.viewer
    this.listed = !(v.tiles.mode === 'grid' && this.listed && v.lists.tab === tab)
    v.lists.show(tab)
  }

  openLayouts(): void {
    this.page.renderRoot.querySelector('tablet-layouts')?.show()
  }

  openTours(): void {
    this.page.renderRoot.querySelector('tablet-tours')?.show()
  }
}

export function openTablet(page: Page): Tablet {
  return new Tablet(page)
}
