import { css, html, nothing } from 'lit'
import { groupsOf, filterFaults, newFilter, SPANS, type Group, type LogFilter, type Span } from '../core/manage/log'
import { base } from '../ui/shared'
import { choices, textField } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { areaField } from './pick-area'
import './item-picker'

/** What is looked for in the log: a sheet, at the bottom of a phone. */
export class LogFilterDialog extends Part {
  static override properties = { known: { attribute: false }, form: { state: true }, tried: { state: true } }
  declare known: string[] | undefined
  declare form: LogFilter
  declare tried: boolean

  static override styles = [
    base,
    formStyle,
    css`
      dialog {
        width: min(100vw, 560px);
        max-width: 100vw;
        height: min(92dvh, 860px);
        max-height: none;
        margin: auto auto 0;
        padding: 0;
        border: 0;
        border-radius: 20px 20px 0 0;
        background: var(--s1);
        color: var(--tx);
        box-shadow: var(--rise);
      }
      dialog[open] {
        display: flex;
        flex-direction: column;
      }
      dialog::backdrop {
        background: var(--shade);
      }
      header {
        display: flex;
        align-items: center;
        padding: 8px 8px 4px 20px;
      }
      h2 {
        flex: 1;
        font-size: 17.5px;
        font-weight: 660;
      }
      header button {
        width: 48px;
        height: 48px;
        display: grid;
        place-items: center;
        border-radius: 14px;
        color: var(--t2);
      }
      .scroll {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
        overscroll-behavior: contain;
        padding: 8px 20px 12px;
      }
      .done {
        display: flex;
        gap: 10px;
        padding: 10px 16px calc(10px + var(--bottom));
        border-top: 1px solid var(--ln);
      }
      .done .go {
        flex: 1;
      }
      /* Short words, many of them: no dots before them. */
      .choices .card {
        display: flex;
        align-items: center;
        min-height: 48px;
        padding: 8px 14px;
      }
      .choices .card input {
        position: absolute;
        opacity: 0;
        width: 1px;
        height: 1px;
      }
      .choices .cards {
        display: flex;
        flex-wrap: wrap;
      }
      .choices .card b {
        font-size: 14.5px;
        font-weight: 600;
      }
      @media (min-width: 700px) {
        dialog {
          margin: auto;
          border-radius: 20px;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.form = newFilter()
    this.tried = false
  }

  private get dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!
  }

  show(filter: LogFilter): void {
    this.form = { ...filter }
    this.tried = false
    this.dialog.showModal()
  }

  private set(change: Partial<LogFilter>): void {
    this.form = { ...this.form, ...change }
  }

  override render() {
    const { s, form: f } = this
    const faults = this.tried ? filterFaults(f) : {}
    return html`<dialog aria-label=${s.logFilters} @click=${(e: Event) => e.target === this.dialog && this.dialog.close()}>
      <header>
        <h2>${s.logFilters}</h2>
        <button type="button" aria-label=${s.close} @click=${() => this.dialog.close()}>${icon('close', 24)}</button>
      </header>
      <div class="scroll" tabindex="-1">${this.when(faults)} ${this.who()} ${this.what(faults)}</div>
      <div class="done">
        <button type="button" class="soft" @click=${() => this.set(newFilter())}>${s.logReset}</button>
        <button type="button" class="go" @click=${this.apply}>${s.logApply}</button>
      </div>
    </dialog>`
  }

  private when(faults: ReturnType<typeof filterFaults>) {
    const { s, form: f } = this
    const zone = s.logZone(Intl.DateTimeFormat().resolvedOptions().timeZone)
    return html`${choices({
      id: 'span',
      label: s.logSpan,
      kind: 'radio',
      row: true,
      options: SPANS.map((value) => ({ value, label: s.logSpans[value] })),
      chosen: [f.span],
      set: ([span]) => this.set({ span: span as Span }),
    })}
    ${f.span === 'day'
      ? textField(s, { id: 'day', label: s.logDay, type: 'date', value: f.day, set: (day) => this.set({ day }), hint: zone, error: faults.day && s.logDayBad })
      : nothing}
    ${f.span === 'range'
      ? html`<div class="pair">
          ${textField(s, { id: 'from', label: s.logFrom, type: 'datetime-local', value: f.from, set: (from) => this.set({ from }) })}
          ${textField(s, {
            id: 'until', label: s.logUntil, type: 'datetime-local', value: f.until, set: (until) => this.set({ until }), hint: zone, error: faults.until && s.logUntilBad,
          })}
        </div>`
      : nothing}`
  }

  private who() {
    const { s, office, form: f } = this
    const any = (id: string, name: string) => ({ id, name })
    return html`<item-picker
        .office=${office}
        .label=${s.logPerson}
        .choose=${s.logAnyPerson}
        .searchLabel=${s.logSearchPerson}
        .nothingFound=${s.logNoPerson}
        .values=${f.person ? [f.person] : []}
        .find=${(q: string) => [...(q ? [] : [any('', s.logAnyPerson)]), ...office.findActors(q)]}
        .nameOf=${(id: string) => office.personName(id) || id}
        @pick=${(e: CustomEvent<string[]>) => this.set({ person: e.detail[0] ?? '' })}
      ></item-picker>
      <item-picker
        .office=${office}
        .label=${s.logCamera}
        .choose=${s.logAnyCamera}
        .searchLabel=${s.logSearchCamera}
        .nothingFound=${s.logNoCamera}
        .values=${f.camera ? [f.camera] : []}
        .find=${(q: string) => [...(q ? [] : [any('', s.logAnyCamera)]), ...office.findCameras(q)]}
        .nameOf=${(id: string) => office.cameraName(id)}
        @pick=${(e: CustomEvent<string[]>) => this.set({ camera: e.detail[0] ?? '' })}
      ></item-picker>
      ${areaField(office, {
        label: s.logArea, values: f.area ? [f.area] : [], choose: s.logAnyArea, first: any('', s.logAnyArea), allowed: () => true, set: ([area]) => this.set({ area: area ?? '' }),
      })}`
  }

  private what(faults: ReturnType<typeof filterFaults>) {
    const { s, form: f } = this
    const reasons = Object.entries(s.logReasons).map(([value, label]) => ({ value, label }))
    return html`${choices({
      id: 'group',
      label: s.logGroup,
      kind: 'radio',
      row: true,
      options: [{ value: '', label: s.logAnyGroup }, ...groupsOf(this.known).map((value) => ({ value, label: s.logGroups[value] }))],
      chosen: [f.group],
      set: ([group]) => this.set({ group: group as Group | '' }),
    })}
    ${choices({
      id: 'reason',
      label: s.logReason,
      kind: 'radio',
      row: true,
      options: [{ value: '', label: s.logAnyReason }, ...reasons],
      chosen: [f.reason],
      set: ([reason]) => this.set({ reason: reason ?? '' }),
    })}
    <div class="pair">
      ${textField(s, { id: 'case', label: s.logCase, value: f.number, set: (number) => this.set({ number }), optional: true })}
      ${textField(s, {
        id: 'code', label: s.logCode, value: f.code, code: true, set: (code) => this.set({ code: code.trim() }), optional: true, hint: s.logCodeHint, error: faults.code && s.logCodeBad,
      })}
    </div>`
  }

  private readonly apply = (): void => {
    this.tried = true
    if (Object.keys(filterFaults(this.form)).length > 0) {
      void this.showFault()
      return
    }
    this.dialog.close()
    this.emit('look', this.form)
  }
}
customElements.define('log-filter', LogFilterDialog)
