import { html } from 'lit'
import type { AreaHit } from '../../core/people'
import { formatSpan, lacking, SPANS } from '../../core/rights'
import { base } from '../shared'
import './area-picker'
import { emptyDraft, Page } from './page'
import { pageStyle } from './people-style'
import { reasonField, reasonIn, spanField } from './reason-field'

/** Asks the supervisor of another area to look at it for a time. */
export class AskPage extends Page {
  static override properties = { span: { state: true } }
  declare span: number

  static override styles = [base, pageStyle]

  constructor() {
    super()
    this.span = SPANS[1]!
  }

  override render() {
    const { p, draft } = this
    const spans = SPANS.map((seconds) => ({ seconds, text: formatSpan(seconds, this.language) }))
    return html`<div class="scroll">
        <h3>${p.where}</h3>
        <area-picker
          .api=${this.desk.api}
          .p=${p}
          .chosen=${draft.area}
          .query=${this.query}
          @choose=${(e: CustomEvent<AreaHit | undefined>) => this.choose(e.detail)}
        ></area-picker>
        ${draft.area
          ? html`${reasonField(p, draft, () => this.changed())}
            ${spanField(p.howLong, spans, this.span, (s) => (this.span = s))}`
          : ''}
        ${this.faultLine()}
      </div>
      ${this.bar(
        html`<button class="go" aria-disabled=${this.busy ? 'true' : 'false'} @click=${this.send}>
          ${this.busy ? p.sending : p.send}
        </button>`,
        this.desk.mine.length > 0 ? 'mine' : undefined,
      )}`
  }

  private choose(area: AreaHit | undefined): void {
    this.draft.area = area
    this.changed()
  }

  private changed(): void {
    this.fault = ''
    this.requestUpdate()
  }

  private async send(): Promise<void> {
    const { area } = this.draft
    const reason = reasonIn(this.p, this.draft)
    const missing = lacking(reason)
    if (!area || missing > 0) {
      this.fault = area ? this.p.sayWhy(String(missing)) : this.p.pickArea
      return
    }
    if (!(await this.act(() => this.desk.ask({ area: area.id }, this.span, reason)))) return
    Object.assign(this.draft, emptyDraft())
    this.go('mine')
  }
}
customElements.define('ask-page', AskPage)
