import { LitElement, css, html, nothing, type PropertyValues } from 'lit'
import { handStrings } from '../core/hand-text'
import { formatBudget, formatSize } from '../core/format'
import { base } from './shared'
import { icon } from './icons'
import type { Viewer } from './viewer'

const SAID_MS = 12_000

/** Says once a day that most of the data is used, and once that all of it is. It stops nothing. */
export class DataNotice extends LitElement {
  static override properties = { viewer: { attribute: false }, stamp: { attribute: false }, saying: { state: true } }
  declare viewer: Viewer
  /** changes with what the viewer shows */
  declare stamp: number
  /** what is being said, per cent of the budget; 0 for nothing */
  declare saying: number
  private timer: number | undefined

  static override styles = [
    base,
    css`
      :host {
        position: fixed;
        z-index: 7;
        left: 0;
        right: 0;
        bottom: calc(var(--bottom, 0px) + 104px);
        display: grid;
        justify-items: center;
        padding: 0 12px;
        pointer-events: none;
      }
      :host([theatre]) {
        bottom: calc(var(--bottom, 0px) + 14px);
      }
      div {
        width: min(100%, 460px);
      }
      p {
        pointer-events: auto;
        display: flex;
        align-items: center;
        gap: 4px;
        min-height: 60px;
        padding: 6px 6px 6px 16px;
        border-radius: 18px;
        border: 1.5px solid var(--warn);
        background: var(--s3);
        color: var(--tx);
        font-size: 14.5px;
        font-weight: 600;
        line-height: 1.35;
        box-shadow: 0 6px 24px var(--shade);
      }
      span {
        flex: 1;
        min-width: 0;
      }
      button {
        flex: none;
        min-width: 48px;
        min-height: 48px;
        display: grid;
        place-items: center;
        border-radius: 14px;
      }
      .save {
        padding: 0 14px;
        background: var(--tx);
        color: var(--bg);
        font-weight: 650;
      }
    `,
  ]

  constructor() {
    super()
    this.saying = 0
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.timer)
  }

  protected override willUpdate(_: PropertyValues): void {
    const { meter } = this.viewer
    const due = meter.due
    if (due === 0) return
    meter.said(due)
    this.saying = due
    clearTimeout(this.timer)
    this.timer = window.setTimeout(this.away, SAID_MS)
  }

  override render() {
    const { meter, look, lang, strings } = this.viewer
    const t = handStrings[lang]
    const budget = formatBudget(meter.budget, lang)
    return html`<div role="status">
      ${this.saying
        ? html`<p>
            <span>${this.saying >= 100 ? t.over(budget) : t.near(formatSize(meter.today, lang), budget)}</span>
            ${look.saving ? nothing : html`<button class="save" @click=${this.save}>${t.save}</button>`}
            <button aria-label=${strings.close} @click=${this.away}>${icon('close', 22)}</button>
          </p>`
        : nothing}
    </div>`
  }

  private readonly save = (): void => {
    this.viewer.look.save(true)
    this.away()
  }

  private readonly away = (): void => {
    clearTimeout(this.timer)
    this.saying = 0
  }
}
customElements.define('data-notice', DataNotice)
