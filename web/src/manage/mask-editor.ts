import { css, html, nothing } from 'lit'
import { part, type Problem } from '../core/manage/api'
import { pairsOf, pointsOf, type CameraSettings } from '../core/manage/camera-form'
import { Masks, lifts, sameMasks, type Mask } from '../core/owner/masks'
import { base } from '../ui/shared'
import type { Masked } from './camera-masks'
import { conflictBox, type Conflict } from './conflict'
import { banner } from './fields'
import { formStyle } from './form-style'
import { icon, type IconName } from './icons'
import { Part } from './part'
import '../owner/mask-board'

/** Draws masks over a still of the camera, or over nothing where it gives none. */
export class MaskEditor extends Part {
  static override properties = {
    camera: { attribute: false },
    fixed: { attribute: false },
    state: { state: true },
    still: { state: true },
    url: { state: true },
    trouble: { state: true },
    conflict: { state: true },
  }
  declare camera: string
  /** what the owner drew, which stays */
  declare fixed: readonly Mask[]
  declare state: 'loading' | 'edit' | 'saving' | 'gone'
  declare still: 'asked' | 'there' | 'none'
  /** of the still */
  declare url: string
  declare trouble: string
  declare conflict: Conflict<CameraSettings> | undefined
  /** the camera as it was loaded, and its version */
  private old: CameraSettings | undefined
  private version = ''
  private was: readonly Mask[] = []
  private masks = new Masks()

