import { LitElement, css, html, nothing } from 'lit'
import type { Words } from '../core/words'
import './trouble-icons'
import { base } from './shared'
import { tileIcon as icon } from './tile-icons'

/** What is said over a picture that went wrong, and what may be done about it. */
export class TileVeil extends LitElement {
  static override properties = { words: { attribute: false }, caption: { type: Boolean } }
  declare words: Words
  /** the tile is one of a grid, and opens by a tap */
  declare caption: boolean

  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: 0;
        container-type: size;
        pointer-events: none;
      }
      .mid {
        height: 100%;
        display: flex;
        flex-direction: column;
        align-items: center;
        justify-content: center;
        gap: 3px;
        padding: 0 20px;
        text-align: center;
        background: var(--scrim);
        color: #fff;
      }
      svg {
        margin-bottom: 7px;
        color: #c9d2df;
      }
      .offline svg {
        color: var(--bad);
      }
      b {
        font-size: var(--tile-title, 16px);
        font-weight: 640;
        line-height: 1.35;
        text-wrap: balance;
      }
      small {
        display: var(--tile-note, block);
        font-size: 13px;
        line-height: 1.4;
        color: #dbe2eb;
        max-width: 34em;
        text-wrap: balance;
      }
      button {
        pointer-events: auto;
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 52px;
        max-width: 100%;
        padding: 6px 20px;
        border-radius: 18px;
        background: #f2f5fa;
        color: #0b0f16;
        font-weight: 650;
        line-height: 1.3;
      }
      button svg {
        margin: 0;
        color: inherit;
      }
      b + button,
      small + button {
        margin-top: 10px;
      }
      @container (max-width: 300px) or (max-height: 170px) {
        .mid {
          padding: 0 8px;
        }
        small,
        .asks > svg {
          display: none;
        }
        svg {
          margin-bottom: 2px;
        }
        b {
          font-size: 13.5px;
        }
        button {
          min-height: 48px;
          padding: 4px 14px;
          border-radius: 16px;
          font-size: 14px;
        }
        b + button {
          margin-top: 6px;
        }
      }
      @media (forced-colors: active) {
        button {
          border: 1px solid;
        }
        b,
        small {
          background: Canvas;
          color: CanvasText;
        }
      }
    `,
  ]

  override render() {
    const w = this.words
    return html`<div class="mid ${w.asks ? 'asks' : ''} ${w.light}">
      ${w.icon ? icon(w.icon, 26) : nothing} ${w.title ? html`<b>${w.title}</b>` : nothing}
      ${w.note ? html`<small>${w.note}</small>` : nothing} ${this.between()}
      ${w.button
        ? html`<button @click=${() => this.act()}>${w.asks ? nothing : icon('play', 20)}${w.button}</button>`
        : nothing}
      ${this.more()}
    </div>`
  }

  protected between(): unknown {
    return nothing
  }

  /** What else may be done about it. */
  protected more(): unknown {
    return nothing
  }

  /** The button was pressed. */
  protected act(): void {
    this.tell('play')
  }

  protected tell(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }
}
