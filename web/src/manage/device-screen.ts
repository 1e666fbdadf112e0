import { css, html, nothing } from 'lit'
import { textIn } from '../core/format'
import type { CameraRow } from '../core/manage/camera-form'
import { allCameras, hostOf, makeOf, oursAt, type DeviceSeed, type FoundDevice } from '../core/manage/devices'
import { hashOf, type Route } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { areaField } from './pick-area'
import { screenStyle } from './screen-style'
import './device-panel'

/** How long the gateway listens for answers (gateway/onvif, Search). */
const SEARCH_MS = 3000
const TICK_MS = 100

/** Cameras and recorders on the gateway's networks: found, and one of them opened. */
export class DeviceScreen extends Part {
  static override styles = [
    base,
    formStyle,
    screenStyle,
    css`
      .head {
        padding-left: 6px;
      }
      .intro,
      .seek {
        padding: 0 8px;
      }
      .intro {
        color: var(--t2);
        line-height: 1.5;
        margin: 2px 0 16px;
        text-wrap: pretty;
      }
      .ask {
        display: flex;
        flex-wrap: wrap;
        gap: 10px;
      }
      .ask > * {
        flex: 1 1 180px;
      }
      .going {
        padding: 14px 0 0;
      }
      .going p {
        font-weight: 600;
        margin-bottom: 10px;
      }
      progress {
        display: block;
        width: 100%;
        height: 6px;
        appearance: none;
        border: 0;
        border-radius: 3px;
        background: var(--s3);
        overflow: hidden;
      }
      progress::-webkit-progress-bar {
        background: var(--s3);
      }
      progress::-webkit-progress-value {
        background: var(--ac);
      }
      progress::-moz-progress-bar {
        background: var(--ac);
      }
      h2 {
        margin: 14px 8px 2px;
        font-size: 14.5px;
        font-weight: 650;
        color: var(--t2);
      }
      .empty {
        margin: 16px 8px;
        padding: 16px;
        border-radius: 16px;
        background: var(--s2);
        line-height: 1.5;
      }
      .empty h2 {
        margin: 0 0 4px;
        font-size: 16.5px;
        color: var(--tx);
      }
      .empty p {
        color: var(--t2);
      }
      .empty ul {
        margin: 6px 0 0;
        padding-left: 18px;
        list-style: disc;
      }
      .empty li {
        border-radius: 0;
        font-size: 14.5px;
      }
      .empty li + li {
        margin-top: 8px;
      }
      .item > svg {
        color: var(--t2);
      }
      .item .tag {
        margin: 0;
      }
      .item .end {
        max-width: 150px;
      }
      .other small {
        text-wrap: balance;
      }
      .other {
        margin-top: 8px;
        border-top: 1px solid var(--ln);
        padding-top: 8px;
      }
      @media (min-width: 700px) {
        .head {
          padding-left: 14px;
        }
      }
    `,
  ]
  static override properties = {
    route: { attribute: false },
    area: { state: true },
    found: { state: true },
    since: { state: true },
    passed: { state: true },
    trouble: { state: true },
    missing: { state: true },
    ours: { state: true },
  }
  declare route: Route
  /** where what is found is to be entered */
  declare area: string
  /** undefined: nothing was looked for yet */
  declare found: FoundDevice[] | undefined
  /** ms since the search that goes on began; -1: none does */
  declare passed: number
  declare trouble: string
  /** the area was left out */
  declare missing: boolean
  declare ours: CameraRow[]
  private seed: DeviceSeed | undefined
  private ticks = 0

