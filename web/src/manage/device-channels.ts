import { html, nothing, type PropertyValues } from 'lit'
import { live } from 'lit/directives/live.js'
import type { Problem } from '../core/manage/api'
import { part } from '../core/manage/api'
import { KINDS, type CameraRow } from '../core/manage/camera-form'
import { addAll, cameraOf, checkRows, freeID, hostOf, makeOf, rowsOf, type ChannelRow, type DeviceProfile, type DeviceReport, type Whence } from '../core/manage/devices'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { channelStyle } from './channel-style'
import { banner, choices } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { areaField } from './pick-area'
import { panelStyle } from './screen-style'

/** Refused channels that are named at once. */
const NAMED = 5

/** A device's channels: which become cameras, under which names, and what became of it. */
export class DeviceChannels extends Part {
  static override styles = [base, formStyle, panelStyle, channelStyle]
  static override properties = {
    report: { attribute: false },
    whence: { attribute: false },
    given: { attribute: false },
    kind: { attribute: false },
    area: { attribute: false },
    ours: { attribute: false },
    rows: { state: true },
    ids: { state: true },
    of: { state: true },
    at: { state: true },
    fault: { state: true },
  }
  declare report: DeviceReport
  declare whence: Omit<Whence, 'area' | 'kind'>
  /** the name that was typed before, for a camera alone */
  declare given: string
  declare kind: string
  declare area: string
  declare ours: CameraRow[]
  declare rows: ChannelRow[]
  /** ids are shown in fields */
  declare ids: boolean
  /** how many are being added; 0: none */
  declare of: number
  declare at: number
  /** of the area */
  declare fault: string
  private touched = false

  constructor() {
    super()
    this.rows = []
    this.ids = false
    this.of = this.at = 0
    this.fault = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.office.unsaved = () => this.isConnected && this.touched && this.open.some((r) => r.chosen)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.office.unsaved = undefined
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // What is ours may be told after the channels; what was typed since stays.
    const told = changed.has('ours') && !this.touched && !this.rows.some((r) => r.added)
    if (!changed.has('report') && !told) return
    this.touched = false
    const device = makeOf(this.report.maker, this.report.model) || hostOf(this.whence.address)
    this.rows = rowsOf(this.report, this.ours, { device, numbered: this.s.deviceChannelName, given: this.given }, this.taken)
  }

  private get taken(): ReadonlySet<string> {
    return new Set(this.ours.map((c) => c.id))
  }

  /** What can still be added. */
  private get open(): ChannelRow[] {
    return this.rows.filter((r) => !r.ours && !r.added)
  }

  override render() {
    const { s, open } = this
    const chosen = open.filter((r) => r.chosen).length
    const done = this.rows.filter((r) => r.added).length
    const failed = this.rows.filter((r) => r.fault && 'problem' in r.fault)
    return html`<div class="body">
        <p class="where">${[hostOf(this.whence.address), this.report.firmware && s.deviceFirmware(this.report.firmware)].filter(Boolean).join(' · ')}</p>
        ${done > 0 && this.of === 0 ? banner('good', html`<span role="status">${s.deviceDone(done)}</span>`) : nothing}
        ${failed.length > 0 && this.of === 0 ? this.refused(failed) : nothing} ${this.unplayable()}
        ${open.length > 0 ? this.place() : done > 0 ? nothing : banner('plain', s.deviceHaveAll)} ${open.length > 0 ? this.head(chosen, open.length) : nothing}
        <ul class="channels" aria-label=${s.deviceChannels}>
          ${this.rows.map((r, i) => this.row(r, i))}
        </ul>
      </div>
      <div class="foot">
        ${open.length > 0
          ? html`<button class="go" ?disabled=${chosen === 0 || this.of > 0} @click=${this.add}>
              ${this.of > 0 ? html`<span class="spin"></span><span role="status">${s.deviceAdding(this.at, this.of)}</span>` : chosen > 0 ? s.deviceAdd(chosen) : s.deviceAddNone}
            </button>`
          : html`<a class="go" href=${hashOf('cameras')}>${s.deviceToCameras}</a><a class="soft" href=${hashOf('onvif')}>${s.deviceOther}</a>`}
      </div>`
  }

