import { html, nothing } from 'lit'
import { DAYS } from '../core/manage/consents'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner, choices, textField } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { areaField } from './pick-area'
import { panelStyle } from './screen-style'
import './link-card'

const DAY_MS = 24 * 3600_000

/** A new invitation; once it is made, its link, for as long as it is shown. */
export class InvitationForm extends Part {
  static override styles = [base, formStyle, panelStyle]
  static override properties = {
    startArea: { attribute: false },
    area: { state: true },
    name: { state: true },
    note: { state: true },
    days: { state: true },
    wrong: { state: true },
    saving: { state: true },
    trouble: { state: true },
    made: { state: true },
  }
  declare startArea: string
  declare area: string
  declare name: string
  declare note: string
  declare days: number
  declare wrong: boolean
  declare saving: boolean
  declare trouble: string
  /** its link, and until when it works, Unix ms */
  declare made: { link: string; until: number } | undefined

  constructor() {
    super()
    this.area = this.name = this.note = this.trouble = ''
    this.days = 7
    this.wrong = this.saving = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const own = this.office.areas.all.filter(this.office.mine)
    this.area = this.startArea || (own.length === 1 ? own[0]!.id : '')
    this.office.unsaved = () => this.isConnected && (this.made !== undefined || this.name + this.note !== '')
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.office.unsaved = undefined
  }

  override render() {
    const { s, made } = this
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('invitations')}>${icon('back', 24)}</a>
        <h1>${s.newInvitation}</h1>
      </header>
      ${made
        ? html`<div class="body">${this.card(made)}</div>`
        : html`<form class="body" id="f" novalidate @submit=${this.submit}>
              ${this.trouble ? banner('bad', this.trouble) : nothing} ${this.fields()}
            </form>
            <div class="foot"><button class="go" form="f" ?disabled=${this.saving}>${this.saving ? s.saving : s.inviteMake}</button></div>`}`
  }

  private fields() {
    const { s, office } = this
    return html`
      ${areaField(office, {
        label: s.inviteArea,
        values: this.area ? [this.area] : [],
        error: this.wrong ? s.inviteAreaMissing : undefined,
        set: ([area]) => {
          this.area = area ?? ''
          this.wrong = false
          this.trouble = ''
        },
      })}
      ${textField(s, { id: 'name', label: s.inviteName, optional: true, value: this.name, hint: s.inviteNameHint, most: 100, set: (name) => (this.name = name) })}
      ${textField(s, { id: 'note', label: s.inviteNote, optional: true, value: this.note, hint: s.inviteNoteHint, most: 200, set: (note) => (this.note = note) })}
      ${choices({
        id: 'days', label: s.inviteDays, kind: 'radio', row: true, chosen: [String(this.days)],
        options: DAYS.map((d) => ({ value: String(d), label: s.days1(String(d)) })),
        set: ([d]) => (this.days = Number(d)),
      })}
    `
  }

  private readonly submit = async (e: Event): Promise<void> => {
    e.preventDefault()
    if (this.saving) return
    const { s, office, area, days } = this
    this.wrong = area === ''
    this.trouble = this.wrong ? s.fixFields(1) : ''
    if (this.wrong) return this.showFault()
    const [name, note] = [this.name.trim(), this.note.trim()]
    this.saving = true
    const body = { area, days, ...(name && { name }), ...(note && { note }) }
    const a = await office.api.call<{ link: string }>('invitations', { method: 'POST', body })
    this.saving = false
    if (!a.ok) {
      this.trouble = office.explain(a.problem)
      return
    }
    this.made = { link: a.value.link, until: Date.now() + days * DAY_MS }
    office.say(s.inviteMade)
    this.emit('stored')
  }

  private card(made: { link: string; until: number }) {
    const { s, office } = this
    const until = office.time(made.until)
    return html`<link-card
      .office=${office}
      .url=${made.link}
      .heading=${s.inviteLinkTitle}
      .text=${s.inviteLinkOnce(until)}
      .message=${s.inviteMessage(this.name.trim(), office.areaName(this.area), until)}
      @done=${this.done}
    ></link-card>`
  }

  private readonly done = (): void => {
    this.office.unsaved = undefined
    location.hash = hashOf('invitations')
  }
}
customElements.define('invitation-form', InvitationForm)
