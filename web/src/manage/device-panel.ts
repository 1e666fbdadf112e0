import { css, html, nothing, type PropertyValues } from 'lit'
import { textIn } from '../core/format'
import { parseAddress } from '../core/manage/address'
import type { Problem } from '../core/manage/api'
import type { CameraRow } from '../core/manage/camera-form'
import { deviceAddress, makeOf, typedAs, type DeviceReport, type DeviceSeed, type FoundDevice, type Whence } from '../core/manage/devices'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner, textField, tick } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { areaField } from './pick-area'
import { panelStyle } from './screen-style'
import './device-channels'

/** The gateway asks for half a minute at most. */
const WAIT_MS = 40_000

type Field = 'address' | 'area' | 'user'

/** One device: its login, and then its channels. */
export class DevicePanel extends Part {
  static override styles = [
    base,
    formStyle,
    panelStyle,
    css`
      h1:focus {
        outline: none;
      }
      @media (max-width: 699px) {
        .top .wide {
          display: none;
        }
      }
      .also {
        margin: -10px 0 20px;
      }
      .hint.wait {
        text-align: center;
        margin: 0 auto;
        padding: 10px 16px 0;
      }
      .hint.wait:empty {
        padding: 0;
      }
      device-channels {
        flex: 1;
        min-height: 0;
      }
    `,
  ]
  static override properties = {
    at: { attribute: false },
    found: { attribute: false },
    seed: { attribute: false },
    area: { attribute: false },
    ours: { attribute: false },
    address: { state: true },
    user: { state: true },
    password: { state: true },
    shown: { state: true },
    anyCertificate: { state: true },
    faults: { state: true },
    cause: { state: true },
    trouble: { state: true },
    busy: { state: true },
    report: { state: true },
  }
  /** the address of a device that was found; '' one that is typed */
  declare at: string
  declare found: FoundDevice | undefined
  declare seed: DeviceSeed | undefined
  declare area: string
  declare ours: CameraRow[]
  declare address: string
  declare user: string
  declare password: string
  /** the password can be read */
  declare shown: boolean
  declare anyCertificate: boolean
  declare faults: Partial<Record<Field, string>>
  /** why the device told nothing */
  declare cause: string
  declare trouble: string
  declare busy: boolean
  declare report: DeviceReport | undefined
  /** the login that was refused last */
  private refused = ''
  private asksArea = false
  private run = 0

  constructor() {
    super()
    this.ours = []
    this.clear()
  }

