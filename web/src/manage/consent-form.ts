import { html, nothing, type PropertyValues } from 'lit'
import { part, type Problem } from '../core/manage/api'
import {
  checkConsent,
  consentDocument,
  formOfConsent,
  newConsent,
  type Consent,
  type ConsentField,
  type ConsentForm as Form,
  type Reason,
} from '../core/manage/consents'
import { grouped, minutes } from '../core/manage/grants'
import { base } from '../ui/shared'
import { conflictBox, type Conflict } from './conflict'
import { banner, choices, textField, WEEK } from './fields'
import { formStyle } from './form-style'
import { spansIn } from './grant-words'
import { Part } from './part'
import { panelStyle } from './screen-style'

/** What an owner signed on paper, entered on their behalf. */
export class ConsentForm extends Part {
  static override styles = [base, formStyle, panelStyle]
  static override properties = {
    camera: { attribute: false },
    old: { attribute: false },
    version: { attribute: false },
    reasons: { attribute: false },
    form: { state: true },
    faults: { state: true },
    saving: { state: true },
    trouble: { state: true },
    conflict: { state: true },
  }
  declare camera: string
  /** what stands, perhaps nothing but a state */
  declare old: Consent
  /** of what stands; '' where nobody has agreed yet */
  declare version: string
  declare reasons: Reason[]
  declare form: Form
  declare faults: ReturnType<typeof checkConsent>
  declare saving: boolean
  declare trouble: string
  declare conflict: Conflict<Consent> | undefined
  private first = ''

