import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Answer } from '../core/manage/api'
import { CARES, countOf, csvOf, mainStream, settled, shareOf, type CameraHealth, type Care, type HealthList } from '../core/manage/health'
import { hashOf, type Route } from '../core/manage/route'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { chartStyle, strip } from './health-charts'
import { healthStyle } from './health-style'
import { DOTS, causeOf, percentOf, sinceOf, streamOf, waitOf } from './health-words'
import { icon } from './icons'
import { loading, notLoaded } from './list-parts'
import { Part } from './part'
import { areaField } from './pick-area'
import { Poll } from './poll'
import { screenStyle } from './screen-style'
import './health-outages'
import './health-panel'

const PAGE = 100
const MOST = 500
const EVERY_MS = 5_000
/** Who touched the list a moment ago finds its rows where they were. */
const BUSY_MS = 12_000

/** How the cameras do: those that need somebody first, and one of them beside. */
export class HealthScreen extends Part {
  static override styles = [base, formStyle, screenStyle, chartStyle, healthStyle]
  static override properties = {
    route: { attribute: false },
    list: { state: true },
    rows: { state: true },
    area: { state: true },
    care: { state: true },
    failed: { state: true },
    taking: { state: true },
  }
  declare route: Route
  declare list: HealthList | undefined
  declare rows: CameraHealth[]
  declare area: string
  declare care: Care | ''
  declare failed: boolean
  declare taking: boolean
  private run = 0
  private touched = -Infinity

  constructor() {
    super()
    new Poll(this, EVERY_MS, () => void this.load())
    this.rows = []
    this.area = ''
    this.care = ''
    this.failed = false
    this.taking = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.area = this.route.id === '' ? this.route.from : ''
    void this.load()
  }

  private query(limit: number, after = ''): string {
    const q = new URLSearchParams({ limit: String(limit) })
    if (this.area) q.set('area', this.area)
    if (this.care) q.set('state', this.care)
    if (after) q.set('after', after)
    return `health/cameras?${q.toString()}`
  }

  /** Fetches what is shown again; afresh: it is another list now. */
  private async load(afresh = false, more = 0): Promise<void> {
    const run = ++this.run
    void this.office.loadOutages()
    if (afresh) this.touched = -Infinity
    const a = await this.office.api.get<HealthList>(this.query(Math.min(MOST, Math.max(PAGE, this.rows.length + more))))
    if (run !== this.run) return
    this.failed = !a.ok
    if (!a.ok) return
    this.list = a.value
    this.rows = settled(this.rows, a.value.cameras ?? [], performance.now() - this.touched < BUSY_MS)
  }

  private readonly touch = (): void => {
    this.touched = performance.now()
  }

  override render() {
    const { s, office, route, list } = this
    return html`<div class="screen ${route.id ? 'open' : 'alone'}">
      <section class="list" aria-label=${s.health} @pointermove=${this.touch} @pointerdown=${this.touch} @keydown=${this.touch}>
        <header class="head">
          <div>
            <h1>${s.health}</h1>
            <p>${list ? this.note(list) : '\u00a0'}</p>
          </div>
          <button class="square menu" aria-label=${s.menu} @click=${() => this.emit('menu')}>${icon('more', 24)}</button>
        </header>
        <div class="scroll" tabindex="-1" @scroll=${this.touch}>
          ${list ? html`<p class="lead ${countOf(list, 'offline') ? 'bad' : ''}">${s.healthLead(countOf(list, 'offline'), list.all)}</p>` : nothing}
          <health-outages .office=${office} .list=${office.outages}></health-outages>
          ${this.tools()} ${this.body()}
        </div>
      </section>
      ${route.id
        ? html`<section class="detail" aria-label=${s.healthState}><health-panel .office=${office} .camera=${route.id}></health-panel></section>`
        : nothing}
    </div>`
  }

  private note(list: HealthList): string {
    const { s, office } = this
    return Date.now() - list.from < 24 * 3_600_000 ? s.healthFrom(office.time(list.from)) : s.healthDay
  }

  private tools() {
    const { s, office, list } = this
    if (!list || (list.all === 0 && !this.area)) return nothing
    const tab = (value: Care | '', label: string, n: number) =>
      html`<button aria-pressed=${this.care === value ? 'true' : 'false'} @click=${() => this.filter({ care: value })}>
        ${value ? html`<span class="dot ${DOTS[value]}"></span>` : nothing}${label}<b>${n}</b>
      </button>`
    return html`<div class="chips" role="group" aria-label=${s.healthState}>
        ${tab('', s.healthEvery, list.all)}
        ${CARES.filter((c) => countOf(list, c) > 0 || this.care === c).map((c) => tab(c, s.healthStates[c], countOf(list, c)))}
      </div>
      <div class="narrow">
        ${areaField(office, {
          label: s.filterArea,
          values: [this.area],
          first: { id: '', name: s.everyArea },
          set: ([area]) => this.filter({ area: area ?? '' }),
          compact: true,
        })}
        <button class="soft csv" ?disabled=${this.taking} @click=${this.take}>${icon('download', 20)}${s.healthCsv}</button>
      </div>`
  }

