import { css, html, nothing } from 'lit'
import { filterOf, type Finding, type Report } from '../core/manage/log'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner, choices } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { dayOf } from './log-words'
import { Part } from './part'
import { panelStyle } from './screen-style'

const SPANS = [7, 30, 90] as const

/** The report of the unusual: questions to ask, each with the way to the records. */
export class LogReport extends Part {
  static override properties = { report: { state: true }, failed: { state: true }, days: { state: true } }
  declare report: Report | undefined
  declare failed: string
  declare days: number
  private asked = 0

  static override styles = [
    base,
    formStyle,
    panelStyle,
    css`
      .find1 {
        padding: 14px 16px;
        margin-bottom: 12px;
        border: 1px solid var(--ln);
        border-radius: 16px;
        background: var(--in);
      }
      .find1 h2 {
        font-size: 15.5px;
        font-weight: 660;
        line-height: 1.35;
      }
      .find1 p {
        margin-top: 4px;
        font-size: 14.5px;
        line-height: 1.5;
        overflow-wrap: anywhere;
      }
      .find1 .who {
        font-weight: 600;
      }
      .find1 .ask {
        color: var(--t2);
      }
      .lead {
        margin-bottom: 16px;
        color: var(--t2);
        line-height: 1.5;
      }
      .row .cards {
        grid-template-columns: repeat(3, minmax(0, 1fr));
      }
      .choices .card {
        grid-template-columns: auto 1fr;
        gap: 6px;
        padding: 13px 9px;
      }
      .none {
        padding: 6vh 12px;
        text-align: center;
        color: var(--t2);
        line-height: 1.5;
      }
      .none h2 {
        color: var(--tx);
        font-size: 18px;
        font-weight: 660;
        margin-bottom: 6px;
      }
    `,
  ]

  constructor() {
    super()
    this.failed = ''
    this.days = 30
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.load()
  }

  private async load(): Promise<void> {
    const n = ++this.asked
    this.report = undefined
    this.failed = ''
    const from = new Date(Date.now() - this.days * 24 * 3600_000)
    const a = await this.office.api.get<Report>(`audit/report?${new URLSearchParams({ from: from.toISOString() }).toString()}`)
    if (n !== this.asked) return
    if (a.ok) this.report = a.value
    else this.failed = a.problem.code === 'unrecorded' ? this.s.logUnrecorded : this.s.loadFailed
  }

  override render() {
    const { s } = this
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('log')}>${icon('back', 24)}</a>
        <h1>${s.logReportTitle}</h1>
      </header>
      <div class="body">
        <p class="lead">${s.logReportText}</p>
        ${choices({
          id: 'days',
          label: s.logSpan,
          kind: 'radio',
          row: true,
          options: SPANS.map((d) => ({ value: String(d), label: d === 7 ? s.logSpans.week : d === 30 ? s.logSpans.month : s.logDays(d) })),
          chosen: [String(this.days)],
          set: ([d]) => {
            this.days = Number(d)
            void this.load()
          },
        })}
        ${this.found()}
      </div>`
  }

  private found() {
    const { s, report } = this
    if (this.failed) {
      return html`${banner('bad', this.failed)}<button class="soft" @click=${() => void this.load()}>${s.tryAgain}</button>`
    }
    if (!report) return html`<p class="lead" role="status">${s.loading}…</p>`
    const all = report.findings ?? []
    if (all.length === 0) return html`<div class="none"><h2>${s.logReportNone}</h2><p>${s.logReportNoneText(this.days)}</p></div>`
    return html`${report.more ? banner('warn', s.logReportMore) : nothing}<ul>${all.map((f) => this.card(f))}</ul>`
  }

  private card(f: Finding) {
    const { s, office } = this
    const words = s.logFindings[f.pattern]
    const number = new Intl.NumberFormat(office.lang === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 1 }).format(f.amount)
    const day = f.day ? dayOf(office, new Date(`${f.day}T00:00`).getTime()) : ''
    return html`<li class="find1">
      <h2>${words?.title ?? f.pattern}</h2>
      <p class="who">${[f.name || f.subject, f.camera ? office.cameraName(f.camera) : ''].filter(Boolean).join(' · ')}</p>
      <p>${[s.logAmounts[f.pattern]?.(number) ?? number, day].filter(Boolean).join(' · ')}</p>
      ${words ? html`<p class="ask"><b>${s.logAsk}:</b> ${words.ask}</p>` : nothing}
      <div class="buttons">
        <button class="soft small" @click=${() => this.emit('look', filterOf(f))}>${icon('eye', 19)}${s.logReportShow}</button>
      </div>
    </li>`
  }
}
customElements.define('log-report', LogReport)
