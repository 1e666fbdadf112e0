import { css, html, nothing, svg } from 'lit'
import { qrPath } from '../core/qr'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'

/** A one-time link, shown once: to be copied, or scanned by the phone of whom it is for. */
export class LinkCard extends Part {
  static override properties = { url: { attribute: false }, copied: { state: true } }
  declare url: string
  declare copied: boolean

  static override styles = [
    base,
    formStyle,
    css`
      :host {
        display: block;
      }
      .card1 {
        margin-bottom: 24px;
        padding: 18px;
        border-radius: 18px;
        border: 1.5px solid var(--ac);
        background: var(--acs);
      }
      h2 {
        font-size: 17px;
        font-weight: 670;
        margin-bottom: 6px;
      }
      p {
        line-height: 1.5;
        font-size: 14.5px;
      }
      .url {
        flex: 1;
        min-width: 0;
        padding: 12px 14px;
        overflow-wrap: anywhere;
        font-size: 13.5px !important;
        line-height: 1.4;
        user-select: all;
      }
      .box {
        margin: 14px 0 12px;
      }
      .qr {
        display: flex;
        flex-wrap: wrap;
        gap: 10px 18px;
        align-items: center;
        margin-top: 18px;
      }
      .qr svg {
        width: 196px;
        height: 196px;
        border-radius: 12px;
        background: #fff;
      }
      .qr p {
        flex: 1 1 140px;
        color: var(--t2);
      }
    `,
  ]

  constructor() {
    super()
    this.copied = false
  }

  override render() {
    const { s } = this
    const code = qrPath(this.url)
    return html`<section class="card1" aria-label=${s.linkTitle}>
      <h2>${s.linkTitle}</h2>
      <p>${s.linkText}</p>
      <div class="box"><span class="url code">${this.url}</span></div>
      <div class="buttons">
        <button type="button" class="go" @click=${this.copy}>${icon(this.copied ? 'check' : 'copy', 20)}${this.copied ? s.copied : s.linkCopy}</button>
        <button type="button" class="soft" @click=${() => this.emit('done')}>${s.linkDone}</button>
      </div>
      ${code
        ? html`<div class="qr">
            <svg viewBox="0 0 ${code.size} ${code.size}" role="img" aria-label=${s.linkQR} shape-rendering="crispEdges">${svg`<path d=${code.path} fill="#000"/>`}</svg>
            <p>${s.linkQR}</p>
          </div>`
        : nothing}
    </section>`
  }

  private readonly copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.url)
      this.copied = true
    } catch {
      // Where the clipboard is closed to the page, the text is there to be marked.
      const range = document.createRange()
      range.selectNodeContents(this.renderRoot.querySelector('.url')!)
      getSelection()?.removeAllRanges()
      getSelection()?.addRange(range)
    }
  }
}
customElements.define('link-card', LinkCard)
