import { LitElement, css, html, type TemplateResult } from 'lit'
import { base } from '../shared'
import { pageStyle } from './people-style'

export const HOLD_MS = 1500
/** By keyboard, or a screen reader: twice within this time. */
const TWICE_MS = 5000

/** A button that does nothing by mistake: it is held, or pressed twice where holding is no way. */
export class HoldButton extends LitElement {
  static override properties = {
    label: { attribute: false },
    holding: { attribute: false },
    again: { attribute: false },
    glyph: { attribute: false },
    ready: { attribute: false },
    state: { state: true },
  }
  declare label: string
  declare holding: string
  declare again: string
  declare glyph: TemplateResult
  /** Asked as it begins: false lets nothing begin. */
  declare ready: () => boolean
  declare state: 'rest' | 'held' | 'once'

  private frame = 0
  private timer: number | undefined

  static override styles = [
    base,
    pageStyle,
    css`
      :host {
        display: block;
        flex: 1;
      }
      button {
        position: relative;
        width: 100%;
        overflow: hidden;
        touch-action: none;
        user-select: none;
        -webkit-user-select: none;
        -webkit-touch-callout: none;
      }
      .fill {
        position: absolute;
        inset: 0;
        transform-origin: left;
        transform: scaleX(var(--held, 0));
        background: var(--tx);
        opacity: 0.4;
      }
      .danger > :not(.fill) {
        position: relative;
      }
      button:active {
        opacity: 1;
      }
    `,
  ]

  constructor() {
    super()
    this.state = 'rest'
    this.ready = () => true
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.rest()
  }

  override render() {
    const text = { rest: this.label, held: this.holding, once: this.again }[this.state]
    return html`<button
        class="danger"
        @pointerdown=${this.down}
        @pointerup=${this.up}
        @pointercancel=${this.up}
        @pointerleave=${this.up}
        @contextmenu=${(e: Event) => e.preventDefault()}
        @click=${this.pressed}
      >
        <span class="fill"></span>${this.glyph}<span>${text}</span>
      </button>
      <p class="sr" role="status">${this.state === 'rest' ? '' : text}</p>`
  }

  private readonly down = (e: PointerEvent): void => {
    if (e.button !== 0 || !this.ready()) return
    this.rest()
    this.state = 'held'
    const began = performance.now()
    // By the frame, not by a transition: it says how far it is to those without motion too.
    const step = (now: number) => {
      const held = Math.min(1, (now - began) / HOLD_MS)
      this.style.setProperty('--held', String(Math.max(0, held)))
      if (held < 1) this.frame = requestAnimationFrame(step)
      else this.done()
    }
    this.frame = requestAnimationFrame(step)
  }

  private readonly up = (): void => {
    if (this.state === 'held') this.rest()
  }

  /** A click without a pointer: Enter, Space, or a screen reader's. */
  private readonly pressed = (e: MouseEvent): void => {
    if (e.detail !== 0 || !this.ready()) return
    if (this.state === 'once') return this.done()
    this.state = 'once'
    this.timer = window.setTimeout(() => this.rest(), TWICE_MS)
  }

  private done(): void {
    this.rest()
    navigator.vibrate?.(60)
    this.dispatchEvent(new CustomEvent('held'))
  }

  private rest(): void {
    cancelAnimationFrame(this.frame)
    clearTimeout(this.timer)
    this.style.removeProperty('--held')
    this.state = 'rest'
  }
}
customElements.define('hold-button', HoldButton)
