import { LitElement, html, nothing, type PropertyValues } from 'lit'
import type { Lang } from '../core/i18n'
import type { Link } from '../core/link'
import { appStyle } from './app-style'
import { base } from './shared'
import { footBar } from './foot-bar'
import { headBar } from './head-bar'
import { night } from './night'
import { strip } from './strip'
import { Swipe } from './swipe'
import { TILES, Viewer } from './viewer'
import type { CameraTile } from './camera-tile'
import './grid-tile'
import type { Controls } from './controls'
import type { Tab } from './camera-list'
import './camera-rail'
import './camera-still'
import './view-mark'
import type { PageName } from './people/page'
import type { Tablet } from './tablet'

declare global {
  interface Window {
    /** For operators and tests: `matthan.diagnostics()` in the console. */
    matthan?: { diagnostics(): unknown }
  }
}

/** One of the people's pages. */
interface Wanted {
  page: PageName
  query?: string
}

// The list comes beside the first picture, not before it; the others when they are needed, or once the first picture has had the line to itself.
const lists = () => import('./camera-list').catch(() => undefined)
const settings = () => import('./more-sheet').catch(() => undefined)
const shutter = () => import('./picture-button').catch(() => undefined)
const alone = () => import('./theatre').catch(() => undefined)
const hand = () => import('./picture-hand').catch(() => undefined)
const gate = () => import('./gate-screen').catch(() => undefined)
const OTHERS_AFTER_MS = 1500

/** The page. */
export class MatthanApp extends LitElement implements Controls {
  static override styles = [base, appStyle]
  static override properties = { full: { state: true }, searching: { state: true }, lying: { state: true } }
  declare full: boolean
  declare searching: boolean
  /** a phone on its side */
  declare lying: boolean

  readonly viewer = new Viewer(() => this.requestUpdate())
  private readonly lyingQuery = matchMedia('(orientation: landscape) and (max-height: 500px)')
  private readonly swipe = new Swipe(
    (step) => this.viewer.tiles.step(step),
    (dx) => this.dragged(dx),
    () => this.viewer.look.zoomed,
  )
  /** comes when the picture is to stand alone */
  private theatre: Awaited<ReturnType<typeof alone>>
  stamp = 0
  private announced = ''
  /** on a tablet or a desk; a phone has none */
  private tablet: Tablet | undefined
  private tabletComes: Promise<void> | undefined

  constructor() {
    super()
    this.full = false
    this.searching = false
    this.lying = this.lyingQuery.matches
    if (TILES > 4) this.tabletComes = this.fetchTablet()
  }

  private async fetchTablet(): Promise<void> {
    const m = await import('./tablet').catch(() => undefined)
    this.tablet = m?.openTablet(this)
    this.tabletComes = undefined
  }

  /** A tablet is not shown a phone's page first. The pictures are asked for meanwhile. */
  protected override scheduleUpdate(): void | Promise<unknown> {
    return this.tabletComes ? this.tabletComes.then(() => super.scheduleUpdate()) : super.scheduleUpdate()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.lyingQuery.addEventListener('change', () => (this.lying = this.lyingQuery.matches))
    document.addEventListener('fullscreenchange', () => {
      if (!document.fullscreenElement) this.full = false
    })
    document.addEventListener('keydown', (e) => this.key(e))
    this.viewer.start()
    window.setTimeout(() => void hand().then(alone).then(settings).then(gate).then(shutter), OTHERS_AFTER_MS)
    window.matthan = { diagnostics: () => this.viewer.diagnostics() }
  }

