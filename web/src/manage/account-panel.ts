import { html, nothing, type PropertyValues } from 'lit'
import { part } from '../core/manage/api'
import { ALL } from '../core/manage/areas'
import { goodLogin, proposeLogin } from '../core/manage/naming'
import { ROLES, accountDocument, newAccount, type AccountForm, type Entry } from '../core/manage/people'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner, choices, textField, tick } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { areaField, everywhere } from './pick-area'
import { panelStyle } from './screen-style'
import './link-card'
import './person-part'

type Faults = Partial<Record<'name' | 'login' | 'roles' | 'areas', string>>

/** One person: the account, its devices and its rights. */
export class AccountPanel extends Part {
  static override styles = [base, formStyle, panelStyle]
  static override properties = {
    who: { attribute: false },
    entry: { attribute: false },
    form: { state: true },
    faults: { state: true },
    saving: { state: true },
    trouble: { state: true },
    link: { state: true },
  }
  /** a login, a key of somebody without one, '+' for a new account */
  declare who: string
  declare entry: Entry | undefined
  declare form: AccountForm
  declare faults: Faults
  declare saving: boolean
  declare trouble: string
  /** the one-time link, as long as it is shown, with whose it is */
  declare link: { url: string; login: string } | undefined
  taken: (login: string) => boolean = () => false
  private first = ''
  private ownLogin = false
  private filled = ''

