import { css, html, nothing, svg, type PropertyValues } from 'lit'
import type { Camera } from '../../core/cameras'
import { qrPath } from '../../core/qr'
import { MAX_SHARE_NAME, MAX_SHARE_NOTE, pinWords, runningShares, SHARE_MINUTES, type MadeShare, type Share } from '../../core/share'
import { shareStrings, type ShareStrings } from '../../core/share-text'
import { icon } from '../icons'
import { base } from '../shared'
import { glyph } from './glyphs'
import { Page } from './page'
import { pageStyle } from './people-style'

/** Lets somebody else watch the camera that is shown, and ends that. */
export class SharePage extends Page {
  static override properties = {
    camera: { attribute: false },
    outside: { state: true },
    minutes: { state: true },
    made: { state: true },
    copied: { state: true },
  }
  declare camera: Camera | undefined
  declare outside: boolean
  declare minutes: number
  /** what is told once, with the name that it is for */
  declare made: (MadeShare & { name: string; camera: string; url: string }) | undefined
  declare copied: boolean
  private name = ''
  private note = ''

  static override styles = [
    base,
    pageStyle,
    css`
      .which {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 11px 14px;
        border-radius: 16px;
        background: var(--s2);
      }
      .which svg {
        color: var(--t2);
      }
      .which b {
        font-weight: 640;
      }
      .hint {
        margin-top: 7px;
        font-size: 13.5px;
      }
      .on {
        border-radius: 16px;
        border: 1px solid var(--ln);
        padding: 0 14px;
        margin-bottom: 16px;
      }
      .pinbox {
        margin-top: 12px;
        padding: 10px 16px 12px;
        border-radius: 16px;
        border: 1.5px solid var(--warn);
      }
      .pinbox b {
        display: block;
        margin: 2px 0;
        font-size: 40px;
        font-weight: 660;
        line-height: 1.15;
        letter-spacing: 0.08em;
        user-select: all;
      }
      .pinbox small {
        font-size: 14px;
        color: var(--tx);
      }
      .card {
        padding: 12px 16px 12px;
        border-radius: 16px;
        background: var(--s2);
      }
      .card h3 {
        color: var(--tx);
        font-size: 16px;
        margin: 0;
      }
      .code {
        display: flex;
        gap: 16px;
        align-items: center;
        margin-top: 10px;
      }
      .code > svg {
        width: 128px;
        height: 128px;
        flex: none;
        border-radius: 10px;
        background: #fff;
      }
      .ways {
        display: grid;
        flex: 1;
        gap: 10px;
      }
      .ways .soft {
        background: var(--s3);
      }
      .url {
        margin: 10px 0 6px;
        font: 500 13px/1.4 ui-monospace, monospace;
        overflow-wrap: anywhere;
        user-select: all;
        color: var(--t2);
      }
    `,
  ]

  constructor() {
    super()
    this.outside = false
    this.minutes = SHARE_MINUTES[1]!
    this.copied = false
  }

  private get t(): ShareStrings {
    return shareStrings[this.language]
  }

