import { LitElement, css, html, nothing } from 'lit'
import type { Desk } from '../../core/desk'
import type { Lang } from '../../core/i18n'
import { peopleStrings } from '../../core/people-text'
import { shareStrings } from '../../core/share-text'
import { countdown } from '../../core/rights'
import { base } from '../shared'
import { glyph, type Glyph } from './glyphs'
import type { PageName } from './page'

/** The way from the settings to the people's pages. */
export class PeopleEntries extends LitElement {
  static override properties = { desk: { attribute: false }, language: { attribute: false }, stamp: { attribute: false } }
  declare desk: Desk
  declare language: Lang
  declare stamp: number

  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      button {
        display: flex;
        align-items: center;
        gap: 14px;
        width: 100%;
        min-height: 56px;
        padding: 8px 4px;
        text-align: left;
        border-top: 1px solid var(--ln);
      }
      svg {
        color: var(--t2);
      }
      .alarm,
      .alarm svg {
        color: var(--bad);
      }
      span {
        flex: 1;
      }
      b {
        display: block;
        font-weight: 600;
      }
      small {
        font-size: 13px;
        color: var(--t2);
      }
      .n {
        min-width: 26px;
        padding: 0 8px;
        border-radius: 13px;
        background: var(--bad);
        color: var(--bg);
        font: 700 14px/26px system-ui, sans-serif;
        text-align: center;
      }
    `,
  ]

  override render() {
    const { desk } = this
    const p = peopleStrings[this.language]
    const { may } = desk.who
    const left = desk.emergency ? countdown(desk.left) : ''
    const t = shareStrings[this.language]
    const on = desk.shares.filter((s) => !s.received).length
    return html`${this.entry('share', 'share', t.share, on > 0 ? `${t.running}: ${on}` : t.shareHint)}
    ${may.supervise ? this.entry('answer', 'bell', p.answer, p.answerHint, desk.count) : nothing}
    ${may.ask ? this.entry(desk.mine.length > 0 ? 'mine' : 'ask', 'ask', desk.mine.length > 0 ? p.mine : p.ask, p.askHint) : nothing}
    ${may.emergency ? this.entry('emergency', 'siren', p.emergency, left || p.emergencyHint) : nothing}
    ${this.entry('account', 'user', p.account, p.accountHint)}`
  }

  private entry(page: PageName, sign: Glyph, title: string, hint: string, count = 0) {
    return html`<button class=${page === 'emergency' ? 'alarm' : ''} @click=${() => this.go(page)}>
      ${glyph(sign, 22)}<span><b>${title}</b><small>${hint}</small></span>${count > 0 ? html`<i class="n">${count}</i>` : nothing}
    </button>`
  }

  private go(page: PageName): void {
    this.dispatchEvent(new CustomEvent('people', { detail: { page }, bubbles: true, composed: true }))
  }
}
customElements.define('people-entries', PeopleEntries)
