import { css, html, nothing } from 'lit'
import { CameraTile, light } from './camera-tile'

const captionStyle = css`
  :host([caption]) {
    grid-template-rows: minmax(0, 1fr) var(--tile-caption, 30px);
    background: var(--s1);
    border-radius: 10px;
  }
  :host([caption]) .v {
    opacity: var(--dim, 1);
  }
  .cap {
    display: flex;
    align-items: center;
    gap: 7px;
    padding: 0 9px;
    min-width: 0;
    font-size: 12px;
    color: var(--t2);
  }
  .cap b {
    flex: 1;
    min-width: 0;
    color: var(--tx);
    font-size: 13px;
    font-weight: 620;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .cap span {
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    max-width: 60%;
  }
  .cap .dot {
    width: 8px;
    height: 8px;
  }
  .cap.is-weak span,
  .cap.is-stale span {
    color: var(--warn);
    font-weight: 620;
  }
  .cap.is-offline span {
    color: var(--bad);
  }
  .open {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    border-radius: 10px;
  }
  .open:focus-visible {
    outline-offset: -3px;
  }
  @media (min-width: 900px) and (min-height: 501px) {
    .cap b {
      font-size: var(--tile-name, 13.5px);
    }
    .cap {
      font-size: var(--tile-words, 12.5px);
    }
  }
`

/** A slot that may be one of a grid: with its name and state below, and opened by a tap. */
class GridTile extends CameraTile {
  static override properties = { ...CameraTile.properties, caption: { type: Boolean, reflect: true }, openLabel: { attribute: false } }
  declare caption: boolean
  declare openLabel: string

  static override styles = [...CameraTile.styles, captionStyle]

  constructor() {
    super()
    this.caption = false
    this.openLabel = ''
  }

  override render() {
    return html`${super.render()}${this.caption ? this.below() : nothing}`
  }

  private below() {
    const w = this.words
    return html`<div class="cap is-${w.light}">${light(w)}<b>${this.name}</b><span>${w.short}</span></div>
      ${w.button ? nothing : html`<button class="open" aria-label=${this.openLabel} @click=${this.open}></button>`}`
  }

  private open(): void {
    this.dispatchEvent(new CustomEvent('open-tile', { bubbles: true, composed: true }))
  }
}
customElements.define('camera-tile', GridTile)
