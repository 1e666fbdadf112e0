import { css, html, nothing } from 'lit'
import { isReport, sorted, typeOf, type Outcome, type SheetLine, type SheetMessage, type SheetReport } from '../core/manage/sheet'
import { textIn } from '../core/format'
import { base } from '../ui/shared'
import { banner, tick } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { screenStyle } from './screen-style'

/** Rows on the screen at most; a browser gets slow before the gateway does. */
const SHOWN = 500

/** Many cameras from one file: choose, look, apply; and the way back to a file. */
export class ImportScreen extends Part {
  static override styles = [
    base,
    formStyle,
    screenStyle,
    css`
      .page {
        max-width: 860px;
        width: 100%;
        padding: 0 8px 32px;
      }
      .lead {
        color: var(--t2);
        line-height: 1.5;
        margin-bottom: 18px;
        max-width: 60ch;
      }
      .drop {
        display: grid;
        place-items: center;
        gap: 6px;
        padding: 34px 20px;
        margin: 0 0 18px;
        border: 2px dashed var(--fl);
        border-radius: 20px;
        text-align: center;
        cursor: pointer;
        background: var(--s1);
      }
      .drop:focus-within,
      .drop.over {
        border-color: var(--ac);
        background: var(--acs);
      }
      .drop svg {
        color: var(--ac);
        margin-bottom: 6px;
      }
      .drop b {
        font-size: 16.5px;
        font-weight: 650;
      }
      .drop small {
        color: var(--t2);
        font-size: 14px;
        font-weight: 500;
      }
      .counts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(120px, 1fr));
        gap: 10px;
        margin: 0 0 18px;
      }
      .counts div {
        padding: 12px 14px;
        border-radius: 14px;
        background: var(--s2);
      }
      .counts dt {
        font-size: 13.5px;
        color: var(--t2);
      }
      .counts dd {
        margin: 0;
        font-size: 22px;
        font-weight: 680;
      }
      .counts .refused dd {
        color: var(--bad);
      }
      .line {
        padding: 12px 14px;
        border-bottom: 1px solid var(--ln);
      }
      .line header {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 2px 10px;
      }
      .line b {
        font-weight: 620;
        overflow-wrap: anywhere;
      }
      .line .n {
        color: var(--t2);
        font-size: 13.5px;
        min-width: 62px;
      }
      .line p {
        margin-top: 4px;
        font-size: 14px;
        line-height: 1.5;
      }
      .line .problem {
        color: var(--bad);
      }
      .line .warning {
        color: var(--warn);
      }
      .lines {
        border: 1px solid var(--ln);
        border-radius: 16px;
        background: var(--s1);
        overflow: hidden;
        margin-bottom: 18px;
      }
      .lines li {
        border-radius: 0;
      }
      .sticky {
        position: sticky;
        bottom: -12px;
        background: var(--bg);
        padding: 10px 0 12px;
      }
      .sticky .go {
        width: min(100%, 420px);
      }
      h2 {
        font-size: 18px;
        font-weight: 670;
        margin: 6px 0 10px;
      }
      .export {
        margin-top: 30px;
        border-top: 1px solid var(--ln);
        padding-top: 22px;
      }
    `,
  ]
  static override properties = {
    file: { state: true },
    report: { state: true },
    busy: { state: true },
    trouble: { state: true },
    ignore: { state: true },
    skip: { state: true },
    over: { state: true },
  }
  declare file: File | undefined
  declare report: SheetReport | undefined
  declare busy: boolean
  declare trouble: string
  declare ignore: boolean
  declare skip: boolean
  declare over: boolean

  constructor() {
    super()
    this.busy = this.ignore = this.skip = this.over = false
    this.trouble = ''
  }

  override render() {
    const { s } = this
    return html`<div class="screen alone">
      <section class="list" aria-label=${s.import}>
        <header class="head">
          <div><h1>${s.import}</h1></div>
          <button class="square menu" aria-label=${s.menu} @click=${() => this.emit('menu')}>${icon('more', 24)}</button>
        </header>
        <div class="scroll" tabindex="-1">
          <div class="page">
            <p class="lead">${s.importText}</p>
            ${this.chooser()} ${this.trouble ? banner('bad', this.trouble) : nothing} ${this.busy ? html`<p role="status">${s.reading}…</p>` : nothing}
            ${this.report ? this.preview(this.report) : nothing} ${this.export()}
          </div>
        </div>
      </section>
    </div>`
  }

  private chooser() {
    const { s, file } = this
    return html`<label class="drop ${this.over ? 'over' : ''}" @dragover=${this.drag} @dragleave=${() => (this.over = false)} @drop=${this.dropped}>
      ${icon(file ? 'file' : 'upload', 34)}
      <b>${file ? file.name : s.chooseFile}</b>
      <small>${file ? s.otherFile : s.dropFile}</small>
      <input
        class="sr"
        type="file"
        accept=".csv,.tsv,.txt,.yaml,.yml"
        @change=${(e: Event) => {
          const input = e.target as HTMLInputElement
          this.take(input.files?.[0])
          input.value = ''
        }}
      />
    </label>`
  }

  private readonly drag = (e: DragEvent): void => {
    e.preventDefault()
    this.over = true
  }

  private readonly dropped = (e: DragEvent): void => {
    e.preventDefault()
    this.over = false
    this.take(e.dataTransfer?.files[0])
  }

  private take(file: File | undefined): void {
    if (!file) return
    this.report = undefined
    this.trouble = ''
    this.skip = this.ignore = false
    this.file = file
    if (typeOf(file.name)) void this.send(false)
    else this.trouble = this.s.fileKind
  }

