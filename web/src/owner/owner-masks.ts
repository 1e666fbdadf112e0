import { LitElement, css, html, nothing } from 'lit'
import type { Lang } from '../core/i18n'
import { Masks, lifts, sameMasks, type Mask } from '../core/owner/masks'
import { base } from '../ui/shared'
import type { Desk } from './desk'
import { boardWords, maskState, maskTools } from './mask-tools'
import { pageStyle } from './page-style'
import './mask-board'

/**
 * The owner draws what nobody is to see of their camera. Their link shows no picture: who
 * holds it may not live there. What they draw upon is a frame, or a picture that this
 * phone has and keeps.
 */
export class OwnerMasks extends LitElement {
  static override properties = { desk: { attribute: false }, lang: { attribute: false }, was: { attribute: false }, others: { attribute: false }, busy: { state: true }, failed: { state: true }, picture: { state: true }, tall: { state: true } }
  declare desk: Desk
  declare lang: Lang
  /** as they were read */
  declare was: readonly Mask[]
  /** drawn by who administers the camera */
  declare others: readonly Mask[]
  declare busy: boolean
  declare failed: string
  /** an object URL of a picture that never leaves this phone */
  declare picture: string
  /** the picture is no camera's */
  declare tall: boolean
  private masks = new Masks()
  /** was, when drawing began: what comes in meanwhile is not what was seen */
  private read: readonly Mask[] = []

  static override styles = [
    base,
    pageStyle,
    css`
      .frame {
        position: relative;
        overflow: hidden;
        aspect-ratio: 16 / 9;
        border-radius: 14px;
        border: 2px solid var(--fl);
        background: linear-gradient(#c9d4e2, #eef2f7);
      }
      .frame > * {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      .thirds path {
        stroke: #7a8798;
        stroke-width: 1;
        stroke-dasharray: 4 6;
        vector-effect: non-scaling-stroke;
        fill: none;
      }
      .state {
        margin: 12px 0 0;
        font-weight: 600;
        color: var(--tx);
        min-height: 27px;
      }
      .tools {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 10px;
        margin-top: 12px;
      }
      .act {
        text-align: center;
      }
      .tools .act {
        font-size: 18px;
        min-height: 56px;
        margin-top: 0;
        padding: 8px;
      }
      .pick {
        cursor: pointer;
        margin: 18px 0 0;
        font-size: 18px;
        min-height: 56px;
      }
      .pick:focus-within {
        outline: 3px solid var(--ac);
        outline-offset: 2px;
      }
      .hint {
        font-size: 18px;
        margin: 8px 0 18px;
      }
    `,
  ]

  constructor() {
    super()
    this.was = this.others = []
    this.busy = this.tall = false
    this.failed = this.picture = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.read = this.was
    this.masks = new Masks(16 / 9, this.was)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    if (this.picture) URL.revokeObjectURL(this.picture)
  }

  override render() {
    const { s } = this.desk
    const { masks } = this
    const changed = !sameMasks(masks.masks, this.read)
    return html`<h1>${s.masksTitle}</h1>
      <p>${s.masksText}</p>
      <div class="frame">
        ${this.picture
          ? html`<img src=${this.picture} alt="" @load=${this.shaped} />`
          : html`<svg class="thirds" viewBox="0 0 3 3" preserveAspectRatio="none" aria-hidden="true"><path d="M1 0v3M2 0v3M0 1h3M0 2h3" /></svg>`}
        <mask-board .masks=${masks} .fixed=${this.others} .label=${s.maskPicture} .words=${boardWords(s)} @drawn=${() => this.requestUpdate()}></mask-board>
      </div>
      <p class="state" role="status">${maskState(s, masks) || s.maskBegin}</p>
      ${maskTools(s, masks, this.draw)}
      ${this.others.length > 0 ? html`<p class="hint">${s.masksOthers(this.others.length)}</p>` : nothing}
      <label class="act soft pick">${this.picture ? s.maskOtherPhoto : s.maskPhoto}<input class="sr" type="file" accept="image/*" @change=${this.chose} /></label>
      <p class="hint">${this.tall ? html`<b>${s.maskPhotoTall}</b>` : s.maskPhotoText}</p>
      ${changed && lifts(this.read, masks.masks) ? html`<p class="warn" role="status">${s.masksLift}</p>` : nothing}
      ${this.failed ? html`<p class="alert" role="alert">${this.failed}</p>` : nothing}
      <button type="button" class="act" ?disabled=${this.busy || masks.drawing.length > 0 || !changed} @click=${() => void this.save()}>${this.busy ? s.loading : s.masksSave}</button>
      <button type="button" class="act soft" @click=${() => this.leave('')}>${s.back}</button>
      <p class="hint">${s.masksCost}</p>`
  }

  private readonly draw = (act: () => void): void => {
    act()
    this.renderRoot.querySelector<LitElement>('mask-board')?.requestUpdate()
    this.requestUpdate()
  }

  private readonly chose = (e: Event): void => {
    const file = (e.target as HTMLInputElement).files?.[0]
    if (!file) return
    if (this.picture) URL.revokeObjectURL(this.picture)
    this.picture = URL.createObjectURL(file)
  }

  /** The frame has the picture's shape, so that a place in one is a place in the other. */
  private readonly shaped = (e: Event): void => {
    const { naturalWidth, naturalHeight } = e.target as HTMLImageElement
    const ratio = naturalWidth / naturalHeight
    this.tall = ratio < 1.2 || ratio > 2
    this.masks.ratio = ratio
    this.renderRoot.querySelector<HTMLElement>('.frame')!.style.aspectRatio = String(ratio)
  }

  private async save(): Promise<void> {
    const { s } = this.desk
    this.busy = true
    this.failed = ''
    const a = await this.desk.api.call('owner/masks', { method: 'PUT', body: { was: this.read, masks: this.masks.masks } })
    this.busy = false
    if (a.ok) this.leave(s.masksSaved)
    else this.failed = a.problem.status === 409 ? s.masksConflict : this.desk.words(a.problem)
  }

  private leave(said: string): void {
    this.dispatchEvent(new CustomEvent('left', { detail: said }))
  }
}
customElements.define('owner-masks', OwnerMasks)