  /** What could not be added, and why: it may stand far below. */
  private refused(failed: ChannelRow[]) {
    return banner('bad', html`<b>${this.s.deviceNotDone(failed.length)}</b>
      <ul>
        ${failed.slice(0, NAMED).map((r) => html`<li>${r.name}: ${this.faultText(r)}</li>`)}
      </ul>
      ${this.s.deviceAgain}`)
  }

  /** Channels that browsers cannot play are said once, with what to do. */
  private unplayable() {
    const n = this.open.filter((r) => !playable(r.channel.main)).length
    return n > 0 ? banner('warn', this.s.deviceH265Hint(n)) : nothing
  }

  private place() {
    const { s, office } = this
    return html`${areaField(office, {
      label: s.deviceArea,
      values: this.area ? [this.area] : [],
      error: this.fault || undefined,
      set: ([id]) => {
        this.fault = ''
        this.emit('area', id ?? '')
      },
    })}
    ${choices({
      id: 'kind',
      label: s.kind,
      kind: 'radio',
      row: true,
      options: KINDS.map((value) => ({ value, label: s.kinds[value] })),
      chosen: [this.kind],
      set: ([kind]) => (this.kind = kind!),
    })}`
  }

  private head(chosen: number, of: number) {
    const { s } = this
    const all = chosen === of
    return html`<div class="all">
      ${of > 1
        ? html`<label>
            <input type="checkbox" .checked=${live(all)} .indeterminate=${live(chosen > 0 && !all)} @change=${() => this.each((r) => ({ ...r, chosen: !all }))} />
            <span>${chosen > 0 && !all ? s.deviceChannelsSome(chosen, of) : s.deviceAll(of)}</span>
          </label>`
        : html`<b>${s.deviceChannels}</b>`}
      <button class="text small" aria-pressed=${this.ids} @click=${() => (this.ids = !this.ids)}>${this.ids ? s.deviceIDsDone : s.deviceIDs}</button>
    </div>`
  }

  private each(change: (r: ChannelRow) => ChannelRow): void {
    this.touched = true
    this.rows = this.rows.map((r) => (r.ours || r.added ? r : change(r)))
  }

  private change(i: number, change: Partial<ChannelRow>): void {
    this.touched = true
    this.rows = this.rows.map((r, n) => {
      if (n !== i) return r
      // What is being corrected is not called wrong any more.
      const { fault: _, ...rest } = r
      const next = { ...rest, ...change }
      return change.name !== undefined && !next.ownID ? { ...next, id: freeID(next.name, this.rows, r, this.taken) } : next
    })
  }

  private row(r: ChannelRow, i: number) {
    const { s } = this
    const settled = r.added ? { id: r.id, name: r.name, says: s.deviceAdded } : r.ours ? { id: r.ours.id, name: r.ours.name, says: s.deviceHave } : undefined
    if (settled) {
      return html`<li class="settled">
        <span class="sign ${r.added ? 'added' : ''}">${icon('check', 20)}</span>
        <span class="is"><b>${settled.name}</b><small>${settled.says} · ${this.shows(r)}</small></span>
        <a class="text small" aria-label="${s.watch}: ${settled.name}" href="../#camera=${part(settled.id)}">${icon('play', 18)}</a>
      </li>`
    }
    const field = r.fault && 'field' in r.fault ? r.fault.field : undefined
    const text = this.faultText(r)
    const n = i + 1
    const wrongID = field === 'id' || this.isTaken(r)
    const ids = this.ids || wrongID
    const described = text ? `e${i} i${i}` : `i${i}`
    return html`<li class="${r.chosen ? '' : 'out'} ${text ? 'refused' : ''}">
      <label class="take"><input type="checkbox" aria-label=${s.deviceTake(n)} .checked=${live(r.chosen)} @change=${() => this.change(i, { chosen: !r.chosen })} /></label>
      <div class="is">
        ${this.input(s.deviceNameOf(n), r.name, field === 'name', described, (name) => this.change(i, { name }))}
        ${ids ? this.input(s.deviceIDOf(n), r.id, wrongID, described, (id) => this.change(i, { id: id.trim().toLowerCase(), ownID: true }), 'code') : nothing}
        ${text ? html`<p class="error" id="e${i}">${text}</p>` : nothing}
        <small id="i${i}">${this.shows(r)}</small>
        <p class="signs">
          ${r.channel.ptz ? html`<span class="sign">${s.devicePTZ}</span>` : nothing}
          ${playable(r.channel.main) ? nothing : html`<span class="sign warn">${r.channel.h265_only ? s.deviceH265 : s.deviceOtherCodec(codecOf(r.channel.main))}</span>`}
          ${ids ? nothing : html`<small>${s.deviceID(r.id)}</small>`}
        </p>
      </div>
    </li>`
  }

