import { LitElement, css, html, nothing, type PropertyValues } from 'lit'
import type { Lang } from '../core/i18n'
import type { Answer } from '../core/manage/api'
import type { Mask } from '../core/owner/masks'
import { byDay, dateOf, timeOf, type View } from '../core/owner/views'
import { chosenHours, clockOf, dailyOf, WEEK, type Hours, type Times } from '../core/owner/week'
import { base } from '../ui/shared'
import type { Desk, Reason } from './desk'
import { picks, times } from './fields'
import { linkQr } from './link-qr'
import { fieldStyle, pageStyle } from './page-style'

const EVERY_MS = 5000

/** GET /api/v1/owner */
interface OwnerDoc {
  camera: string
  area_name: string
  owner: string
  state: string
  changes_at?: string
  given: string
  until?: string
  hours?: Hours
  purposes: string[]
  masks: Mask[]
  masks_of_others: Mask[]
  views: { today: number; week: number; total: number; more?: boolean }
  last: View[]
  next?: number
}

/** A lent camera, to its owner: switched off and on, who looked, and withdrawn. */
export class MyCamera extends LitElement {
  static override properties = {
    desk: { attribute: false },
    lang: { attribute: false },
    doc: { state: true },
    failed: { state: true },
    said: { state: true },
    busy: { state: true },
    screen: { state: true },
    more: { state: true },
  }
  declare desk: Desk
  declare lang: Lang
  declare doc: OwnerDoc | undefined
  declare failed: string
  declare said: string
  declare busy: boolean
  declare screen: 'camera' | 'hours' | 'masks' | 'withdraw'
  /** of the pages beyond the first */
  declare more: { asked: boolean; next: number | undefined }
  /** every view that was told, by its number: while new ones come, none falls between two pages */
  private readonly seen = new Map<number, View>()
  private reasons: Reason[] = []
  private timer: number | undefined
  private when: '' | 'always' | 'some' = ''
  private typed: Times = { days: [], from: '', to: '' }
  private wrong = ''

  static override styles = [
    base,
    pageStyle,
    fieldStyle,
    css`
      .card {
        padding: 18px;
        border-radius: 18px;
        border: 3px solid var(--fl);
        background: var(--s2);
        margin: 10px 0 0;
      }
      .card.open {
        border-color: var(--ok);
        background: var(--oks);
      }
      .card.off,
      .card.withdrawn {
        border-color: var(--bad);
        background: var(--bads);
      }
      .card b {
        display: block;
        font-size: 24px;
        line-height: 1.25;
      }
      .card p {
        margin: 6px 0 0;
        color: var(--tx);
      }
      .big {
        min-height: 92px;
        font-size: 25px;
      }
      .count {
        font-size: 24px;
        font-weight: 680;
        color: var(--tx);
        margin: 0;
      }
      h3 {
        font-weight: 650;
        margin: 16px 0 2px;
      }
      li {
        display: grid;
        grid-template-columns: 72px 1fr;
        gap: 8px;
        padding: 10px 0;
        border-bottom: 1px solid var(--ln);
      }
      li b {
        font-variant-numeric: tabular-nums;
      }
      li.now {
        color: var(--bad);
        font-weight: 650;
      }
      summary {
        min-height: 56px;
        padding: 14px 0;
        font-weight: 650;
        color: var(--ac);
        text-decoration: underline;
        text-underline-offset: 4px;
        cursor: pointer;
      }
      .said {
        margin-top: 10px;
      }
      .last {
        margin-top: 40px;
      }
    `,
  ]

