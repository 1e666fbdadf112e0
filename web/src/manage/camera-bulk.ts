import { css, html, nothing } from 'lit'
import { run, type Bulk, type BulkReport } from '../core/manage/bulk'
import { KINDS, type CameraRow } from '../core/manage/camera-form'
import { base } from '../ui/shared'
import { banner, choices, textField } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { areaField } from './pick-area'
import { questionStyle } from './question-style'

/** What is done to the cameras that are selected: the bar over the list, and the question before it. */
export class CameraBulk extends Part {
  static override properties = {
    rows: { attribute: false },
    chosen: { attribute: false },
    act: { state: true },
    to: { state: true },
    fault: { state: true },
    at: { state: true },
    report: { state: true },
  }
  declare rows: CameraRow[]
  declare chosen: ReadonlySet<string>
  declare act: Bulk['kind'] | undefined
  /** the area, the kind, or the number that was typed */
  declare to: string
  declare fault: string
  /** how many are through; -1: nothing runs */
  declare at: number
  declare report: BulkReport | undefined
  private names = new Map<string, string>()

  static override styles = [
    base,
    formStyle,
    questionStyle,
    css`
      :host {
        display: block;
      }
      .bar1 {
        margin: 0 16px 10px;
        padding: 6px 6px 10px 14px;
        border-radius: 16px;
        background: var(--acs);
      }
      .top1 {
        display: flex;
        align-items: center;
        gap: 4px;
      }
      .top1 b {
        flex: 1;
        font-weight: 650;
        line-height: 1.3;
      }
      .top1 .text {
        min-height: 48px;
        font-size: 14.5px;
      }
      .x {
        width: 48px;
        height: 48px;
        display: grid;
        place-items: center;
        border-radius: 14px;
        color: var(--t2);
      }
      .acts {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 8px;
        margin: 4px 8px 0 0;
      }
      .acts .soft {
        flex-direction: column;
        gap: 4px;
        min-height: 64px;
        padding: 6px 4px;
        background: var(--bg);
        font-size: 14px;
        line-height: 1.25;
        white-space: normal;
      }
      .acts [disabled] {
        color: var(--t3);
        cursor: default;
      }
      .said {
        margin: 0 16px 10px;
      }
      .said ul {
        margin-top: 4px;
      }
      @media (min-width: 700px) {
        .bar1,
        .said {
          margin-left: 24px;
          margin-right: 24px;
        }
      }
      dialog h2 {
        margin-bottom: 8px;
      }
      dialog p {
        margin-bottom: 16px;
        line-height: 1.5;
        color: var(--t2);
      }
      dialog .buttons button {
        flex: 1 1 140px;
      }
    `,
  ]

  constructor() {
    super()
    this.to = ''
    this.fault = ''
    this.at = -1
  }

  private get free(): CameraRow[] {
    return this.rows.filter((r) => r.stored !== false)
  }

  override render() {
    const { s, chosen } = this
    const n = chosen.size
    const every = n > 0 && this.free.every((r) => chosen.has(r.id))
    const button = (act: Bulk['kind'], drawing: 'tree' | 'camera' | 'bin', text: string) =>
      html`<button class="soft ${act === 'remove' ? 'bad' : ''}" ?disabled=${n === 0 || this.at >= 0} @click=${() => void this.begin(act)}>${icon(drawing, 19)}${text}</button>`
    return html`<section class="bar1" aria-label=${s.bulk}>
        <div class="top1">
          <b role="status">${this.at >= 0 ? s.bulkStep(this.at, n) : s.bulkCount(n)}</b>
          <button class="text" @click=${() => this.emit('choose', new Set(every ? [] : this.free.map((r) => r.id)))}>${every ? s.bulkNone : s.bulkAll}</button>
          <button class="x" aria-label=${s.bulkStop} title=${s.bulkStop} @click=${() => this.emit('choose', undefined)}>${icon('close', 22)}</button>
        </div>
        <div class="acts">${button('area', 'tree', s.bulkMove)}${button('kind', 'camera', s.bulkKind)}${button('remove', 'bin', s.remove)}</div>
      </section>
      ${this.said()}
      <dialog aria-labelledby="t" @close=${(e: Event) => e.target === e.currentTarget && (this.act = undefined)}>${this.act ? this.question(this.act) : nothing}</dialog>`
  }

  /** What could not be done, and why. */
  private said() {
    const { s, office, report } = this
    if (!report?.refused.length) return nothing
    return html`<div class="said">
      ${banner(
        'bad',
        html`<b>${s.bulkRefused(report.refused.length)}</b>
          <ul>${report.refused.slice(0, 20).map((x) => html`<li>${this.names.get(x.id) ?? x.id}: ${office.explain(x.problem)}</li>`)}</ul>`,
      )}
    </div>`
  }

  private async begin(act: Bulk['kind']): Promise<void> {
    this.act = act
    this.to = ''
    this.fault = ''
    this.report = undefined
    await this.updateComplete
    this.renderRoot.querySelector('dialog')!.showModal()
  }

  private readonly set = (to: string): void => {
    this.to = to
    this.fault = ''
  }

  private question(act: Bulk['kind']) {
    const { s, office, to, fault } = this
    const n = this.chosen.size
    const words = {
      area: [s.bulkMoveTitle(n), s.bulkMoveText, s.bulkMove],
      kind: [s.bulkKindTitle(n), s.bulkKindText, s.bulkKind],
      remove: [s.bulkRemoveTitle(n), s.removeCameraText, s.remove],
    }[act] as [string, string, string]
    const field = {
      area: () => areaField(office, { label: s.area, values: to ? [to] : [], error: fault || undefined, set: ([id]) => this.set(id ?? '') }),
      kind: () =>
        choices({
          id: 'to',
          label: s.kind,
          kind: 'radio',
          options: KINDS.map((value) => ({ value, label: s.kinds[value] })),
          chosen: [to],
          error: fault || undefined,
          set: ([value]) => this.set(value!),
        }),
      remove: () => textField(s, { id: 'sure', label: s.bulkRemoveSure(n), value: to, mode: 'decimal', error: fault || undefined, set: this.set }),
    }[act]
    return html`<form novalidate @submit=${this.go}>
      <h2 id="t">${words[0]}</h2>
      <p>${words[1]}</p>
      ${field()}
      <div class="buttons">
        <button type="button" class="soft" @click=${() => this.renderRoot.querySelector('dialog')!.close()}>${s.cancel}</button>
        <button class="go ${act === 'remove' ? 'bad' : ''}">${words[2]}</button>
      </div>
    </form>`
  }

  private readonly go = async (e: Event): Promise<void> => {
    e.preventDefault()
    const { s, office, act, to } = this
    const ids = [...this.chosen]
    if (act === 'remove' ? to.trim() !== String(ids.length) : to === '') {
      this.fault = act === 'remove' ? s.bulkRemoveWrong(ids.length) : s.faults.missing
      return this.showFault()
    }
    const bulk: Bulk = act === 'remove' ? { kind: 'remove' } : act === 'area' ? { kind: 'area', area: to } : { kind: 'kind', to }
    this.renderRoot.querySelector('dialog')!.close()
    this.names = new Map(this.rows.map((r) => [r.id, r.name]))
    this.at = 0
    this.report = await run(office.api, ids, bulk, (n) => {
      this.at = n
      return this.isConnected
    })
    this.at = -1
    office.say(s.bulkDone(this.report.done.length))
    // What could not be done stays selected.
    this.emit('choose', new Set(this.report.refused.map((x) => x.id)))
    this.emit('stored')
  }
}
customElements.define('camera-bulk', CameraBulk)
