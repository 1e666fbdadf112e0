import { html, nothing } from 'lit'
import { byDay, newFilter, queryOf, rowsOf, type LogFilter, type LogHead, type LogPage, type LogRecord, type LogRow } from '../core/manage/log'
import { hashOf, type Route } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { loading } from './list-parts'
import type { LogFilterDialog } from './log-filter'
import { logStyle } from './log-style'
import { clockOf, dayOf, drawingOf, linesOf, longOf, reasonOf, whoOf } from './log-words'
import { Part } from './part'
import { screenStyle } from './screen-style'
import './log-filter'
import './log-panel'
import './log-proof'
import './log-report'

/** As often as an empty part of the log is read on by itself. */
const TRIES = 5
const PAGE = 100

/** The audit log: what is looked for, what was found, and one record, the report or the proof beside it. */
export class LogScreen extends Part {
  static override styles = [base, formStyle, screenStyle, logStyle]
  static override properties = {
    route: { attribute: false },
    filter: { state: true },
    records: { state: true },
    next: { state: true },
    trouble: { state: true },
    head: { state: true },
    busy: { state: true },
  }
  declare route: Route
  declare filter: LogFilter
  declare records: LogRecord[] | undefined
  declare next: number
  declare trouble: string
  declare head: LogHead | undefined
  declare busy: boolean
  private asked = 0

  constructor() {
    super()
    this.filter = newFilter()
    this.next = 0
    this.trouble = ''
    this.busy = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.begin()
  }

  private async begin(): Promise<void> {
    const [head] = await Promise.all([this.office.api.get<LogHead>('audit/head'), this.office.loadLogNames()])
    if (head.ok) this.head = head.value
    await this.load()
  }

  /** Reads the first page, or the next one. */
  private async load(more = false): Promise<void> {
    const n = ++this.asked
    this.busy = true
    this.trouble = ''
    if (!more) this.records = undefined
    let after = more ? this.next : 0
    const found: LogRecord[] = []
    for (let i = 0; i < TRIES; i++) {
      const a = await this.office.api.get<LogPage>(`audit?limit=${PAGE}&${queryOf(this.filter, this.head?.events, new Date(), after)}`)
      if (n !== this.asked) return
      if (!a.ok) {
        this.trouble = a.problem.code === 'unrecorded' ? this.s.logUnrecorded : a.problem.status === 0 ? this.s.loadFailed : this.office.explain(a.problem)
        break
      }
      found.push(...(a.value.entries ?? []))
      after = a.value.next ?? 0
      if (found.length > 0 || after === 0) break
    }
    this.records = [...(more ? (this.records ?? []) : []), ...found]
    this.next = after
    this.busy = false
  }

  private look(filter: LogFilter): void {
    this.filter = filter
    if (this.route.id) location.hash = hashOf('log')
    void this.load()
  }

  override render() {
    const { s, route, office } = this
    const name = route.id === 'report' ? s.logReport : route.id === 'proof' ? s.logProof : s.logEntry
    return html`<div class="screen ${route.id ? 'open' : ''}">
        <section class="list" aria-label=${s.log}>
          <header class="head">
            <div>
              <h1>${s.log}</h1>
              <p>${this.records && !this.trouble ? s.logCount(String(rowsOf(this.records).length), this.next > 0) : '\u00a0'}</p>
            </div>
            <button class="square menu" aria-label=${s.menu} @click=${() => this.emit('menu')}>${icon('more', 24)}</button>
          </header>
          ${this.ways()} ${this.chips()} ${this.fault()}
          <div class="scroll" tabindex="-1">${this.body()}</div>
        </section>
        <section class="detail" aria-label=${name}>${this.detail()}</section>
      </div>
      <log-filter .office=${office} .known=${this.head?.events} @look=${(e: CustomEvent<LogFilter>) => this.look(e.detail)}></log-filter>`
  }

  private ways() {
    const { s, route } = this
    const to = (id: string, drawing: 'alert' | 'shield', text: string) =>
      html`<a class="soft small" href=${hashOf('log', id)} aria-current=${route.id === id ? 'page' : 'false'}>${icon(drawing, 19)}${text}</a>`
    return html`<div class="ways">
      <button class="soft small" @click=${this.choose}>${icon('tune', 19)}${s.logFilter}</button>
      ${to('report', 'alert', s.logReport)} ${to('proof', 'shield', s.logProof)}
    </div>`
  }

  private readonly choose = (): void => {
    this.renderRoot.querySelector<LogFilterDialog>('log-filter')!.show(this.filter)
  }