  constructor() {
    super()
    this.area = ''
    this.passed = -1
    this.trouble = ''
    this.missing = false
    this.ours = []
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.seed = this.office.device
    this.office.device = undefined
    const own = this.office.areas.all.filter(this.office.mine)
    const from = this.route.id === '' ? this.route.from : ''
    this.area = this.seed?.area || from || (own.length === 1 ? own[0]!.id : '')
    void this.load()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.ticks)
  }

  /** What there is already, so that nothing is added twice. */
  private async load(): Promise<void> {
    this.ours = await allCameras(this.office.api)
  }

  override render() {
    const { s, route } = this
    return html`<div class="screen ${route.id ? 'open' : ''}">
      <section class="list" aria-label=${s.onvif}>
        <header class="head">
          <a class="square" aria-label=${s.back} href=${hashOf('cameras')}>${icon('back', 24)}</a>
          <div><h1>${s.onvif}</h1></div>
        </header>
        <div class="scroll" tabindex="-1">
          ${this.found ? nothing : html`<p class="intro">${s.deviceText}</p>`} ${this.seek()}
          <p class="sr" role="status">${this.told()}</p>
          ${this.results()}
          ${this.byAddress()}
        </div>
      </section>
      <section class="detail" aria-label=${s.deviceChannels}>${this.detail()}</section>
    </div>`
  }

  private seek() {
    const { s, office, passed } = this
    return html`<div class="seek">
      <div class="ask">
        ${areaField(office, { label: s.deviceArea, values: this.area ? [this.area] : [], error: this.missing ? s.faults.missing : undefined, set: ([id]) => this.setArea(id ?? ''), compact: true })}
        <button class=${this.found ? 'soft' : 'go'} ?disabled=${passed >= 0} @click=${this.begin}>${icon('radar', 20)}${this.found ? s.deviceSeekAgain : s.deviceSeek}</button>
      </div>
      ${passed >= 0
        ? html`<div class="going">
            <p aria-hidden="true">${s.deviceLeft(Math.ceil((SEARCH_MS - passed) / 1000))}</p>
            <progress max=${SEARCH_MS} value=${Math.min(passed, SEARCH_MS)} aria-label=${s.deviceSeeking}></progress>
          </div>`
        : this.found
          ? nothing
          : html`<p class="hint">${s.deviceSeekHint}</p>`}
      ${this.trouble ? banner('warn', this.trouble) : nothing}
    </div>`
  }

  private readonly setArea = (id: string): void => {
    this.area = id
    this.missing = false
  }

  private readonly begin = async (): Promise<void> => {
    const { s, office } = this
    this.trouble = ''
    this.missing = this.area === ''
    if (this.missing) return this.showFault()
    const began = performance.now()
    this.passed = 0
    this.found = undefined
    this.ticks = window.setInterval(() => (this.passed = performance.now() - began), TICK_MS)
    const a = await office.api.call<{ devices: FoundDevice[] | null }>('inventory/discover', { method: 'POST', body: { area: this.area } })
    clearInterval(this.ticks)
    this.passed = -1
    if (a.ok) this.found = a.value.devices ?? []
    else if (a.problem.status === 404) this.trouble = s.deviceDenied
    else this.trouble = a.problem.code === 'busy' ? textIn(a.problem.text, office.lang) : office.explain(a.problem)
    await this.updateComplete
    // Who has gone on meanwhile is left where they are.
    const at = this.shadowRoot!.activeElement
    if (document.activeElement === document.body || at?.matches('.ask *')) this.renderRoot.querySelector<HTMLElement>(this.found?.length ? '.item' : '.ask button')!.focus({ preventScroll: true })
  }

  /** What a screen reader is told of the search. */
  private told(): string {
    const { s, found } = this
    if (this.passed >= 0) return s.deviceSeeking
    return found ? (found.length > 0 ? s.deviceCount(found.length) : s.deviceNone) : ''
  }

  private results() {
    const { s, found, ours } = this
    if (!found) return nothing
    if (found.length === 0) {
      return html`<div class="empty">
        <h2>${s.deviceNone}</h2>
        <p>${s.deviceNoneText}</p>
        <ul>
          ${s.deviceNoneWhy.map((why) => html`<li>${why}</li>`)}
        </ul>
      </div>`
    }
    // What is not ours yet is what somebody looks for.
    const rows = found.map((f) => ({ f, have: oursAt(f, ours).length })).sort((a, b) => Number(a.have > 0) - Number(b.have > 0))
    return html`<h2>${s.deviceCount(found.length)}</h2>
      <ul>
        ${rows.map(({ f, have }) => this.row(f, have))}
      </ul>`
  }

  private row(f: FoundDevice, have: number) {
    const { s, route } = this
    const at = f.addresses[0] ?? ''
    const cur = route.id !== '' && route.from === at
    return html`<li class=${cur ? 'cur' : ''}>
      <a class="item" href=${hashOf('onvif', '+', at)} aria-current=${cur ? 'true' : 'false'}>
        ${icon('camera', 22)}
        <span><b>${makeOf(f.name, f.model) || s.deviceUnnamed}</b><small>${[hostOf(at), f.location].filter(Boolean).join(' · ')}</small></span>
        <span class="end">${have > 0 ? s.deviceOurs(have) : html`<span class="tag good">${s.deviceNew}</span>`}</span>
      </a>
    </li>`
  }

  private byAddress() {
    const { s, route } = this
    const cur = route.id !== '' && route.from === ''
    return html`<ul class="other">
      <li class=${cur ? 'cur' : ''}>
        <a class="item" href=${hashOf('onvif', '+')} aria-current=${cur ? 'true' : 'false'}>
          ${icon('pen', 21)}
          <span><b>${s.deviceByAddress}</b><small>${s.deviceByAddressText}</small></span>
          ${icon('right', 20)}
        </a>
      </li>
    </ul>`
  }

  private detail() {
    const { s, route } = this
    if (route.id === '') return html`<div class="none"><div class="mark">${icon('radar', 30)}</div><p>${s.deviceChoose}</p></div>`
    return html`<device-panel
      .office=${this.office}
      .at=${route.from}
      .found=${this.found?.find((f) => f.addresses[0] === route.from)}
      .seed=${this.seed}
      .area=${this.area}
      .ours=${this.ours}
      @area=${(e: CustomEvent<string>) => this.setArea(e.detail)}
      @stored=${() => void this.load()}
    ></device-panel>`
  }
}
customElements.define('device-screen', DeviceScreen)
