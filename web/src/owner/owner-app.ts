import { LitElement, css, html, type PropertyValues } from 'lit'
import { base } from '../ui/shared'
import { Desk, secretIn } from './desk'
import { pageStyle } from './page-style'
import './invite-flow'
import './my-camera'

/** The page of a citizen who lends a camera: their invitation, or their camera. */
export class OwnerApp extends LitElement {
  static override properties = { out: { state: true }, kind: { state: true } }
  declare out: boolean
  declare kind: 'none' | 'invitation' | 'owner'
  private desk: Desk

  static override styles = [
    base,
    pageStyle,
    css`
      .page {
        max-width: 560px;
        margin: 0 auto;
        padding: max(10px, env(safe-area-inset-top)) 20px max(40px, env(safe-area-inset-bottom));
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin-bottom: 8px;
      }
      header b {
        font-size: 18px;
      }
    `,
  ]

  constructor() {
    super()
    this.out = false
    const { kind, secret } = secretIn(location.hash)
    this.kind = kind
    this.desk = this.open(secret)
  }

  private open(secret: string): Desk {
    return new Desk(
      secret,
      () => this.requestUpdate(),
      () => (this.out = true),
    )
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('hashchange', this.again)
  }

  /** Opens what the address names now. */
  private readonly again = (): void => {
    const { kind, secret } = secretIn(location.hash)
    if (secret === this.desk.secret) return
    this.desk = this.open(secret)
    this.kind = kind
    this.out = false
    this.requestUpdate()
  }

  protected override updated(_: PropertyValues): void {
    document.documentElement.lang = this.desk.lang
    document.title = this.desk.s.title
  }

  override render() {
    const { desk } = this
    const { s } = desk
    const other = desk.lang === 'vi' ? 'en' : 'vi'
    return html`<div class="page">
      <header>
        <b>${s.title}</b>
        <button type="button" class="text" lang=${other} @click=${() => desk.setLang(other)}>${s.language}</button>
      </header>
      <main>${this.screen()}</main>
    </div>`
  }

  private screen() {
    const { desk } = this
    const { s } = desk
    if (this.out) return html`<h1>${s.badLink}</h1><p>${s.badLinkText}</p>`
    if (this.kind === 'invitation') return html`<invite-flow .desk=${desk} .lang=${desk.lang} @mine=${this.again}></invite-flow>`
    if (this.kind === 'owner') return html`<my-camera .desk=${desk} .lang=${desk.lang}></my-camera>`
    return html`<h1>${s.noLink}</h1><p>${s.noLinkText}</p>`
  }
}
customElements.define('owner-app', OwnerApp)
