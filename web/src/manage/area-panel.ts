import { css, html, nothing, type PropertyValues } from 'lit'
import { part, type Problem } from '../core/manage/api'
import { areaDocument, areaFormOf, checkArea, newArea, type AreaForm } from '../core/manage/area-form'
import type { Area } from '../core/manage/areas'
import { proposeID } from '../core/manage/naming'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { conflictBox, type Conflict } from './conflict'
import { banner, textField } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { areaField } from './pick-area'
import { panelStyle } from './screen-style'

type Faults = Partial<Record<'name' | 'id' | 'parent' | 'level' | 'codes', string>>

const MAX_CODES = 16

/** One area: its name, where it lies, and its official codes. */
export class AreaPanel extends Part {
  static override styles = [
    base,
    formStyle,
    panelStyle,
    css`
      .codes li {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)) 48px;
        gap: 0 10px;
        align-items: start;
        padding: 14px 14px 0;
        margin-bottom: 10px;
        border: 1px solid var(--ln);
        border-radius: 14px;
      }
      .codes .field {
        margin-bottom: 14px;
      }
      .codes .square {
        margin-top: 28px;
      }
      .links {
        margin: 0 0 22px;
      }
    `,
  ]
  static override properties = {
    area: { attribute: false },
    startParent: { attribute: false },
    form: { state: true },
    faults: { state: true },
    state: { state: true },
    trouble: { state: true },
    conflict: { state: true },
  }
  declare area: string
  declare startParent: string
  declare form: AreaForm
  declare faults: Faults
  declare state: 'loading' | 'edit' | 'fixed' | 'gone' | 'saving'
  declare trouble: string
  declare conflict: Conflict<Area> | undefined
  private old: Area | undefined
  private version = ''
  private first = ''
  private ownID = false