  /** What is looked for, each to be taken away. */
  private chips() {
    const { s, office, filter: f } = this
    const chips: [string, Partial<LogFilter>][] = []
    if (f.code) chips.push([`${s.logCode}: ${f.code}`, { code: '' }])
    if (f.person) chips.push([office.personName(f.person) || f.person, { person: '' }])
    if (f.camera) chips.push([office.cameraName(f.camera), { camera: '' }])
    if (f.area) chips.push([office.areaName(f.area), { area: '' }])
    if (f.group) chips.push([s.logGroups[f.group], { group: '' }])
    if (f.reason) chips.push([reasonOf(office, f.reason), { reason: '' }])
    if (f.number) chips.push([`${s.logCase}: ${f.number}`, { number: '' }])
    const span = f.code ? nothing : html`<button @click=${this.choose}>${icon('clock', 18)}${this.spanText()}</button>`
    return html`<div class="chips">
      ${span}${chips.map(
        ([text, without]) =>
          html`<button aria-label=${s.takeAway(text)} @click=${() => this.look({ ...f, ...without })}>${text}${icon('close', 17)}</button>`,
      )}
    </div>`
  }

  private spanText(): string {
    const { s, filter: f } = this
    if (f.span === 'day') return dayOf(this.office, new Date(`${f.day}T00:00`).getTime())
    if (f.span !== 'range') return s.logSpans[f.span]
    const plain = (t: string) => t.replace('T', ' ')
    return [f.from && s.from(plain(f.from)), f.until && s.until(plain(f.until))].filter(Boolean).join(' ') || s.logSpans.all
  }

  private fault() {
    const { s } = this
    if (!this.head?.faults?.length) return nothing
    return html`<div class="fault">
      ${banner('bad', html`<b>${s.logFault}</b>${s.logFaultText}<br /><a href=${hashOf('log', 'proof')}>${s.logFaultMore}</a>`)}
    </div>`
  }

  private body() {
    const { s, records, trouble } = this
    if (trouble) {
      return html`<div class="none">
        <p role="alert">${trouble}</p>
        <div class="buttons"><button class="soft" @click=${() => void this.load()}>${s.tryAgain}</button></div>
      </div>`
    }
    if (!records) return loading(s, 4)
    const more = this.next
      ? html`<button class="soft morerows" ?disabled=${this.busy} @click=${() => void this.load(true)}>${this.busy ? s.loading : s.logMore}</button>`
      : nothing
    if (records.length === 0) {
      return html`<div class="none">
          <div class="mark">${icon('file', 30)}</div>
          <h2>${s.logEmpty}</h2>
          <p>${s.logEmptyText}</p>
        </div>
        ${more}`
    }
    return html`${byDay(rowsOf(records)).map(
      (d) => html`<h2 class="day">${dayOf(this.office, d.day)}</h2>
        <ul>${d.rows.map((row) => this.row(row))}</ul>`,
    )}${more}`
  }

  private row(row: LogRow) {
    const { office, s } = this
    const r = row.record
    const cur = this.route.id === String(r.n)
    const refused = /\.(denied|refused|lifted)$/.test(r.event)
    const long = row.view ? (row.view.ended ? longOf(office, row.view.ms) : s.logWatching) : ''
    return html`<li class="${cur ? 'cur' : ''} ${refused ? 'denied' : ''}">
      <a class="item" href=${hashOf('log', String(r.n))} aria-current=${cur ? 'true' : 'false'}>
        <span class="face">${icon(drawingOf(r), 20)}</span>
        <span>
          <b>${whoOf(office, r)}</b>
          ${linesOf(office, row).map((line) => html`<small>${line}</small>`)}
        </span>
        <span class="end"><b>${clockOf(row.view?.began ?? Date.parse(r.time))}</b>${long}</span>
      </a>
    </li>`
  }

  private detail() {
    const { s, office, route, records } = this
    const look = (e: CustomEvent<LogFilter>) => this.look(e.detail)
    if (route.id === 'report') return html`<log-report .office=${office} @look=${look}></log-report>`
    if (route.id === 'proof') return html`<log-proof .office=${office} .head=${this.head}></log-proof>`
    if (route.id) {
      if (!records) return nothing
      const row = rowsOf(records).find((x) => String(x.record.n) === route.id)
      return html`<log-panel .office=${office} .row=${row} @look=${look}></log-panel>`
    }
    return html`<div class="none">
      <div class="mark">${icon('file', 30)}</div>
      <p>${s.logChoose} ${s.logText}</p>
    </div>`
  }
}
customElements.define('log-screen', LogScreen)