  override render() {
    const v = this.viewer
    const s = v.strings
    this.stamp++
    if (v.screen.name !== 'watch') {
      void gate()
      return html`<gate-screen
        .screen=${v.screen}
        .s=${s}
        .language=${v.lang}
        @lang=${(e: CustomEvent<Lang>) => v.setLang(e.detail)}
        @link=${(e: CustomEvent<Link>) => v.entrance.takeLink(e.detail)}
        @again=${() => v.entrance.again()}
      ></gate-screen>`
    }
    void lists()
    const theatre = this.full || this.lying
    if (theatre && !this.theatre) void this.prepareTheatre()
    return html`
      <main class="app ${v.tiles.mode} ${v.lists.tab} ${theatre ? 'theatre' : ''} ${this.searching ? 'searching' : ''} ${this.tablet?.classes ?? ''}">
        ${this.tablet?.bars()}
        ${headBar(this, theatre)}
        ${this.stage()}
        ${strip(this)}
        ${v.tiles.mode === 'single' && v.list.length > 1
          ? html`<camera-rail
              .cameras=${v.list}
              .current=${v.tiles.current}
              .stills=${v.stills}
              .s=${s}
              .stamp=${this.stamp}
              @pick=${(e: CustomEvent<string>) => this.picked(e.detail)}
            ></camera-rail>`
          : nothing}
        <section class="sheet" aria-label=${s.cameras}>
          <camera-list
            .directory=${v.directory}
            .failed=${v.listFailed}
            .favourites=${v.lists.favourites.ids}
            .tab=${v.lists.tab}
            .where=${v.lists.where.position}
            .current=${v.tiles.current}
            .stills=${v.stills}
            .s=${s}
            .stamp=${this.stamp}
            .desk=${v.people.desk}
            .language=${v.lang}
            .token=${v.entrance.token}
            ?searching=${this.searching}
            @people=${this.people}
            @pick=${(e: CustomEvent<string>) => this.picked(e.detail)}
            @star=${(e: CustomEvent<string>) => v.toggleFavourite(e.detail)}
            @tab=${(e: CustomEvent<Tab>) => v.lists.show(e.detail)}
            @locate=${() => v.lists.locate()}
            @among=${(e: CustomEvent<string[]>) => v.lists.from(e.detail)}
            @order=${(e: CustomEvent<string[]>) => v.lists.orderFavourites(e.detail)}
            @done=${() => (this.searching = false)}
          ></camera-list>
        </section>
        ${footBar(this)} ${theatre ? this.theatre?.sideBars(this) : nothing}
        <p class="sr" role="status">${this.announce()}</p>
        <data-notice .viewer=${v} .stamp=${this.stamp} ?theatre=${theatre}></data-notice>
        ${v.people.desk
          ? html`<people-float
              .desk=${v.people.desk}
              .language=${v.lang}
              .stamp=${v.people.stamp}
              ?theatre=${theatre}
              @people=${this.people}
            ></people-float>`
          : nothing}
      </main>
      <more-sheet
        .s=${s}
        .language=${v.lang}
        .details=${() => v.diagnostics()}
        .person=${v.entrance.person}
        .desk=${v.people.desk}
        .stamp=${v.people.stamp}
        .viewer=${v}
        @set=${() => this.requestUpdate()}
        @people=${this.people}
        @lang=${(e: CustomEvent<Lang>) => v.setLang(e.detail)}
        @forget=${() => v.entrance.forget()}
      ></more-sheet>
      ${v.people.desk
        ? html`<people-sheet
            .desk=${v.people.desk}
            .language=${v.lang}
            .nameOf=${this.areaName}
            .stamp=${v.people.stamp}
            .here=${v.entrance.here}
            .camera=${v.directory?.get(v.tiles.current)}
            .wanting=${v.needsCase(v.tiles.current)}
            @forget=${() => v.entrance.forget()}
            @expect=${(e: CustomEvent<boolean>) => v.expect(e.detail)}
          ></people-sheet>`
        : nothing}
    `
  }

  private stage() {
    const v = this.viewer
    const grid = v.tiles.mode === 'grid'
    const { swipe } = this
    return html`<section
      class="stage"
      tabindex="0"
      aria-label=${v.strings.picture}
      @pointerdown=${swipe.down}
      @pointermove=${swipe.move}
      @pointerup=${swipe.up}
      @pointercancel=${swipe.cancel}
      @held=${swipe.cancel}
    >
      <div class="tiles">
        ${v.tiles.placed.map((camera, i) => {
          const away = grid ? camera === '' : i !== v.tiles.active
          return html`<camera-tile
            class="${away ? 'away' : ''} ${grid && camera === v.tiles.current ? 'sel' : ''} ${v.tiles.big(i) ? 'big' : ''}"
            data-tile=${i}
            .view=${v.views[i]!}
            .words=${v.words(i)}
            .name=${v.nameOf(camera)}
            .still=${v.stillOf(camera)}
            .track=${v.tracks[i]}
            .openLabel=${v.strings.openLarge(v.nameOf(camera))}
            .mark=${v.session?.tiles[i]?.message?.mark}
            .clock=${v.time}
            ?caption=${grid}
            .onpicture=${(f: Parameters<Viewer['picture']>[1], video: HTMLVideoElement) => v.picture(i, f, video)}
            .onrefused=${(r: boolean) => v.setRefused(r)}
            @open-tile=${() => this.picked(camera)}
            @people=${this.people}
            @pick=${(e: CustomEvent<string>) => this.picked(e.detail)}
          ></camera-tile>`
        })}
        ${this.tablet?.cells()}
      </div>
      ${night}
      <picture-hand .viewer=${v} .stamp=${this.stamp} @people=${this.people}></picture-hand>
    </section>`
  }

