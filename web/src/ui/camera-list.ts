import { LitElement, css, html, nothing, type PropertyValues } from 'lit'
import type { Camera, Directory, Group } from '../core/cameras'
import type { Desk } from '../core/desk'
import { closedWords } from '../core/household'
import { formatClock, type Lang, type Strings } from '../core/i18n'
import { base } from './shared'
import { icon } from './icons'
import type { Stills } from './stills'
import './camera-still'

/** Its map comes when it is asked for. */
export type Tab = 'areas' | 'favourites' | 'map'
// Without network it is tried again at the next picture of the list.
const map = () => import('./map/camera-map').catch(() => undefined)

/** Cameras by area, or the favourites; with a search that does not ask for accents. */
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
    token: { attribute: false },
    searching: { type: Boolean, reflect: true },
    query: { state: true },
  }
  declare directory: Directory | undefined
  declare failed: boolean
  declare favourites: string[]
  declare tab: Tab
  declare current: string
  declare stills: Stills
  declare s: Strings
  declare stamp: number
  declare desk: Desk | undefined
  declare language: Lang
  declare token: string
  declare searching: boolean
  declare query: string

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        padding-top: 11px;
      }
      .find {
        display: none;
        align-items: center;
        gap: 8px;
        margin: 0 14px 10px;
      }
      :host([searching]) .find {
        display: flex;
      }
      label {
        flex: 1;
        display: flex;
        align-items: center;
        gap: 10px;
        height: 48px;
        padding: 0 4px 0 14px;
        border-radius: 14px;
        background: var(--s2);
        color: var(--t2);
      }
      label:focus-within {
        outline: 2.5px solid var(--ac);
      }
      input {
        flex: 1;
        min-width: 0;
        height: 100%;
        border: 0;
        outline: 0;
        background: none;
        color: var(--tx);
        font: inherit;
        /* under 16 px an iPhone zooms in */
        font-size: 16px;
      }
      input:focus-visible {
        outline: none;
      }
      input::placeholder {
        color: var(--t2);
        opacity: 1;
      }
      input::-webkit-search-cancel-button {
        display: none;
      }
      .x {
        width: 44px;
        height: 48px;
        display: grid;
        place-items: center;
        border-radius: 12px;
        color: var(--t2);
      }
      .done {
        width: 48px;
        height: 48px;
        display: grid;
        place-items: center;
        border-radius: 14px;
      }
      .seg {
        display: grid;
        grid-template-columns: 1fr 1fr 1fr;
        margin: 0 14px 4px;
        padding: 3px;
        border-radius: 12px;
        background: var(--s2);
      }
      .seg button {
        height: 42px;
        border-radius: 10px;
        font-size: 13.5px;
        font-weight: 600;
        color: var(--t2);
      }
      .seg [aria-pressed='true'] {
        background: var(--s3);
        color: var(--tx);
        box-shadow:
          0 1px 0 #ffffff12 inset,
          0 1px 3px #0006;
      }
      camera-map {
        flex: 1;
        margin-top: 7px;
      }
      .scroll {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
        overscroll-behavior: contain;
        scrollbar-width: thin;
        scrollbar-color: var(--s3) transparent;
        padding-bottom: calc(12px + var(--cover, 0px));
      }
      h2 {
        position: sticky;
        top: 0;
        z-index: 1;
        display: flex;
        gap: 8px;
        padding: 9px 14px 7px;
        background: var(--s1);
        color: var(--t2);
        font-size: 13px;
        font-weight: 600;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 40px;
        align-items: center;
        margin: 0 14px;
      }
      li + li {
        border-top: 1px solid var(--ln);
      }
      .row {
        display: grid;
        grid-template-columns: 80px 1fr;
        gap: 11px;
        align-items: center;
        min-width: 0;
        padding: 6px 0;
        text-align: left;
        border-radius: 10px;
      }
      camera-still {
        width: 80px;
        height: 45px;
        border-radius: 9px;
      }
      .cur camera-still {
        outline: 2px solid var(--ac);
        outline-offset: 1px;
      }
      .name {
        min-width: 0;
      }
      b {
        display: block;
        font-size: 14.5px;
        font-weight: 600;
        letter-spacing: -0.012em;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      small {
        display: block;
        font-size: 13px;
        color: var(--t2);
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .cur small {
        color: var(--ac);
      }
      .off b,
      .shut b {
        color: var(--t2);
      }
      .shut small {
        white-space: normal;
      }
      .shut small i {
        display: flex;
      }
      .off small {
        color: var(--bad);
      }
      small i {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        margin-right: 7px;
        color: var(--ac);
        font-style: normal;
        vertical-align: -2px;
      }
      .star {
        width: 48px;
        margin: 0 -4px;
        height: 48px;
        display: grid;
        place-items: center;
        border-radius: 14px;
        color: var(--t3);
      }
      .star[aria-pressed='true'] {
        color: var(--warn);
      }
      .star[aria-pressed='true'] svg {
        fill: currentColor;
      }
      .none {
        padding: 26px 28px;
        color: var(--t2);
        text-align: center;
        text-wrap: balance;
      }
      .bone {
        display: grid;
        grid-template-columns: 80px 1fr;
        gap: 11px;
        margin: 12px 14px;
      }
      .bone i {
        height: 45px;
        border-radius: 9px;
        background: var(--s2);
      }
      .bone i + i {
        height: 16px;
        align-self: center;
        width: 70%;
      }
      @media (min-width: 900px) and (min-height: 501px) {
        .find {
          display: flex;
        }
        .done {
          display: none;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.query = ''
    this.searching = false
  }

  /** Puts the cursor into the search field. */
  find(): void {
    this.renderRoot.querySelector('input')?.focus()
  }

  /** Whoever has found a camera is done with the search: its field is out of sight. */
  protected override willUpdate(changed: PropertyValues): void {
    if (changed.get('searching')) this.query = ''
  }

  override render() {
    const { s } = this
    return html`
      <div class="find">
        <label>
          ${icon('search', 20)}
          <input
            type="search"
            enterkeyhint="search"
            autocomplete="off"
            spellcheck="false"
            aria-label=${s.searchCamera}
            placeholder=${s.searchHint}
            .value=${this.query}
            @input=${(e: Event) => (this.query = (e.target as HTMLInputElement).value)}
            @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && this.done()}
          />
          ${this.query
            ? html`<button class="x" aria-label=${s.clear} @click=${() => (this.query = '')}>${icon('close', 18)}</button>`
            : nothing}
        </label>
        <button class="done" aria-label=${s.close} @click=${this.done}>${icon('close', 24)}</button>
      </div>
      <div class="seg" role="group" aria-label=${s.cameras}>
        ${(['areas', 'favourites', 'map'] as const).map(
          (t) =>
            html`<button aria-pressed=${this.tab === t ? 'true' : 'false'} @click=${() => this.emit('tab', t)}>
              ${s[t]}
            </button>`,
        )}
      </div>
      ${this.tab === 'map' && !this.query && !this.searching ? this.map() : html`<div class="scroll" tabindex="-1">${this.body()}</div>`}
    `
  }

  private map() {
    void map()
    return html`<camera-map
      .directory=${this.directory}
      .current=${this.current}
      .language=${this.language}
      .token=${this.token}
      @choose=${(e: CustomEvent<string>) => this.emit('pick', e.detail)}
      ><p class="none">${this.s.loading}</p></camera-map
    >`
  }

  private body() {
    const { s, directory: d } = this
    if (!d) {
      if (this.failed) return html`<p class="none">${s.listFailed}</p>`
      return html`<p class="sr">${s.loading}</p>
        ${[0, 1, 2, 3].map(() => html`<div class="bone" aria-hidden="true"><i></i><i></i></div>`)}`
    }
    if (d.cameras.length === 0) return html`<p class="none">${s.emptyList}</p>${this.hint()}`
    let groups: Group[] = d.search(this.query)
    if (this.tab === 'favourites') {
      const ids = new Set(groups.flatMap((g) => g.cameras.map((c) => c.id)))
      const cameras = d.pick(this.favourites).filter((c) => ids.has(c.id))
      if (this.favourites.length === 0) return html`<p class="none">${s.noFavourites}</p>`
      groups = cameras.length ? [{ area: '', name: '', cameras }] : []
    }
    if (groups.length === 0) return html`<p class="none">${s.nothingFound(this.query)}</p>${this.hint()}`
    return groups.map(
      (g) => html`<section>
        ${g.name && d.groups.length > 1 ? html`<h2>${g.name}<span>${g.cameras.length}</span></h2>` : nothing}
        <ul>
          ${g.cameras.map((c) => this.row(c, d, g))}
        </ul>
      </section>`,
    )
  }

  /** What is not here may be somebody else's. */
  private hint() {
    return html`<people-hint .desk=${this.desk} .language=${this.language} .query=${this.query}></people-hint>`
  }

  private row(c: Camera, d: Directory, g: Group) {
    const { s } = this
    const now = Date.now()
    // What its owner has closed is not lost.
    const shut = closedWords(c, s, now)
    const off = !shut && c.state === 'offline'
    const cur = c.id === this.current
    const star = this.favourites.includes(c.id)
    const line = shut
      ? shut
      : off
        ? c.since
          ? s.lostSince(formatClock(c.since, now))
          : s.lost
        : c.needs_case
          ? s.caseNeeded
          : cur
            ? s.watching
            : g.name && d.groups.length > 1
              ? c.id
              : d.areaName(c.area)
    return html`<li class="${cur ? 'cur' : ''} ${off ? 'off' : shut ? 'shut' : ''}">
      <button class="row" aria-current=${cur ? 'true' : 'false'} @click=${() => this.emit('pick', c.id)}>
        <camera-still .still=${this.stills.get(c.id)} ?off=${off}></camera-still>
        <span class="name"><b>${c.name}</b><small>${this.house(c)}${line}</small></span>
      </button>
      <button
        class="star"
        aria-pressed=${star ? 'true' : 'false'}
        aria-label="${star ? s.removeFavourite : s.addFavourite}: ${c.name}"
        @click=${() => this.emit('star', c.id)}
      >
        ${icon('star', 20)}
      </button>
    </li>`
  }

  private house(c: Camera) {
    return c.kind === 'household' ? html`<i>${icon('house', 14, 2.2)}${this.s.household}</i>` : nothing
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
