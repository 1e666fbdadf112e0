import { LitElement, css, html, nothing } from 'lit'
import type { Desk } from '../../core/desk'
import type { Lang } from '../../core/i18n'
import { peopleStrings } from '../../core/people-text'
import { base } from '../shared'

/** How much waits for a supervisor, on the corner of a button. */
export class PeopleBadge extends LitElement {
  static override properties = { desk: { attribute: false }, language: { attribute: false }, stamp: { attribute: false } }
  declare desk: Desk
  declare language: Lang
  declare stamp: number

  static override styles = [
    base,
    css`
      i {
        position: absolute;
        top: 3px;
        left: calc(50% + 6px);
        min-width: 20px;
        padding: 0 5px;
        border-radius: 10px;
        background: var(--bad);
        color: var(--bg);
        font: 700 12px/20px system-ui, sans-serif;
        text-align: center;
      }
    `,
  ]

  override render() {
    const n = this.desk.count
    if (n === 0) return nothing
    return html`<i aria-hidden="true">${n}</i><span class="sr">, ${peopleStrings[this.language].waitingCount(String(n))}</span>`
  }
}
customElements.define('people-badge', PeopleBadge)
