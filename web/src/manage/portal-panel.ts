import { html, nothing, type PropertyValues } from 'lit'
import { part, type Problem } from '../core/manage/api'
import { proposeID } from '../core/manage/naming'
import { checkPortal, formOfPortal, newPortal, portalDocument, type Portal, type PortalFaults, type PortalForm } from '../core/manage/portals'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { conflictBox, type Conflict } from './conflict'
import { banner } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { portalFields } from './portal-fields'
import { panelStyle } from './screen-style'
import './portal-live'

/** One portal: who it is, what it may show and how it vouches for its officers. */
export class PortalPanel extends Part {
  static override styles = [base, formStyle, panelStyle]
  static override properties = {
    portal: { attribute: false },
    form: { state: true },
    faults: { state: true },
    state: { state: true },
    trouble: { state: true },
    conflict: { state: true },
  }
  /** an id, '+' for a new one */
  declare portal: string
  declare form: PortalForm
  declare faults: PortalFaults
  declare state: 'loading' | 'edit' | 'saving' | 'gone'
  declare trouble: string
  declare conflict: Conflict<Portal> | undefined
  taken: (id: string) => boolean = () => false
  private old: Portal | undefined
  private version = ''
  private first = ''
  private ownID = false
  private readonly cameraNames = new Map<string, string>()

