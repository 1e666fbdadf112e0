import { html, nothing } from 'lit'
import { codeOf, newFilter, type LogFilter, type LogRow } from '../core/manage/log'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { byOf, cameraOf, detailOf, longOf, momentOf, reasonOf, targetOf, whatOf, whoOf, whyOf } from './log-words'
import { Part } from './part'
import { panelStyle } from './screen-style'

/** One record, all of it. */
export class LogPanel extends Part {
  static override styles = [base, formStyle, panelStyle]
  static override properties = { row: { attribute: false } }
  declare row: LogRow | undefined

  override render() {
    const { s, row } = this
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('log')}>${icon('back', 24)}</a>
        <h1>${row ? whatOf(this.office, row.record) : '\u00a0'}</h1>
      </header>
      <div class="body">
        ${row
          ? html`<dl>${this.facts(row).filter(([, v]) => v).map(([k, v]) => html`<div><dt>${k}</dt><dd>${v}</dd></div>`)}</dl>
              ${this.more(row)}`
          : banner('warn', s.logGone)}
      </div>`
  }

  private facts(row: LogRow): [string, string][] {
    const { s, office } = this
    const { record: r, view } = row
    const places = (r.areas ?? []).map((a) => office.areaName(a)).reverse().join(' › ')
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    return [
      [s.logWho, whoOf(office, r)],
      [s.logWhen, `${momentOf(view?.began ?? Date.parse(r.time))} (${zone})`],
      [s.logEnded, view ? (view.ended ? [momentOf(view.ended), whyOf(office, view.why)].filter(Boolean).join(' · ') : s.logWatching) : ''],
      [s.logLong, view?.ended ? longOf(office, view.ms) : ''],
      [s.logCamera, [cameraOf(office, r), r.kind ? ((s.kinds as Record<string, string>)[r.kind] ?? r.kind) : ''].filter(Boolean).join(' · ')],
      [s.logWhere, places],
      [s.logReason, r.reason ? reasonOf(office, r.reason) : ''],
      [s.logCase, r.case ?? ''],
      [s.logTarget, targetOf(office, r)],
      [s.logCode, codeOf(r.view)],
      [s.logBy, byOf(office, r.by ?? '')],
      [s.logDevice, [r.device, r.address].filter(Boolean).join(' · ')],
      [s.logDetail, view ? '' : detailOf(office, r)],
      [s.logNumber, String(r.n)],
    ]
  }

  /** From one record to others. */
  private more(row: LogRow) {
    const { s } = this
    const r = row.record
    const to = (text: string, f: Partial<LogFilter>) =>
      html`<button class="soft small" @click=${() => this.emit('look', { ...newFilter(), span: 'month', ...f })}>${text}</button>`
    return html`<div class="buttons">
      ${r.subject ? to(s.logOnlyPerson, { person: r.subject }) : nothing}
      ${r.camera ? to(s.logOnlyCamera, { camera: r.camera, group: 'views' }) : nothing}
      ${r.case ? to(s.logOnlyCase, { number: r.case }) : nothing}
    </div>`
  }
}
customElements.define('log-panel', LogPanel)
