import { LitElement, css, html, nothing } from 'lit'
import type { AreaHit, PeopleApi } from '../../core/people'
import type { PeopleStrings } from '../../core/people-text'
import { base } from '../shared'
import { icon } from '../icons'
import { glyph } from './glyphs'
import { pageStyle } from './people-style'

const PAUSE_MS = 180

/** Chooses one of the areas that may be asked for; names only. */
export class AreaPicker extends LitElement {
  static override properties = {
    api: { attribute: false },
    p: { attribute: false },
    chosen: { attribute: false },
    query: { attribute: false },
    hits: { state: true },
    failed: { state: true },
  }
  declare api: PeopleApi
  declare p: PeopleStrings
  declare chosen: AreaHit | undefined
  /** what to begin with */
  declare query: string
  declare hits: AreaHit[] | undefined
  declare failed: boolean

  private timer: number | undefined
  private turn = 0

  static override styles = [
    base,
    pageStyle,
    css`
      :host {
        display: block;
      }
      label {
        display: flex;
        align-items: center;
        gap: 10px;
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
        padding: 0;
        background: none;
        outline: 0;
      }
      ul {
        margin-top: 4px;
      }
      .hit {
        width: 100%;
        text-align: left;
      }
      .chosen {
        display: flex;
        align-items: center;
        gap: 13px;
        min-height: 60px;
        padding: 6px 6px 6px 14px;
        border-radius: 16px;
        border: 1.5px solid var(--ac);
        background: var(--acs);
      }
      .chosen > svg {
        color: var(--ac);
      }
      .wait {
        height: 60px;
        border-top: 1px solid var(--ln);
      }
    `,
  ]

  constructor() {
    super()
    this.query = ''
    this.failed = false
    this.hits = undefined
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (!this.chosen) void this.search()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.timer)
  }

  override render() {
    const { p, chosen } = this
    if (chosen)
      return html`<div class="chosen">
        ${glyph('pin', 22)}
        <span class="what"><b>${chosen.name}</b>${above(chosen)}</span>
        <button class="soft small" @click=${this.change}>${p.change}</button>
      </div>`
    return html`<label>
        ${icon('search', 20)}
        <input
          type="search"
          enterkeyhint="search"
          autocomplete="off"
          spellcheck="false"
          aria-label=${p.where}
          placeholder=${p.findArea}
          .value=${this.query}
          @input=${this.typed}
        />
      </label>
      ${this.list()}`
  }

  private list() {
    const { p, hits } = this
    if (this.failed)
      return html`<p class="none">${p.notFetched}</p>
        <button class="soft small" @click=${() => void this.search()}>${p.again}</button>`
    if (!hits) return html`<p class="sr">${p.loading}</p><div class="wait"></div>`
    if (hits.length === 0) return html`<p class="none" role="status">${p.noArea(this.query)}</p>`
    return html`<ul>
      ${hits.map(
        (a) => html`<li>
          <button class="line hit" @click=${() => this.choose(a)}>${glyph('pin', 20)}<span><b>${a.name}</b>${above(a)}</span></button>
        </li>`,
      )}
    </ul>`
  }

  private readonly typed = (e: Event): void => {
    this.query = (e.target as HTMLInputElement).value
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.search(), PAUSE_MS)
  }

  private async search(): Promise<void> {
    const turn = ++this.turn
    const began = this.hits === undefined
    try {
      let hits = await this.api.areas(this.query.trim())
      // What was searched among the cameras may be a street: then all areas are shown.
      if (began && hits.length === 0 && this.query !== '') {
        this.query = ''
        hits = await this.api.areas('')
      }
      if (turn !== this.turn) return
      this.hits = hits
      this.failed = false
    } catch {
      if (turn === this.turn) this.failed = true
    }
  }

  private async change(): Promise<void> {
    this.choose(undefined)
    this.query = ''
    void this.search()
    await this.updateComplete
    this.renderRoot.querySelector('input')?.focus()
  }

  private choose(area: AreaHit | undefined): void {
    this.chosen = area
    this.dispatchEvent(new CustomEvent('choose', { detail: area }))
  }
}
customElements.define('area-picker', AreaPicker)

/** What an area lies in: its path without its own name. */
function above(a: AreaHit) {
  const path = a.path.split(' › ').filter((part) => part !== a.name)
  return path.length > 0 ? html`<small>${path.join(' › ')}</small>` : nothing
}
