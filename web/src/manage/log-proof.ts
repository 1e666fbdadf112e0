import { css, html } from 'lit'
import type { LogHead } from '../core/manage/log'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { panelStyle } from './screen-style'

/** Whether the log is whole, what to note elsewhere, and the way to take it along. */
export class LogProof extends Part {
  static override properties = { head: { attribute: false }, now: { state: true }, copied: { state: true } }
  /** as it was when the screen opened */
  declare head: LogHead | undefined
  declare now: LogHead | undefined
  declare copied: string

  static override styles = [
    base,
    formStyle,
    panelStyle,
    css`
      .lead {
        margin-bottom: 12px;
        font-size: 14.5px;
        color: var(--t2);
        line-height: 1.5;
      }
      .text1 {
        flex: 1;
        min-width: 0;
        padding: 12px 14px;
        overflow-wrap: anywhere;
        line-height: 1.45;
        user-select: all;
      }
      .group {
        margin-top: 24px;
      }
      .faults {
        margin: 8px 0 0;
      }
    `,
  ]

  constructor() {
    super()
    this.copied = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.load()
  }

  private async load(): Promise<void> {
    const a = await this.office.api.get<LogHead>('audit/head')
    if (a.ok) this.now = a.value
  }

  override render() {
    const { s } = this
    const head = this.now ?? this.head
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('log')}>${icon('back', 24)}</a>
        <h1>${s.logProofTitle}</h1>
      </header>
      <div class="body">${head ? [this.state(head), this.notes(head), this.export(head)] : html`<p role="status">${s.loading}…</p>`}</div>`
  }

  private state(head: LogHead) {
    const { s } = this
    const faults = head.faults ?? []
    if (faults.length > 0) {
      return banner('bad', html`<b>${s.logFault}</b>${s.logFaultText}<ul class="faults">${faults.map((f) => html`<li class="code">${f}</li>`)}</ul>`)
    }
    return head.checked ? banner('good', s.logProofGood) : banner('plain', s.logProofRunning)
  }

  private notes(head: LogHead) {
    const { s } = this
    const note = (id: string, title: string, text: string, value: string, act: string) => html`<div class="group">
      <h2 id=${id}>${title}</h2>
      <p class="lead">${text}</p>
      <div class="box"><span class="text1 code" aria-labelledby=${id} role="group">${value}</span></div>
      <div class="buttons">
        <button class="soft small" @click=${() => this.copy(id, value)}>${icon(this.copied === id ? 'check' : 'copy', 19)}${this.copied === id ? s.copied : act}</button>
      </div>
    </div>`
    return [note('head', s.logHead, s.logHeadText, head.head, s.logCopyHead), note('key', s.logKeyTitle, s.logKeyText, head.key, s.logCopyKey)]
  }

  private async copy(id: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      this.copied = id
    } catch {
      // Where the clipboard is closed to the page, the text is there to be marked.
      const range = document.createRange()
      range.selectNodeContents(this.renderRoot.querySelector(`[aria-labelledby="${id}"]`)!)
      getSelection()?.removeAllRanges()
      getSelection()?.addRange(range)
    }
  }

  private export(head: LogHead) {
    const { s } = this
    return html`<div class="group">
      <h2>${s.logExport}</h2>
      ${head.whole
        ? html`<p class="lead">${s.logExportText}</p>
            <div class="buttons">
              <a class="soft small" href="../api/v1/audit/export" download="matthan-audit.ndjson">${icon('download', 19)}${s.logExportAll}</a>
              <a class="soft small" href="../api/v1/audit/export?format=csv" download="matthan-audit.csv">${icon('download', 19)}${s.logExportTable}</a>
            </div>
            <details>
              <summary>${icon('down', 19)}${s.logVerify}</summary>
              <div class="box"><span class="text1 code">matthan audit verify --key ${head.key} --head ${head.head} matthan-audit.ndjson</span></div>
            </details>`
        : html`<p class="lead">${s.logExportNot}</p>`}
    </div>`
  }
}
customElements.define('log-proof', LogProof)
