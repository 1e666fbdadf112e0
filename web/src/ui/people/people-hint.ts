import { LitElement, css, html, nothing } from 'lit'
import type { Desk } from '../../core/desk'
import type { Lang } from '../../core/i18n'
import { peopleStrings } from '../../core/people-text'
import { base } from '../shared'
import { glyph } from './glyphs'
import type { PageName } from './page'
import { pageStyle } from './people-style'

/** Under a search that found nothing: what is not here may be somebody else's. */
export class PeopleHint extends LitElement {
  static override properties = { desk: { attribute: false }, language: { attribute: false }, query: { attribute: false } }
  declare desk: Desk | undefined
  declare language: Lang
  declare query: string

  static override styles = [
    base,
    pageStyle,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 420px);
        justify-content: center;
        gap: 10px;
        padding: 0 20px 20px;
      }
      .alarm {
        background: none;
        border: 2px solid var(--bad);
        color: var(--bad);
      }
    `,
  ]

  override render() {
    const { desk } = this
    if (!desk) return nothing
    const p = peopleStrings[this.language]
    return html`${desk.who.may.ask
      ? html`<button class="soft" @click=${() => this.go('ask')}>${glyph('ask', 22)}${p.ask}</button>`
      : nothing}
    ${desk.who.may.emergency
      ? html`<button class="soft alarm" @click=${() => this.go('emergency')}>${glyph('siren', 22)}${p.emergency}</button>`
      : nothing}`
  }

  private go(page: PageName): void {
    const detail = { page, query: this.query }
    this.dispatchEvent(new CustomEvent('people', { detail, bubbles: true, composed: true }))
  }
}
customElements.define('people-hint', PeopleHint)
