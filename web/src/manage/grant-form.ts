import { html, nothing } from 'lit'
import { ALL } from '../core/manage/areas'
import type { CameraRow } from '../core/manage/camera-form'
import { fold } from '../core/fold'
import { checkGrant, grantDocument, minutes, newGrant, type GrantForm as Form } from '../core/manage/grants'
import { ACTIONS, ROLES, type Entry } from '../core/manage/people'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner, choices, textField, tick, WEEK } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import type { Item } from './item-picker'
import { Part } from './part'
import { areaField, everywhere } from './pick-area'
import { panelStyle } from './screen-style'

type Faults = ReturnType<typeof checkGrant>

/** A new grant: to whom, what, where, when. */
export class GrantForm extends Part {
  static override styles = [base, formStyle, panelStyle]
  static override properties = { form: { state: true }, faults: { state: true }, saving: { state: true }, trouble: { state: true } }
  declare form: Form
  declare faults: Faults
  declare saving: boolean
  declare trouble: string
  private readonly cameraNames = new Map<string, string>()
  private first = ''

  constructor() {
    super()
    this.form = newGrant()
    this.first = JSON.stringify(this.form)
    this.faults = {}
    this.saving = false
    this.trouble = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.office.unsaved = () => this.isConnected && JSON.stringify(this.form) !== this.first
    void this.office.loadPeople()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.office.unsaved = undefined
  }

  /** Nobody gives rights to themselves. */
  private get people(): Entry[] {
    return (this.office.people ?? []).filter((e) => e.key && e.key !== this.office.who.key)
  }

