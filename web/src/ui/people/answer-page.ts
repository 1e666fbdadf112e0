import { css, html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Notice, Request } from '../../core/people'
import { countdown, formatSpan } from '../../core/rights'
import { base } from '../shared'
import { icon } from '../icons'
import { glyph } from './glyphs'
import { Page } from './page'
import { pageStyle } from './people-style'

/** So long after things moved, ms, a tap was still meant for what stood there before. */
const MOVED_MS = 600

/** What waits for a supervisor: requests to answer, and emergencies to know of. */
export class AnswerPage extends Page {
  static override properties = { sure: { state: true } }
  /** the emergency that is about to be ended */
  declare sure: string
  private readonly notes = new Map<string, string>()
  private timer: number | undefined
  private alarmed = 0
  private movedAt = -Infinity

  static override styles = [
    base,
    pageStyle,
    css`
      article {
        margin-bottom: 12px;
        padding: 14px;
        border-radius: 20px;
        background: var(--s2);
      }
      article.alarm {
        border: 2px solid var(--bad);
      }
      .who {
        display: flex;
        align-items: flex-start;
        gap: 12px;
      }
      .who > svg {
        margin-top: 1px;
        color: var(--t2);
      }
      .alarm .who > svg {
        color: var(--bad);
      }
      .who b {
        font-size: 17px;
        font-weight: 660;
      }
      .where {
        display: block;
        margin-top: 2px;
        font-size: 15px;
        font-weight: 560;
      }
      .why {
        margin: 10px 0 12px;
        padding-left: 12px;
        border-left: 3px solid var(--ln);
        font-size: 15px;
        line-height: 1.45;
        overflow-wrap: anywhere;
      }
      input {
        background: var(--s1);
        margin-bottom: 10px;
      }
      .pair {
        display: flex;
        gap: 10px;
      }
      .pair > * {
        min-height: 60px;
      }
      .soft {
        background: var(--s3);
      }
    `,
  ]

  constructor() {
    super()
    this.sure = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    // What is left of an emergency runs on the screen.
    this.timer = window.setInterval(() => this.desk.alarms.length > 0 && this.requestUpdate(), 1000)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.timer)
  }

  protected override willUpdate(): void {
    // An emergency comes in above the requests.
    const n = this.desk.alarms.length
    if (this.hasUpdated && n !== this.alarmed) this.movedAt = performance.now()
    this.alarmed = n
  }

  override render() {
    const { p } = this
    const { waiting, alarms } = this.desk
    return html`<div class="scroll">
        ${this.faultLine()}
        ${alarms.length > 0 ? html`<h3>${p.emergencies}</h3>${alarms.map((n) => this.alarm(n))}` : nothing}
        ${waiting.length > 0 && alarms.length > 0 ? html`<h3>${p.requestsWaiting}</h3>` : nothing}
        ${repeat(waiting, (r) => r.key, (r) => this.request(r))}
        ${waiting.length + alarms.length === 0 ? html`<p class="none" role="status">${p.nothingWaits}</p>` : nothing}
      </div>
      ${this.bar()}`
  }

  private request(r: Request) {
    const { p } = this
    const busy = this.busy ? 'true' : 'false'
    const answer = (yes: boolean) => {
      if (performance.now() - this.movedAt < MOVED_MS) return
      void this.act(() => this.desk.answer(r.key, yes, (this.notes.get(r.key) ?? '').trim()))
    }
    return html`<article aria-label="${r.name}: ${r.area_name}">
      <div class="who">
        ${glyph('user', 24)}
        <div class="what">
          <b>${r.name}</b>
          <span class="where">${r.area_name || r.area}</span>
          ${cameras(p.camerasOf, r.cameras)}
          <small>${p.wantsFor(formatSpan(r.for, this.language))} · ${p.askedAt(this.clock(r.asked))}</small>
        </div>
      </div>
      <p class="why">${r.reason}</p>
      <input
        maxlength="200"
        autocomplete="off"
        aria-label=${p.note}
        placeholder=${p.note}
        @input=${(e: Event) => this.notes.set(r.key, (e.target as HTMLInputElement).value)}
      />
      <div class="pair">
        <button class="soft" aria-disabled=${busy} @click=${() => answer(false)}>${icon('close', 22)}${p.refuse}</button>
        <button class="go" aria-disabled=${busy} @click=${() => answer(true)}>${icon('check', 22, 2.4)}${p.allow}</button>
      </div>
    </article>`
  }

  private alarm(n: Notice) {
    const { p } = this
    const left = countdown(Date.parse(n.until ?? '') - this.desk.now)
    const where = (n.area_names ?? []).join(', ')
    return html`<article class="alarm" aria-label="${p.chip}: ${n.name}">
      <div class="who">
        ${glyph('siren', 24)}
        <div class="what">
          <b>${n.name}</b>
          <span class="where">${where}</span>
          ${cameras(p.camerasOf, n.cameras)}
          <small>${this.clock(n.at)} · ${p.until(this.clock(n.until))} · ${p.lasts(left)}</small>
        </div>
      </div>
      <p class="why">${n.reason}</p>
      ${this.sure === n.key
        ? html`<p class="why">${p.endTheirs}</p>
            <div class="pair">
              <button class="soft" @click=${() => (this.sure = '')}>${p.cancel}</button>
              <button class="danger" aria-disabled=${this.busy ? 'true' : 'false'} @click=${() => this.end(n.key)}>${p.end}</button>
            </div>`
        : html`<div class="pair"><button class="soft" @click=${() => (this.sure = n.key)}>${icon('videoOff', 21)}${p.end}</button></div>`}
    </article>`
  }

  private async end(key: string): Promise<void> {
    await this.act(() => this.desk.revoke(key))
    this.sure = ''
  }
}
customElements.define('answer-page', AnswerPage)

function cameras(words: (ids: string) => string, ids: readonly string[] | undefined) {
  return ids && ids.length > 0 ? html`<small>${words(ids.join(', '))}</small>` : nothing
}
