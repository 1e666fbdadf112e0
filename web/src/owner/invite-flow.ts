import { LitElement, css, html, nothing } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { Answers, type InvitedDoc } from '../core/owner/answers'
import { reach } from '../core/owner/makes'
import type { Lang } from '../core/i18n'
import { base } from '../ui/shared'
import type { Desk, Reason } from './desk'
import type { Sight } from './camera-preview'
import { askAgreement, askCamera, askUse } from './invite-forms'
import { copyText, linkQr } from './link-qr'
import { boardWords, maskState, maskTools } from './mask-tools'
import { fieldStyle, pageStyle } from './page-style'
import './camera-preview'
import './mask-board'

const STEPS = 5

/** A citizen adds their camera, in five steps, on their own phone. */
export class InviteFlow extends LitElement {
  static override properties = {
    desk: { attribute: false },
    lang: { attribute: false },
    step: { state: true },
    doc: { state: true },
    failed: { state: true },
    faults: { state: true },
    busy: { state: true },
    sight: { state: true },
    link: { state: true },
    shown: { state: true },
    copied: { state: true },
  }
  declare desk: Desk
  declare lang: Lang
  /** 0 welcomes, 1 to 5 ask, 6 is done */
  declare step: number
  declare doc: InvitedDoc | undefined
  declare failed: string
  declare faults: Record<string, string>
  declare busy: boolean
  declare sight: Sight
  declare link: string
  declare shown: boolean
  declare copied: boolean
  private readonly answers = new Answers()
  private reasons: Reason[] = []
  /** counts the tries: each has a preview of its own */
  private tries = 0

  static override styles = [
    base,
    pageStyle,
    fieldStyle,
    css`
      .step {
        font-size: 18px;
        font-weight: 650;
        color: var(--ac);
        margin: 0;
      }
      .bar {
        display: flex;
        gap: 6px;
        margin: 6px 0 14px;
      }
      .bar i {
        flex: 1;
        height: 8px;
        border-radius: 4px;
        background: var(--ln);
      }
      .bar i.done {
        background: var(--ac);
      }
      .state {
        margin: 12px 0 0;
        font-weight: 600;
        color: var(--tx);
      }
      .tools {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 10px;
        margin-top: 12px;
      }
      .tools .act {
        font-size: 18px;
        min-height: 56px;
        margin-top: 0;
        padding: 8px;
      }
      .paper {
        padding: 14px 16px 2px;
        margin: 0 0 22px;
        border: 2px solid var(--ln);
        border-radius: 14px;
      }
      .paper p {
        color: var(--tx);
      }
      .url {
        padding: 12px 14px;
        border: 2px solid var(--ln);
        border-radius: 14px;
        font-size: 18px;
        user-select: all;
      }
    `,
  ]

  constructor() {
    super()
    this.step = 0
    this.failed = this.link = ''
    this.faults = {}
    this.busy = this.shown = this.copied = false
    this.sight = { kind: 'opening' }
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.load()
  }

  private async load(): Promise<void> {
    this.failed = ''
    const [a, r] = await Promise.all([this.desk.api.get<InvitedDoc>('invitation'), this.desk.api.get<Reason[]>('reasons')])
    if (!a.ok) this.failed = this.desk.words(a.problem)
    else if (!r.ok) this.failed = this.desk.words(r.problem)
    else {
      this.reasons = r.value
      this.doc = a.value
      const { entry } = this.answers
      if (a.value.draft && !entry.host) this.answers.entry = { ...entry, make: 'other', host: a.value.draft.main, user: a.value.draft.user ?? '' }
    }
  }

  override render() {
    const { s } = this.desk
    if (this.failed && !this.doc)
      return html`<p class="alert" role="alert">${this.failed}</p><button type="button" class="act" @click=${() => void this.load()}>${s.again}</button>`
    if (!this.doc) return html`<p class="wait">${s.loading}</p>`
    if (this.step === 0)
      return html`<h1>${s.inviteTitle}</h1>
        <p>${s.inviteText(this.doc.area_name)}</p>
        <button type="button" class="act" @click=${() => this.go(1)}>${s.begin}</button>`
    if (this.step > STEPS) return this.done()
    return html`<p class="step">${s.step(this.step, STEPS)}</p>
      <div class="bar" aria-hidden="true">${Array.from({ length: STEPS }, (_, i) => html`<i class=${i < this.step ? 'done' : ''}></i>`)}</div>
      ${this.asked()} ${this.failed ? html`<p class="alert" role="alert">${this.failed}</p>` : nothing} ${this.buttons()}`
  }

  private asked() {
    const { answers, desk, faults } = this
    const changed = () => (this.faults = {}) // what was wrong may be right now
    switch (this.step) {
      case 1:
        return askCamera(desk.s, answers, faults, this.shown, changed, () => (this.shown = !this.shown))
      case 2:
      case 3:
        return this.picture()
      case 4:
        return askUse(desk, answers, this.reasons, faults, changed)
      default:
        return askAgreement(desk, answers, this.doc!.agreement, faults, changed)
    }
  }