  constructor() {
    super()
    this.form = newPortal()
    this.faults = { fields: {}, keys: {} }
    this.state = 'loading'
    this.trouble = ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('portal')) void this.open()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.office.unsaved = undefined
  }

  private async open(): Promise<void> {
    const id = this.portal
    this.faults = { fields: {}, keys: {} }
    this.trouble = ''
    this.conflict = undefined
    this.ownID = false
    if (id === '+') return this.begin(undefined, '')
    if (this.old?.id === id) return
    this.state = 'loading'
    const a = await this.office.api.get<Portal>(`portals/${part(id)}`)
    if (id !== this.portal) return
    if (a.ok) return this.begin(a.value, a.etag)
    this.trouble = this.office.explain(a.problem)
    this.state = 'gone'
  }

  private begin(old: Portal | undefined, version: string): void {
    this.old = old
    this.version = version
    this.form = old ? formOfPortal(old) : newPortal()
    this.first = JSON.stringify(this.form)
    this.state = 'edit'
    this.office.unsaved = () => this.isConnected && this.state === 'edit' && (this.secretShown || JSON.stringify(this.form) !== this.first)
  }

  /** A secret that is shown is lost when the panel goes. */
  private get secretShown(): boolean {
    return (this.renderRoot.querySelector('portal-live')?.secret ?? '') !== ''
  }

  override render() {
    const { s } = this
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('portals')}>${icon('back', 24)}</a>
        <h1>${(this.portal === '+' ? s.newPortal : this.old?.name) || '\u00a0'}</h1>
      </header>
      ${this.content()}`
  }

  private content() {
    const { s, office, old } = this
    if (this.state === 'loading') return html`<div class="body"><p>${s.loading}…</p></div>`
    if (this.state === 'gone') return html`<div class="body">${banner('warn', this.trouble)}</div>`
    return html`<div class="body">
        ${old ? html`<portal-live .office=${office} .portal=${old} @secret=${() => void this.renewed()}></portal-live>` : nothing}
        <form id="f" novalidate @submit=${this.submit}>
          ${this.trouble ? banner('bad', this.trouble) : nothing} ${this.conflictNow()}
          ${portalFields(office, {
            form: this.form,
            faults: this.faults,
            old: old !== undefined,
            cameraNames: this.cameraNames,
            set: this.set,
            setID: (id) => {
              this.ownID = id !== ''
              this.set({ id: id.trim().toLowerCase() })
            },
          })}
        </form>
      </div>
      <div class="foot">
        <button class="go" form="f" ?disabled=${this.state === 'saving'}>${this.state === 'saving' ? s.saving : s.save}</button>
        ${old ? html`<button class="soft bad" type="button" aria-label=${s.removePortal(old.name)} @click=${this.takeOut}>${icon('bin', 20)}</button>` : nothing}
      </div>`
  }

  private readonly set = (change: Partial<PortalForm>): void => {
    const id = change.name !== undefined && !this.old && !this.ownID ? { id: proposeID(change.name, this.taken).slice(0, 40).replace(/-+$/, '') } : {}
    this.form = { ...this.form, ...change, ...id }
    this.faults = { fields: {}, keys: {} }
    this.trouble = ''
  }

  private readonly submit = async (e: Event): Promise<void> => {
    e.preventDefault()
    if (this.state === 'saving') return
    this.conflict = undefined
    this.faults = checkPortal(this.form)
    const n = Object.keys(this.faults.fields).length + Object.keys(this.faults.keys).length
    this.trouble = n > 0 ? this.s.fixFields(n) : ''
    if (n > 0) return this.showFault()
    await this.send(this.version)
  }

  private async send(version: string): Promise<void> {
    const { office, form } = this
    this.state = 'saving'
    const a = await office.api.call(`portals/${part(form.id)}`, { method: 'PUT', body: portalDocument(form), version })
    this.state = 'edit'
    if (!a.ok) return this.refused(a.problem)
    const made = this.old === undefined
    // Read again: the gateway adds who made it, and what its tokens must name.
    const kept = await office.api.get<Portal>(`portals/${part(form.id)}`)
    this.begin(kept.ok ? kept.value : { id: form.id, ...portalDocument(form) }, kept.ok ? kept.etag : a.etag)
    office.say(this.s.saved)
    this.emit('stored')
    if (made) location.hash = hashOf('portals', form.id)
    else this.requestUpdate()
  }

  /** The secret is another: the version is, too. */
  private async renewed(): Promise<void> {
    const a = await this.office.api.get<Portal>(`portals/${part(this.portal)}`)
    if (!a.ok) return
    this.version = a.etag
    this.old = a.value
    this.requestUpdate()
  }

  private async refused(p: Problem): Promise<void> {
    const { s, office } = this
    if (p.code === 'conflict' && !this.old) this.faults = { ...this.faults, fields: { id: 'id' } }
    if (p.code === 'conflict' && this.old) {
      const a = await office.api.get<Portal>(`portals/${part(this.form.id)}`)
      this.conflict = { now: a.ok ? a.value : undefined, version: a.ok ? a.etag : '' }
    } else this.trouble = p.code === 'conflict' ? s.portalTaken : office.explain(p)
    await this.updateComplete
    this.renderRoot.querySelector('.banner.bad, .conflict')?.scrollIntoView({ block: 'center' })
  }

  private conflictNow() {
    const { s, conflict, old, office } = this
    if (!conflict || !old) return nothing
    const say = (p: Portal): [string, string][] => {
      const f = formOfPortal(p)
      const kinds = f.kinds.map((k) => (s.kinds as Record<string, string>)[k] ?? k)
      return [
        [s.portalName, f.name],
        [s.origins, f.origins],
        [s.portalKeys, [...f.keys.map((k) => k.kid), f.jwks].filter(Boolean).join(', ') || '–'],
        [s.portalWhere, [...f.areas.map((a) => office.areaName(a)), ...f.cameras].join(', ')],
        [s.portalKinds, kinds.join(', ') || '–'],
        [s.portalViewers, f.viewers],
        [s.portalDisabled, f.disabled ? '✓' : '–'],
      ]
    }
    const was = say(old)
    const rows = (conflict.now ? say(conflict.now) : []).flatMap(([label, is], i) => (was[i]![1] === is ? [] : [{ label, was: was[i]![1], is }]))
    return conflictBox(s, conflict, rows, {
      theirs: () => {
        this.conflict = undefined
        this.begin(conflict.now, conflict.version)
      },
      mine: () => {
        this.conflict = undefined
        this.old = conflict.now
        void this.send(conflict.version)
      },
    })
  }

  private readonly takeOut = async (): Promise<void> => {
    const { s, office } = this
    if (!(await office.ask({ title: s.removePortal(this.old!.name), text: s.removePortalText, yes: s.remove, bad: true }))) return
    const a = await office.api.call(`portals/${part(this.old!.id)}`, { method: 'DELETE', version: this.version })
    if (!a.ok && a.problem.code === 'conflict') return this.refused(a.problem)
    if (!office.went(a)) return
    office.unsaved = undefined
    office.say(s.removed)
    this.emit('stored')
    location.hash = hashOf('portals')
  }
}
customElements.define('portal-panel', PortalPanel)
