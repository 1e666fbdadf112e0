import { css, html, nothing, type PropertyValues } from 'lit'
import type { CameraSettings } from '../core/manage/camera-form'
import type { Sight } from '../owner/camera-preview'
import { base } from '../ui/shared'
import { banner } from './fields'
import { formStyle } from './form-style'
import { causeOf } from './health-words'
import { icon } from './icons'
import { Part } from './part'
import '../owner/camera-preview'

/** The camera's live picture before it is saved. */
export class CameraTrial extends Part {
  static override properties = { of: { attribute: false }, ask: { attribute: false }, camera: { state: true }, sight: { state: true }, busy: { state: true }, trouble: { state: true } }
  /** by which the camera is reached: another one is another picture */
  declare of: string
  /** what is to be tried; undefined where that cannot be */
  declare ask: () => CameraSettings | undefined
  /** its id while it is tried; '' it is not */
  declare camera: string
  declare sight: Sight
  declare busy: boolean
  declare trouble: string

  static override styles = [
    base,
    formStyle,
    css`
      :host {
        display: block;
        margin-bottom: 22px;
      }
      .hint {
        margin: 8px 0 0;
      }
      camera-preview {
        max-width: 480px;
        margin-bottom: 10px;
      }
      .say {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: 24px;
        font-size: 14.5px;
        font-weight: 600;
        line-height: 1.45;
      }
      .live {
        color: var(--ok);
      }
      .failed {
        color: var(--bad);
      }
      .banner {
        margin: 10px 0 0;
      }
    `,
  ]

  constructor() {
    super()
    this.camera = ''
    this.sight = { kind: 'opening' }
    this.busy = false
    this.trouble = ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('of') && changed.get('of') !== undefined) {
      this.camera = ''
      this.trouble = ''
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    // What became of it stands under the picture.
    if ((changed.has('camera') || changed.has('sight')) && this.camera) this.renderRoot.querySelector('.say')!.scrollIntoView({ block: 'nearest' })
  }

  override render() {
    const { s, camera } = this
    return html`${camera
        ? html`<camera-preview .camera=${camera} .secret=${''} .label=${s.trialPicture} @sight=${(e: CustomEvent<Sight>) => (this.sight = e.detail)}></camera-preview>`
        : nothing}
      <p class="say ${camera ? this.sight.kind : ''}" role="status">${camera ? this.words() : ''}</p>
      <div class="buttons">
        <button type="button" class="soft" ?disabled=${this.busy} @click=${this.begin}>
          ${this.busy ? html`<span class="spin"></span>` : icon('eye', 20)}${camera ? s.trialAgain : s.trial}
        </button>
        ${camera ? html`<button type="button" class="text" @click=${() => (this.camera = '')}>${s.trialStop}</button>` : nothing}
      </div>
      ${this.trouble ? banner('warn', this.trouble) : html`<p class="hint">${s.trialText}</p>`}`
  }

  private words(): string {
    const { s, office, sight } = this
    if (sight.kind === 'live') return s.trialLive
    if (sight.kind === 'opening') return s.trialOpening
    const why = sight.code in s.healthCauses ? causeOf(office, sight.code) : s.trialNone
    return s.trialFailed(why[0]!.toLowerCase() + why.slice(1))
  }

  private readonly begin = async (): Promise<void> => {
    const of = this.of
    const body = this.ask()
    if (!body || this.busy) return
    this.busy = true
    this.trouble = ''
    this.camera = ''
    const a = await this.office.api.call<{ camera: string }>('inventory/trials', { method: 'POST', body })
    this.busy = false
    if (of !== this.of) return // something else was typed meanwhile
    if (a.ok) {
      this.sight = { kind: 'opening' }
      this.camera = a.value.camera
    } else this.trouble = a.problem.status === 404 ? this.s.areaDenied : this.office.explain(a.problem)
  }
}
customElements.define('camera-trial', CameraTrial)