  /** The live picture, and over it in the third step what must not be seen. */
  private picture() {
    const { s } = this.desk
    const { masks } = this.answers
    const drawing = this.step === 3
    const { sight } = this
    return html`<h1>${drawing ? s.maskTitle : s.previewTitle}</h1>
      ${drawing ? html`<p>${s.maskText}</p>` : nothing}
      ${keyed(
        this.tries,
        html`<camera-preview .camera=${this.answers.camera} .secret=${this.desk.secret} .label=${s.previewTitle} @sight=${this.saw}>
          ${drawing ? html`<mask-board .masks=${masks} .label=${s.maskPicture} .words=${boardWords(s)} @drawn=${() => this.requestUpdate()}></mask-board>` : nothing}
        </camera-preview>`,
      )}
      ${drawing
        ? html`<p class="state" role="status">${maskState(s, masks)}</p>
            ${maskTools(s, masks, this.draw)} ${masks.masks.length > 0 ? html`<p class="warn">${s.maskWarning}</p>` : nothing}`
        : html`<p class=${sight.kind === 'failed' ? 'alert' : 'state'} role="status">
            ${sight.kind === 'live' ? s.live : sight.kind === 'opening' ? s.opening : (s.causes[sight.code] ?? s.causes['internal'])}
          </p>`}`
  }

  private readonly draw = (act: () => void): void => {
    act()
    this.renderRoot.querySelector<LitElement>('mask-board')?.requestUpdate()
    this.requestUpdate()
  }

  private readonly saw = (e: CustomEvent<Sight>): void => {
    this.sight = e.detail
    if (e.detail.kind === 'live') this.answers.masks.ratio = e.detail.ratio
  }

  private buttons() {
    const { s } = this.desk
    const next = (label: string, act: () => void, off = false) =>
      html`<button type="button" class="act" ?disabled=${off || this.busy} @click=${act}>${this.busy ? s.loading : label}</button>`
    const back = html`<button type="button" class="act soft" @click=${() => this.go(this.step - 1)}>${s.back}</button>`
    switch (this.step) {
      case 1:
        return next(s.see, () => void this.tryCamera())
      case 2: {
        const live = this.sight.kind === 'live'
        const fix = html`<button type="button" class="act ${live ? 'soft' : ''}" @click=${() => this.go(1)}>${live ? s.wrongPicture : s.fix}</button>`
        return live ? [next(s.yes, () => this.go(3)), fix] : fix
      }
      case 3: {
        const { masks, drawing } = this.answers.masks
        return [next(masks.length > 0 ? s.withMask : s.noMask, () => this.go(4), drawing.length > 0), back]
      }
      case 4:
        return [next(s.next, () => this.check(this.answers.missing(s), () => this.go(5))), back]
      default:
        return [next(s.agree, () => this.check(this.answers.unsigned(s), () => void this.agree())), back]
    }
  }

  private go(step: number): void {
    this.step = step
    this.failed = ''
    this.faults = {}
    window.scrollTo(0, 0)
  }

  private check(faults: Record<string, string>, then: () => void): void {
    this.faults = faults
    if (Object.keys(faults).length === 0) return then()
    void this.updateComplete.then(() => this.renderRoot.querySelector('.error')?.scrollIntoView({ block: 'center' }))
  }

  private async tryCamera(): Promise<void> {
    const { s } = this.desk
    const { entry } = this.answers
    const at = reach(entry)
    if (entry.make === '') return this.check({ make: s.noMake }, () => undefined)
    if (typeof at === 'string') return this.check({ host: s.faults[at] }, () => undefined)
    this.busy = true
    this.failed = ''
    this.faults = {}
    const a = await this.desk.api.call<{ camera: string }>('invitation/try', { method: 'POST', body: { ...at, sub: at.sub || undefined } })
    this.busy = false
    if (!a.ok) {
      // What the gateway finds wrong with an address is for those who know addresses.
      if (a.problem.errors.some((e) => e.field === 'main' || e.field === 'sub')) this.faults = { host: s.faults.host }
      else this.failed = this.desk.words(a.problem)
      return
    }
    this.answers.camera = a.value.camera
    this.sight = { kind: 'opening' }
    this.tries++
    this.go(2)
  }

  private async agree(): Promise<void> {
    this.busy = true
    const a = await this.desk.api.call<{ link: string }>('invitation/agree', { method: 'POST', body: this.answers.body(this.doc!.agreement.digest, new Date()) })
    this.busy = false
    if (!a.ok) {
      const stale = a.problem.errors.some((e) => e.field === 'text_digest')
      if (stale) {
        this.answers.agreed = false
        await this.load()
      }
      this.failed = stale ? this.desk.s.changed : this.desk.words(a.problem)
      return
    }
    this.link = a.value.link
    // The invitation is used up: from now on the address is that of the owner's page.
    history.replaceState(null, '', new URL(a.value.link).hash)
    this.go(STEPS + 1)
  }

  private done() {
    const { s } = this.desk
    return html`<h1>${s.doneTitle}</h1>
      <p>${s.doneText}</p>
      <h2>${s.save}</h2>
      <p>${s.saveText}</p>
      ${linkQr(this.link, s.qr)}
      <p class="url">${this.link}</p>
      <button type="button" class="act" @click=${() => this.dispatchEvent(new CustomEvent('mine', { bubbles: true, composed: true }))}>${s.open}</button>
      <button type="button" class="act soft" @click=${async () => (this.copied = await copyText(this.link))}>${this.copied ? s.copied : s.copy}</button>`
  }
}
customElements.define('invite-flow', InviteFlow)
