import { css, html, nothing, type PropertyDeclarations } from 'lit'
import { goodNumber, MAX_NUMBER, type Case } from '../../core/case'
import { caseStrings, type CaseStrings } from '../../core/case-text'
import { base } from '../shared'
import { icon } from '../icons'
import { glyph } from './glyphs'
import { Page } from './page'
import { pageStyle } from './people-style'

/** States the case on which households' cameras are watched, once for all of them; shows and closes it. */
export class CasePage extends Page {
  static override properties: PropertyDeclarations = {
    wanting: { attribute: false },
    reason: { state: true },
    number: { state: true },
    failed: { state: true },
  }
  /** the camera that is shown waits for a case that covers it */
  declare wanting: boolean
  declare reason: string
  declare number: string
  /** the reasons could not be had */
  declare failed: boolean

  static override styles = [
    base,
    pageStyle,
    css`
      .known {
        display: grid;
        grid-template-columns: 22px 1fr;
        gap: 11px;
        align-items: center;
        padding: 11px 14px;
        border-radius: 14px;
        background: var(--acs);
        font-size: 14.5px;
        font-weight: 600;
        line-height: 1.35;
      }
      .known svg {
        color: var(--ac);
      }
      .reasons {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      .reasons button {
        min-height: 56px;
        padding: 6px 14px;
        border-radius: 16px;
        border: 1.5px solid transparent;
        background: var(--s2);
        font-size: 15px;
        font-weight: 620;
        line-height: 1.25;
        text-align: left;
        text-wrap: balance;
      }
      .reasons button:last-child:nth-child(odd) {
        grid-column: 1 / 3;
      }
      .reasons [aria-pressed='true'] {
        border-color: var(--ac);
        background: var(--acs);
        color: var(--ac);
      }
      .reasons i {
        min-height: 56px;
        border-radius: 16px;
        background: var(--s2);
      }
      .card {
        padding: 16px;
        border-radius: 18px;
        background: var(--s2);
      }
      .card b {
        display: block;
        font-size: 19px;
        font-weight: 670;
        letter-spacing: -0.012em;
        overflow-wrap: anywhere;
      }
      .card span {
        display: block;
        margin-top: 2px;
        font-size: 16.5px;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .warn {
        display: block;
        margin: 14px 0 4px;
        padding: 11px 14px;
        border-radius: 14px;
        border: 1.5px solid var(--warn);
        font-size: 14.5px;
        line-height: 1.4;
      }
      .text {
        min-height: 48px;
        margin-top: 10px;
        font-weight: 640;
        color: var(--ac);
      }
      @media (forced-colors: active) {
        .reasons button {
          border: 1px solid;
        }
      }
    `,
  ]

  /** another case is being stated, instead of the one that is open */
  private other = false

  constructor() {
    super()
    this.wanting = false
    this.reason = ''
    this.number = ''
    this.failed = false
  }

  private get t(): CaseStrings {
    return caseStrings[this.language]
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.load()
  }

  private async load(): Promise<void> {
    this.failed = false
    try {
      await this.desk.cases.loadReasons()
    } catch {
      this.failed = true
    }
    this.requestUpdate()
  }

  private reasonWords(code: string): string {
    return this.desk.cases.reasons.find((r) => r.code === code)?.[this.language] ?? code
  }

  override render() {
    const { open } = this.desk.cases
    return open && !this.other ? this.standing(open) : this.form()
  }

  private standing(c: Case) {
    const { t } = this
    return html`<div class="scroll">
        <div class="card">
          <b>${this.reasonWords(c.reason)}</b><span>${c.number}</span>
          ${c.opened ? html`<small>${t.since(this.clock(c.opened))}</small>` : nothing}
        </div>
        ${this.wanting
          ? html`<p class="warn">${t.notCovered(this.reasonWords(c.reason))}</p>`
          : html`<h3>${t.covers}</h3>`}
        ${this.wanting ? this.closing('text') : this.changing('text')}
        <small>${t.closeHint}</small>
        ${this.faultLine()}
      </div>
      ${this.bar(this.wanting ? this.changing('go') : this.closing('soft'))}`
  }

  private closing(style: string) {
    return html`<button class=${style} aria-disabled=${this.busy ? 'true' : 'false'} @click=${() => void this.close()}>${this.t.close}</button>`
  }

  private changing(style: string) {
    return html`<button class=${style} @click=${() => this.turn(true)}>${this.t.change}</button>`
  }

  private form() {
    const { t } = this
    return html`<form class="scroll" id="f" novalidate @submit=${this.submit}>
        <p class="known">${glyph('eye', 22)}${t.known}</p>
        <h3 id="why">${t.why}</h3>
        ${this.reasons()}
        <h3 id="number">${t.number}</h3>
        <input
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          enterkeyhint="go"
          maxlength=${MAX_NUMBER}
          aria-labelledby="number"
          placeholder=${t.numberHint}
          .value=${this.number}
          @input=${(e: Event) => this.type((e.target as HTMLInputElement).value)}
        />
        <small>${t.once}</small>
        ${this.faultLine()}
      </form>
      ${this.bar(
        html`<button class="go" form="f" aria-disabled=${this.busy ? 'true' : 'false'}>
          ${this.busy ? t.opening : html`${icon('house', 21)}${t.open}`}
        </button>`,
      )}`
  }

  private reasons() {
    const { t } = this
    const { reasons } = this.desk.cases
    if (this.failed) {
      return html`<p class="none">${t.noReasons}</p>
        <button type="button" class="soft" @click=${() => void this.load()}>${this.p.again}</button>`
    }
    if (reasons.length === 0) return html`<div class="reasons" aria-hidden="true">${[0, 1, 2, 3].map(() => html`<i></i>`)}</div>`
    return html`<div class="reasons" role="group" aria-labelledby="why">
      ${reasons.map(
        (r) =>
          html`<button type="button" aria-pressed=${this.reason === r.code ? 'true' : 'false'} @click=${() => this.pick(r.code)}>
            ${r[this.language]}
          </button>`,
      )}
    </div>`
  }

  private pick(code: string): void {
    this.reason = code
    this.fault = ''
  }

  private type(number: string): void {
    this.number = number
    this.fault = ''
  }

  private turn(other: boolean): void {
    this.other = other
    this.fault = ''
    this.requestUpdate()
  }

  private readonly submit = async (e: Event): Promise<void> => {
    e.preventDefault()
    const { t } = this
    if (this.busy) return
    if (!this.reason) this.fault = t.pickReason
    else if (!goodNumber(this.number)) this.fault = t.badNumber
    else if (await this.act(() => this.desk.cases.state(this.reason, this.number), t.failed, t.failed)) this.leave()
  }

  private async close(): Promise<void> {
    if (await this.act(() => this.desk.cases.close())) this.leave()
  }
}
customElements.define('case-page', CasePage)