  override render() {
    const { s } = this
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('grants')}>${icon('back', 24)}</a>
        <h1>${s.newGrant}</h1>
      </header>
      <form class="body" id="f" novalidate @submit=${this.submit}>
        ${this.trouble ? banner('bad', this.trouble) : nothing} ${this.who()} ${this.what()} ${this.where()} ${this.when()}
        ${textField(s, { id: 'reason', label: s.reason, optional: true, value: this.form.reason, hint: s.reasonHint, set: (reason) => this.set({ reason }) })}
      </form>
      <div class="foot"><button class="go" form="f" ?disabled=${this.saving}>${this.saving ? s.saving : s.giveGrant}</button></div>`
  }

  private readonly set = (change: Partial<Form>): void => {
    this.form = { ...this.form, ...change }
    this.faults = {}
    this.trouble = ''
  }

  private text(of: keyof Faults): string | undefined {
    const fault = this.faults[of]
    return fault && this.s.grantFaults[fault]
  }

  private who() {
    const { s, form: f, office, people } = this
    const kinds = (['person', 'role', 'group'] as const).map((value) => ({ value, label: s.whoKinds[value] }))
    const name = (key: string) => office.personName(key) || key
    const find = (query: string): Item[] => {
      const words = fold(query).split(' ')
      return people
        .filter((p) => words.every((w) => fold(`${p.name} ${p.login}`).includes(w)))
        .map((p) => ({ id: p.key, name: p.name, note: [p.login, ...p.areas.map((a) => office.areaName(a))].filter(Boolean).join(' · ') }))
    }
    return html`
      ${choices({ id: 'who', label: s.who, kind: 'radio', row: true, options: kinds, chosen: [f.who], set: ([who]) => this.set({ who: who as Form['who'] }) })}
      ${f.who === 'person'
        ? html`<item-picker
            .office=${office}
            .label=${s.whoPerson}
            .choose=${s.choosePerson}
            .searchLabel=${s.searchPerson}
            .nothingFound=${people.length ? s.noAccountFound : s.nobodyKnown}
            .values=${f.person ? [f.person] : []}
            .find=${find}
            .nameOf=${name}
            .error=${this.text('who')}
            ?wrong=${Boolean(this.faults.who)}
            @pick=${(e: CustomEvent<string[]>) => this.set({ person: e.detail[0] ?? '' })}
          ></item-picker>`
        : nothing}
      ${f.who === 'role'
        ? choices({
            id: 'role', label: s.roles, kind: 'radio', chosen: [f.role], error: this.text('who'),
            options: ROLES.map((value) => ({ value, label: s.roleNames[value] })),
            set: ([role]) => this.set({ role: role! }),
          })
        : nothing}
      ${f.who === 'group'
        ? textField(s, { id: 'group', label: s.whoGroup, value: f.group, hint: s.whoGroupHint, error: this.text('who'), set: (group) => this.set({ group }) })
        : nothing}
    `
  }

  private what() {
    const { s, form: f } = this
    return choices({
      id: 'what', label: s.what, kind: 'checkbox', chosen: f.actions, error: this.text('actions'),
      options: ACTIONS.map((value) => ({ value, label: s.actionNames[value] })),
      set: (actions) => this.set({ actions }),
    })
  }

  private where() {
    const { s, form: f, office } = this
    const find = async (query: string): Promise<Item[]> => {
      const q = new URLSearchParams({ limit: '50', ...(query.trim() ? { q: query.trim().slice(0, 60) } : {}) })
      const a = await office.api.get<{ cameras: CameraRow[] | null }>(`inventory/cameras?${q.toString()}`)
      const list = a.ok ? (a.value.cameras ?? []) : []
      for (const c of list) this.cameraNames.set(c.id, c.name)
      return list.map((c) => ({ id: c.id, name: c.name, note: [office.areas.name(c.area), (s.kinds as Record<string, string>)[c.kind]].join(' · ') }))
    }
    const whole = f.areas.includes(ALL)
    return html`
      ${areaField(office, {
        label: s.where,
        values: f.areas,
        first: everywhere(office),
        multiple: true,
        error: this.text('where'),
        set: (areas) => this.set({ areas: !whole && areas.includes(ALL) ? [ALL] : areas.length > 1 ? areas.filter((a) => a !== ALL) : areas }),
      })}
      <item-picker
        .office=${office}
        .label=${s.whereCameras}
        .hint=${s.whereCamerasHint}
        .choose=${s.addCamera}
        .searchLabel=${s.searchCameraPick}
        .nothingFound=${s.noCameraFound}
        .values=${f.cameras}
        .find=${find}
        .nameOf=${(id: string) => this.cameraNames.get(id) ?? id}
        multiple
        optional
        @pick=${(e: CustomEvent<string[]>) => this.set({ cameras: e.detail })}
      ></item-picker>
      ${f.areas.length ? tick('household', s.household, f.household, (household) => this.set({ household }), s.householdHint) : nothing}
    `
  }

  private when() {
    const { s, form: f } = this
    const overnight = f.weekly && (minutes(f.hourTo) ?? 0) <= (minutes(f.hourFrom) ?? 0) && minutes(f.hourTo) !== 0
    return html`
      ${choices({
        id: 'when', label: s.when, kind: 'radio',
        options: [
          { value: 'always', label: s.whenAlways },
          { value: 'limited', label: s.whenLimited },
        ],
        chosen: [f.limited ? 'limited' : 'always'],
        set: ([v]) => this.set({ limited: v === 'limited' }),
      })}
      ${f.limited
        ? html`<div class="pair">
            ${textField(s, { id: 'from', label: s.whenFrom, type: 'datetime-local', value: f.from, hint: s.whenFromHint, set: (from) => this.set({ from }) })}
            ${textField(s, { id: 'until', label: s.whenUntil, type: 'datetime-local', value: f.until, hint: s.whenUntilHint, error: this.text('when'), set: (until) => this.set({ until }) })}
          </div>`
        : nothing}
      ${tick('weekly', s.weekly, f.weekly, (weekly) => this.set({ weekly }))}
      ${f.weekly
        ? html`${choices({
              id: 'days', label: s.whichDays, kind: 'checkbox', row: true, chosen: f.days.map(String), error: this.text('hours'),
              options: WEEK.map((d) => ({ value: String(d), label: s.days[d]! })),
              set: (days) => this.set({ days: days.map(Number) }),
            })}
            <div class="pair">
              ${textField(s, { id: 'hf', label: s.hourFrom, type: 'time', value: f.hourFrom, set: (hourFrom) => this.set({ hourFrom }) })}
              ${textField(s, { id: 'ht', label: s.hourTo, type: 'time', value: f.hourTo, hint: overnight ? s.overnight : undefined, set: (hourTo) => this.set({ hourTo }) })}
            </div>`
        : nothing}
    `
  }

  private readonly submit = async (e: Event): Promise<void> => {
    e.preventDefault()
    if (this.saving) return
    const { s, office } = this
    this.faults = checkGrant(this.form, Date.now())
    const n = Object.keys(this.faults).length
    this.trouble = n > 0 ? s.fixFields(n) : ''
    if (n > 0) return this.showFault()
    this.saving = true
    const a = await office.api.call<{ key: string }>('grants', { method: 'POST', body: grantDocument(this.form) })
    this.saving = false
    if (!a.ok) {
      this.trouble = a.problem.status === 404 ? s.grantDenied : office.explain(a.problem)
      await this.updateComplete
      this.renderRoot.querySelector('.body')?.scrollTo({ top: 0 })
      return
    }
    office.unsaved = undefined
    office.say(s.saved)
    this.emit('stored')
    location.hash = hashOf('grants')
  }
}
customElements.define('grant-form', GrantForm)
