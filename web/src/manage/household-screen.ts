import { html, nothing } from 'lit'
import type { CameraRow } from '../core/manage/camera-form'
import { stateOf, type ConsentState, type Reason } from '../core/manage/consents'
import { hashOf, type Route } from '../core/manage/route'
import { base } from '../ui/shared'
import { findBox } from './fields'
import { formStyle } from './form-style'
import { householdTabs, tabsStyle } from './household-tabs'
import { icon } from './icons'
import { loading, notLoaded, nothingYet } from './list-parts'
import { Part } from './part'
import { Poll } from './poll'
import { screenStyle } from './screen-style'
import './consent-panel'

interface CameraList {
  cameras: CameraRow[] | null
  next?: string
}

const PAGE = 100
const EVERY_MS = 20_000
const TYPING_MS = 200
/** A camera that was withdrawn is removed within this time, as a rule. */
const REMOVED_MS = 2000

const COLOURS: Record<ConsentState, string> = { open: 'good', hours: '', off: '', masked: 'warn', none: 'warn', expired: 'warn', withdrawn: 'bad' }

/** Citizens' cameras: what their owners agreed to, and how it stands now. */
export class HouseholdScreen extends Part {
  static override styles = [base, formStyle, screenStyle, tabsStyle]
  static override properties = {
    route: { attribute: false },
    rows: { state: true },
    reasons: { state: true },
    query: { state: true },
    failed: { state: true },
  }
  declare route: Route
  declare rows: CameraRow[] | undefined
  declare reasons: Reason[]
  declare query: string
  declare failed: boolean
  private next = ''
  private typing = 0
  private soon = 0
  private run = 0

  constructor() {
    super()
    new Poll(this, EVERY_MS, () => void this.load())
    this.query = ''
    this.failed = false
    this.reasons = []
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.load()
    void this.loadReasons()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.typing)
    clearTimeout(this.soon)
  }

  private async loadReasons(): Promise<void> {
    const a = await this.office.api.get<Reason[] | null>('reasons')
    if (a.ok) this.reasons = a.value ?? []
  }

  /** Fetches what is shown again; `more` adds the next page. */
  private async load(more = false): Promise<void> {
    const run = ++this.run
    const have = more ? (this.rows ?? []) : []
    const limit = more ? PAGE : Math.min(500, Math.max(PAGE, this.rows?.length ?? 0))
    const q = new URLSearchParams({ lent: 'true', limit: String(limit) })
    if (this.query.trim()) q.set('q', this.query.trim().slice(0, 60))
    if (more) q.set('after', this.next)
    const a = await this.office.api.get<CameraList>(`inventory/cameras?${q.toString()}`)
    if (run !== this.run) return
    this.failed = !a.ok
    if (!a.ok) return
    this.next = a.value.next ?? ''
    this.rows = [...have, ...(a.value.cameras ?? [])]
    clearTimeout(this.soon)
    if (this.rows.some((c) => c.stored && c.consent?.state === 'withdrawn')) this.soon = window.setTimeout(() => void this.load(), REMOVED_MS)
  }

  override render() {
    const { s, route, rows } = this
    const invite = (style: string) => html`<a class="go ${style}" href=${hashOf('invitations', '+')}>${icon('mail', 20)}${s.invite}</a>`
    return html`<div class="screen ${route.id ? 'open' : ''}">
      <section class="list" aria-label=${s.households}>
        <header class="head">
          <div>
            <h1>${s.households}</h1>
            <p>${rows ? s.householdCount(String(rows.length) + (this.next ? '+' : '')) : '\u00a0'}</p>
          </div>
          ${invite('small')}
          <button class="square menu" aria-label=${s.menu} @click=${() => this.emit('menu')}>${icon('more', 24)}</button>
        </header>
        ${householdTabs(s, 'households')}
        ${(rows?.length ?? 0) > 5 || this.query ? html`<div class="tools">${findBox(s.searchCamera, s.clear, this.query, (text) => this.typed(text))}</div>` : nothing}
        <div class="scroll" tabindex="-1">${this.body()}</div>
        <div class="bar add">${invite('')}</div>
      </section>
      <section class="detail" aria-label=${s.consent}>${this.detail()}</section>
    </div>`
  }

  private typed(query: string): void {
    this.query = query
    clearTimeout(this.typing)
    this.typing = window.setTimeout(() => void this.load(), TYPING_MS)
  }

  private body() {
    const { s, rows } = this
    if (!rows) {
      if (this.failed) return notLoaded(s, () => void this.load())
      return loading(s)
    }
    if (rows.length === 0 && this.query.trim()) return html`<div class="none"><p>${s.noHouseholdFound}</p></div>`
    if (rows.length === 0) {
      return nothingYet('house', s.noHouseholds, s.noHouseholdsText)
    }
    return html`<ul>${rows.map((c) => this.row(c))}</ul>
      ${this.next ? html`<button class="soft small morerows" @click=${() => void this.load(true)}>${s.showMore}</button>` : nothing}`
  }

  private row(c: CameraRow) {
    const { s, office } = this
    const cur = this.route.id === c.id
    const state = stateOf(c.consent?.state)
    const when = office.time(c.consent?.changes_at)
    const edge = when && (state === 'open' ? s.until(when) : state === 'hours' ? s.from(when) : '')
    return html`<li class=${cur ? 'cur' : ''}>
      <a class="item" href=${hashOf('households', c.id)} aria-current=${cur ? 'true' : 'false'}>
        <span class="face">${icon('house', 20)}</span>
        <span>
          <b>${c.name}</b>
          <small>${office.areas.name(c.area)}</small>
          <span class="tag under ${COLOURS[state]}">${s.consentStates[state]}</span>
        </span>
        <span class="end">${edge}</span>
      </a>
    </li>`
  }

  private detail() {
    const { s, office, route, rows } = this
    if (route.id === '') return html`<div class="none"><div class="mark">${icon('house', 30)}</div><p>${s.chooseHousehold}</p></div>`
    return html`<consent-panel
      .office=${office}
      .camera=${route.id}
      .name=${rows?.find((r) => r.id === route.id)?.name ?? ''}
      .reasons=${this.reasons}
      @stored=${() => void this.load()}
    ></consent-panel>`
  }
}
customElements.define('household-screen', HouseholdScreen)