  constructor() {
    super()
    this.form = newArea()
    this.faults = {}
    this.state = 'loading'
    this.trouble = ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('area') || (changed.has('startParent') && this.area === '+')) void this.open()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.office.unsaved = undefined
  }

  private async open(): Promise<void> {
    const id = this.area
    this.faults = {}
    this.trouble = ''
    this.conflict = undefined
    this.ownID = false
    if (id === '+') return this.begin(undefined, '', newArea(this.startParent))
    const known = this.office.areas.get(id)
    if (known && (known.stored === false || !this.office.mine(known))) return this.fix(known)
    this.state = 'loading'
    const a = await this.office.api.get<Area>(`inventory/areas/${part(id)}`)
    if (id !== this.area) return
    if (a.ok) return this.begin(a.value, a.etag)
    if (a.problem.status === 404 && known) return this.fix(known)
    this.trouble = this.office.explain(a.problem)
    this.state = 'gone'
  }

  private fix(known: Area): void {
    this.old = known
    this.state = 'fixed'
    this.trouble = this.office.mine(known) ? this.s.fixedText : this.s.notMine
  }

  private begin(old: Area | undefined, version: string, form?: AreaForm): void {
    this.old = old
    this.version = version
    this.form = form ?? areaFormOf(old!)
    this.first = JSON.stringify(this.form)
    this.state = 'edit'
    this.office.unsaved = () => this.isConnected && this.state === 'edit' && JSON.stringify(this.form) !== this.first
  }

  override render() {
    const { s, old } = this
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('areas')}>${icon('back', 24)}</a>
        <h1>${(this.area === '+' ? s.newArea : old?.name) || '\u00a0'}</h1>
      </header>
      ${this.content()}`
  }

  private content() {
    const { s, old } = this
    switch (this.state) {
      case 'loading':
        return html`<div class="body"><p>${s.loading}…</p></div>`
      case 'gone':
        return html`<div class="body">${banner('warn', this.trouble)}</div>`
      case 'fixed':
        return html`<div class="body">${banner('plain', this.trouble)}${this.links()}</div>`
      default:
        return html`<form class="body" id="f" novalidate @submit=${this.submit}>
            ${this.trouble ? banner('bad', this.trouble) : nothing} ${this.conflictNow()} ${old ? this.links() : nothing} ${this.fields()}
          </form>
          <div class="foot">
            <button class="go" form="f" ?disabled=${this.state === 'saving'}>${this.state === 'saving' ? s.saving : s.save}</button>
            ${old ? html`<button class="text bad" type="button" @click=${this.takeOut}>${icon('bin', 20)}${s.remove}</button>` : nothing}
          </div>`
    }
  }

  private links() {
    const { s, old } = this
    return html`<div class="buttons links">
      <a class="soft small" href=${hashOf('cameras', '', old!.id)}>${icon('camera', 19)}${s.camerasHere}</a>
      ${this.office.mine(old!) ? html`<a class="soft small" href=${hashOf('areas', '+', old!.id)}>${icon('plus', 19)}${s.addInside(old!.name)}</a>` : nothing}
    </div>`
  }

  private readonly set = (change: Partial<AreaForm>): void => {
    this.form = { ...this.form, ...change }
    const rest = { ...this.faults }
    for (const k of Object.keys(change)) delete rest[k as keyof Faults]
    this.faults = rest
  }

  private fields() {
    const { s, form: f, faults, office } = this
    const levels = [...new Set(office.areas.all.map((a) => a.level ?? '').filter(Boolean))]
    return html`
      ${textField(s, {
        id: 'name', label: s.areaName, value: f.name, hint: s.areaNameHint, error: faults.name,
        set: (name) => this.set({ name, ...(this.old || this.ownID ? {} : { id: proposeID(name, (id) => office.areas.get(id) !== undefined) }) }),
      })}
      ${areaField(office, {
        label: s.parent,
        values: [f.parent],
        first: { id: '', name: s.noParent },
        allowed: (a) => office.mine(a) && !(this.old && office.areas.within(a.id, this.old.id)),
        error: faults.parent,
        set: ([parent]) => this.set({ parent: parent ?? '' }),
      })}
      ${textField(s, {
        id: 'level', label: s.level, optional: true, value: f.level, error: faults.level,
        hint: levels.length ? `${s.levelHint} (${levels.slice(0, 4).join(', ')})` : s.levelHint,
        set: (level) => this.set({ level }),
      })}
      ${textField(s, {
        id: 'id', label: s.id, value: f.id, code: true, disabled: this.old !== undefined, error: faults.id,
        hint: this.old ? undefined : s.idHint,
        set: (id) => {
          this.ownID = id !== ''
          this.set({ id: id.trim().toLowerCase() })
        },
      })}
      ${this.codes()}
    `
  }

  private codes() {
    const { s, form: f, faults } = this
    const change = (i: number, c: Partial<AreaForm['codes'][number]>) =>
      this.set({ codes: f.codes.map((old, j) => (i === j ? { ...old, ...c } : old)) })
    return html`<div class="group">
      <h2>${s.codes}</h2>
      <p class="hint">${s.codesHint}</p>
      ${faults.codes ? html`<p class="error" role="alert">${faults.codes}</p>` : nothing}
      <ul class="codes">
        ${f.codes.map(
          (c, i) => html`<li>
            ${textField(s, { id: `code${i}`, label: s.code, value: c.code, code: true, set: (code) => change(i, { code }) })}
            ${textField(s, { id: `from${i}`, label: s.codeFrom, type: 'date', value: c.from, set: (from) => change(i, { from }) })}
            ${textField(s, { id: `until${i}`, label: s.codeUntil, type: 'date', value: c.until, set: (until) => change(i, { until }) })}
            <button type="button" class="square" aria-label=${s.removeCode(c.code)} @click=${() => this.set({ codes: f.codes.filter((_, j) => j !== i) })}>
              ${icon('bin', 20)}
            </button>
          </li>`,
        )}
      </ul>
      ${f.codes.length < MAX_CODES
        ? html`<button type="button" class="soft small" @click=${() => this.set({ codes: [...f.codes, { code: '', from: '', until: '' }] })}>
            ${icon('plus', 19)}${s.addCode}
          </button>`
        : nothing}
    </div>`
  }

  private readonly submit = async (e: Event): Promise<void> => {
    e.preventDefault()
    if (this.state === 'saving') return
    const { s } = this
    const found = checkArea(this.form)
    this.faults = Object.fromEntries(Object.entries(found).map(([k, v]) => [k, v === 'codes' ? s.codeBad : s.faults[v]]))
    this.conflict = undefined
    this.trouble = ''
    const n = Object.keys(found).length
    if (n > 0) {
      this.trouble = s.fixFields(n)
      return this.showFault()
    }
    await this.send(this.version)
  }

  private async send(version: string): Promise<void> {
    const { office } = this
    const d = areaDocument(this.form)
    this.state = 'saving'
    const a = await office.api.call(`inventory/areas/${part(d.id)}`, { method: 'PUT', body: d, version })
    this.state = 'edit'
    if (!a.ok) return this.refused(a.problem)
    this.begin(d, a.etag)
    office.say(this.s.saved)
    await office.loadAreas()
    location.hash = hashOf('areas', d.id)
  }

  private async refused(p: Problem): Promise<void> {
    const { s, office } = this
    if (p.code === 'conflict' && !this.old) this.faults = { id: s.idTaken }
    else if (p.code === 'conflict') return this.clash()
    else if (p.status === 404) this.trouble = s.areaDeniedHere
    else if (p.status === 422) {
      const known = p.errors.filter((e) => e.field)
      this.faults = Object.fromEntries(known.map((e) => [e.field!, s.refusedBy(e.detail.replace(/^area "[^"]*":? /, ''))]))
      this.trouble = s.fixFields(p.errors.length)
    } else this.trouble = office.explain(p)
    await this.showFault()
  }

  private async clash(): Promise<void> {
    const a = await this.office.api.get<Area>(`inventory/areas/${part(this.form.id)}`)
    this.conflict = { now: a.ok ? a.value : undefined, version: a.ok ? a.etag : '' }
  }

  private conflictNow() {
    const { s, conflict, old, office } = this
    if (!conflict || !old) return nothing
    const names = { id: s.id, name: s.areaName, parent: s.parent, level: s.level, codes: s.codes }
    const say = (f: AreaForm, k: keyof AreaForm): string =>
      k === 'codes' ? f.codes.map((c) => c.code).join(', ') || '–' : k === 'parent' ? office.areas.name(f.parent) || '–' : f[k] || '–'
    const [was, is] = [areaFormOf(old), conflict.now ? areaFormOf(conflict.now) : undefined]
    const differ = (Object.keys(was) as (keyof AreaForm)[]).filter((k) => is && JSON.stringify(was[k]) !== JSON.stringify(is[k]))
    return conflictBox(s, conflict, differ.map((k) => ({ label: names[k], was: say(was, k), is: say(is!, k) })), {
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
    const yes = await office.ask({ title: s.removeArea(this.old!.name), text: s.removeAreaText, yes: s.remove, bad: true })
    if (!yes) return
    const a = await office.api.call(`inventory/areas/${part(this.old!.id)}`, { method: 'DELETE', version: this.version })
    if (!a.ok && a.problem.code === 'conflict') return this.clash()
    if (!a.ok && a.problem.code === 'in_use') {
      this.trouble = s.areaInUse
      return
    }
    if (!office.went(a)) return
    office.unsaved = undefined
    office.say(s.removed)
    await office.loadAreas()
    location.hash = hashOf('areas')
  }
}
customElements.define('area-panel', AreaPanel)
