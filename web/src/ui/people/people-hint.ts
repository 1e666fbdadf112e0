import { LitElement, css, html, nothing } from 'lit'
import type { Desk } from '../../core/desk'
import type { Lang } from '../../core/i18n'
import { peopleStrings } from '../../core/people-text'
import { icon } from '../icons'
import { base } from '../shared'
import { glyph } from './glyphs'
import type { PageName } from './page'
import { pageStyle } from './people-style'

/** Under a search that found nothing: what is not here may be somebody else's. In a list without any camera, the way to add some. */
export class PeopleHint extends LitElement {
  static override properties = { desk: { attribute: false }, language: { attribute: false }, query: { attribute: false }, none: { type: Boolean } }
  declare desk: Desk | undefined
  declare language: Lang
  declare query: string
  /** there is no camera at all */
  declare none: boolean

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
      p {
        padding: 26px 8px 8px;
        color: var(--t2);
        text-align: center;
        text-wrap: balance;
      }
      a {
        text-decoration: none;
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
    return html`${this.none && desk.who.may.administer
      ? html`<p>${p.noCameras}</p>
          <a class="go" href="manage/">${icon('camera', 22)}${p.addCameras}</a>`
      : nothing}
    ${desk.who.may.ask
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
