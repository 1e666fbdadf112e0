import { css, html, nothing } from 'lit'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'

/** Something to choose. */
export interface Item {
  id: string
  name: string
  note?: string
}

let count = 0

/** A field to choose one or several of many: it opens a sheet with a search. */
export class ItemPicker extends Part {
  static override properties = {
    label: { attribute: false },
    hint: { attribute: false },
    error: { attribute: false },
    choose: { attribute: false },
    searchLabel: { attribute: false },
    nothingFound: { attribute: false },
    values: { attribute: false },
    multiple: { type: Boolean },
    optional: { type: Boolean },
    compact: { type: Boolean, reflect: true },
    wrong: { type: Boolean, reflect: true },
    query: { state: true },
    found: { state: true },
    opened: { state: true },
  }
  declare label: string
  declare hint: string | undefined
  declare error: string | undefined
  /** on the field while nothing is chosen */
  declare choose: string
  declare searchLabel: string
  declare nothingFound: string
  declare values: readonly string[]
  declare multiple: boolean
  declare optional: boolean
  /** without its label, as a filter over a list */
  declare compact: boolean
  declare wrong: boolean
  declare query: string
  declare found: readonly Item[] | undefined
  declare opened: boolean
  /** Set by the owner. */
  find: (query: string) => readonly Item[] | Promise<readonly Item[]> = () => []
  nameOf: (id: string) => string = (id) => id
  private readonly key = `p${count++}`
  private asked = 0

  static override styles = [
    base,
    formStyle,
    css`
      :host {
        display: block;
      }
      .open {
        display: flex;
        align-items: center;
        gap: 8px;
        width: 100%;
        min-height: 50px;
        padding: 8px 14px;
        border: 1px solid var(--fl);
        border-radius: 13px;
        background: var(--in);
        text-align: left;
        font-size: 16px;
      }
      :host([compact]) .open {
        min-height: 48px;
        border-color: transparent;
        border-radius: 14px;
        background: var(--s2);
        font-size: 15px;
        font-weight: 600;
      }
      .open span {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .open svg {
        color: var(--t2);
      }
      .empty {
        color: var(--t2);
      }
      .wrong .open {
        border-color: var(--bad);
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-bottom: 8px;
      }
      .chips li {
        display: flex;
        align-items: center;
        min-height: 48px;
        max-width: 100%;
        padding-left: 14px;
        border-radius: 13px;
        background: var(--acs);
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .chips button {
        width: 48px;
        height: 48px;
        flex: none;
        display: grid;
        place-items: center;
        color: var(--t2);
        border-radius: 13px;
      }
      dialog {
        width: min(100vw, 520px);
        max-width: 100vw;
        height: min(82dvh, 640px);
        max-height: none;
        margin: auto auto 0;
        padding: 0;
        border: 0;
        border-radius: 20px 20px 0 0;
        background: var(--s1);
        color: var(--tx);
        box-shadow: var(--rise);
      }
      dialog[open] {
        display: flex;
        flex-direction: column;
      }
      dialog::backdrop {
        background: var(--shade);
      }
      @media (min-width: 700px) {
        dialog {
          margin: auto;
          border-radius: 20px;
        }
      }
      header {
        display: flex;
        align-items: center;
        padding: 8px 8px 4px 20px;
      }
      h2 {
        flex: 1;
        font-size: 17.5px;
        font-weight: 660;
      }
      header button {
        width: 48px;
        height: 48px;
        display: grid;
        place-items: center;
        border-radius: 14px;
        color: var(--t2);
      }
      .search {
        margin: 0 16px 8px;
      }
      .scroll {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
        overscroll-behavior: contain;
        padding: 0 8px 12px;
      }
      .pick {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 24px;
        align-items: center;
        gap: 12px;
        width: 100%;
        min-height: 54px;
        padding: 8px 12px;
        border-radius: 12px;
        text-align: left;
      }
      .pick[aria-pressed='true'] {
        background: var(--acs);
      }
      .pick svg {
        color: var(--ac);
      }
      .pick b {
        display: block;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .pick small {
        display: block;
        font-size: 13.5px;
        color: var(--t2);
        overflow-wrap: anywhere;
      }
      .nothing {
        padding: 28px;
        text-align: center;
        color: var(--t2);
      }
      .done {
        padding: 10px 16px calc(10px + var(--bottom));
        border-top: 1px solid var(--ln);
      }
      .done .go {
        width: 100%;
      }
    `,
  ]

  constructor() {
    super()
    this.values = []
    this.query = ''
    this.opened = false
    this.multiple = false
    this.optional = false
    this.compact = false
    this.wrong = false
    this.label = this.choose = this.searchLabel = this.nothingFound = ''
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.open')?.focus()
  }