  constructor() {
    super()
    this.form = newConsent(Date.now())
    this.faults = {}
    this.saving = false
    this.trouble = ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('camera')) return
    this.form = formOfConsent(this.old, Date.now())
    this.first = JSON.stringify(this.form)
    this.office.unsaved = () => this.isConnected && JSON.stringify(this.form) !== this.first
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.office.unsaved = undefined
  }

  override render() {
    const { s, old } = this
    const byOwner = old.how === 'link' && !old.withdrawn
    return html`<form class="body" id="f" novalidate @submit=${this.submit}>
        ${this.trouble ? banner('bad', this.trouble) : nothing} ${this.conflictNow()}
        ${banner(byOwner ? 'warn' : 'plain', byOwner ? html`<b>${s.paperReplaces}</b>${s.paperText}` : s.paperText)} ${this.who()} ${this.what()}
        ${this.when()}
      </form>
      <div class="foot"><button class="go" form="f" ?disabled=${this.saving}>${this.saving ? s.saving : s.paperSave}</button></div>`
  }

  private readonly set = (change: Partial<Form>): void => {
    this.form = { ...this.form, ...change }
    this.faults = {}
    this.trouble = ''
  }

  private text(of: ConsentField): string | undefined {
    const fault = this.faults[of]
    return fault && this.s.consentFaults[fault]
  }

  private who() {
    const { s, form: f } = this
    return html`
      ${textField(s, { id: 'owner', label: s.owner, value: f.owner, hint: s.ownerHint, error: this.text('owner'), set: (owner) => this.set({ owner }) })}
      ${textField(s, {
        id: 'contact', label: s.contact, optional: true, value: f.contact, hint: s.contactHint, error: this.text('contact'),
        set: (contact) => this.set({ contact }),
      })}
      ${textField(s, {
        id: 'document', label: s.document, value: f.document, hint: s.documentHint, error: this.text('document'),
        set: (document) => this.set({ document }),
      })}
    `
  }

  private what() {
    const { s, form: f } = this
    return choices({
      id: 'purposes', label: s.purposes, kind: 'checkbox', chosen: f.purposes, error: this.text('purposes'),
      options: this.reasons.map((r) => ({ value: r.code, label: r[this.office.lang] })),
      set: (purposes) => this.set({ purposes }),
    })
  }

  private when() {
    const { s, form: f, old, office } = this
    const kept = old.hours && formOfConsent(old, Date.now()).when === 'kept'
    const ways = [
      { value: 'always', label: s.consentHoursAlways },
      ...(kept ? [{ value: 'kept', label: s.consentHoursKept(spansIn(office, grouped(old.hours!.spans))) }] : []),
      { value: 'weekly', label: s.consentHoursWeekly },
    ]
    return html`
      <div class="pair">
        ${textField(s, { id: 'from', label: s.consentFrom, type: 'date', value: f.from, error: this.text('from'), set: (from) => this.set({ from }) })}
        ${textField(s, {
          id: 'until', label: s.consentUntil, type: 'date', value: f.until, hint: s.consentUntilHint, error: this.text('until'),
          set: (until) => this.set({ until }),
        })}
      </div>
      ${choices({ id: 'when', label: s.consentHours, kind: 'radio', options: ways, chosen: [f.when], set: ([v]) => this.set({ when: v as Form['when'] }) })}
      ${f.when === 'weekly' ? this.weekly() : nothing}
    `
  }

  private weekly() {
    const { s, form: f } = this
    const overnight = (minutes(f.hourTo) ?? 0) <= (minutes(f.hourFrom) ?? 0) && minutes(f.hourTo) !== 0
    return html`${choices({
        id: 'days', label: s.whichDays, kind: 'checkbox', row: true, chosen: f.days.map(String), error: this.text('hours'),
        options: WEEK.map((d) => ({ value: String(d), label: s.days[d]! })),
        set: (days) => this.set({ days: days.map(Number) }),
      })}
      <div class="pair">
        ${textField(s, { id: 'hf', label: s.hourFrom, type: 'time', value: f.hourFrom, set: (hourFrom) => this.set({ hourFrom }) })}
        ${textField(s, { id: 'ht', label: s.hourTo, type: 'time', value: f.hourTo, hint: overnight ? s.overnight : undefined, set: (hourTo) => this.set({ hourTo }) })}
      </div>`
  }

  private readonly submit = async (e: Event): Promise<void> => {
    e.preventDefault()
    if (this.saving) return
    this.conflict = undefined
    this.faults = checkConsent(this.form, Date.now())
    const n = Object.keys(this.faults).length
    this.trouble = n > 0 ? this.s.fixFields(n) : ''
    if (n > 0) return this.showFault()
    await this.send(this.version)
  }

  /** The owner may have withdrawn meanwhile: nobody writes over that unseen. */
  private async clash(): Promise<void> {
    const a = await this.office.api.get<Consent>(this.path)
    if (a.ok) this.conflict = { now: a.value, version: a.etag }
    else this.trouble = this.office.explain(a.problem)
    await this.updateComplete
    this.renderRoot.querySelector('.body')?.scrollTo({ top: 0 })
  }

  private get path(): string {
    return `inventory/cameras/${part(this.camera)}/consent`
  }

  private async send(version: string): Promise<void> {
    const { office } = this
    const body = consentDocument(this.form, this.old, Date.now())
    this.saving = true
    const a = await office.api.call(this.path, { method: 'PUT', body, version })
    this.saving = false
    if (!a.ok) return this.refused(a.problem)
    this.first = JSON.stringify(this.form)
    office.say(this.s.paperSaved)
    this.emit('saved')
  }

  private async refused(p: Problem): Promise<void> {
    if (p.code === 'conflict') return this.clash()
    this.trouble = this.office.explain(p)
    await this.updateComplete
    this.renderRoot.querySelector('.body')?.scrollTo({ top: 0 })
  }

  /** Somebody else, perhaps the owner, was quicker. */
  private conflictNow() {
    const { s, conflict, old, office } = this
    if (!conflict) return nothing
    const say = (c: Consent): [string, string][] => [
      [s.owner, c.owner ?? '–'],
      [s.purposes, (c.purposes ?? []).map((p) => this.reasons.find((r) => r.code === p)?.[office.lang] ?? p).join('; ') || '–'],
      [s.consentHours, c.hours ? spansIn(office, grouped(c.hours.spans)) : s.consentHoursAlways],
      [s.consentUntil, office.time(c.until) || s.untilWithdrawn],
      [s.document, c.document ?? '–'],
      [s.consentStates.withdrawn, office.time(c.withdrawn) || '–'],
      [s.consentStates.off, office.time(c.off) || '–'],
    ]
    const was = say(old)
    const is = conflict.now ? say(conflict.now) : []
    const rows = is.flatMap(([label, v], i) => (v === was[i]![1] ? [] : [{ label, was: was[i]![1], is: v }]))
    return conflictBox(s, conflict, rows, {
      theirs: () => this.emit('saved'),
      mine: () => {
        this.conflict = undefined
        this.old = conflict.now ?? this.old
        this.version = conflict.version
        void this.send(conflict.version)
      },
    })
  }
}
customElements.define('consent-form', ConsentForm)
