import { LitElement, html, nothing, type PropertyValues } from 'lit'
import type { Directory } from '../core/cameras'
import type { Desk } from '../core/desk'
import type { Lang, Strings } from '../core/i18n'
import { listStrings } from '../core/list-text'
import { icon } from './icons'
import { listStyle } from './list-style'
import type { Listed } from './list/list-part'
import type { Position } from './position'
import { base } from './shared'
import type { Stills } from './stills'
import { prepare } from './list/found-list'
import './list/area-tree'
import './list/favourite-list'
import './list/near-list'

const TABS = ['near', 'favourites', 'areas', 'map'] as const
export type Tab = (typeof TABS)[number]

// It comes when it is asked for. Without network it is tried again at the next picture of the list.
const map = () => import('./map/camera-map').catch(() => undefined)

/** What is near, the favourites, the areas and the map; with a search that does not ask for accents. */
export class CameraList extends LitElement {
  static override properties = {
    directory: { attribute: false },
    failed: { attribute: false },
    favourites: { attribute: false },
    tab: { attribute: false },
    current: { attribute: false },
    stills: { attribute: false },
    s: { attribute: false },
    stamp: { attribute: false },
    desk: { attribute: false },
    language: { attribute: false },
    where: { attribute: false },
    token: { attribute: false },
    searching: { type: Boolean, reflect: true },
    query: { state: true },
    typing: { state: true },
  }
  declare directory: Directory | undefined
  declare failed: boolean
  declare favourites: readonly string[]
  declare tab: Tab
  declare current: string
  declare stills: Stills
  declare s: Strings
  declare stamp: number
  declare desk: Desk | undefined
  declare language: Lang
  declare where: Position | undefined
  declare token: string
  declare searching: boolean
  declare query: string
  /** the list is asked for by a name, not as such */
  declare typing: boolean

  static override styles = [base, listStyle]

  private unlisten: (() => void) | undefined

  constructor() {
    super()
    this.query = ''
    this.searching = false
    this.typing = true
  }

  /** Puts the cursor into the search field; or not, where a keyboard would cover the list. */
  find(typing = true): void {
    this.typing = typing
    this.renderRoot.querySelector<HTMLElement>(typing ? 'input' : '.seg [aria-pressed=true]')?.focus()
    if (this.directory) prepare(this.directory)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.unlisten?.()
    this.unlisten = undefined
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.follow()
  }

  /** Whoever has found a camera is done with the search: its field is out of sight. */
  protected override willUpdate(changed: PropertyValues): void {
    if (changed.get('searching')) this.query = ''
    if (changed.has('where')) this.follow()
  }

  private follow(): void {
    this.unlisten?.()
    this.unlisten = this.where?.listen(() => this.requestUpdate())
  }

  private get l() {
    return listStrings[this.language]
  }

  override render() {
    const { s, l } = this
    return html`
      <div class="find">
        <label>
          ${icon('search', 20)}
          <input
            type="search"
            enterkeyhint="search"
            autocomplete="off"
            spellcheck="false"
            maxlength="80"
            aria-label=${l.searchCamera}
            placeholder=${l.searchHint}
            .value=${this.query}
            @input=${(e: Event) => (this.query = (e.target as HTMLInputElement).value)}
            @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && this.done()}
          />
          ${this.query
            ? html`<button class="x" aria-label=${l.clear} @click=${this.clear}>${icon('close', 18)}</button>`
            : nothing}
        </label>
        <button class="done" aria-label=${s.close} @click=${this.done}>${icon('close', 24)}</button>
      </div>
      <div class="seg" role="group" aria-label=${s.cameras}>
        ${TABS.map(
          (t) =>
            html`<button aria-pressed=${this.tab === t ? 'true' : 'false'} @click=${() => this.emit('tab', t)}>
              ${l[t]}
            </button>`,
        )}
      </div>
      ${this.tab === 'map' && !this.query && !(this.searching && this.typing) ? this.map() : html`<div class="scroll" tabindex="-1">${this.body()}</div>`}
    `
  }

  private map() {
    void map()
    return html`<camera-map
      .directory=${this.directory}
      .current=${this.current}
      .language=${this.language}
      .here=${this.where?.here}
      .trouble=${this.where?.trouble}
      .token=${this.token}
      @choose=${(e: CustomEvent<string>) => this.emit('pick', e.detail)}
      @locate=${() => this.emit('locate', '')}
      ><p class="none">${this.l.loading}</p></camera-map
    >`
  }

  private body() {
    const { s, directory: d } = this
    if (!d) return this.failed ? html`<p class="none">${this.l.listFailed}</p>` : this.bones()
    if (d.cameras.length === 0) {
      // Whoever administers is not sent to an administrator: the hint has the way.
      return html`${this.desk?.who.may.administer ? nothing : html`<p class="none">${this.l.emptyList}</p>`}${this.hint()}`
    }
    const { favourites, current, stills, language, where } = this
    const listed: Listed = { directory: d, favourites, current, stills, s, language, where }
    if (this.query.trim()) return html`<found-list .query=${this.query} .listed=${listed}>${this.hint()}</found-list>`
    if (this.tab === 'near') return html`<near-list .listed=${listed}></near-list>`
    if (this.tab === 'favourites') return html`<favourite-list .listed=${listed}></favourite-list>`
    return html`<area-tree .listed=${listed}></area-tree>`
  }

  private bones() {
    return html`<p class="sr">${this.l.loading}</p>
      ${[0, 1, 2, 3].map(() => html`<div class="bone" aria-hidden="true"><i></i><i></i></div>`)}`
  }

  /** What is not here may be somebody else's. */
  private hint() {
    return html`<people-hint .desk=${this.desk} .language=${this.language} .query=${this.query} ?none=${this.directory?.cameras.length === 0}></people-hint>`
  }

  private readonly clear = (): void => {
    this.query = ''
    this.find()
  }

  private readonly done = (): void => this.emit('done', '')

  private emit(type: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }
}
customElements.define('camera-list', CameraList)

declare global {
  interface HTMLElementTagNameMap {
    'camera-list': CameraList
  }
}