  override render() {
    const { key, values } = this
    const one = this.multiple ? undefined : values[0]
    const shown = one !== undefined ? this.nameOf(one) : ''
    return html`<div class=${this.error ? 'wrong' : ''}>
        ${this.compact
          ? nothing
          : html`<p class="label" id="${key}-l">
              ${this.label}${this.optional ? html` <span class="opt">${this.s.optional}</span>` : nothing}
            </p>`}
        ${this.multiple && values.length > 0 ? this.chips() : nothing}
        <button
          type="button"
          class="open"
          id="${key}-b"
          aria-haspopup="dialog"
          aria-label=${this.compact ? `${this.label}: ${shown || this.choose}` : nothing}
          aria-labelledby=${this.compact ? nothing : `${key}-l ${key}-v`}
          aria-describedby=${this.error ? `${key}-e` : this.hint ? `${key}-h` : nothing}
          @click=${this.show}
        >
          <span id="${key}-v" class=${shown ? '' : 'empty'}>${shown || this.choose}</span>${icon(this.multiple ? 'plus' : 'down', 20)}
        </button>
        ${this.error ? html`<p class="error" id="${key}-e">${this.error}</p>` : nothing}
        ${this.hint ? html`<p class="hint" id="${key}-h">${this.hint}</p>` : nothing}
      </div>
      ${this.sheet()}`
  }

  private chips() {
    return html`<ul class="chips" aria-label=${this.s.chosen}>
      ${this.values.map(
        (id) => html`<li>
          ${this.nameOf(id)}
          <button type="button" aria-label=${this.s.takeAway(this.nameOf(id))} @click=${() => this.pick(id)}>${icon('close', 18)}</button>
        </li>`,
      )}
    </ul>`
  }

  private sheet() {
    const { s, found } = this
    return html`<dialog aria-label=${this.label || this.choose} @click=${this.outside} @close=${() => (this.opened = false)}>
      ${this.opened
        ? html`<header>
              <h2>${this.label || this.choose}</h2>
              <button type="button" aria-label=${s.close} @click=${this.close}>${icon('close', 24)}</button>
            </header>
            <div class="search box">
              <input
                type="text"
                autocomplete="off"
                spellcheck="false"
                enterkeyhint="search"
                aria-label=${this.searchLabel}
                placeholder=${this.searchLabel}
                .value=${this.query}
                @input=${(e: Event) => void this.search((e.target as HTMLInputElement).value)}
                @keydown=${this.key1}
              />
            </div>
            <div class="scroll" tabindex="-1">
              ${found?.length === 0 ? html`<p class="nothing">${this.nothingFound}</p>` : nothing}
              <ul>
                ${(found ?? []).map((i) => {
                  const on = this.values.includes(i.id)
                  return html`<li>
                    <button type="button" class="pick" aria-pressed=${on ? 'true' : 'false'} @click=${() => this.pick(i.id)}>
                      <span><b>${i.name}</b>${i.note ? html`<small>${i.note}</small>` : nothing}</span>${on ? icon('check', 22) : nothing}
                    </button>
                  </li>`
                })}
              </ul>
            </div>
            ${this.multiple ? html`<div class="done"><button type="button" class="go" @click=${this.close}>${s.done}</button></div>` : nothing}`
        : nothing}
    </dialog>`
  }

  private readonly show = async (): Promise<void> => {
    this.opened = true
    await this.search('')
    await this.updateComplete
    this.dialog.showModal()
    this.renderRoot.querySelector('input')?.focus()
  }

  private get dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!
  }

  private async search(query: string): Promise<void> {
    this.query = query
    const n = ++this.asked
    const found = await this.find(query)
    if (n === this.asked) this.found = found
  }

  /** Enter takes what is found first. */
  private readonly key1 = (e: KeyboardEvent): void => {
    const first = this.found?.[0]
    if (e.key !== 'Enter') return
    e.preventDefault()
    if (first && this.query) this.pick(first.id)
  }

  private pick(id: string): void {
    const has = this.values.includes(id)
    if (!this.multiple) {
      this.emit('pick', [id])
      if (this.dialog.open) this.close()
      return
    }
    this.emit('pick', has ? this.values.filter((v) => v !== id) : [...this.values, id])
  }

  private readonly close = (): void => this.dialog.close()

  private outside(e: MouseEvent): void {
    if (e.target === this.dialog) this.close()
  }
}
customElements.define('item-picker', ItemPicker)

declare global {
  interface HTMLElementTagNameMap {
    'item-picker': ItemPicker
  }
}
