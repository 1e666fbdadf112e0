import { css, html, nothing, svg } from 'lit'
import { qrPath } from '../core/qr'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'

/** A one-time link, shown once: to be copied, or scanned by the phone of whom it is for. */
export class LinkCard extends Part {
  static override properties = {
    url: { attribute: false },
    heading: { attribute: false },
    text: { attribute: false },
    message: { attribute: false },
    copied: { state: true },
  }
  declare url: string
  /** instead of those for a new password */
  declare heading: string | undefined
  declare text: string | undefined
  /** what is sent along with the link, by Zalo or SMS */
  declare message: string | undefined
  declare copied: '' | 'url' | 'message'

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
      .message {
        margin-top: 14px;
        padding: 12px 14px;
        border-radius: 13px;
        background: var(--s2);
        overflow-wrap: anywhere;
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
    this.copied = ''
  }

  override render() {
    const { s, message } = this
    const code = qrPath(this.url)
    const title = this.heading ?? s.linkTitle
    return html`<section class="card1" aria-label=${title}>
      <h2>${title}</h2>
      <p>${this.text ?? s.linkText}</p>
      ${message ? html`<p class="message">${message}</p>` : nothing}
      <div class="box"><span class="url code">${this.url}</span></div>
      <div class="buttons">
        ${message ? this.sending() : this.copying('url', 'go', s.linkCopy)}
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

  /** Where the device can hand a text on, to Zalo or SMS, that comes first. */
  private sending() {
    const { s } = this
    const can = 'share' in navigator
    return html`${can ? html`<button type="button" class="go" @click=${this.share}>${icon('send', 20)}${s.share}</button>` : nothing}
    ${this.copying('message', can ? 'soft' : 'go', s.copyMessage)} ${this.copying('url', 'soft', s.linkCopy)}`
  }

  private copying(what: 'url' | 'message', style: string, label: string) {
    const done = this.copied === what
    return html`<button type="button" class=${style} @click=${() => void this.copy(what)}>
      ${icon(done ? 'check' : 'copy', 20)}${done ? this.s.copied : label}
    </button>`
  }

  private get whole(): string {
    return `${this.message}\n${this.url}`
  }

  private readonly share = async (): Promise<void> => {
    // Whoever closes the sheet again has sent nothing, and that is all right.
    await navigator.share({ text: this.whole }).catch(() => undefined)
  }

  private async copy(what: 'url' | 'message'): Promise<void> {
    try {
      await navigator.clipboard.writeText(what === 'url' ? this.url : this.whole)
      this.copied = what
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