  constructor() {
    super()
    this.failed = this.said = ''
    this.busy = false
    this.screen = 'camera'
    this.more = { asked: false, next: undefined }
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.start()
    this.timer = window.setInterval(() => document.visibilityState === 'visible' && void this.load(), EVERY_MS)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.timer)
  }

  private async start(): Promise<void> {
    const [r] = await Promise.all([this.desk.api.get<Reason[]>('reasons'), this.load()])
    if (r.ok) this.reasons = r.value
    this.requestUpdate()
  }

  private async load(): Promise<void> {
    const a = await this.desk.api.get<OwnerDoc>('owner')
    if (a.ok) {
      this.doc = a.value
      this.see(a.value.last)
    }
    this.failed = a.ok ? '' : this.desk.words(a.problem)
  }

  private see(views: readonly View[]): void {
    for (const v of views) this.seen.set(v.n, v)
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('screen') && changed.get('screen') !== undefined) window.scrollTo(0, 0)
  }

  override render() {
    const { s } = this.desk
    const alert = this.failed ? html`<p class="alert" role="alert">${this.failed}</p>` : nothing
    if (!this.doc) return this.failed ? alert : html`<p class="wait">${s.loading}</p>`
    if (this.screen === 'withdraw') return html`${this.withdrawing()}${alert}`
    if (this.screen === 'hours') return html`${this.changing()}${alert}`
    if (this.screen === 'masks')
      return html`<owner-masks .desk=${this.desk} .lang=${this.lang} .was=${this.doc.masks} .others=${this.doc.masks_of_others} @left=${this.drawn}></owner-masks>`
    return html`${this.switch(this.doc)}${alert}${this.looks(this.doc)}${this.agreement(this.doc)}`
  }

  private switch(d: OwnerDoc) {
    const { s } = this.desk
    const ended = d.state === 'withdrawn' || d.state === 'expired'
    const opens = d.state === 'hours' && d.changes_at ? s.opensAt(timeOf(Date.parse(d.changes_at))) : ''
    return html`<h1>${d.camera || s.title}</h1>
      ${d.area_name ? html`<p>${d.area_name}</p>` : nothing}
      <div class="card ${d.state}" role="status">
        <b>${s.states[d.state]}</b>
        <p>${s.stateTexts[d.state]} ${opens}</p>
      </div>
      ${ended
        ? nothing
        : d.state === 'off'
          ? html`<button type="button" class="act good big" ?disabled=${this.busy} @click=${() => void this.act('owner/on', s.turnedOn)}>${s.turnOn}</button>`
          : html`<button type="button" class="act bad big" ?disabled=${this.busy} @click=${() => void this.act('owner/off', s.turnedOff)}>${s.turnOff}</button>`}
      <p class="said" role="status">${this.said}</p>`
  }

  private looks(d: OwnerDoc) {
    const { s, lang } = this.desk
    const words = new Map(this.reasons.map((r) => [r.code, r[lang]]))
    const all = [...this.seen.values()].sort((a, b) => b.n - a.n)
    const next = this.more.asked ? this.more.next : d.next
    return html`<h2>${s.views}</h2>
      <p class="count">${s.todayViews(d.views.today)}</p>
      <p>${s.weekViews(d.views.week)} · ${s.allViews(d.views.total, d.views.more ?? false)}</p>
      ${all.length === 0 ? html`<p>${s.noViews}</p>` : nothing}
      ${byDay(all, words, s, Date.now()).map(
        (day) => html`<h3>${day.name}</h3>
          <ul>
            ${day.lines.map((l) => html`<li class=${l.running ? 'now' : ''}><b>${l.time}</b><span>${l.text}</span></li>`)}
          </ul>`,
      )}
      ${next ? html`<button type="button" class="act soft" @click=${() => void this.readMore(next)}>${s.moreViews}</button>` : nothing}`
  }

  private agreement(d: OwnerDoc) {
    const { s, lang } = this.desk
    const why = d.purposes.map((p) => this.reasons.find((r) => r.code === p)?.[lang] ?? p).join('; ')
    const ended = d.state === 'withdrawn' || d.state === 'expired'
    return html`<h2>${s.agreement}</h2>
      <p>
        ${s.forWhat(why)}<br />${this.hoursInWords(d.hours)}<br />${s.since(dateOf(Date.parse(d.given)))}<br />${d.until
          ? s.untilDay(dateOf(Date.parse(d.until)))
          : s.untilYou}
      </p>
      ${ended
        ? nothing
        : html`<button type="button" class="act soft" @click=${() => this.editHours(d.hours)}>${s.changeHours}</button>
            <h2>${s.masksHead}</h2>
            <p>${s.masksNow(d.masks.length, d.masks_of_others.length)}</p>
            <button type="button" class="act soft" ?disabled=${this.busy} @click=${() => void this.editMasks()}>${d.masks.length > 0 ? s.masksEdit : s.masksDraw}</button>`}
      <details>
        <summary>${s.link}</summary>
        ${linkQr(location.href, s.link)}
        <p>${s.linkText}</p>
      </details>
      ${ended ? nothing : html`<button type="button" class="act soft bad last" @click=${() => (this.screen = 'withdraw')}>${s.withdraw}</button>`}`
  }

  private hoursInWords(h: Hours | undefined): string {
    const { s } = this.desk
    if (!h) return s.atAll
    const d = dailyOf(h)
    if (!d) return s.differing
    const days = d.days.length === 7 ? s.everyDay : WEEK.filter((x) => d.days.includes(x)).map((x) => s.shortDays[x]).join(' ')
    return s.atHours(days, clockOf(d.from), clockOf(d.to))
  }

  private withdrawing() {
    const { s } = this.desk
    return html`<h1>${s.withdrawTitle}</h1>
      <p>${s.withdrawText}</p>
      <button type="button" class="act soft" @click=${() => (this.screen = 'camera')}>${s.withdrawNo}</button>
      <button type="button" class="act bad" ?disabled=${this.busy} @click=${() => void this.act('owner/withdraw', '', { confirm: true })}>${s.withdrawYes}</button>`
  }

  /** What draws is loaded when somebody draws. */
  private async editMasks(): Promise<void> {
    this.busy = true
    await Promise.all([import('./owner-masks'), this.load()])
    this.busy = false
    this.said = ''
    if (!this.failed) this.screen = 'masks'
  }

  private readonly drawn = async (e: CustomEvent<string>): Promise<void> => {
    this.screen = 'camera'
    if (e.detail) await this.load()
    this.said = e.detail
  }

  private editHours(h: Hours | undefined): void {
    const d = h ? dailyOf(h) : undefined
    this.when = h ? 'some' : 'always'
    this.typed = d ? { days: d.days, from: clockOf(d.from), to: clockOf(d.to) } : { days: [], from: '', to: '' }
    this.wrong = ''
    this.screen = 'hours'
  }

  private changing() {
    const { s } = this.desk
    const set = (change: () => void) => {
      change()
      this.requestUpdate()
    }
    return html`<h1>${s.changeHours}</h1>
      ${picks({
        id: 'when',
        label: s.when,
        error: this.wrong,
        options: [
          { value: 'always', label: s.always },
          { value: 'some', label: s.some },
        ] as const,
        chosen: this.when ? [this.when] : [],
        set: ([v]) => set(() => (this.when = v!)),
      })}
      ${this.when === 'some' ? times(s, this.typed, (t) => set(() => (this.typed = t))) : nothing}
      <button type="button" class="act" ?disabled=${this.busy} @click=${() => this.saveHours()}>${s.saveHours}</button>
      <button type="button" class="act soft" @click=${() => (this.screen = 'camera')}>${s.back}</button>`
  }

  private saveHours(): void {
    const { s } = this.desk
    const hours = this.when === 'some' ? chosenHours(this.typed) : undefined
    if (hours === null) {
      this.wrong = s.noDays
      return this.requestUpdate()
    }
    void this.act('owner/hours', s.savedHours, hours ? { hours } : {}, 'PUT')
  }

  private async act(path: string, said: string, body: object = {}, method = 'POST'): Promise<void> {
    this.busy = true
    this.said = ''
    const a: Answer<unknown> = await this.desk.api.call(path, { method, body })
    this.busy = false
    if (!a.ok) {
      this.failed = this.desk.words(a.problem)
      return
    }
    await this.load()
    this.said = said
    this.screen = 'camera'
  }

  private async readMore(next: number): Promise<void> {
    const a = await this.desk.api.get<{ views: View[]; next?: number }>(`owner/views?before=${next}`)
    if (!a.ok) {
      this.failed = this.desk.words(a.problem)
      return
    }
    this.see(a.value.views)
    this.more = { asked: true, next: a.value.next }
  }
}
customElements.define('my-camera', MyCamera)
