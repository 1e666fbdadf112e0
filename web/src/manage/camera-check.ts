import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { textIn } from '../core/format'
import type { CameraSettings } from '../core/manage/camera-form'
import { proposals, sorted, type CheckReport, type Finding } from '../core/manage/check'
import { base } from '../ui/shared'
import { banner } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'

/** What is wrong with the camera, in words, before it is saved and after. */
export class CameraCheck extends Part {
  static override properties = { of: { attribute: false }, typed: { attribute: false }, ask: { attribute: false }, report: { state: true }, busy: { state: true }, trouble: { state: true } }
  /** by which the camera is reached: another one is another camera */
  declare of: string
  /** the addresses as they stand in the form */
  declare typed: { main: string; sub: string }
  /** what is to be examined; undefined where that cannot be */
  declare ask: () => CameraSettings | undefined
  declare report: CheckReport | undefined
  declare busy: boolean
  declare trouble: string

  static override styles = [
    base,
    formStyle,
    css`
      :host {
        display: block;
        padding-bottom: 16px;
      }
      .hint {
        margin: 8px 0 0;
      }
      .buttons + [role='status'] {
        padding-top: 12px;
      }
      ul {
        margin: 12px 0 0;
        padding: 0;
        list-style: none;
        display: grid;
        gap: 10px;
      }
      li {
        padding: 12px 14px;
        border: 1px solid var(--ln);
        border-radius: 13px;
        background: var(--in);
        font-size: 14.5px;
        line-height: 1.45;
        overflow-wrap: anywhere;
      }
      li b {
        display: block;
        font-weight: 620;
      }
      .fault b {
        color: var(--bad);
      }
      li p {
        margin: 4px 0 0;
      }
      .menu {
        color: var(--t2);
      }
      summary {
        margin-top: 12px;
        min-height: 48px;
        display: flex;
        align-items: center;
        font-size: 14.5px;
        font-weight: 620;
        color: var(--ac);
        cursor: pointer;
      }
      details ul {
        margin-top: 0;
        gap: 6px;
      }
      details li {
        padding: 8px 14px;
      }
      .found {
        margin-top: 12px;
      }
    `,
  ]

  constructor() {
    super()
    this.typed = { main: '', sub: '' }
    this.busy = false
    this.trouble = ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('of') && changed.get('of') !== undefined) {
      this.report = undefined
      this.trouble = ''
    }
  }

  override render() {
    const { s, report, busy } = this
    return html`<div class="buttons">
        <button type="button" class="soft" ?disabled=${busy} @click=${this.begin}>
          ${busy ? html`<span class="spin"></span>` : icon('pulse', 20)}${report ? s.checkAgain : s.check}
        </button>
      </div>
      <div role="status">${busy ? html`<p class="hint">${s.checking}</p>` : report ? this.told(report) : nothing}</div>
      ${this.trouble ? banner('warn', this.trouble) : busy || report ? nothing : html`<p class="hint">${s.checkText}</p>`}`
  }

  private told(report: CheckReport): TemplateResult {
    const { s, office } = this
    const { open, fine } = sorted(report)
    const found = proposals(report, this.typed)
    return html`${banner(report.playable ? 'good' : 'bad', textIn(report.verdict, office.lang))}
      ${open.length > 0
        ? html`<ul>
            ${open.map((f) => this.finding(f))}
          </ul>`
        : nothing}
      ${found.main || found.sub
        ? html`<div class="buttons found">
            <button type="button" class="soft" @click=${() => this.emit('found', found)}>${icon('check', 20)}${found.main ? (found.sub ? s.checkFillBoth : s.checkFillMain) : s.checkFillSub}</button>
          </div>`
        : nothing}
      ${fine.length > 0
        ? html`<details>
            <summary>${s.checkFine(fine.length)}</summary>
            <ul>
              ${fine.map((f) => html`<li>${textIn(f.says, office.lang)}</li>`)}
            </ul>
          </details>`
        : nothing}`
  }

  private finding(f: Finding): TemplateResult {
    const { s, office } = this
    return html`<li class=${f.severity}>
      <b>${textIn(f.says, office.lang)}</b>
      ${f.do ? html`<p>${textIn(f.do, office.lang)}</p>` : nothing}
      ${f.menu ? html`<p class="menu">${s.checkMenu(textIn(f.menu, office.lang))}</p>` : nothing}
    </li>`
  }

  private readonly begin = async (): Promise<void> => {
    const of = this.of
    const body = this.ask()
    if (!body || this.busy) return
    this.busy = true
    this.trouble = ''
    this.report = undefined
    const a = await this.office.api.call<CheckReport>('inventory/checks', { method: 'POST', body })
    this.busy = false
    if (of !== this.of) return // something else was typed meanwhile
    if (a.ok) this.report = a.value
    else if (a.problem.status === 404) this.trouble = this.s.areaDenied
    else this.trouble = a.problem.status === 503 ? textIn(a.problem.text, this.office.lang) || this.s.internal : this.office.explain(a.problem)
  }
}
customElements.define('camera-check', CameraCheck)
