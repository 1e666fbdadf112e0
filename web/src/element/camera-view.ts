import { LitElement, html, nothing, type PropertyValues } from 'lit'
import { embedStrings } from '../core/embed-text'
import { formatRate } from '../core/format'
import type { Lang } from '../core/i18n'
import type { Stream } from '../core/protocol'
import type { Words } from '../core/words'
import type { Frame } from '../core/tile'
import { light } from '../ui/camera-tile'
import '../ui/plain-tile'
import { base } from '../ui/shared'
import { tileIcon } from '../ui/tile-icons'
import '../ui/view-mark'
import { bar, pressed, shortcuts, wants, type Control, type Hand } from './controls'
import { foldStyle } from './fold-style'
import { Look } from './look'
import { themeStyle } from './theme-style'
import { viewStyle } from './view-style'

/** Device pixels across: below, the small stream is enough. */
const SMALL_PX = 480

/** What a page is asked for when a token is wanted. renew: to go on with what runs. */
export interface TokenAsk {
  camera: string
  renew: boolean
}

export type GetToken = (ask: TokenAsk) => string | undefined | Promise<string | undefined>

/**
 * A camera of a gateway, live, in any page:
 *
 *   <script type="module" src="https://GATEWAY/camera-view.js"></script>
 *   <camera-view camera="lang-ha-thai-ha"></camera-view>
 *
 * What a page may set, call, hear and style is in docs/embedding.md, and in
 * types in camera-view.d.ts beside the module. The token is one that the
 * portal's server issues.
 */
export class CameraView extends LitElement {
  static override properties = {
    gateway: {},
    camera: {},
    // A secret does not stand in the page's text.
    token: { attribute: false },
    getToken: { attribute: false },
    stream: {},
    language: { attribute: 'lang' },
    theme: { reflect: true },
    chrome: { reflect: true },
    fit: { reflect: true },
    controls: { reflect: true },
    fill: { type: Boolean, reflect: true },
    paused: { type: Boolean, reflect: true },
    full: { state: true },
  }
  declare gateway: string
  declare camera: string
  declare token: string
  declare getToken: GetToken | undefined
  declare stream: string
  declare language: string
  declare theme: string
  declare chrome: string
  declare fit: string
  declare controls: string | null | undefined
  declare fill: boolean
  declare paused: boolean
  declare full: boolean

  static override styles = [base, themeStyle, viewStyle, foldStyle]

  private readonly look = new Look({
    changed: () => this.requestUpdate(),
    ask: (renew) => settled(() => void this.ask(renew)),
    failed: (code, text) => this.tell('camera-error', { code, text }),
    first: (f, ms) => this.tell('first-picture', { ms, width: f.width, height: f.height }),
    expired: (code) => this.tell('session-expired', { code }),
  })
  private small = false
  private toldState = ''
  private toldRates: unknown
  private readonly sizes = new ResizeObserver((s) => this.sized(s[0]?.contentRect.width ?? 0))

  constructor() {
    super()
    this.gateway = this.camera = this.token = ''
    this.stream = 'auto'
    this.theme = 'dark'
    this.chrome = 'outside'
    this.fit = 'contain'
    this.fill = this.paused = this.full = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.sizes.observe(this)
    document.addEventListener('fullscreenchange', this.fullChanged)
    if (this.hasUpdated && !this.look.running) this.begin()
  }

