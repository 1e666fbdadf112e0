import { css, html, nothing } from 'lit'
import type { AreaHit, Grant, Place } from '../../core/people'
import { placeWords } from '../../core/people-text'
import { countdown, EMERGENCY_SPANS, formatSpan, lacking } from '../../core/rights'
import { base } from '../shared'
import './area-picker'
import { glyph } from './glyphs'
import './hold-button'
import { emptyDraft, Page } from './page'
import { pageStyle } from './people-style'
import { reasonField, reasonIn, spanField } from './reason-field'

/** Looks at once, without being asked for leave: told to the supervisor, and recorded. */
export class EmergencyPage extends Page {
  static override properties = { span: { state: true }, by: { state: true } }
  declare span: number
  declare by: 'area' | 'camera'

  static override styles = [
    base,
    pageStyle,
    css`
      .warning {
        display: grid;
        gap: 5px;
        padding: 12px 14px;
        border-radius: 16px;
        border: 1.5px solid var(--bad);
        font-size: 15px;
        line-height: 1.4;
      }
      .warning b {
        font-weight: 660;
        color: var(--bad);
      }
      .warning p:last-child {
        color: var(--t2);
        font-size: 14px;
      }
      .by {
        margin: 14px 0 10px;
      }
      .clock {
        margin: 14px 0 2px;
        font-size: 54px;
        font-weight: 640;
        letter-spacing: -0.02em;
        line-height: 1.1;
        text-align: center;
        color: var(--bad);
      }
      .on {
        text-align: center;
      }
      .on b {
        font-size: 18px;
        font-weight: 660;
      }
    `,
  ]

  constructor() {
    super()
    this.span = EMERGENCY_SPANS[2]!
    this.by = 'area'
  }

  override render() {
    const on = this.desk.emergency
    return on ? this.running(on) : this.form()
  }

  private running(g: Grant) {
    const { p } = this
    const where = g.areas?.length ? placeWords(g.areas, p, this.nameOf) : p.camerasOf((g.cameras ?? []).join(', '))
    return html`<div class="scroll">
        <div class="on">
          <p class="clock" role="timer">${countdown(this.desk.left)}</p>
          <b>${where}</b>
          <small>${p.until(this.clock(g.until))}</small>
        </div>
        <h3>${p.why}</h3>
        <p>${g.reason}</p>
        ${this.faultLine()}
      </div>
      ${this.bar(
        html`<button class="soft" aria-disabled=${this.busy ? 'true' : 'false'} @click=${() => this.end(g.key)}>${p.endMine}</button>`,
      )}`
  }

  private form() {
    const { p, draft } = this
    const spans = EMERGENCY_SPANS.map((seconds) => ({ seconds, text: formatSpan(seconds, this.language) }))
    const by = (b: 'area' | 'camera') =>
      html`<button aria-pressed=${this.by === b ? 'true' : 'false'} @click=${() => this.turn(b)}>${p[b]}</button>`
    const placed = this.by === 'area' ? draft.area !== undefined : draft.camera !== ''
    return html`<div class="scroll">
        <div class="warning">
          <p><b>${p.alarmLine}</b></p>
          <p>${p.recordLine}</p>
          <p>${p.limitLine}</p>
        </div>
        <div class="seg by" role="group" aria-label=${p.where}>${by('area')}${by('camera')}</div>
        ${this.by === 'area'
          ? html`<area-picker
              .api=${this.desk.api}
              .p=${p}
              .chosen=${draft.area}
              .query=${this.query}
              @choose=${(e: CustomEvent<AreaHit | undefined>) => this.choose(e.detail)}
            ></area-picker>`
          : html`<input
              autocomplete="off"
              autocapitalize="off"
              spellcheck="false"
              maxlength="64"
              aria-label=${p.camera}
              placeholder=${p.cameraHint}
              .value=${draft.camera}
              @input=${(e: Event) => this.name((e.target as HTMLInputElement).value)}
            />`}
        ${placed
          ? html`${reasonField(p, draft, () => this.changed())}
            ${spanField(p.howLong, spans, this.span, (s) => (this.span = s))}`
          : nothing}
        ${this.faultLine()}
      </div>
      ${this.bar(
        html`<hold-button
          .label=${this.busy ? p.sending : p.hold}
          .holding=${p.holding}
          .again=${p.pressAgain}
          .glyph=${glyph('siren', 22)}
          .ready=${() => this.complete()}
          @held=${() => void this.declare()}
        ></hold-button>`,
      )}`
  }

  private turn(by: 'area' | 'camera'): void {
    this.by = by
    this.changed()
  }

  private choose(area: AreaHit | undefined): void {
    this.draft.area = area
    this.changed()
  }

  private name(camera: string): void {
    this.draft.camera = camera.trim().toLowerCase()
    this.changed()
  }

  private changed(): void {
    this.fault = ''
    this.requestUpdate()
  }

  private get place(): Place | undefined {
    const { area, camera } = this.draft
    if (this.by === 'camera') return camera ? { cameras: [camera] } : undefined
    return area ? { area: area.id } : undefined
  }

  /** Whether all is said that must be; if not, says what is missing. */
  private complete(): boolean {
    const missing = lacking(reasonIn(this.p, this.draft))
    if (this.busy) return false
    if (!this.place) this.fault = this.by === 'area' ? this.p.pickArea : this.p.nameCamera
    else if (missing > 0) this.fault = this.p.sayWhy(String(missing))
    else return true
    return false
  }

  private async declare(): Promise<void> {
    const { place } = this
    if (!place || !this.complete()) return
    const reason = reasonIn(this.p, this.draft)
    const gone = this.by === 'camera' ? this.p.noCamera : this.p.refused
    this.expect(true)
    if (!(await this.act(() => this.desk.declare(place, this.span, reason), this.p.failed, gone))) return this.expect(false)
    Object.assign(this.draft, emptyDraft())
    this.leave()
  }

  private expect(cameras: boolean): void {
    this.dispatchEvent(new CustomEvent('expect', { detail: cameras, bubbles: true, composed: true }))
  }

  private async end(key: string): Promise<void> {
    if (await this.act(() => this.desk.revoke(key))) this.leave()
  }
}
customElements.define('emergency-page', EmergencyPage)
