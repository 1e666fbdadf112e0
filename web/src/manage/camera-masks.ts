import { css, html, nothing, type PropertyValues } from 'lit'
import { part } from '../core/manage/api'
import { pointsOf, type CameraSettings } from '../core/manage/camera-form'
import { hiddenPercent, type Mask } from '../core/owner/masks'
import { base } from '../ui/shared'
import { banner } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import type { MaskEditor } from './mask-editor'
import { Part } from './part'

/** The camera's version as somebody knew it, and as it is now. */
export interface Masked {
  masks: CameraSettings['masks']
  was: string
  is: string
}

/** What of a saved camera's picture is hidden, and the way to the editor, which is loaded then. */
export class CameraMasks extends Part {
  static override properties = { camera: { attribute: false }, stored: { attribute: false }, household: { attribute: false }, open: { state: true }, just: { state: true }, owners: { state: true } }
  declare camera: string
  /** as they were loaded with the camera */
  declare stored: CameraSettings['masks']
  declare household: boolean
  declare open: boolean
  /** they were saved just now */
  declare just: boolean
  /** what a citizen drew over their own camera's picture */
  declare owners: readonly Mask[]

  static override styles = [
    base,
    formStyle,
    css`
      :host {
        display: block;
        padding-bottom: 26px;
      }
      h2 {
        font-size: 16px;
        font-weight: 660;
        letter-spacing: -0.01em;
        margin-bottom: 4px;
      }
      .now {
        font-size: 14.5px;
        line-height: 1.45;
        color: var(--t2);
      }
      .soft {
        margin-top: 12px;
      }
      .banner {
        margin: 10px 0 0;
      }
    `,
  ]

  constructor() {
    super()
    this.open = this.just = false
    this.owners = []
  }

  /** Something is drawn that is not saved. */
  get dirty(): boolean {
    return this.renderRoot.querySelector<MaskEditor>('mask-editor')?.dirty ?? false
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('camera')) return
    this.open = this.just = false
    this.owners = []
    if (this.household) void this.load()
  }

  private async load(): Promise<void> {
    const id = this.camera
    const a = await this.office.api.get<{ masks?: Mask[] }>(`inventory/cameras/${part(id)}/consent`)
    if (a.ok && id === this.camera) this.owners = a.value.masks ?? []
  }

  override render() {
    const { s } = this
    const masks = pointsOf(this.stored)
    return html`<h2 id="h">${s.masks}</h2>
      <p class="now">
        ${masks.length > 0 ? s.masksNow(masks.length, hiddenPercent(masks)) : s.masksNone} ${this.owners.length > 0 ? s.masksOwners(this.owners.length) : ''}
      </p>
      ${this.just ? html`<div role="status">${banner('good', s.masksSaved)}</div>` : nothing}
      <button type="button" class="soft draw" aria-describedby="h" @click=${this.draw}>${icon('pen', 19)}${masks.length > 0 ? s.masksEdit : s.masksDraw}</button>
      ${this.open ? html`<mask-editor .office=${this.office} .camera=${this.camera} .fixed=${this.owners} @left=${this.left}></mask-editor>` : nothing}`
  }

  private readonly draw = async (): Promise<void> => {
    await import('./mask-editor')
    this.just = false
    this.open = true
  }

  private readonly left = (e: CustomEvent<Masked | undefined>): void => {
    this.open = false
    if (!e.detail) return
    this.just = true
    this.emit('masked', e.detail)
  }
}
customElements.define('camera-masks', CameraMasks)
