import { LitElement, css, html, nothing, svg } from 'lit'
import type { Desk } from '../core/desk'
import type { Lang, Strings } from '../core/i18n'
import { settingsStrings } from '../core/settings-text'
import { base } from './shared'
import { draw, icon } from './icons'
import './rare-icons'
import { leaveNothing, shell } from './shell'

/** Lucide's “settings-2”; see icons.ts. */
const tune = svg`<path d="M20 7h-9"/><path d="M14 17H5"/><circle cx="17" cy="17" r="3"/><circle cx="7" cy="7" r="3"/>`

/** Language, technical details, and leaving. */
export class MoreSheet extends LitElement {
  static override properties = {
    s: { attribute: false },
    language: { attribute: false },
    copied: { state: true },
    person: { attribute: false },
    desk: { attribute: false },
    stamp: { attribute: false },
  }
  declare s: Strings
  declare language: Lang
  declare copied: boolean
  declare person: boolean
  declare desk: Desk | undefined
  /** changes when the desk does */
  declare stamp: number
  /** Set by the owner: what "technical details" are. */
  details: () => unknown = () => ({})

  static override styles = [
    base,
    css`
      dialog {
        margin: auto auto 0;
        width: min(100vw, 480px);
        max-width: 100vw;
        border: 0;
        border-top: 1px solid var(--ln);
        border-radius: 20px 20px 0 0;
        padding: 8px 14px calc(18px + var(--bottom));
        background: var(--s1);
        color: var(--tx);
      }
      dialog::backdrop {
        background: #05070bb3;
      }
      header {
        display: grid;
        grid-template-columns: 1fr 48px;
        align-items: center;
        margin: 0 -8px 4px 4px;
      }
      h2 {
        font-size: 17.5px;
        font-weight: 650;
      }
      header button {
        width: 48px;
        height: 48px;
        display: grid;
        place-items: center;
        border-radius: 14px;
        color: var(--t2);
      }
      .label {
        margin: 2px 4px 8px;
        font-size: 13px;
        color: var(--t2);
      }
      .seg {
        display: grid;
        grid-template-columns: 1fr 1fr;
        padding: 3px;
        margin-bottom: 14px;
        border-radius: 12px;
        background: var(--s2);
      }
      .seg button {
        height: 48px;
        border-radius: 10px;
        font-weight: 600;
        color: var(--t2);
      }
      .seg [aria-pressed='true'] {
        background: var(--s3);
        color: var(--tx);
      }
      .item {
        display: flex;
        align-items: center;
        gap: 14px;
        width: 100%;
        min-height: 56px;
        padding: 8px 4px;
        text-align: left;
        border-top: 1px solid var(--ln);
        color: inherit;
        text-decoration: none;
      }
      .item svg {
        color: var(--t2);
      }
      .item b {
        font-weight: 600;
        display: block;
      }
      .item small {
        font-size: 13px;
        color: var(--t2);
      }
    `,
  ]

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
