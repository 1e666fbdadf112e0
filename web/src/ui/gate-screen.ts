import { LitElement, css, html, nothing, type PropertyValues } from 'lit'
import { backoff } from '../core/backoff'
import { gateStrings, type GateStrings } from '../core/gate-text'
import type { Lang, Strings } from '../core/i18n'
import { readPasted } from '../core/link'
import type { Screen } from './entrance'
import { base } from './shared'
import { icon } from './icons'
import './rare-icons'
import { loadAnew } from './shell'

/** The gateway is asked again after some 2 s first: see backoff. */
const FIRST_TRY = 3

/** What stands instead of pictures: no network, no link, a link that no longer works, a session that ended. */
export class GateScreen extends LitElement {
  static override properties = {
    screen: { attribute: false },
    s: { attribute: false },
    language: { attribute: false },
    wrong: { state: true },
  }
  declare screen: Screen
  declare s: Strings
  declare language: Lang
  declare wrong: boolean
  private timer: number | undefined
  private tries = 0

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        min-height: 100%;
        grid-template-rows: 1fr auto;
        padding: calc(24px + var(--top)) 20px calc(16px + var(--bottom));
        overflow-y: auto;
      }
      .box {
        align-self: center;
        justify-self: center;
        width: min(100%, 400px);
        padding-bottom: 6vh;
      }
      .mark {
        width: 64px;
        height: 64px;
        display: grid;
        place-items: center;
        border-radius: 20px;
        background: var(--s2);
        color: var(--ac);
        margin-bottom: 22px;
      }
      .mark.bad {
        color: var(--bad);
      }
      h1 {
        font-size: 24px;
        font-weight: 680;
        letter-spacing: -0.015em;
        line-height: 1.25;
        margin-bottom: 10px;
        text-wrap: balance;
      }
      p {
        font-size: 16px;
        line-height: 1.5;
        color: var(--t2);
      }
      form {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 10px;
        margin-top: 10px;
      }
      input {
        min-width: 0;
        height: 56px;
        padding: 0 16px;
        border: 1px solid var(--edge);
        border-radius: 16px;
        background: var(--s1);
        color: var(--tx);
        font: inherit;
        font-size: 16px;
      }
      input::placeholder {
        color: var(--t2);
        opacity: 1;
      }
      .go {
        height: 56px;
        padding: 0 24px;
        border-radius: 18px;
        background: var(--tx);
        color: var(--bg);
        font-weight: 650;
        font-size: 16px;
        white-space: nowrap;
      }
      .sign {
        display: grid;
        place-items: center;
        margin-top: 26px;
        text-decoration: none;
      }
      .or {
        margin-top: 28px;
        font-size: 14px;
      }
      .alone {
        margin-top: 26px;
        display: flex;
        align-items: center;
        gap: 10px;
      }
      .wrong {
        grid-column: 1 / 3;
        font-size: 14px;
        color: var(--bad);
      }
      footer {
        display: flex;
        justify-content: space-between;
        align-items: center;
        color: var(--t3);
        font-size: 13px;
      }
      footer button {
        min-height: 48px;
        padding: 0 8px;
        color: var(--t2);
        font-weight: 600;
      }
    `,
  ]

  constructor() {
    super()
    this.wrong = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('online', this.network)
    window.addEventListener('offline', this.network)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.timer)
    window.removeEventListener('online', this.network)
    window.removeEventListener('offline', this.network)
  }

  /** Each try that fails brings a new screen. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('screen')) return
    clearTimeout(this.timer)
    if (this.screen.name === 'noNet') this.timer = window.setTimeout(this.again, backoff(FIRST_TRY + this.tries++, Math.random()))
    else this.tries = 0
  }

  private readonly network = (): void => {
    this.requestUpdate()
    if (this.screen.name === 'noNet' && navigator.onLine) this.again()
  }

  private get t(): GateStrings {
    return gateStrings[this.language]
  }

  override render() {
    const { s, screen } = this
    const other: Lang = this.language === 'vi' ? 'en' : 'vi'
    return html`
      <main class="box">
        ${this.box(screen)}
      </main>
      <footer>
        <span>${s.app}</span>
        <button lang=${other} @click=${() => this.emit('lang', other)}>${other === 'en' ? 'English' : 'Tiếng Việt'}</button>
      </footer>
    `
  }

  private box(screen: Screen) {
    if (screen.name === 'ended') return this.ended(screen)
    if (screen.name === 'expired') return this.expired(screen.camera)
    return screen.name === 'noNet' ? this.noNet() : this.link(screen.name === 'badLink')
  }

  /** Who was watching goes on where they were. */
  private expired(camera: string) {
    const { t } = this
    return html`<div class="mark">${icon('user', 30)}</div>
      <div role="status"><h1>${t.expired}</h1></div>
      <p>${camera ? t.expiredAt(camera) : t.expiredText}</p>
      <a class="go sign" href="auth/login">${t.signInAgain}</a>`
  }

  private link(bad: boolean) {
    const { t } = this
    return html`<div class="mark ${bad ? 'bad' : ''}">${icon('link', 30)}</div>
      <h1>${bad ? t.badLink : t.needLink}</h1>
      <p>${bad ? t.badLinkText : t.needLinkText}</p>
      <a class="go sign" href="auth/login">${t.signIn}</a>
      <p class="or">${t.orLink}</p>
      <form @submit=${this.submit}>
        <input
          name="link"
          type="text"
          inputmode="url"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          aria-label=${t.pasteLink}
          placeholder=${t.pasteLink}
          @input=${() => (this.wrong = false)}
        />
        <button class="go">${t.openLink}</button>
        ${this.wrong ? html`<p class="wrong" role="alert">${t.noTokenInLink}</p>` : nothing}
      </form>`
  }

  /** The app opened from what is kept on the device. It goes on by itself, without a tap. */
  private noNet() {
    const { t } = this
    const away = !navigator.onLine
    return html`<div class="mark">${icon('wifiOff', 30)}</div>
      <div role="status">
        <h1>${away ? t.noNet : t.noGateway}</h1>
        <p>${away ? t.noNetText : t.noGatewayText}</p>
      </div>
      <button class="go alone" @click=${this.again}>${t.tryAgain}</button>`
  }

  private ended(screen: Extract<Screen, { name: 'ended' }>) {
    const { t } = this
    const browser = screen.code === 'offer_no_video'
    const old = screen.code === 'version'
    const title = browser ? t.unsupported : screen.code === 'taken' ? t.endedTaken : t.ended
    return html`<div class="mark">${icon('refresh', 30)}</div>
      <h1>${title}</h1>
      <p>${browser ? t.unsupportedText : screen.text}</p>
      <button class="go alone" @click=${() => (old ? void loadAnew() : this.again())}>
        ${old ? t.reload : t.tryAgain}
      </button>`
  }

  private submit(e: Event): void {
    e.preventDefault()
    const input = this.renderRoot.querySelector('input')!
    const link = readPasted(input.value)
    if (!link.token) {
      this.wrong = true
      input.focus()
      return
    }
    input.value = ''
    this.dispatchEvent(new CustomEvent('link', { detail: link, bubbles: true, composed: true }))
  }

  private readonly again = (): void => {
    clearTimeout(this.timer)
    this.emit('again', '')
  }

  private emit(type: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }
}
customElements.define('gate-screen', GateScreen)