  private clear(): void {
    this.address = this.user = this.password = this.cause = this.trouble = this.refused = ''
    this.shown = this.anyCertificate = this.busy = false
    this.faults = {}
    this.report = undefined
    this.run++
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('at')) return
    this.clear()
    this.address = typedAs(this.at)
    this.asksArea = this.area === ''
    const { seed } = this
    if (this.at === '' && seed) {
      // Of a stream's address the login is taken as it stands there.
      const stream = parseAddress(seed.address)
      const within = typeof stream === 'string' ? { user: '', password: '' } : stream
      const host = deviceAddress(seed.address)
      this.address = 'url' in host ? typedAs(host.url) : seed.address
      this.user = seed.user || within.user
      this.password = seed.password || within.password
    }
  }

  override render() {
    const { s, found, report } = this
    const title = report ? makeOf(report.maker, report.model) : makeOf(found?.name, found?.model)
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('onvif')}>${icon('back', 24)}</a>
        <h1 tabindex="-1">${title || (this.at ? s.deviceUnnamed : s.deviceByAddress)}</h1>
        ${report ? html`<button class="text small" aria-label=${s.deviceOtherLogin} title=${s.deviceOtherLogin} @click=${() => (this.report = undefined)}>${icon('key', 18)}<span class="wide">${s.deviceOtherLogin}</span></button>` : nothing}
      </header>
      ${report ? this.channels(report) : this.login()}`
  }

  private channels(report: DeviceReport) {
    return html`<device-channels
      .office=${this.office}
      .report=${report}
      .whence=${this.whence(report)}
      .given=${this.at === '' ? (this.seed?.name ?? '') : ''}
      .kind=${this.seed?.kind ?? 'public'}
      .area=${this.area}
      .ours=${this.ours}
    ></device-channels>`
  }

  private whence(report: DeviceReport): Omit<Whence, 'area' | 'kind'> {
    const at = deviceAddress(this.address)
    return { address: 'url' in at ? at.url : '', identity: report.identity ?? '', user: this.user.trim(), password: this.password, anyCertificate: this.anyCertificate }
  }

  private login() {
    const { s, office, faults, found } = this
    // It may be on several networks.
    const others = (found?.addresses ?? []).map(typedAs).filter((a) => a !== this.address).slice(0, 3)
    return html`<form class="body" id="f" novalidate @submit=${this.submit}>
        ${this.trouble ? banner('bad', this.trouble) : nothing} ${this.cause ? this.failed(this.cause) : nothing}
        ${textField(s, {
          id: 'address',
          label: s.deviceAddress,
          value: this.address,
          mode: 'url',
          code: true,
          placeholder: '192.168.1.64',
          hint: this.at ? undefined : s.deviceAddressHint,
          error: faults.address,
          set: (address) => this.typed('address', { address }),
        })}
        ${others.length > 0
          ? html`<div class="buttons also">${others.map((a) => html`<button type="button" class="soft small" @click=${() => this.typed('address', { address: a })}>${s.deviceAlso(a)}</button>`)}</div>`
          : nothing}
        ${this.asksArea
          ? areaField(office, { label: s.deviceArea, values: this.area ? [this.area] : [], error: faults.area, set: ([id]) => (this.typed('area', {}), this.emit('area', id ?? '')) })
          : nothing}
        <div class="pair">
          ${textField(s, { id: 'user', label: s.deviceUser, value: this.user, error: faults.user, most: 200, set: (user) => this.typed('user', { user }) })}
          ${textField(s, {
            id: 'password',
            label: s.devicePassword,
            value: this.password,
            type: this.shown ? 'text' : 'password',
            autocomplete: 'new-password',
            set: (password) => this.typed('user', { password }),
            tail: this.password
              ? html`<button type="button" class="tail" @click=${() => (this.shown = !this.shown)}>${this.shown ? s.passwordHide : s.passwordShow}</button>`
              : nothing,
          })}
        </div>
        ${/^\s*https:/i.test(this.address)
          ? tick('cert', s.deviceAnyCertificate, this.anyCertificate, (on) => (this.anyCertificate = on), s.deviceAnyCertificateHint)
          : nothing}
        ${this.cause === 'unauthorized' ? nothing : banner('plain', s.deviceOnce)}
      </form>
      <p class="hint wait" role="status">${this.busy ? s.deviceAskingLong : ''}</p>
      <div class="foot">
        <button class="go" form="f" ?disabled=${this.busy}>${this.busy ? html`<span class="spin"></span>${s.deviceAsking}` : s.deviceAsk}</button>
      </div>`
  }

  private typed(field: Field, change: Partial<Pick<DevicePanel, 'address' | 'user' | 'password'>>): void {
    Object.assign(this, change)
    const { [field]: _, ...rest } = this.faults
    this.faults = rest
  }

  /** Why a device told nothing, and what to do about it. */
  private failed(cause: string) {
    const { s } = this
    const key = cause in s.deviceCauses ? cause : 'protocol'
    const say = (words: object) => (words as Record<string, string>)[key]
    return banner('bad', html`<b>${say(s.deviceCauses)}</b>${say(s.deviceCures)}`)
  }

  private readonly submit = async (e: Event): Promise<void> => {
    e.preventDefault()
    const { s, office } = this
    if (this.busy) return
    const at = deviceAddress(this.address)
    this.faults = {
      ...('fault' in at ? { address: s.deviceFaults[at.fault] } : {}),
      ...(this.area ? {} : { area: s.faults.missing }),
      ...(this.password !== '' && this.user.trim() === '' ? { user: s.faults.userMissing } : {}),
    }
    if (!this.area) this.asksArea = true
    if ('fault' in at || Object.keys(this.faults).length > 0) return this.showFault()
    const login = JSON.stringify([at.url, this.user.trim(), this.password])
    if (login === this.refused && !(await office.ask({ title: s.deviceRefusedBefore, text: s.deviceRefusedBeforeText, yes: s.deviceRefusedYes, no: s.deviceRefusedNo, bad: true }))) return
    this.cause = this.trouble = ''
    this.busy = true
    const run = ++this.run
    const a = await office.api.call<DeviceReport>('inventory/onvif', {
      method: 'POST',
      wait: WAIT_MS,
      body: { area: this.area, address: at.url, user: this.user.trim(), password: this.password, ...(this.anyCertificate ? { any_certificate: true } : {}) },
    })
    if (run !== this.run) return // another device was opened meanwhile
    this.busy = false
    if (!a.ok) this.trouble = this.explain(a.problem)
    else if (a.value.cause) this.cause = a.value.cause
    else this.report = a.value
    this.refused = this.cause === 'unauthorized' ? login : ''
    if (this.report) this.emit('stored') // cameras that came meanwhile
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(this.report ? 'h1' : '.foot .go')!.focus()
    this.renderRoot.querySelector('.banner')?.scrollIntoView({ block: 'nearest' })
  }

  private explain(p: Problem): string {
    const { s, office } = this
    if (p.status === 404) return s.deviceDenied
    return p.code === 'busy' ? textIn(p.text, office.lang) : office.explain(p)
  }
}
customElements.define('device-panel', DevicePanel)
