import { html, nothing } from 'lit'
import { part, type Problem } from '../core/manage/api'
import { pairsOf, pointsOf, type CameraSettings } from '../core/manage/camera-form'
import { Masks, hiddenPercent, lifts, sameMasks, type Mask } from '../core/owner/masks'
import { base } from '../ui/shared'
import type { Masked } from './camera-masks'
import { conflictBox, type Conflict } from './conflict'
import { banner } from './fields'
import { formStyle } from './form-style'
import { icon, type IconName } from './icons'
import { maskEditorStyle } from './mask-editor-style'
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

  static override styles = [base, formStyle, maskEditorStyle]

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

  /** Asks for a still of the main stream, since the small one of some cameras shows less of the place. It is a look at the camera, under the rights of one. */
  private async look(): Promise<void> {
    const r = await fetch(`../api/v1/cameras/${part(this.camera)}/still?width=1280`, { cache: 'no-store', credentials: 'same-origin' }).catch(() => undefined)
    const jpeg = r?.status === 200 ? await r.blob().catch(() => undefined) : undefined
    this.still = jpeg && this.isConnected ? 'there' : 'none'
    if (this.still === 'there') this.url = URL.createObjectURL(jpeg!)
  }

  /** The frame has the picture's shape, so that a place in one is a place in the other. */
  private readonly shaped = (e: Event): void => {
    const { naturalWidth, naturalHeight } = e.target as HTMLImageElement
    this.masks.ratio = naturalWidth / naturalHeight
    this.renderRoot.querySelector<HTMLElement>('.frame')!.style.setProperty('--ratio', String(this.masks.ratio))
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')!.showModal()
  }

  override render() {
    const { s, masks, state } = this
    return html`<dialog aria-labelledby="t" @cancel=${this.cancel}>
      <header>
        <h2 id="t">${s.masks}${this.old ? html` · ${this.old.name}` : nothing}</h2>
        <button type="button" aria-label=${s.close} @click=${() => void this.close()}>${icon('close', 24)}</button>
      </header>
      <div class="work" tabindex="-1">
        ${state === 'gone' ? html`<div class="beside">${banner('warn', this.trouble)}</div>` : state === 'loading' ? html`<p class="beside" role="status">${s.loading}…</p>` : this.board()}
      </div>
      ${state === 'gone' || state === 'loading'
        ? nothing
        : html`<footer>
            <button type="button" class="go" ?disabled=${state === 'saving' || !this.dirty || masks.drawing.length > 0 || this.conflict !== undefined} @click=${() => void this.save()}>
              ${state === 'saving' ? html`<span class="spin"></span>${s.saving}` : s.masksSave}
            </button>
            <button type="button" class="text" ?disabled=${state === 'saving'} @click=${() => void this.close()}>${s.masksLeave}</button>
          </footer>`}
    </dialog>`
  }

  private board() {
    const { s } = this
    return html`<div class="stage">
        <div class="frame">
          ${this.url
            ? html`<img src=${this.url} alt="" @load=${this.shaped} />`
            : html`<svg class="thirds" viewBox="0 0 3 3" preserveAspectRatio="none" aria-hidden="true"><path d="M1 0v3M2 0v3M0 1h3M0 2h3" /></svg>`}
          <mask-board
            .masks=${this.masks}
            .fixed=${this.fixed}
            .label=${s.masksBoard}
            .words=${{ corner: s.masksCorner, edge: s.masksEdge }}
            @drawn=${() => this.requestUpdate()}
          ></mask-board>
        </div>
      </div>
      <div class="beside">
        <p class="say" role="status">${this.say()}${this.masks.masks.length > 0 ? html`<span class="keys">${s.masksKeys}</span>` : nothing}</p>
        ${this.tools()} ${this.notes()}
      </div>`
  }

  private say(): string {
    const { s, masks } = this
    if (masks.drawing.length > 0) return masks.canClose ? s.masksEnough : s.masksMore(3 - masks.drawing.length)
    return masks.masks.length > 0 ? s.masksMove : s.masksBegin
  }

  private tools() {
    const { s, masks } = this
    const { chosen } = masks
    const button = (name: IconName, label: string, act: () => void, kind = 'soft', off = false) =>
      html`<button type="button" class=${kind} ?disabled=${off} @click=${() => this.draw(act)}>${icon(name, 19)}${label}</button>`
    const corner = chosen && chosen.corner >= 0 && masks.at(chosen) ? chosen : undefined
    return html`<div class="tools">
      ${masks.canClose ? button('check', s.masksClose, () => masks.close(), 'go') : nothing}
      ${button('plus', s.masksAdd, () => masks.add(), 'soft', masks.full || masks.drawing.length > 0)}
      ${button('undo', s.masksUndo, () => masks.undo(), 'soft', !masks.canUndo)}
      ${chosen && chosen.mask >= 0 ? button('bin', s.masksRemove(chosen.mask + 1), () => masks.remove(chosen.mask), 'soft bad') : nothing}
      ${corner ? button('close', s.masksRemoveCorner, () => masks.removeCorner(corner), 'soft bad') : nothing}
    </div>`
  }

  private notes() {
    const { s, conflict } = this
    const black = this.still === 'there' && this.was.length + this.fixed.length > 0
    return html`${this.dirty && lifts(this.was, this.masks.masks) ? banner('warn', s.masksLift) : nothing}
      ${this.trouble ? banner('bad', this.trouble) : nothing} ${conflict ? this.clash(conflict) : nothing}
      ${this.still === 'asked' ? html`<p class="note wait"><span class="spin"></span>${s.masksStill}</p>` : this.still === 'none' ? html`<p class="note">${s.masksNoStill}</p>` : nothing}
      ${black ? html`<p class="note">${s.masksBlack}</p>` : nothing} ${this.fixed.length > 0 ? html`<p class="note">${s.masksOwners(this.fixed.length)}</p>` : nothing}
      <p class="note">${s.masksText} ${s.masksCost}</p>`
  }

  /** Somebody else drew something else meanwhile. */
  private clash(conflict: Conflict<CameraSettings>) {
    const now = pointsOf(conflict.now?.masks)
    return conflictBox(this.s, conflict, [{ label: this.s.masks, was: this.count(this.was), is: this.count(now) }], {
      theirs: () => {
        this.conflict = undefined
        this.begin(conflict.now!, conflict.version)
      },
      mine: () => {
        this.conflict = undefined
        if (!conflict.now) return this.leave(undefined)
        this.old = conflict.now
        this.version = conflict.version
        this.was = now
        void this.save()
      },
    })
  }

  private count(masks: readonly Mask[]): string {
    return masks.length > 0 ? this.s.masksNow(masks.length, hiddenPercent(masks)) : this.s.masksNone
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

  private readonly cancel = (e: Event): void => {
    e.preventDefault()
    void this.close()
  }

  /** Leaves; what is drawn is not thrown away without a question. */
  private async close(): Promise<void> {
    const { s, office } = this
    if (this.state === 'saving') return
    if (!this.dirty || (await office.ask({ title: s.masksDrop, text: '', yes: s.masksDropYes, bad: true }))) this.leave(undefined)
  }

  private leave(detail: Masked | undefined): void {
    this.dispatchEvent(new CustomEvent('left', { detail }))
  }
}
customElements.define('mask-editor', MaskEditor)
