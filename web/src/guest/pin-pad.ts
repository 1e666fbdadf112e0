import { LitElement, css, html, svg } from 'lit'
import { guestStrings } from '../core/guest-text'
import type { Lang } from '../core/i18n'
import { PIN_DIGITS } from '../core/share'
import { base } from '../ui/shared'
import { draw } from '../ui/icons'

/** Lucide's “delete”; see ../ui/icons.ts. */
const erase = svg`<path d="M10 5a2 2 0 0 0-1.344.519l-6.328 5.74a1 1 0 0 0 0 1.481l6.328 5.741A2 2 0 0 0 10 19h10a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2z"/><path d="m12 9 6 6"/><path d="m18 9-6 6"/>`

/** Six digits, on keys that a thumb in a glove finds. It tells `pin` once there are six. */
export class PinPad extends LitElement {
  static override properties = { language: { attribute: false }, busy: { type: Boolean }, typed: { state: true } }
  declare language: Lang
  declare busy: boolean
  declare typed: string

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 18px;
        width: min(100%, 340px);
      }
      .dots {
        display: flex;
        justify-content: center;
        gap: 14px;
      }
      .dots i {
        width: 18px;
        height: 18px;
        border-radius: 50%;
        border: 2px solid var(--t3);
      }
      .dots .on {
        background: var(--tx);
        border-color: var(--tx);
      }
      .keys {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: 10px;
      }
      .keys button {
        display: grid;
        place-items: center;
        height: 72px;
        border-radius: 20px;
        background: var(--s2);
        font-size: 28px;
        font-weight: 600;
      }
      .keys button:active {
        background: var(--s3);
      }
      .keys .plain {
        background: none;
        color: var(--t2);
      }
      :host([busy]) .keys {
        opacity: 0.5;
      }
      @media (max-height: 640px) {
        .keys button {
          height: 54px;
        }
        :host {
          gap: 12px;
        }
      }
      @media (forced-colors: active) {
        .keys button {
          border: 1px solid;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.typed = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('keydown', this.key)
    window.addEventListener('paste', this.paste)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('keydown', this.key)
    window.removeEventListener('paste', this.paste)
  }

  /** Empty again, for the next try. */
  clear(): void {
    this.typed = ''
  }

  override render() {
    const t = guestStrings[this.language]
    const key = (n: number) => html`<button ?disabled=${this.busy} @click=${() => this.type(String(n))}>${n}</button>`
    return html`<div class="dots" role="img" aria-label=${t.digits(this.typed.length, PIN_DIGITS)}>
        ${Array.from({ length: PIN_DIGITS }, (_, i) => html`<i class=${i < this.typed.length ? 'on' : ''}></i>`)}
      </div>
      <div class="keys">
        ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map(key)}<span></span>${key(0)}
        <button class="plain" aria-label=${t.erase} ?disabled=${this.busy} @click=${this.back}>${draw(erase, 30)}</button>
      </div>
      <span class="sr" role="status">${t.digits(this.typed.length, PIN_DIGITS)}</span>`
  }

  private type(digits: string): void {
    if (this.busy || this.typed.length >= PIN_DIGITS) return
    this.typed = (this.typed + digits).slice(0, PIN_DIGITS)
    if (this.typed.length === PIN_DIGITS) this.dispatchEvent(new CustomEvent('pin', { detail: this.typed }))
  }

  private readonly back = (): void => {
    if (!this.busy) this.typed = this.typed.slice(0, -1)
  }

  private readonly key = (e: KeyboardEvent): void => {
    if (e.altKey || e.ctrlKey || e.metaKey) return
    if (/^[0-9]$/.test(e.key)) this.type(e.key)
    else if (e.key === 'Backspace') this.back()
    else return
    e.preventDefault()
  }

  private readonly paste = (e: ClipboardEvent): void => {
    const digits = (e.clipboardData?.getData('text') ?? '').replace(/\s/g, '')
    if (!/^[0-9]{6}$/.test(digits)) return
    this.typed = ''
    this.type(digits)
  }
}
customElements.define('pin-pad', PinPad)

declare global {
  interface HTMLElementTagNameMap {
    'pin-pad': PinPad
  }
}