  constructor() {
    super()
    this.form = newAccount()
    this.faults = {}
    this.saving = false
    this.trouble = ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('who')) {
      this.faults = {}
      this.trouble = ''
      this.ownLogin = false
      this.filled = ''
      if (this.link && this.link.login !== this.who) this.link = undefined
    }
    // The list may come later than the address, and again after each change; what is being typed stays.
    if (this.filled !== this.who && (this.who === '+' || this.entry)) this.fill()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.office.unsaved = undefined
  }

  private fill(): void {
    const e = this.entry
    this.filled = this.who
    this.form = e ? { login: e.login, name: e.name, roles: [...e.roles], areas: [...e.areas], disabled: e.disabled } : newAccount()
    if (!e) {
      const own = this.office.areas.all.filter(this.office.mine)
      if (own.length === 1) this.form = { ...this.form, areas: [own[0]!.id] }
    }
    this.first = JSON.stringify(this.form)
    this.office.unsaved = () => this.isConnected && (this.link !== undefined || JSON.stringify(this.form) !== this.first)
  }

  override render() {
    const { s, entry, who } = this
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('accounts')}>${icon('back', 24)}</a>
        <h1>${(who === '+' ? s.newAccount : entry?.name) || '\u00a0'}</h1>
      </header>
      ${this.content()}`
  }

  private content() {
    const { s, office, entry, who, link } = this
    if (who !== '+' && !entry) return html`<div class="body">${link ? nothing : banner('warn', s.gone)}</div>`
    const local = who === '+' || entry?.login
    return html`<div class="body">
        ${link ? html`<link-card .office=${office} .url=${link.url} @done=${() => (this.link = undefined)}></link-card>` : nothing}
        ${local
          ? html`<form id="f" novalidate @submit=${this.submit}>${this.trouble ? banner('bad', this.trouble) : nothing}${this.fields()}</form>`
          : banner('plain', s.outside)}
        ${entry?.login ? this.linkMaker(entry) : nothing}
        ${entry?.key && (entry.seen || !entry.login) ? html`<person-part .office=${office} .key=${entry.key} @stored=${() => this.emit('stored')}></person-part>` : nothing}
      </div>
      ${local
        ? html`<div class="foot">
            <button class="go" form="f" ?disabled=${this.saving}>${this.saving ? s.saving : s.save}</button>
          </div>`
        : nothing}`
  }

  private linkMaker(entry: Entry) {
    const { s } = this
    if (entry.disabled || this.link) return nothing
    return html`<div class="group">
      <button type="button" class="soft small" @click=${() => void this.makeLink()}>${icon('link', 19)}${s.newLink}</button>
      <p class="hint">${s.newLinkHint}</p>
      <br />
    </div>`
  }

  private readonly set = (change: Partial<AccountForm>): void => {
    this.form = { ...this.form, ...change }
    const rest = { ...this.faults }
    for (const k of Object.keys(change)) delete rest[k as keyof Faults]
    this.faults = rest
  }

  private fields() {
    const { s, form: f, faults, office, entry } = this
    const whole = f.areas.includes(ALL)
    return html`
      ${textField(s, {
        id: 'name', label: s.fullName, value: f.name, error: faults.name,
        set: (name) => this.set({ name, ...(entry || this.ownLogin ? {} : { login: proposeLogin(name) }) }),
      })}
      ${textField(s, {
        id: 'login', label: s.login, value: f.login, error: faults.login, disabled: entry !== undefined,
        hint: entry ? undefined : s.loginHint,
        set: (login) => {
          this.ownLogin = login !== ''
          this.set({ login: login.trim().toLowerCase() })
        },
      })}
      ${choices({
        id: 'roles', label: s.roles, kind: 'checkbox', chosen: f.roles, error: faults.roles,
        options: ROLES.map((value) => ({ value, label: s.roleNames[value], hint: s.roleHints[value] })),
        set: (roles) => this.set({ roles }),
      })}
      ${areaField(office, {
        label: s.accountAreas,
        values: f.areas,
        first: everywhere(office),
        multiple: true,
        hint: f.areas.length === 0 ? s.accountAreasNone : s.accountAreasHint,
        error: faults.areas,
        set: (areas) => this.set({ areas: !whole && areas.includes(ALL) ? [ALL] : areas.length > 1 ? areas.filter((a) => a !== ALL) : areas }),
      })}
      ${entry ? tick('disabled', s.disabled, f.disabled, (disabled) => this.set({ disabled }), s.disabledHint) : nothing}
    `
  }

  private check(): Faults {
    const { s, form: f } = this
    const faults: Faults = {}
    const name = f.name.trim()
    if (name === '' || new TextEncoder().encode(name).length > 100) faults.name = s.nameBad
    if (!goodLogin(f.login)) faults.login = s.loginBad
    else if (!this.entry && this.taken(f.login)) faults.login = s.loginThere
    if (f.roles.length === 0) faults.roles = s.rolesNone
    return faults
  }

  private readonly submit = async (e: Event): Promise<void> => {
    e.preventDefault()
    if (this.saving) return
    const { s, office, form } = this
    this.faults = this.check()
    const n = Object.keys(this.faults).length
    this.trouble = n > 0 ? s.fixFields(n) : ''
    if (n > 0) return this.showFault()
    this.saving = true
    const a = await office.api.call<{ link?: string } | undefined>(`accounts/${part(form.login)}`, { method: 'PUT', body: accountDocument(form) })
    this.saving = false
    if (!a.ok) {
      if (a.problem.status === 404) this.faults = { login: s.loginTaken }
      else this.trouble = office.explain(a.problem)
      return this.showFault()
    }
    this.first = JSON.stringify(form)
    const made = a.value?.link
    if (made) this.link = { url: made, login: form.login }
    office.say(made ? s.accountMade(form.name) : s.saved)
    this.emit('stored')
    if (!this.entry) this.moveTo(form.login)
    await this.updateComplete
    this.renderRoot.querySelector('.body')?.scrollTo({ top: 0 })
  }

  /** Opens what was just made under its own address; the link goes with it. */
  private moveTo(login: string): void {
    this.office.unsaved = undefined
    location.hash = hashOf('accounts', login)
  }

  private async makeLink(): Promise<void> {
    const { office } = this
    const a = await office.api.call<{ link: string }>(`accounts/${part(this.form.login)}/link`, { method: 'POST', body: {} })
    if (!a.ok) return office.say(a.problem.status === 404 ? office.s.linkLost : office.explain(a.problem))
    this.link = { url: a.value.link, login: this.form.login }
    await this.updateComplete
    this.renderRoot.querySelector('.body')?.scrollTo({ top: 0 })
  }
}
customElements.define('account-panel', AccountPanel)
