import { css, html, nothing, type PropertyValues } from 'lit'
import { textIn } from '../core/format'
import { part } from '../core/manage/api'
import { shareOf, type HealthDetail } from '../core/manage/health'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner } from './fields'
import { formStyle } from './form-style'
import { chartStyle, hours, strip, waits } from './health-charts'
import { DOTS, causeOf, decimal, markOf, percentOf, sinceOf, streamOf, waitOf } from './health-words'
import { icon } from './icons'
import { longOf } from './log-words'
import { Part } from './part'
import { Poll } from './poll'
import { panelStyle } from './screen-style'

const EVERY_MS = 5_000
/** as many of the last outages and freezes as are shown */
const SHOWN = 10

const named = (names: object, key: string): string => (names as Record<string, string>)[key] ?? key

/** How one camera did, with small charts. */
export class HealthPanel extends Part {
  static override properties = { camera: { attribute: false }, is: { state: true }, trouble: { state: true } }
  declare camera: string
  declare is: HealthDetail | undefined
  declare trouble: string

  static override styles = [
    base,
    formStyle,
    panelStyle,
    chartStyle,
    css`
      .state {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 4px 10px;
        margin-bottom: 20px;
        font-size: 16px;
      }
      .state b {
        font-size: 19px;
        font-weight: 660;
      }
      .state.offline b {
        color: var(--bad);
      }
      .state .dot {
        align-self: center;
      }
      .state span:last-child {
        color: var(--t2);
      }
      section {
        margin-bottom: 26px;
      }
      h2 {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        gap: 12px;
        margin-bottom: 10px;
        font-size: 16px;
        font-weight: 660;
        letter-spacing: -0.01em;
      }
      h2 span {
        font-size: 14px;
        font-weight: 550;
        color: var(--t2);
        font-variant-numeric: tabular-nums;
      }
      .strip {
        height: 34px;
      }
      .key {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 16px;
        margin-top: 6px;
        font-size: 13.5px;
        color: var(--t2);
      }
      .key span {
        display: inline-flex;
        align-items: center;
        gap: 7px;
      }
      .key svg {
        width: 10px;
        height: 16px;
      }
      .hint {
        margin: 0 0 8px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        text-align: left;
        font-size: 14.5px;
        line-height: 1.45;
      }
      th {
        font-weight: 600;
        font-size: 13px;
        color: var(--t2);
      }
      th,
      td {
        padding: 8px 10px 8px 0;
        border-top: 1px solid var(--ln);
        vertical-align: top;
      }
      thead th {
        border-top: 0;
        padding-top: 0;
      }
      tbody th {
        font-size: 14.5px;
        color: var(--tx);
      }
      td {
        font-variant-numeric: tabular-nums;
      }
      .way td {
        padding-top: 0;
        border-top: 0;
        color: var(--t2);
      }
      .way.refused td {
        color: var(--bad);
        font-weight: 600;
      }
      .now {
        color: var(--bad);
        font-weight: 600;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
        font-size: 14.5px;
        line-height: 1.45;
      }
      li {
        padding: 8px 0;
        border-top: 1px solid var(--ln);
        overflow-wrap: anywhere;
      }
      li p {
        margin: 2px 0 0;
      }
      small {
        font-size: inherit;
        color: var(--t2);
      }
      .top .text {
        min-height: 48px;
      }
    `,
  ]