  private async send(apply: boolean): Promise<void> {
    const { file, office, s } = this
    const type = typeOf(file?.name ?? '')
    if (!file || !type || this.busy) return
    this.busy = true
    this.trouble = ''
    const q = new URLSearchParams()
    if (apply) q.set('apply', 'true')
    if (this.skip) q.set('skip_refused', 'true')
    if (this.ignore) q.set('ignore_columns', 'true')
    const a = await office.api.call<SheetReport>(`inventory/import?${q.toString()}`, { method: 'POST', raw: { type, body: file } })
    this.busy = false
    if (a.ok) this.report = a.value
    else if (isReport(a.body)) this.report = a.body
    else {
      this.report = undefined
      const { status, errors } = a.problem
      if (status === 404) this.trouble = s.importDenied
      else if (status === 413) this.trouble = s.fileLarge
      else this.trouble = status === 422 && errors.length ? errors.map((e) => e.detail).join('\n') : office.explain(a.problem)
    }
    if (this.report?.applied) {
      office.say(s.applied)
      this.file = undefined
      await office.loadAreas()
    }
  }

  private preview(r: SheetReport) {
    const { s } = this
    const lines = sorted(r.lines ?? [])
    const refused = r.cameras.refused + r.areas.refused
    const changes = r.cameras.added + r.cameras.changed + r.areas.added + r.areas.changed
    const whole = r.problems ?? []
    return html`<section aria-label=${s.preview}>
      ${r.applied ? banner('good', html`<b>${s.applied}</b>`) : html`<h2>${s.preview}</h2><p class="lead">${s.previewText}</p>`}
      ${whole.length ? banner('bad', html`${whole.map((m) => html`<p>${this.say(m)}</p>`)}${r.more ? s.moreProblems(r.more) : nothing}`) : nothing}
      ${(r.warnings ?? []).length ? banner('warn', html`${r.warnings!.map((m) => html`<p>${this.say(m)}</p>`)}`) : nothing}
      <dl class="counts">
        ${(['added', 'changed', 'unchanged', 'refused'] as const).map(
          (o) => html`<div class=${o === 'refused' && refused ? 'refused' : ''}>
            <dt>${s.outcomes[o]}</dt>
            <dd>${r.cameras[o] + r.areas[o]}</dd>
          </div>`,
        )}
      </dl>
      ${r.applied ? nothing : this.options(r, refused)}
      ${lines.length ? html`<ul class="lines">${lines.slice(0, SHOWN).map((l) => this.line(l))}</ul>` : nothing}
      ${lines.length > SHOWN ? html`<p class="lead">${s.moreLines(lines.length - SHOWN)}</p>` : nothing}
      ${r.applied ? nothing : this.deciding(r, changes, refused)}
    </section>`
  }

  /** What may be passed over. */
  private options(r: SheetReport, refused: number) {
    const { s } = this
    const columns = [...(r.problems ?? []), ...(r.warnings ?? [])].some((m) => m.code === 'column_unknown' || m.code === 'column_ignored')
    const ignore = (on: boolean) => {
      this.ignore = on
      void this.send(false)
    }
    return html`${columns ? tick('ignore', s.ignoreColumns, this.ignore, ignore) : nothing}
    ${refused > 0 ? tick('skip', s.skipRefused, this.skip, (on) => (this.skip = on), s.skipHint) : nothing}`
  }

  private deciding(r: SheetReport, changes: number, refused: number) {
    const { s } = this
    const ready = !this.busy && !(r.problems ?? []).length && changes > 0 && (refused === 0 || this.skip)
    return html`<div class="sticky">
      <button class="go" ?disabled=${!ready} @click=${() => void this.send(true)}>
        ${changes > 0 ? s.apply(String(changes)) : s.nothingToDo}
      </button>
    </div>`
  }

  private line(l: SheetLine) {
    const { s } = this
    const style: Record<Outcome, string> = { added: 'good', changed: 'warn', unchanged: '', refused: 'bad' }
    const fields = (l.fields ?? []).map((f) => (s.fieldNames as Record<string, string>)[f] ?? f).join(', ')
    return html`<li class="line">
      <header>
        <span class="n">${s.row(l.row)}</span>
        <b>${l.name || l.id || '–'}</b>
        ${l.area ? html`<small>${s.isArea}</small>` : nothing}
        <span class="tag ${style[l.outcome]}">${s.outcomes[l.outcome]}</span>
      </header>
      ${fields ? html`<p>${fields}</p>` : nothing}
      ${(l.problems ?? []).map((m) => html`<p class="problem">${this.say(m, l.row)}</p>`)}
      ${(l.warnings ?? []).map((m) => html`<p class="warning">${this.say(m, l.row)}</p>`)}
    </li>`
  }

  /** Row, column, and what is wrong; the row only where it is not said already. */
  private say(m: SheetMessage, row = 0): string {
    const { s, office } = this
    const where = [m.row && m.row !== row ? s.row(m.row) : '', s.column(m.letter ?? '', m.column ?? '')].filter(Boolean).join(', ')
    const what = textIn(m.text, office.lang) || [m.code, ...(m.params ?? [])].join(' ')
    return where ? `${where}: ${what}` : what
  }

  private export() {
    const { s, office } = this
    const lang = office.lang === 'en' ? '&lang=en' : ''
    return html`<section class="export">
      <h2>${s.export}</h2>
      <p class="lead">${s.exportText}</p>
      <div class="buttons">
        <a class="soft" href="../api/v1/inventory/export?format=csv${lang}" download="matthan.csv">${icon('download', 20)}${s.exportCSV}</a>
        <a class="soft" href="../api/v1/inventory/export?format=yaml" download="matthan.yaml">${icon('download', 20)}${s.exportYAML}</a>
      </div>
    </section>`
  }
}
customElements.define('import-screen', ImportScreen)
