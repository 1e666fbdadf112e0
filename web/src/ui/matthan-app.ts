import { LitElement, html, nothing, type PropertyValues } from 'lit'
import type { Lang } from '../core/i18n'
import type { Link } from '../core/link'
import { appStyle } from './app-style'
import { theatreStyle } from './theatre-style'
import { base } from './shared'
import { footBar } from './foot-bar'
import { headBar } from './head-bar'
import { sideBars } from './side-bars'
import { strip } from './strip'
import { Swipe } from './swipe'
import { Viewer } from './viewer'
import type { CameraTile } from './camera-tile'
import type { Controls } from './controls'
import type { Tab } from './camera-list'
import './camera-rail'
import './view-mark'
import type { PageName } from './people/page'

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

// They come when they are needed, or once the first picture has had the line to itself.
const lists = () => import('./camera-list').catch(() => undefined)
const settings = () => import('./more-sheet').catch(() => undefined)
const shutter = () => import('./picture-button').catch(() => undefined)
const gate = () => import('./gate-screen').catch(() => undefined)
const OTHERS_AFTER_MS = 1500

/** The page. */
export class MatthanApp extends LitElement implements Controls {
  static override styles = [base, appStyle, theatreStyle]
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
  )
  stamp = 0
  private announced = ''

  constructor() {
    super()
    this.full = false
    this.searching = false
    this.lying = this.lyingQuery.matches
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.lyingQuery.addEventListener('change', () => (this.lying = this.lyingQuery.matches))
    document.addEventListener('fullscreenchange', () => {
      if (!document.fullscreenElement) this.full = false
    })
    document.addEventListener('keydown', (e) => this.key(e))
    this.viewer.start()
    window.setTimeout(() => void settings().then(gate).then(shutter), OTHERS_AFTER_MS)
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
        @link=${(e: CustomEvent<Link>) => v.takeLink(e.detail)}
        @again=${() => v.again()}
      ></gate-screen>`
    }
    if (v.directory || v.listFailed) void lists()
    const theatre = this.full || this.lying
    return html`
      <main class="app ${v.tiles.mode} ${v.lists.tab} ${theatre ? 'theatre' : ''} ${this.searching ? 'searching' : ''}">
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
            ?searching=${this.searching}
            @people=${this.people}
            @pick=${(e: CustomEvent<string>) => this.picked(e.detail)}
            @star=${(e: CustomEvent<string>) => v.toggleFavourite(e.detail)}
            @tab=${(e: CustomEvent<Tab>) => v.lists.show(e.detail)}
            @among=${(e: CustomEvent<string[]>) => v.lists.from(e.detail)}
            @order=${(e: CustomEvent<string[]>) => v.lists.orderFavourites(e.detail)}
            @done=${() => (this.searching = false)}
          ></camera-list>
        </section>
        ${footBar(this)} ${theatre ? sideBars(this) : nothing}
        <p class="sr" role="status">${this.announce()}</p>
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
        .person=${v.person}
        .desk=${v.people.desk}
        .stamp=${v.people.stamp}
        @people=${this.people}
        @lang=${(e: CustomEvent<Lang>) => v.setLang(e.detail)}
        @forget=${() => v.forget()}
      ></more-sheet>
      ${v.people.desk
        ? html`<people-sheet
            .desk=${v.people.desk}
            .language=${v.lang}
            .nameOf=${this.areaName}
            .stamp=${v.people.stamp}
            .here=${v.here}
            .camera=${v.directory?.get(v.tiles.current)}
            .wanting=${v.needsCase(v.tiles.current)}
            @forget=${() => v.forget()}
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
      @dblclick=${() => !grid && void this.toggleFull()}
    >
      <div class="tiles">
        ${v.tiles.placed.map((camera, i) => {
          const away = grid ? camera === '' : i !== v.tiles.active
          return html`<camera-tile
            class="${away ? 'away' : ''} ${grid && camera === v.tiles.current ? 'sel' : ''}"
            data-tile=${i}
            .view=${v.views[i]!}
            .words=${v.words(i)}
            .name=${v.nameOf(camera)}
            .still=${v.stills.get(camera)}
            .track=${v.tracks[i]}
            .openLabel=${v.strings.openLarge(v.nameOf(camera))}
            .mark=${v.session?.tiles[i]?.message?.mark}
            .clock=${v.time}
            ?caption=${grid}
            .onpicture=${(f: Parameters<Viewer['picture']>[1], video: HTMLVideoElement) => v.picture(i, f, video)}
            .onrefused=${(r: boolean) => v.setRefused(r)}
            @open-tile=${() => this.picked(camera)}
            @people=${this.people}
          ></camera-tile>`
        })}
      </div>
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
    const order = v.tiles.page.map((c) => c.id)
    this.renderRoot.querySelectorAll<CameraTile>('camera-tile').forEach((t, i) => {
      t.style.setProperty('order', String(order.indexOf(v.tiles.placed[i] ?? '')))
    })
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
    list?.find?.()
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