  /** A change of state in words; the ticking age is not one. */
  private announce(): string {
    const v = this.viewer
    const say = v.tiles.placed
      .map((camera, i) => ({ camera, i, kind: v.views[i]!.kind }))
      .filter((t) => (v.tiles.mode === 'single' ? t.i === v.tiles.active : t.kind !== 'live' && t.kind !== 'opening' && t.kind !== 'idle'))
      .map((t) => `${v.nameOf(t.camera)}: ${v.words(t.i).spoken}`)
    this.announced = say.join('. ')
    return this.announced
  }

  protected override updated(_: PropertyValues): void {
    const v = this.viewer
    document.documentElement.lang = v.lang
    document.title = v.tiles.current && v.tiles.mode === 'single' ? `${v.nameOf(v.tiles.current)} · ${v.strings.app}` : v.strings.app
    // The grid's order is the list's; elements stay where they are in the page.
    const order = v.tiles.cells
    this.renderRoot.querySelectorAll<CameraTile>('camera-tile').forEach((t, i) => {
      t.style.setProperty('order', String(order.indexOf(v.tiles.placed[i] || '-')))
    })
    this.tablet?.laid()
  }

  private picked(camera: string): void {
    this.searching = false
    this.viewer.open(camera)
    if (this.viewer.needsCase(camera)) void this.show({ page: 'case' })
  }

  readonly search = async (): Promise<void> => {
    this.searching = true
    await this.updateComplete
    // A phone's keyboard comes only to who is given the focus at once.
    if (!customElements.get('camera-list')) await lists()
    const list = this.renderRoot.querySelector('camera-list')
    await list?.updateComplete
    list?.find?.(!this.lying)
  }

  private readonly people = (e: CustomEvent<Wanted>): void => void this.show(e.detail)

  private async show({ page, query }: Wanted): Promise<void> {
    await this.viewer.people.now()
    await this.updateComplete
    await this.renderRoot.querySelector('people-sheet')?.show(page, query)
  }

  private readonly areaName = (id: string): string => this.viewer.directory?.areaName(id) ?? id

  async more(): Promise<void> {
    await settings()
    this.renderRoot.querySelector('more-sheet')?.show?.()
  }

  async magnify(): Promise<void> {
    await hand()
    this.renderRoot.querySelector('picture-hand')?.step?.()
  }

  private async prepareTheatre(): Promise<void> {
    const t = await alone()
    if (!t || this.theatre) return
    this.theatre = t
    if (t.theatreStyle.styleSheet) this.shadowRoot!.adoptedStyleSheets.push(t.theatreStyle.styleSheet)
    this.requestUpdate()
  }

  /** The layer is ours, which works on an iPhone too; where the browser has more to give, it is taken. */
  async toggleFull(): Promise<void> {
    this.full = !this.full
    try {
      if (this.full) {
        await document.documentElement.requestFullscreen?.({ navigationUI: 'hide' })
        const o = screen.orientation as ScreenOrientation & { lock?: (to: string) => Promise<void> }
        await o.lock?.('landscape')
      } else if (document.fullscreenElement) await document.exitFullscreen()
    } catch {
      // The layer alone will do.
    }
  }

  private dragged(dx: number): void {
    const stage = this.renderRoot.querySelector<HTMLElement>('.stage')
    stage?.classList.toggle('dragging', dx !== 0)
    stage?.style.setProperty('--drag', `${Math.round(dx * 0.35)}px`)
  }

  private key(e: KeyboardEvent): void {
    if (e.defaultPrevented || e.altKey || e.ctrlKey || e.metaKey || this.viewer.screen.name !== 'watch') return
    const path = e.composedPath()
    if (path.some((n) => n instanceof HTMLInputElement || n instanceof HTMLDialogElement)) return
    if (e.key === 'ArrowLeft') this.viewer.tiles.step(-1)
    else if (e.key === 'ArrowRight') this.viewer.tiles.step(1)
    else if (e.key === 'Escape' && this.searching) this.searching = false
    else if (e.key === 'Escape' && this.full) void this.toggleFull()
    // Letters only while the picture has the focus (WCAG 2.1.4).
    else if (path.some((n) => n instanceof HTMLElement && n.classList.contains('stage')) && /^[fg]$/i.test(e.key)) {
      if (e.key.toLowerCase() === 'f') void this.toggleFull()
      else this.viewer.tiles.grid()
    } else return
    e.preventDefault()
  }
}
customElements.define('matthan-app', MatthanApp)