  private filter(change: { care?: Care | ''; area?: string }): void {
    if (change.care !== undefined) this.care = change.care
    if (change.area !== undefined) this.area = change.area
    void this.load(true)
  }

  private body() {
    const { s, list, rows } = this
    if (!list) return this.failed ? notLoaded(s, () => void this.load()) : loading(s, 5)
    if (rows.length === 0) return html`<div class="none"><h2>${s.healthEmpty}</h2><p>${s.healthEmptyText}</p></div>`
    return html`<table>
        <thead>
          <tr>
            <th scope="col">${s.healthColumns.camera}</th>
            <th scope="col">${s.healthState}</th>
            <th scope="col" class="w1">${s.healthDay}</th>
            <th scope="col" class="w1 num">${s.healthFirst}</th>
            <th scope="col" class="w2 num">${s.healthFreezes}</th>
            <th scope="col" class="w2 num">${s.healthStreams}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(rows, (c) => c.id, (c) => this.row(c))}
        </tbody>
      </table>
      ${list.next && rows.length < MOST ? html`<button class="soft small morerows" @click=${() => void this.load(false, PAGE)}>${s.showMore}</button>` : nothing}`
  }

  private row(c: CameraHealth) {
    const { s, office } = this
    const share = shareOf(c)
    const known = share === undefined ? s.healthNotWatched : s.healthShare(percentOf(office, share))
    const stream = mainStream(c)
    const kind = c.kind === 'public' ? '' : ((s.kinds as Record<string, string>)[c.kind] ?? c.kind)
    return html`<tr class="${this.route.id === c.id ? 'cur' : ''} c-${c.state}">
      <th scope="row">
        <a href=${hashOf('health', c.id)} aria-current=${this.route.id === c.id ? 'true' : 'false'}>${c.name}</a>
        <small>${[office.areaName(c.area), kind].filter(Boolean).join(' · ')}</small>
        <span class="under">${strip(c.day, s.healthStrip(known, c.outages))}</span>
      </th>
      <td class="state">
        <span class="is"><span class="dot ${DOTS[c.state]}"></span>${s.healthStates[c.state]}</span>
        <small>${sinceOf(office, c)}</small>
        ${c.cause ? html`<small>${causeOf(office, c.cause)}</small>` : nothing}
      </td>
      <td class="w1 day">${strip(c.day, s.healthStrip(known, c.outages))}<small>${known}${c.outages ? ` · ${s.healthOutages.toLowerCase()} ${s.healthTimes(c.outages)}` : ''}</small></td>
      <td class="w1 num">
        ${c.first_count ? html`${waitOf(office, c.first_median_ms ?? 0)}<small>${s.healthLate(waitOf(office, c.first_p95_ms ?? 0))}</small>` : '–'}
      </td>
      <td class="w2 num">${share === undefined ? '–' : c.freezes}</td>
      <td class="w2 num">${stream ? html`${stream.width}×${stream.height}<small>${stream.bits ? streamOf(office, { ...stream, width: 0 }) : ''}</small>` : '–'}</td>
    </tr>`
  }

  /** All pages of what is filtered, as a table for a spreadsheet. */
  private readonly take = async (): Promise<void> => {
    const { s, office } = this
    this.taking = true
    const all: CameraHealth[] = []
    for (let after: string | undefined = ''; after !== undefined; ) {
      const a: Answer<HealthList> = await office.api.get<HealthList>(this.query(MOST, after))
      if (!office.went(a) || !a.ok) return void (this.taking = false)
      all.push(...(a.value.cameras ?? []))
      after = a.value.next
    }
    this.taking = false
    const h = s.healthColumns
    const head = [h.camera, s.id, h.area, s.healthState, h.since, s.healthWhy, h.share, h.outages, h.down, s.healthFreezes, h.median, h.p95, h.size, h.bits]
    const text = csvOf(head, all.map((c) => this.line(c)))
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
    link.download = `${s.healthCsvName}-${new Date().toISOString().slice(0, 10)}.csv`
    link.click()
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }

  private line(c: CameraHealth): (string | number)[] {
    const { s, office } = this
    const share = shareOf(c)
    const stream = mainStream(c)
    const since = c.state === 'offline' && c.since ? new Date(c.since).toISOString() : ''
    return [
      c.name, c.id, office.areaName(c.area), s.healthStates[c.state], since, causeOf(office, c.cause), share === undefined ? '' : Math.floor(share * 1000) / 10,
      c.outages, c.down_seconds, c.freezes, c.first_median_ms ?? '', c.first_p95_ms ?? '', stream ? `${stream.width}×${stream.height}` : '', stream?.bits ?? '',
    ]
  }
}
customElements.define('health-screen', HealthScreen)