  constructor() {
    super()
    new Poll(this, EVERY_MS, () => void this.load())
    this.trouble = ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('camera')) return
    this.is = undefined
    this.trouble = ''
    void this.load()
  }

  private async load(): Promise<void> {
    const id = this.camera
    const a = await this.office.api.get<HealthDetail>(`health/cameras/${part(id)}`)
    if (id !== this.camera) return
    if (a.ok) this.is = a.value
    else if (!this.is) this.trouble = a.problem.status === 0 ? this.s.loadFailed : this.office.explain(a.problem)
  }

  override render() {
    const { s, is } = this
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('health')}>${icon('back', 24)}</a>
        <h1>${is?.name ?? '\u00a0'}</h1>
        ${is ? html`<a class="text small" href=${hashOf('cameras', is.id)}>${icon('pen', 18)}${s.edit}</a>` : nothing}
      </header>
      <div class="body" tabindex="0">${is ? this.facts(is) : this.trouble ? banner('warn', this.trouble) : html`<p role="status">${s.loading}…</p>`}</div>`
  }

  private facts(c: HealthDetail) {
    const { s, office } = this
    return html`<p class="state ${c.state}">
        <span class="dot ${DOTS[c.state]}"></span><b>${s.healthStates[c.state]}</b>
        <span>${[sinceOf(office, c), causeOf(office, c.cause)].filter(Boolean).join(' · ')}</span>
      </p>
      ${this.day(c)} ${this.outages(c)} ${this.first(c)} ${this.freezes(c)} ${this.streams(c)} ${this.quirks(c)}`
  }

  private day(c: HealthDetail) {
    const { s, office } = this
    const share = shareOf(c)
    const known = share === undefined ? s.healthNotWatched : s.healthShare(percentOf(office, share))
    const sign = (letter: string, text: string) => html`<span>${strip(letter.repeat(96), '')}${text}</span>`
    return html`<section>
      <h2>${s.healthDay}<span>${known}</span></h2>
      ${strip(c.day, s.healthStrip(known, c.outages))} ${hours(Date.now())}
      <p class="key" aria-hidden="true">
        ${sign('l', s.healthStates.live)}${sign('f', s.healthFroze)}${sign('m', s.healthSome)}${sign('o', s.healthStates.offline)}${sign('-', s.healthNotWatched)}
      </p>
    </section>`
  }

  private outages(c: HealthDetail) {
    const { s, office } = this
    const all = [...(c.outage_list ?? [])].reverse()
    const more = c.outages > SHOWN ? ` · ${s.healthOutageLast(Math.min(SHOWN, all.length))}` : ''
    return html`<section>
      <h2>${s.healthOutages}<span>${c.outages ? s.healthTimes(c.outages) + more : ''}</span></h2>
      ${all.length === 0
        ? html`<p class="hint">${s.healthOutagesNone}</p>`
        : html`<table>
            <thead>
              <tr><th scope="col">${s.healthFromTo}</th><th scope="col">${s.healthLong}</th><th scope="col">${s.healthWhy}</th></tr>
            </thead>
            <tbody>
              ${all.slice(0, SHOWN).map(
                (o) => html`<tr>
                  <td>${office.time(o.from)}</td>
                  <td class=${o.until ? '' : 'now'}>${o.until ? longOf(office, o.until - o.from) : s.healthOutageNow}</td>
                  <td>${causeOf(office, o.cause)}</td>
                </tr>`,
              )}
            </tbody>
          </table>`}
    </section>`
  }

  private first(c: HealthDetail) {
    const { s, office } = this
    const all = c.first_pictures ?? []
    const words = s.healthFirstHint(waitOf(office, c.first_median_ms ?? 0), waitOf(office, c.first_p95_ms ?? 0))
    return html`<section>
      <h2>${s.healthFirst}<span>${all.length ? s.healthTimes(all.length) : ''}</span></h2>
      ${all.length === 0
        ? html`<p class="hint">${s.healthFirstNone}</p>`
        : html`<p class="hint">${s.healthFirstText} ${words[0]!.toUpperCase() + words.slice(1)}.</p>
            ${waits(all, c.first_median_ms ?? 0, `${s.healthFirst}: ${words}`, (ms) => markOf(office, ms))}`}
    </section>`
  }

  private freezes(c: HealthDetail) {
    const { s, office } = this
    const all = [...(c.freeze_list ?? [])].reverse().slice(0, SHOWN)
    return html`<section>
      <h2>${s.healthFreezes}<span>${c.freezes ? s.healthTimes(c.freezes) : ''}</span></h2>
      <p class="hint">${c.freezes ? s.healthFreezesText : s.healthFreezesNone}</p>
      ${all.length ? html`<p>${all.map((f) => `${office.time(f.at)} (${waitOf(office, f.ms)})`).join(', ')}</p>` : nothing}
    </section>`
  }

  private streams(c: HealthDetail) {
    const { s, office } = this
    const all = c.streams ?? []
    return html`<section>
      <h2>${s.healthStreams}</h2>
      ${all.length === 0
        ? html`<p class="hint">${s.healthStreamsNone}</p>`
        : html`<table>
            <tbody>
              ${all.map(
                (x) => html`<tr>
                  <th scope="row">${named(s.healthQualities, x.quality)}</th>
                  <td>${[x.codec, streamOf(office, x)].filter(Boolean).join(' · ') || '–'}</td>
                  <td>${x.pictures ? s.healthRate(decimal(office, x.pictures, 0)) : ''}</td>
                  <td>${named(s.healthStreamStates, x.state)}</td>
                </tr>
                ${x.way ? html`<tr class="way ${x.way}"><td colspan="4">${s.healthWays[x.way]} ${x.why ? s.healthWayWhys[x.why] : ''} ${x.cores ? s.healthCores(decimal(office, x.cores, 2)) : ''}</td></tr>` : nothing}`,
              )}
            </tbody>
          </table>`}
    </section>`
  }

  private quirks(c: HealthDetail) {
    const { s, office } = this
    const all = c.quirks ?? []
    if (all.length === 0) return nothing
    return html`<section>
      <h2>${s.healthQuirks}<span>${all.length}</span></h2>
      <ul>
        ${all.map(
          (q) => html`<li>
            ${textIn(q.says, office.lang)}
            <small>${q.streams.map((x) => named(s.healthQualities, x)).join(', ')} · ${s.healthSince(office.time(q.since))}</small>
            ${q.do ? html`<p>${textIn(q.do, office.lang)} <small>${textIn(q.menu, office.lang)}</small></p>` : nothing}
          </li>`,
        )}
      </ul>
    </section>`
  }
}
customElements.define('health-panel', HealthPanel)

declare global {
  interface HTMLElementTagNameMap {
    'health-panel': HealthPanel
  }
}