  override render() {
    const main = this.made ? this.told(this.made) : this.form()
    return html`<div class="scroll">${this.made ? nothing : this.running()} ${main} ${this.faultLine()}</div>
      ${this.made
        ? this.bar(html`<button class="soft" @click=${this.done}>${this.t.done}</button>`)
        : this.camera && this.camera.kind !== 'household'
          ? this.bar(
              html`<button class="go" aria-disabled=${this.busy ? 'true' : 'false'} @click=${this.make}>
                ${glyph('share', 21)}${this.busy ? this.t.making : this.t.make}
              </button>`,
            )
          : this.bar()}`
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed)
    // What is told once is read out, and seen from its beginning.
    if (changed.has('made') && this.made) this.renderRoot.querySelector<HTMLElement>('.card h3')?.focus()
  }

  private form() {
    const { t, camera } = this
    if (!camera) return html`<p class="none">${t.noCamera}</p>`
    if (camera.kind === 'household') return html`<p class="none">${t.household}</p>`
    const kind = (outside: boolean, text: string) =>
      html`<button aria-pressed=${this.outside === outside ? 'true' : 'false'} @click=${() => (this.outside = outside)}>${text}</button>`
    return html`<div class="which">${icon('camera', 24)}<span class="what"><b>${camera.name}</b></span></div>
      <h3 id="with">${t.with}</h3>
      ${this.desk.who.may.share_out
        ? html`<div class="seg" role="group" aria-labelledby="with">${kind(false, t.colleague)}${kind(true, t.outsider)}</div>`
        : nothing}
      <small class="hint">${this.outside ? t.outsiderHint : t.colleagueHint}</small>
      <h3 id="name">${t.name}</h3>
      <input
        type="text"
        autocomplete="off"
        maxlength=${MAX_SHARE_NAME}
        aria-labelledby="name"
        placeholder=${this.outside ? t.outsiderName : t.colleagueName}
        .value=${this.name}
        @input=${(e: Event) => (this.name = (e.target as HTMLInputElement).value)}
      />
      ${this.outside ? html`<small class="hint">${t.nameHint}</small>` : nothing}
      <h3 id="span">${t.howLong}</h3>
      <div class="seg" role="group" aria-labelledby="span">
        ${SHARE_MINUTES.map(
          (n) =>
            html`<button aria-pressed=${this.minutes === n ? 'true' : 'false'} @click=${() => (this.minutes = n)}>${t.minutes(n)}</button>`,
        )}
      </div>
      <h3 id="note">${t.note}</h3>
      <textarea
        rows="1"
        maxlength=${MAX_SHARE_NOTE}
        aria-labelledby="note"
        placeholder=${t.noteExample}
        .value=${this.note}
        @input=${(e: Event) => (this.note = (e.target as HTMLTextAreaElement).value)}
      ></textarea>
      <small class="hint">${t.recorded}</small>`
  }

  /** What is on now, each to be ended at once. */
  private running() {
    const { t } = this
    const on = runningShares(this.desk.shares, this.desk.now).filter((s) => !s.received)
    if (on.length === 0) return nothing
    return html`<h3>${t.running}</h3>
      <ul class="on" aria-label=${t.running}>
        ${on.map((s) => html`<li>${this.row(s)}</li>`)}
      </ul>`
  }

  private row(s: Share) {
    const { t } = this
    const state = s.opened_by ? t.openedBy(s.opened_by) : s.opened ? t.openedIt : t.notOpened
    const wrong = s.tries ? ` · ${t.wrongPins(s.tries)}` : ''
    return html`<div class="line">
      ${glyph(s.outside ? 'share' : 'user', 22)}
      <span>
        <b>${s.name || s.camera}</b>
        <small>${t.forWhom(s.for)} · ${t.until(this.clock(s.until))}</small>
        <small>${s.mine ? '' : `${t.by(s.by_name)} · `}${state}${wrong}</small>
      </span>
      <button class="danger small" aria-label=${t.endOf(s.for)} @click=${() => this.end(s.key)}>${t.end}</button>
    </div>`
  }

  private end(key: string): Promise<boolean> {
    return this.act(() => this.desk.endShare(key), this.t.failed)
  }

  private readonly make = async (): Promise<void> => {
    const { t, camera, outside, minutes } = this
    const name = this.name.trim()
    if (!camera) return
    if (!name) {
      this.fault = t.sayName
      this.renderRoot.querySelector('input')?.focus()
      return
    }
    const note = this.note.trim()
    await this.act(
      async () => {
        const made = await this.desk.share({ camera: camera.id, for: name, minutes, outside, ...(note ? { note } : {}) })
        const url = new URL(made.link.replace(/^\//, ''), new URL('.', location.href)).href
        this.made = { ...made, url, name, camera: camera.name }
        this.note = this.name = ''
      },
      t.failed,
      t.refused,
    )
  }

  /** The link and, apart from it, the pin: they go different ways. */
  private told(made: NonNullable<typeof this.made>) {
    const { t } = this
    const code = qrPath(made.url)
    return html`<div class="card">
        <h3 tabindex="-1">${t.ready(made.name)}</h3>
        <small>${made.camera} · ${t.readyUntil(this.clock(made.until))}</small>
        <div class="code">
          ${code
            ? html`<svg viewBox="0 0 ${code.size} ${code.size}" role="img" aria-label=${t.qr} shape-rendering="crispEdges">
                ${svg`<path d=${code.path} fill="#000"/>`}
              </svg>`
            : nothing}
          <div class="ways">
            ${'share' in navigator
              ? html`<button class="go small" @click=${this.send}>${glyph('share', 20)}${t.send}</button>`
              : nothing}
            <button class="soft small" @click=${this.copy}>${icon(this.copied ? 'check' : 'copy', 20)}${this.copied ? t.copied : t.copy}</button>
          </div>
        </div>
        <p class="url">${made.url}</p>
        <small>${made.pin ? t.onceOut : t.onceIn}</small>
      </div>
      ${made.pin
        ? html`<div class="pinbox">
            <span>${t.pin}</span><b>${pinWords(made.pin)}</b><small>${t.pinTell}</small>
          </div>`
        : nothing}`
  }

  private readonly send = async (): Promise<void> => {
    const { made } = this
    if (!made) return
    try {
      await navigator.share({ text: this.t.message(made.camera, this.clock(made.until)), url: made.url })
    } catch {
      // Put away again, or there is nothing to send with: the link stands on the screen.
    }
  }

  private readonly copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.made?.url ?? '')
      this.copied = true
    } catch {
      // Where the clipboard is closed to the page, the text is there to be marked.
      const range = document.createRange()
      range.selectNodeContents(this.renderRoot.querySelector('.url')!)
      getSelection()?.removeAllRanges()
      getSelection()?.addRange(range)
    }
  }

  private readonly done = (): void => {
    this.made = undefined
    this.copied = false
  }
}
customElements.define('share-page', SharePage)
