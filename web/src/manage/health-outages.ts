import { css, html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { helpFor, type NamedCamera, type Outage, type OutageList } from '../core/manage/outages'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner } from './fields'
import { formStyle } from './form-style'
import { causeOf } from './health-words'
import { longOf } from './log-words'
import { Part } from './part'

/** as many outages as are shown at first */
const SHOWN = 5

/** What is offline for minutes, and what to do about it; nothing where nothing is. */
export class HealthOutages extends Part {
  static override properties = { ...Part.properties, list: { attribute: false }, all: { state: true } }
  declare list: OutageList | undefined
  declare all: boolean

  static override styles = [
    base,
    formStyle,
    css`
      section {
        margin: 0 8px 18px;
        padding: 4px 16px;
        border-radius: 16px;
        background: var(--bads);
      }
      h2 {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        gap: 12px;
        padding: 12px 0 8px;
        font-size: 16px;
        font-weight: 660;
        letter-spacing: -0.01em;
      }
      h2 span {
        font-size: 14px;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .one {
        display: grid;
        grid-template-columns: 10px minmax(0, 1fr);
        align-items: start;
        gap: 0 12px;
        padding: 11px 0;
        border-top: 1px solid var(--ln);
        line-height: 1.4;
      }
      .dot {
        margin-top: 7px;
      }
      b {
        display: block;
        font-size: 15.5px;
        font-weight: 640;
        letter-spacing: -0.01em;
        overflow-wrap: anywhere;
      }
      b a {
        color: inherit;
        text-decoration: none;
      }
      small {
        display: block;
        font-size: 14px;
        color: var(--t2);
        overflow-wrap: anywhere;
      }
      small.do {
        color: var(--tx);
      }
      details {
        margin: 0;
        padding: 0;
        border: 0;
      }
      summary {
        padding: 0;
        display: flex;
        align-items: center;
        min-height: 48px;
        font-size: 14px;
        font-weight: 600;
        color: var(--ac);
        cursor: pointer;
      }
      .names {
        display: flex;
        flex-wrap: wrap;
        gap: 0 18px;
        padding-bottom: 6px;
      }
      .names a,
      .names span {
        display: inline-flex;
        align-items: center;
        min-height: 40px;
        color: inherit;
        font-size: 14.5px;
      }
      .soft {
        background: var(--s1);
      }
      .one > .soft {
        grid-column: 2;
        justify-self: start;
        margin-top: 8px;
      }
      @media (min-width: 560px) {
        .one {
          grid-template-columns: 10px minmax(0, 1fr) auto;
        }
        .one > .soft {
          grid-column: 3;
          margin-top: 0;
        }
      }
      .rest {
        width: 100%;
        margin-bottom: 10px;
      }
      .banner {
        margin: 0 8px 14px;
      }
    `,
  ]

  constructor() {
    super()
    this.all = false
  }

  override render() {
    const { s, list } = this
    const all = list?.outages ?? []
    return html`${this.telling()}
    ${
      list && all.length > 0
        ? html`<section aria-labelledby="h">
            <h2 id="h">${s.outages}<span>${s.outagesOf(list.cameras)}</span></h2>
            <ul>
              ${repeat(this.all ? all : all.slice(0, SHOWN), (o) => `${o.state} ${o.host ?? ''} ${o.cameras?.[0]?.id ?? ''}`, (o) => this.row(o))}
            </ul>
            ${all.length > SHOWN && !this.all ? html`<button class="soft small rest" @click=${() => (this.all = true)}>${s.outageMore(all.length - SHOWN)}</button>` : nothing}
          </section>`
        : nothing
    }`
  }

  private row(o: Outage) {
    const { s, office } = this
    const cameras = o.cameras ?? []
    const one = o.count === 1 ? cameras[0] : undefined
    const why = o.state === 'unsteady' ? s.outageUnsteady : o.state === 'network' ? '' : causeOf(office, o.cause)
    return html`<li class="one">
      <span class="dot ${o.state === 'unsteady' ? 'weak' : 'offline'}"></span>
      <div>
        <b>${one ? html`<a href=${hashOf('health', one.id)}>${one.name}</a>` : o.state === 'network' ? s.outageNetwork(o.count) : s.outageHost(o.host ?? '', o.count, o.whole)}</b>
        <small>${[one ? office.areaName(one.area) : '', s.outageLong(office.time(o.since), longOf(office, Date.now() - o.since))].filter(Boolean).join(' · ')}</small>
        ${why ? html`<small>${why}</small>` : nothing}
        <small class="do">${s.outageHelp[helpFor(o)]}</small>
        ${one ? nothing : this.names(o, cameras)}
      </div>
      ${one ? html`<a class="soft small" aria-label=${`${s.outageCheck}: ${one.name}`} href=${hashOf('cameras', one.id)}>${s.outageCheck}</a>` : nothing}
    </li>`
  }

  private names(o: Outage, cameras: readonly NamedCamera[]) {
    const { s } = this
    return html`<details>
      <summary>${s.outageNames(o.count)}</summary>
      <div class="names">
        ${cameras.map((c) => html`<a href=${hashOf('health', c.id)}>${c.name}</a>`)}
        ${o.count > cameras.length ? html`<span>${s.outageRest(o.count - cameras.length)}</span>` : nothing}
      </div>
    </details>`
  }

  /** That nobody else is told is seen here, where somebody looks. */
  private telling() {
    const { s, office } = this
    const t = this.list?.telling
    if (!t) return nothing
    if (t.failing_since) {
      const code = /^status_(\d+)$/.exec(t.why ?? '')?.[1]
      const why = code ? s.outageStatus(code) : ((s.outageWhys as Record<string, string>)[t.why ?? ''] ?? '')
      return banner('warn', s.outageTelling(office.time(t.failing_since), why, t.waiting))
    }
    return t.dropped > 0 ? banner('warn', s.outageDropped(t.dropped)) : nothing
  }
}
customElements.define('health-outages', HealthOutages)

declare global {
  interface HTMLElementTagNameMap {
    'health-outages': HealthOutages
  }
}