  /** Whoever is moved to another place in the page is there again at once, and goes on. */
  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.sizes.disconnect()
    document.removeEventListener('fullscreenchange', this.fullChanged)
    queueMicrotask(() => {
      if (!this.isConnected) this.look.stop()
    })
  }

  // What a page calls.

  /** Goes on after a pause; begins again where something had stopped it. */
  play(): void {
    if (this.paused) this.paused = false
    else if (this.mayRetry) this.look.again(this.token)
  }

  /** Holds the picture. Nothing is sent, or watched, until play. */
  pause(): void {
    this.paused = true
  }

  setToken(token: string): void {
    this.token = token
  }

  /** asking, opening, live, weak, stale, paused, offline and others; see docs/embedding.md. */
  get state(): string {
    return this.look.state
  }

  /** There is no page around that could give a token. */
  alone(): void {
    this.look.alone()
  }

  private async ask(renew: boolean): Promise<void> {
    const { camera } = this
    if (!this.getToken) return this.tell('token-needed', { camera, renew })
    try {
      const token = await this.getToken({ camera, renew })
      // Meanwhile it may have been turned to another camera, for which that one is not.
      if (token && camera === this.camera) this.token = token
    } catch {
      // The look says so itself when no token comes.
    }
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { look } = this
    look.lang = this.spoken()
    if (!this.hasUpdated) this.small = this.clientWidth > 0 && this.clientWidth * devicePixelRatio < SMALL_PX
    const other = changed.has('gateway') || changed.has('camera')
    if (this.paused) look.pause()
    else if (!other) look.play(this.token)
    else look.paused = false
    if (other) this.begin()
    else if (changed.has('token')) look.take(this.token)
    if (changed.has('stream')) look.resize(this.kind, this.small)
  }

  /** As the element says, else as the page around it does; Vietnamese where neither is English. */
  private spoken(): Lang {
    const said = this.language || this.closest('[lang]')?.getAttribute('lang') || ''
    return said.startsWith('en') ? 'en' : 'vi'
  }

  private get kind(): Stream {
    return this.stream === 'main' || this.stream === 'sub' ? this.stream : 'auto'
  }

  private begin(): void {
    if (!this.isConnected) return
    this.look.start({ gateway: this.address(), camera: this.camera, stream: this.kind, small: this.small }, this.token)
  }

  /** The gateway's address; "" for one that is none. */
  private address(): string {
    try {
      const url = new URL(this.gateway || import.meta.url.replace(/[^/]*$/, ''), document.baseURI)
      return /^https?:$/.test(url.protocol) ? url.href : ''
    } catch {
      return ''
    }
  }

  private get hand(): Hand {
    const { look, paused, full, controls } = this
    const can = { pause: !look.plight && look.view.kind !== 'denied', fullscreen: document.fullscreenEnabled }
    return {
      lang: look.lang,
      paused,
      full,
      has: (which) => can[which] && wants(controls, which),
      act: (which) => this.act(which),
    }
  }

  private act(which: Control): void {
    if (which === 'pause') this.paused = !this.paused
    else if (which === 'fullscreen') void this.toggleFull()
  }

  override render() {
    const { look, hand } = this
    const { plain } = look
    const w = look.words
    const name = look.name || 'Camera'
    const calm = !plain && !look.paused && w.light === 'live'
    return html`<div
      class="view ${calm ? 'calm' : ''}"
      role="group"
      tabindex="0"
      aria-label=${name}
      aria-keyshortcuts=${shortcuts(hand) || nothing}
      @keydown=${(e: KeyboardEvent) => pressed(e, hand)}
    >
      <div class="head" part="header">
        <b part="name">${name}</b>
        ${plain ? nothing : html`<span part="state" class="state is-${w.light}">${light(w)}<span>${w.line}</span></span>`}
        <span part="numbers" class="numbers">${plain ? '' : this.numbers(look.lang)}</span>
      </div>
      <div class="room" part="picture" @dblclick=${() => hand.has('fullscreen') && this.act('fullscreen')}>
        ${plain ? this.plain(plain) : [this.tile(name), look.paused ? this.held(hand) : this.trouble(w)]}
      </div>
      ${bar(hand)}
      <p class="sr" role="status">${plain ? plain.title : `${name}: ${w.spoken}`}</p>
    </div>`
  }

  private tile(name: string) {
    const { look } = this
    return html`<camera-tile
      exportparts="video"
      .view=${look.view}
      .words=${look.words}
      .name=${name}
      .track=${look.track}
      .mark=${look.mark}
      .clock=${look.clock}
      .onpicture=${(f: Frame) => look.picture(f)}
      .onrefused=${(r: boolean) => look.setRefused(r)}
    ></camera-tile>`
  }

  private held(hand: Hand) {
    const { look } = this
    const t = embedStrings[look.lang]
    return html`<div class="box held">
      ${look.heldAt ? html`<span class="pill">${look.heldAt}</span>` : nothing}
      ${hand.has('pause')
        ? html`<button part="button" @click=${() => this.play()}>${tileIcon('play', 20)}${look.heldAt ? t.play : t.watch}</button>`
        : nothing}
    </div>`
  }

  /** What goes wrong with the picture, over it. */
  private trouble(w: Words) {
    if (!w.title && !w.button) return nothing
    return html`<div class="box held" part="message">
      ${w.icon ? tileIcon(w.icon, 26) : nothing} ${w.title ? html`<b>${w.title}</b>` : nothing} ${w.note ? html`<small>${w.note}</small>` : nothing}
      ${w.button
        ? html`<button part="button" @click=${() => this.renderRoot.querySelector('camera-tile')?.play()}>${tileIcon('play', 20)}${w.button}</button>`
        : nothing}
    </div>`
  }

  private get mayRetry(): boolean {
    const { plight } = this.look
    return !!plight && !['asking', 'setUp', 'alone', 'unsupported', 'origin'].includes(plight)
  }

  private plain({ title, note }: { title: string; note: string }) {
    const { look } = this
    const t = embedStrings[look.lang]
    if (look.plight === 'asking') return html`<div class="box" part="message"><i class="ring"></i><span>${title}</span></div>`
    const button = look.plight === 'stopped' || look.plight === 'crowded' ? t.retry : t.again
    return html`<div class="box" part="message">
      ${tileIcon(look.plight === 'setUp' || look.plight === 'unsupported' ? 'videoOff' : 'lock', 26)}
      <b>${title}</b>
      ${note ? html`<small>${note}</small>` : nothing}
      ${this.mayRetry ? html`<button part="button" @click=${() => this.play()}>${tileIcon('refresh', 18, 2)}${button}</button>` : nothing}
    </div>`
  }

  /** Size and rate of what comes. */
  private numbers(lang: Lang): string {
    const { view, session } = this.look
    const f = session?.tiles[0]?.own
    const bits = session?.rates[0]?.bitsPerSecond ?? 0
    if (!f || (view.kind !== 'live' && view.kind !== 'weak')) return ''
    return [`${Math.min(f.width, f.height)}p`, bits > 1000 ? formatRate(bits, lang) : ''].filter(Boolean).join(' · ')
  }

  protected override updated(): void {
    const { look } = this
    const { state, view, session } = look
    if (state !== this.toldState) {
      this.toldState = state
      this.tell('camera-state', { state, text: look.plain?.title ?? look.words.spoken })
    }
    const rates = session?.rates
    const own = session?.tiles[0]?.own
    if (!own || rates === this.toldRates || (state !== 'live' && state !== 'weak')) return
    this.toldRates = rates
    const age = 'age' in view ? view.age : undefined
    this.tell('stats', { age, width: own.width, height: own.height, ...rates?.[0] })
  }

  /** Every event can be heard anywhere in the page, through what it stands in. */
  private tell(type: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }

  private sized(width: number): void {
    const small = width * devicePixelRatio < SMALL_PX
    if (small === this.small) return
    this.small = small
    this.look.resize(this.kind, small)
  }

  private readonly fullChanged = (): void => {
    this.full = this.matches(':fullscreen')
  }

  private async toggleFull(): Promise<void> {
    try {
      if (this.full) await document.exitFullscreen()
      else await this.requestFullscreen({ navigationUI: 'hide' })
    } catch {
      // The page around does not permit it.
    }
  }
}

/** After the page's own scripts had their turn: one of them may be about to listen. */
function settled(f: () => void): void {
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  if (document.readyState === 'complete' || (page && page.domContentLoadedEventStart > 0)) f()
  else document.addEventListener('DOMContentLoaded', f, { once: true })
}

if (!customElements.get('camera-view')) customElements.define('camera-view', CameraView)

declare global {
  interface HTMLElementTagNameMap {
    'camera-view': CameraView
  }
}
