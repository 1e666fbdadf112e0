import { LitElement, html, nothing, type PropertyValues } from 'lit'
import { formatRate, formatSize, type Lang } from '../core/i18n'
import type { Link } from '../core/link'
import { appStyle } from './app-style'
import { theatreStyle } from './theatre-style'
import { base } from './shared'
import { icon } from './icons'
import { Swipe } from './swipe'
import { Viewer } from './viewer'
import { light, type CameraTile } from './camera-tile'
import type { Tab } from './camera-list'
import './camera-list'
import './camera-rail'
import './camera-still'
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
const settings = () => import('./more-sheet').catch(() => undefined)
const shutter = () => import('./picture-button').catch(() => undefined)
const gate = () => import('./gate-screen').catch(() => undefined)
const OTHERS_AFTER_MS = 1500

/** The page. */
export class MatthanApp extends LitElement {
  static override styles = [base, appStyle, theatreStyle]
  static override properties = { full: { state: true }, searching: { state: true }, lying: { state: true } }
  declare full: boolean
  declare searching: boolean
  /** a phone on its side */
  declare lying: boolean

  private readonly viewer = new Viewer(() => this.requestUpdate())
  private readonly lyingQuery = matchMedia('(orientation: landscape) and (max-height: 500px)')
  private readonly swipe = new Swipe(
    (step) => this.viewer.step(step),
    (dx) => this.dragged(dx),
  )
  private stamp = 0
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
    const theatre = this.full || this.lying
    return html`
      <main class="app ${v.mode} ${v.tab} ${theatre ? 'theatre' : ''} ${this.searching ? 'searching' : ''}">
        ${this.head(theatre)}
        ${this.stage()}
        ${this.strip()}
        ${v.mode === 'single' && v.list.length > 1
          ? html`<camera-rail
              .cameras=${v.list}
              .current=${v.current}
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
            .favourites=${v.favourites}
            .tab=${v.tab}
            .current=${v.current}
            .stills=${v.stills}
            .s=${s}
            .stamp=${this.stamp}
            .desk=${v.people.desk}
            .language=${v.lang}
            ?searching=${this.searching}
            @people=${this.people}
            @pick=${(e: CustomEvent<string>) => this.picked(e.detail)}
            @star=${(e: CustomEvent<string>) => v.toggleFavourite(e.detail)}
            @tab=${(e: CustomEvent<Tab>) => v.setTab(e.detail)}
            @done=${() => (this.searching = false)}
          ></camera-list>
        </section>
        ${this.foot()} ${theatre ? this.sides() : nothing}
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
            .camera=${v.directory?.get(v.current)}
            .wanting=${v.needsCase(v.current)}
            @forget=${() => v.forget()}
            @expect=${(e: CustomEvent<boolean>) => v.expect(e.detail)}
          ></people-sheet>`
        : nothing}
    `
  }

  private head(theatre: boolean) {
    const v = this.viewer
    const s = v.strings
    if (v.mode === 'grid') {
      const live = v.views.filter((x) => x.kind === 'live' || x.kind === 'weak').length
      return html`<header>
        <div>
          <h1>${s.gridTitle}</h1>
          <p>${s.gridCount(live, v.pageCameras.length)}</p>
        </div>
      </header>`
    }
    const camera = v.directory?.get(v.current)
    return html`<header>
      <div>
        <h1>${camera?.name ?? v.current ?? s.app}</h1>
        <p>${v.people.desk?.sharedWords(v.current, v.lang) || (camera ? `${v.directory!.areaName(camera.area)} · ${camera.id}` : '\u00a0')}</p>
      </div>
      ${theatre ? nothing : this.star('square')}
    </header>`
  }

  private star(style: string) {
    const v = this.viewer
    const on = v.favourites.includes(v.current)
    return html`<button
      class="fav ${style}"
      aria-pressed=${on ? 'true' : 'false'}
      aria-label=${on ? v.strings.removeFavourite : v.strings.addFavourite}
      ?disabled=${!v.current}
      @click=${() => v.toggleFavourite(v.current)}
    >
      ${icon('star', 23)}
    </button>`
  }

  private stage() {
    const v = this.viewer
    const grid = v.mode === 'grid'
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
        ${v.placed.map((camera, i) => {
          const away = grid ? camera === '' : i !== v.active
          return html`<camera-tile
            class="${away ? 'away' : ''} ${grid && camera === v.current ? 'sel' : ''}"
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

  private strip() {
    const v = this.viewer
    if (v.mode === 'grid') {
      const pages = Math.ceil(v.list.length / 4)
      const at = Math.floor(Math.max(0, v.list.findIndex((c) => c.id === v.current)) / 4)
      return html`<div class="strip">
        <span class="line">${pages > 1 ? v.strings.page(at + 1, pages) : ''}</span>
        <span class="q">${this.rate()}</span>${this.fullButton()}
      </div>`
    }
    const w = v.words(v.active)
    return html`<div class="strip is-${w.light}">
      ${light(w)}<span class="line">${w.line}</span>
      <span class="q">${[this.resolution(), this.rate()].filter(Boolean).join(' · ')}</span>${this.shutter('')}${this.fullButton()}
    </div>`
  }

  private shutter(style: string) {
    return html`<picture-button class=${style} .viewer=${this.viewer} .stamp=${this.stamp}></picture-button>`
  }

  private fullButton() {
    return html`<button class="square" aria-label=${this.viewer.strings.fullscreen} @click=${() => void this.toggleFull()}>
      ${icon('maximize', 22, 2)}
    </button>`
  }

  private resolution(): string {
    const v = this.viewer
    const kind = v.views[v.active]?.kind
    const f = v.session?.tiles[v.active]?.own
    return f && (kind === 'live' || kind === 'weak') ? `${Math.min(f.width, f.height)}p` : ''
  }

  /** What the shown pictures take of the network. */
  private rate(): string {
    return this.bits > 1000 ? formatRate(this.bits, this.viewer.lang) : ''
  }

  private get bits(): number {
    return this.viewer.session?.rates.reduce((n, r) => n + r.bitsPerSecond, 0) ?? 0
  }

  private foot() {
    const v = this.viewer
    const s = v.strings
    const grid = v.mode === 'grid'
    return html`<footer>
      <p class="data">
        <span>${s.today(formatSize(v.usage?.bytes ?? 0, v.lang))}</span>
        <span class="hour">${this.bits > 1000 ? s.perHour(formatSize(this.bits * 450, v.lang)) : ''}</span>
      </p>
      <nav>
        <button @click=${() => v.step(-1)}>${icon('left', 25)}${s.previous}</button>
        <button class="find" @click=${this.search}>${icon('search', 23)}${s.search}</button>
        <button class="main" @click=${() => v.grid()}>${icon(grid ? 'square' : 'grid', 23)}${grid ? s.single : s.grid}</button>
        <button class="last" @click=${() => void this.more()}>${icon('more', 23)}${s.more}${this.badge()}</button>
        <button @click=${() => v.step(1)}>${icon('right', 25)}${s.next}</button>
      </nav>
    </footer>`
  }

  private badge() {
    const { people, lang } = this.viewer
    return people.desk ? html`<people-badge .desk=${people.desk} .language=${lang} .stamp=${people.stamp}></people-badge>` : nothing
  }

  /** Beside the picture (or under it) when only the picture is there. */
  private sides() {
    const v = this.viewer
    const s = v.strings
    const grid = v.mode === 'grid'
    const w = v.words(v.active)
    return html`
      <div class="side l">
        ${this.full
          ? html`<button class="b" aria-label=${s.leaveFullscreen} @click=${() => void this.toggleFull()}>${icon('minimize', 23)}</button>`
          : html`<button class="b" aria-label=${s.searchCamera} @click=${this.search}>${icon('search', 23)}</button>`}
        <span class="gap"></span>
        <button class="b" aria-label=${s.previousCamera} @click=${() => v.step(-1)}>${icon('left', 25)}</button>
      </div>
      <div class="stats">
        ${grid ? nothing : html`<div class="stt is-${w.light}">${light(w)}${w.light === 'live' ? w.short : w.line}</div>`}
        <div class="stt q"><span>${grid ? '' : this.resolution()}</span><span>${this.rate()}</span></div>
      </div>
      <div class="side r">
        ${grid ? nothing : [this.star('b'), this.shutter('wide')]}
        <span class="gap"></span>
        <button class="b" aria-label=${grid ? s.single : s.grid} @click=${() => v.grid()}>${icon(grid ? 'square' : 'grid', 23)}</button>
        <span class="gap"></span>
        <button class="b p" aria-label=${s.nextCamera} @click=${() => v.step(1)}>${icon('right', 25)}</button>
      </div>
    `
  }

  /** A change of state in words; the ticking age is not one. */
  private announce(): string {
    const v = this.viewer
    const say = v.placed
      .map((camera, i) => ({ camera, i, kind: v.views[i]!.kind }))
      .filter((t) => (v.mode === 'single' ? t.i === v.active : t.kind !== 'live' && t.kind !== 'opening' && t.kind !== 'idle'))
      .map((t) => `${v.nameOf(t.camera)}: ${v.words(t.i).spoken}`)
    this.announced = say.join('. ')
    return this.announced
  }

  protected override updated(_: PropertyValues): void {
    const v = this.viewer
    document.documentElement.lang = v.lang
    document.title = v.current && v.mode === 'single' ? `${v.nameOf(v.current)} · ${v.strings.app}` : v.strings.app
    // The grid's order is the list's; elements stay where they are in the page.
    const order = v.pageCameras.map((c) => c.id)
    this.renderRoot.querySelectorAll<CameraTile>('camera-tile').forEach((t, i) => {
      t.style.setProperty('order', String(order.indexOf(v.placed[i] ?? '')))
    })
  }

  private picked(camera: string): void {
    this.searching = false
    this.viewer.open(camera)
    if (this.viewer.needsCase(camera)) void this.show({ page: 'case' })
  }

  private readonly search = async (): Promise<void> => {
    this.searching = true
    await this.updateComplete
    const list = this.renderRoot.querySelector('camera-list')
    await list?.updateComplete
    list?.find()
  }

  private readonly people = (e: CustomEvent<Wanted>): void => void this.show(e.detail)

  private async show({ page, query }: Wanted): Promise<void> {
    await this.viewer.people.now()
    await this.updateComplete
    await this.renderRoot.querySelector('people-sheet')?.show(page, query)
  }

  private readonly areaName = (id: string): string => this.viewer.directory?.areaName(id) ?? id

  private async more(): Promise<void> {
    await settings()
    this.renderRoot.querySelector('more-sheet')?.show?.()
  }

  /** The layer is ours, which works on an iPhone too; where the browser has more to give, it is taken. */
  private async toggleFull(): Promise<void> {
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
    if (e.key === 'ArrowLeft') this.viewer.step(-1)
    else if (e.key === 'ArrowRight') this.viewer.step(1)
    else if (e.key === 'Escape' && this.searching) this.searching = false
    else if (e.key === 'Escape' && this.full) void this.toggleFull()
    // Letters only while the picture has the focus (WCAG 2.1.4).
    else if (path.some((n) => n instanceof HTMLElement && n.classList.contains('stage')) && /^[fg]$/i.test(e.key)) {
      if (e.key.toLowerCase() === 'f') void this.toggleFull()
      else this.viewer.grid()
    } else return
    e.preventDefault()
  }
}
customElements.define('matthan-app', MatthanApp)