  static override styles = [
    base,
    formStyle,
    css`
      .frame {
        position: relative;
        max-width: 760px;
        aspect-ratio: 16 / 9;
        border-radius: 12px;
        overflow: hidden;
        background: linear-gradient(#8592a5, #b9c3d1);
      }
      .frame > * {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      .thirds path {
        stroke: #ffffff8c;
        stroke-dasharray: 4 6;
        vector-effect: non-scaling-stroke;
        fill: none;
      }
      .say {
        margin: 10px 0 0;
        font-size: 14.5px;
        font-weight: 600;
        line-height: 1.45;
        min-height: 42px;
      }
      .tools,
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        max-width: 760px;
      }
      .tools button {
        min-height: 46px;
      }
      .buttons {
        margin-top: 16px;
      }
      .text,
      .banner {
        max-width: 760px;
      }
      .why {
        max-width: 760px;
        margin: 0 0 12px;
        font-size: 14.5px;
        line-height: 1.5;
        color: var(--t2);
      }
      .banner {
        margin: 12px 0 0;
      }
      @media (max-width: 560px) {
        .tools button,
        .buttons button {
          flex: 1 1 44%;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.state = 'loading'
    this.still = 'asked'
    this.url = this.trouble = ''
    this.fixed = []
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.load()
    void this.look()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    if (this.url) URL.revokeObjectURL(this.url)
  }

  /** Something is drawn that is not saved. */
  get dirty(): boolean {
    return this.state === 'edit' && (this.masks.drawing.length > 0 || !sameMasks(this.masks.masks, this.was))
  }

  private async load(): Promise<void> {
    const a = await this.office.api.get<CameraSettings>(`inventory/cameras/${part(this.camera)}`)
    if (a.ok) return this.begin(a.value, a.etag)
    this.state = 'gone'
    this.trouble = a.problem.status === 404 ? this.s.masksGone : this.office.explain(a.problem)
  }

  private begin(camera: CameraSettings, version: string): void {
    this.old = camera
    this.version = version
    this.was = pointsOf(camera.masks)
    this.masks = new Masks(this.masks.ratio, this.was)
    this.state = 'edit'
  }

  /** Asks for a still, which is a look at the camera, under the rights of one. */
  private async look(): Promise<void> {
    const r = await fetch(`../api/v1/cameras/${part(this.camera)}/still?width=640`, { cache: 'no-store', credentials: 'same-origin' }).catch(() => undefined)
    const jpeg = r?.status === 200 ? await r.blob().catch(() => undefined) : undefined
    this.still = jpeg && this.isConnected ? 'there' : 'none'
    if (this.still === 'there') this.url = URL.createObjectURL(jpeg!)
  }

  /** The frame has the picture's shape, so that a place in one is a place in the other. */
  private readonly shaped = (e: Event): void => {
    const { naturalWidth, naturalHeight } = e.target as HTMLImageElement
    this.masks.ratio = naturalWidth / naturalHeight
    this.renderRoot.querySelector<HTMLElement>('.frame')!.style.aspectRatio = String(this.masks.ratio)
  }

  override render() {
    const { s, masks, state } = this
    if (state === 'loading') return html`<p role="status">${s.loading}…</p>`
    if (state === 'gone') return banner('warn', this.trouble)
    return html`<p class="why">${s.masksText}</p>
      <div class="frame">
        ${this.url
          ? html`<img src=${this.url} alt="" @load=${this.shaped} />`
          : html`<svg class="thirds" viewBox="0 0 3 3" preserveAspectRatio="none" aria-hidden="true"><path d="M1 0v3M2 0v3M0 1h3M0 2h3" /></svg>`}
        <mask-board
          .masks=${masks}
          .fixed=${this.fixed}
          .label=${s.masksBoard}
          .words=${{ corner: s.masksCorner, edge: s.masksEdge }}
          @drawn=${() => this.requestUpdate()}
        ></mask-board>
      </div>
      <p class="say" role="status">${this.say()}</p>
      ${this.tools()} ${this.notes()}
      <div class="buttons">
        <button type="button" class="go" ?disabled=${state === 'saving' || !this.dirty || masks.drawing.length > 0} @click=${() => void this.save()}>
          ${state === 'saving' ? html`<span class="spin"></span>${s.saving}` : s.masksSave}
        </button>
        <button type="button" class="text" ?disabled=${state === 'saving'} @click=${() => this.leave(undefined)}>${s.masksLeave}</button>
      </div>`
  }

  private say(): string {
    const { s, masks } = this
    if (masks.drawing.length > 0) return s.masksCorners(masks.drawing.length)
    return masks.masks.length > 0 ? s.masksMove : s.masksBegin
  }

  private tools() {
    const { s, masks } = this
    const { chosen } = masks
    const button = (name: IconName, label: string, act: () => void, kind = 'soft') =>
      html`<button type="button" class=${kind} @click=${() => this.draw(act)}>${icon(name, 19)}${label}</button>`
    const corner = chosen && chosen.corner >= 0 && masks.at(chosen) ? chosen : undefined
    return html`<div class="tools">
      ${masks.canClose ? button('check', s.masksClose, () => masks.close(), 'go') : nothing}
      ${masks.drawing.length === 0 && !masks.full ? button('plus', s.masksAdd, () => masks.add()) : nothing}
      ${masks.canUndo ? button('back', s.masksUndo, () => masks.undo()) : nothing}
      ${corner ? button('close', s.masksRemoveCorner, () => masks.removeCorner(corner), 'soft bad') : nothing}
      ${chosen && chosen.mask >= 0 ? button('bin', s.masksRemove(chosen.mask + 1), () => masks.remove(chosen.mask), 'soft bad') : nothing}
    </div>`
  }

  private notes() {
    const { s, conflict } = this
    return html`${this.fixed.length > 0 ? banner('plain', s.masksOwners(this.fixed.length)) : nothing}
      ${this.still === 'none' ? banner('plain', s.masksNoStill) : this.still === 'there' && this.was.length > 0 ? banner('plain', s.masksBlack) : nothing}
      ${banner('plain', s.masksCost)} ${this.dirty && lifts(this.was, this.masks.masks) ? banner('warn', s.masksLift) : nothing}
      ${this.trouble ? banner('bad', this.trouble) : nothing}
      ${conflict
        ? conflictBox(s, conflict, [{ label: s.masks, was: this.count(this.was), is: this.count(pointsOf(conflict.now?.masks)) }], {
            theirs: () => {
              this.conflict = undefined
              this.begin(conflict.now!, conflict.version)
            },
            mine: () => {
              this.conflict = undefined
              if (!conflict.now) return this.leave(undefined)
              this.old = conflict.now
              this.version = conflict.version
              this.was = pointsOf(conflict.now.masks)
              void this.save()
            },
          })
        : nothing}`
  }

  private count(masks: readonly Mask[]): string {
    return String(masks.length)
  }

  private readonly draw = (act: () => void): void => {
    act()
    this.renderRoot.querySelector<Part>('mask-board')?.requestUpdate()
    this.requestUpdate()
  }

  private async save(): Promise<void> {
    const { s, office, masks } = this
    this.trouble = ''
    const lifted = lifts(this.was, masks.masks)
    if (lifted && !(await office.ask({ title: s.masksLiftAsk, text: s.masksLiftText, yes: s.masksLiftYes, bad: true }))) return
    const body: CameraSettings = { ...this.old!, masks: pairsOf(masks.masks) }
    const was = this.version
    this.state = 'saving'
    const a = await office.api.call(`inventory/cameras/${part(this.camera)}`, { method: 'PUT', body, version: was })
    this.state = 'edit'
    if (!a.ok) return this.refused(a.problem)
    office.say(s.masksSaved)
    this.leave({ masks: body.masks, was, is: a.etag })
  }

  private async refused(p: Problem): Promise<void> {
    if (p.code === 'conflict') {
      const a = await this.office.api.get<CameraSettings>(`inventory/cameras/${part(this.camera)}`)
      // Only something else of it is another: what is drawn is kept with that.
      if (a.ok && sameMasks(pointsOf(a.value.masks), this.was)) {
        this.old = a.value
        this.version = a.etag
        return this.save()
      }
      this.conflict = { now: a.ok ? a.value : undefined, version: a.ok ? a.etag : '' }
    } else this.trouble = p.status === 404 ? this.s.masksGone : p.status === 422 ? this.s.refusedBy(p.errors.map((e) => e.detail).join('; ')) : this.office.explain(p)
  }

  private leave(detail: Masked | undefined): void {
    this.dispatchEvent(new CustomEvent('left', { detail }))
  }
}
customElements.define('mask-editor', MaskEditor)
