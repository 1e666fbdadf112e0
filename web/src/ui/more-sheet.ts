import { LitElement, html, nothing, svg } from 'lit'
import type { Desk } from '../core/desk'
import { handStrings } from '../core/hand-text'
import { formatBudget } from '../core/format'
import type { Lang, Strings } from '../core/i18n'
import { settingsStrings } from '../core/settings-text'
import { THEMES } from '../core/theme'
import { BUDGETS } from '../core/usage'
import { base } from './shared'
import { draw, icon } from './icons'
import './rare-icons'
import { sheetStyle } from './sheet-style'
import { leaveNothing, shell } from './shell'
import { theme } from './theme'
import type { Viewer } from './viewer'

/** Lucide's “settings-2”; see icons.ts. */
const tune = svg`<path d="M20 7h-9"/><path d="M14 17H5"/><circle cx="17" cy="17" r="3"/><circle cx="7" cy="7" r="3"/>`

/** Appearance, data, language, technical details, and leaving. */
export class MoreSheet extends LitElement {
  static override properties = {
    s: { attribute: false },
    language: { attribute: false },
    copied: { state: true },
    person: { attribute: false },
    desk: { attribute: false },
    stamp: { attribute: false },
    viewer: { attribute: false },
  }
  declare s: Strings
  declare language: Lang
  declare copied: boolean
  declare person: boolean
  declare desk: Desk | undefined
  /** changes when the desk does */
  declare stamp: number
  /** whose data and pictures are set here */
  declare viewer: Viewer
  /** Set by the owner: what "technical details" are. */
  details: () => unknown = () => ({})

  static override styles = [base, sheetStyle]

  constructor() {
    super()
    this.copied = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    shell.start(
      () => (this.details() as { tiles?: { state: string }[] }).tiles?.some((t) => t.state === 'live' || t.state === 'weak') === true,
      () => this.requestUpdate(),
    )
  }

  private get dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!
  }

  show(): void {
    this.copied = false
    this.requestUpdate()
    this.dialog.showModal()
  }

  override render() {
    const { s } = this
    const t = settingsStrings[this.language]
    const tongue = (lang: Lang, name: string) =>
      html`<button lang=${lang} aria-pressed=${this.language === lang ? 'true' : 'false'} @click=${() => this.emit('lang', lang)}>
        ${name}
      </button>`
    return html`<dialog aria-label=${t.settings} @click=${this.outside}>
      <header>
        <h2>${t.settings}</h2>
        <button aria-label=${s.close} @click=${() => this.dialog.close()}>${icon('close', 24)}</button>
      </header>
      ${this.appearance()}
      ${this.data()}
      <p class="label" id="l">${t.language}</p>
      <div class="seg" role="group" aria-labelledby="l">${tongue('vi', 'Tiếng Việt')}${tongue('en', 'English')}</div>
      ${this.desk
        ? html`<people-entries
            .desk=${this.desk}
            .language=${this.language}
            .stamp=${this.stamp}
            @people=${() => this.dialog.close()}
          ></people-entries>`
        : nothing}
      ${this.desk?.who.may.administer || this.desk?.who.may.audit
        ? html`<a class="item" href="manage/">${draw(tune, 22)}<span><b>${t.administer}</b><small>${t.administerHint}</small></span></a>`
        : nothing}
      ${shell.news
        ? html`<button class="item news" @click=${() => shell.take()}>
            ${icon('refresh', 22)}<span><b>${t.news}</b><small>${t.newsHint}</small></span>
          </button>`
        : nothing}
      <button class="item" @click=${this.copy}>
        ${icon(this.copied ? 'check' : 'copy', 22)}<span><b>${this.copied ? t.copied : t.copyDiagnostics}</b></span>
      </button>
      <button class="item" @click=${this.leave}>
        ${icon('leave', 22)}<span><b>${this.person ? t.signOut : t.forget}</b><small>${this.person ? t.signOutHint : t.forgetHint}</small></span>
      </button>
    </dialog>`
  }

  private appearance() {
    const t = handStrings[this.language]
    return html`<p class="label" id="a">${t.look}</p>
      <div class="opts" role="group" aria-labelledby="a">
        ${THEMES.map(
          (x) => html`<button data-theme=${x} aria-pressed=${theme.chosen === x ? 'true' : 'false'} @click=${() => this.change(() => theme.choose(x))}>
            ${t.themes[x]}
          </button>`,
        )}
      </div>`
  }

  private data() {
    const t = handStrings[this.language]
    const { look, meter } = this.viewer
    return html`<button
        class="item saving"
        role="switch"
        aria-checked=${look.saving ? 'true' : 'false'}
        @click=${() => this.change(() => look.save(!look.saving))}
      >
        <span><b>${t.saving}</b><small>${t.savingHint}</small></span><i></i>
      </button>
      <p class="label" id="b">${t.budget}</p>
      <div class="opts budget" role="group" aria-labelledby="b">
        ${BUDGETS.map(
          (x) => html`<button aria-pressed=${meter.budget === x ? 'true' : 'false'} @click=${() => this.change(() => meter.allow(x))}>
            ${x ? formatBudget(x, this.language) : t.none}
          </button>`,
        )}
      </div>`
  }

  private change(what: () => void): void {
    what()
    this.requestUpdate()
    this.emit('set', '')
  }

  /** A tap beside the sheet closes it. */
  private outside(e: MouseEvent): void {
    if (e.target === this.dialog) this.dialog.close()
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(JSON.stringify(this.details(), null, 1))
      this.copied = true
    } catch {
      this.copied = false
    }
  }

  private async leave(): Promise<void> {
    this.dialog.close()
    await leaveNothing()
    this.emit('forget', '')
  }

  private emit(type: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }
}
customElements.define('more-sheet', MoreSheet)

declare global {
  interface HTMLElementTagNameMap {
    'more-sheet': MoreSheet
  }
}