  /** One of a row's fields, which all rows have alike: its label is heard, not seen. */
  private input(label: string, value: string, wrong: boolean, described: string, set: (value: string) => void, look = '') {
    return html`<div class="in ${wrong ? 'wrong' : ''}">
      <div class="box">
        <input
          class=${look}
          aria-label=${label}
          aria-describedby=${described}
          aria-invalid=${wrong ? 'true' : 'false'}
          autocomplete="off"
          autocapitalize=${look ? 'none' : nothing}
          spellcheck="false"
          ?disabled=${this.of > 0}
          .value=${live(value)}
          @input=${(e: Event) => set((e.target as HTMLInputElement).value)}
        />
      </div>
    </div>`
  }

  /** "1920×1080 · H.264 · hình nhỏ 640×360" */
  private shows(r: ChannelRow): string {
    const { s } = this
    const { main, sub } = r.channel
    return [sizeOf(main), codecOf(main), sub ? (sizeOf(sub) ? s.deviceSub(sizeOf(sub)) : s.deviceSubSome) : s.deviceNoSub].filter(Boolean).join(' · ')
  }

  /** Refused for its id, as far as the gateway says. */
  private isTaken(r: ChannelRow): boolean {
    return r.fault !== undefined && 'problem' in r.fault && (r.fault.problem.code === 'conflict' || r.fault.problem.status === 404)
  }

  private faultText(r: ChannelRow): string {
    const { s, office } = this
    const { fault } = r
    if (!fault) return ''
    if ('problem' in fault) {
      if (fault.problem.status === 404) return s.areaDenied
      return fault.problem.code === 'conflict' ? s.idTaken : office.explain(fault.problem)
    }
    return fault.fault === 'twice' ? s.deviceTwice : s.faults[fault.fault]
  }

  private readonly add = async (): Promise<void> => {
    const { s, office } = this
    if (!this.area) {
      this.fault = s.faults.missing
      return this.showFault()
    }
    this.rows = checkRows(this.rows)
    if (this.rows.some((r) => r.fault)) return this.showFault()
    const to = this.open.filter((r) => r.chosen)
    this.at = 0
    this.of = to.length
    await addAll(office.api, to.map((r) => cameraOf(r, { ...this.whence, area: this.area, kind: this.kind })), (id, problem) => {
      this.at++
      this.rows = this.rows.map((r) => (r.id === id && r.chosen && !r.ours && !r.added ? this.became(r, problem) : r))
      return this.isConnected
    })
    this.of = 0
    if (!this.isConnected) return
    if (this.open.length === 0 || !this.open.some((r) => r.fault)) this.touched = false
    this.emit('stored')
    await this.updateComplete
    this.renderRoot.querySelector('.body')!.scrollTop = 0
    if (this.rows.some((r) => r.fault)) await this.showFault()
    else if (document.activeElement === document.body) this.renderRoot.querySelector<HTMLElement>('.foot .go')!.focus()
  }

  private became(r: ChannelRow, problem: Problem | undefined): ChannelRow {
    return problem ? { ...r, fault: { problem } } : { ...r, added: true }
  }
}
customElements.define('device-channels', DeviceChannels)

const sizeOf = (p: DeviceProfile): string => (p.width && p.height ? `${p.width}×${p.height}` : '')

/** "H264" as people write it. */
const codecOf = (p: DeviceProfile): string => (p.codec ?? '').replace(/^H26(\d)$/, 'H.26$1').replace(/^JPEG$/, 'MJPEG')

/** A device that does not say may well send H.264. */
const playable = (p: DeviceProfile): boolean => !p.codec || p.codec === 'H264'
