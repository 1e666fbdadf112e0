import { LitElement, html, nothing, type PropertyValues } from 'lit'
import { embedStrings } from '../core/embed-text'
import { formatRate, strings, type Lang } from '../core/i18n'
import type { Stream } from '../core/protocol'
import type { Frame } from '../core/tile'
import { light } from '../ui/camera-tile'
import { icon } from '../ui/icons'
import '../ui/trouble-icons'
import { base } from '../ui/shared'
import '../ui/tile-veil'
import '../ui/view-mark'
import { Look } from './look'
import { viewStyle } from './view-style'

/** Device pixels across: below, the small stream is enough. */
const SMALL_PX = 480

/** Details of the events that a page may listen to. */
export interface CameraViewEvents {
  /** what is shown; age: of the picture, ms, where it is measured */
  state: CustomEvent<{ state: string; age: number | undefined }>
  /** A token is wanted: answer by setting `token`. renew: to go on with what runs. */
  tokenneeded: CustomEvent<{ renew: boolean }>
  error: CustomEvent<{ code: string; text: string }>
}

/**
 * A camera of a gateway, live, in any page:
 *
 *   <script type="module" src="https://GATEWAY/camera-view.js"></script>
 *   <camera-view camera="lang-ha-thai-ha"></camera-view>
 *
 * gateway is the gateway's address, that of the script where it is not named;
 * stream is main, sub or auto; lang is vi or en. The token is one that the
 * portal's server issues; see docs/embedding.md.
 */
export class CameraView extends LitElement {
  static override properties = {
    gateway: {},
    camera: {},
    token: {},
    stream: {},
    language: { attribute: 'lang' },
    full: { state: true },
  }
  declare gateway: string
  declare camera: string
  declare token: string
  declare stream: string
  declare language: string
  declare full: boolean

  static override styles = [base, viewStyle]

  private readonly look = new Look({
    changed: () => this.requestUpdate(),
    ask: (renew) => settled(() => this.tell('tokenneeded', { renew })),
    failed: (code, text) => this.tell('error', { code, text }),
  })
  private small = false
  private told = ''
  private readonly sizes = new ResizeObserver((s) => this.sized(s[0]?.contentRect.width ?? 0))

  constructor() {
    super()
    this.gateway = ''
    this.camera = ''
    this.token = ''
    this.stream = 'auto'
    this.language = 'vi'
    this.full = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.sizes.observe(this)
    document.addEventListener('fullscreenchange', this.fullChanged)
    if (this.hasUpdated) this.begin()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.sizes.disconnect()
    document.removeEventListener('fullscreenchange', this.fullChanged)
    this.look.stop()
  }

  /** There is no page around that could give a token. */
  alone(): void {
    this.look.alone()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.look.lang = this.language === 'en' ? 'en' : 'vi'
    if (!this.hasUpdated) this.small = this.clientWidth > 0 && this.clientWidth * devicePixelRatio < SMALL_PX
    if (changed.has('gateway') || changed.has('camera')) this.begin()
    else if (changed.has('token')) this.look.take(this.token)
    if (changed.has('stream')) this.look.resize(this.kind, this.small)
  }

  private get kind(): Stream {
    return this.stream === 'main' || this.stream === 'sub' ? this.stream : 'auto'
  }

  private begin(): void {
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

  override render() {
    const { look } = this
    const s = strings[look.lang]
    const plain = look.plain
    const w = look.words
    const name = look.name || s.app
    return html`<figure class=${plain ? 'plain' : ''}>
      <figcaption>
        <b>${name}</b>
        ${plain ? nothing : html`<span class="state is-${w.light}">${light(w)}<span>${w.line}</span></span>`}
        <span class="numbers">${plain ? '' : this.numbers(look.lang)}</span>
        ${this.canFull
          ? html`<button aria-label=${this.full ? s.leaveFullscreen : s.fullscreen} @click=${this.toggleFull}>
              ${icon(this.full ? 'minimize' : 'maximize', 20, 2)}
            </button>`
          : nothing}
      </figcaption>
      <div class="room">
        ${plain ? this.plain(plain) : this.tile(name)}
      </div>
      <p class="sr" role="status">${plain ? plain.title : `${name}: ${w.spoken}`}</p>
    </figure>`
  }

  private tile(name: string) {
    const { look } = this
    return html`<camera-tile
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

  private plain({ title, note }: { title: string; note: string }) {
    const { look } = this
    const t = embedStrings[look.lang]
    if (look.plight === 'asking') return html`<div class="box"><i class="ring"></i><span>${title}</span></div>`
    const button = look.plight === 'stopped' || look.plight === 'crowded' ? t.retry : t.again
    const may = !['setUp', 'alone', 'unsupported', 'origin'].includes(look.plight!)
    return html`<div class="box">
      ${icon(look.plight === 'setUp' || look.plight === 'unsupported' ? 'videoOff' : 'lock', 26)}
      <b>${title}</b>
      ${note ? html`<small>${note}</small>` : nothing}
      ${may ? html`<button @click=${() => look.again(this.token)}>${icon('refresh', 18, 2)}${button}</button>` : nothing}
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
    const state = look.plight ?? look.view.kind
    const age = 'age' in look.view ? look.view.age : undefined
    const now = state + (age === undefined ? '' : Math.round(age / 100))
    if (now === this.told) return
    this.told = now
    this.tell('state', { state, age })
  }

  private tell(type: keyof CameraViewEvents, detail: object): void {
    this.dispatchEvent(new CustomEvent(type, { detail, composed: true }))
  }

  private sized(width: number): void {
    const small = width * devicePixelRatio < SMALL_PX
    if (small === this.small) return
    this.small = small
    this.look.resize(this.kind, small)
  }

  private get canFull(): boolean {
    return document.fullscreenEnabled
  }

  private readonly fullChanged = (): void => {
    this.full = document.fullscreenElement === this
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
