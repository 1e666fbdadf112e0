import { html, nothing, type PropertyValues } from 'lit'
import { part, type Problem } from '../core/manage/api'
import {
  KINDS,
  check,
  documentOf,
  formOf,
  newCamera,
  pointsOf,
  type CameraField,
  type CameraForm,
  type CameraRow,
  type CameraSettings,
} from '../core/manage/camera-form'
import { hiddenPercent } from '../core/owner/masks'
import { proposeID } from '../core/manage/naming'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { conflictBox, type Conflict } from './conflict'
import { cameraAddress, type Sight } from './camera-address'
import './camera-check'
import type { CameraMasks, Masked } from './camera-masks'
import './camera-masks'
import './camera-trial'
import { deviceWay } from './device-way'
import { banner, choices, textField } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { areaField } from './pick-area'
import { panelStyle } from './screen-style'

/** One camera: its form, or what the configuration file says of it. */
export class CameraPanel extends Part {
  static override styles = [base, formStyle, panelStyle]
  static override properties = {
    camera: { attribute: false },
    row: { attribute: false },
    startArea: { attribute: false },
    form: { state: true },
    faults: { state: true },
    state: { state: true },
    trouble: { state: true },
    conflict: { state: true },
    just: { state: true },
    sight: { state: true },
  }
  /** an id, '+' for a new one */
  declare camera: string
  declare row: CameraRow | undefined
  declare startArea: string
  declare form: CameraForm
  /** texts by field */
  declare faults: Partial<Record<CameraField, string>>
  declare state: 'loading' | 'edit' | 'fixed' | 'gone' | 'saving'
  declare trouble: string
  declare conflict: Conflict<CameraSettings> | undefined
  /** the camera was saved just now */
  declare just: boolean
  declare sight: Sight
  lookUp: (id: string) => Promise<CameraRow | undefined> = () => Promise.resolve(undefined)
  /** what was loaded, and its version */
  private old: CameraSettings | undefined
  private version = ''
  private first = ''
  private ownID = false

  constructor() {
    super()
    this.form = newCamera()
    this.faults = {}
    this.state = 'loading'
    this.trouble = ''
    this.just = false
    this.sight = { moved: false, password: false }
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('camera')) void this.open()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.office.unsaved = undefined
  }

  private async open(): Promise<void> {
    const id = this.camera
    this.faults = {}
    this.trouble = ''
    this.conflict = undefined
    // What was just made is opened under its id: the good news stays.
    this.just = this.just && this.old?.id === id
    this.ownID = false
    this.sight = { moved: false, password: false }
    if (id === '+') {
      const only = this.office.areas.all.filter(this.office.mine)
      this.begin(undefined, '', newCamera(this.startArea || (only.length === 1 ? only[0]!.id : '')))
      return
    }
    if (this.row?.stored === false) {
      this.old = this.row
      this.state = 'fixed'
      return
    }
    this.state = 'loading'
    const a = await this.office.api.get<CameraSettings>(`inventory/cameras/${part(id)}`)
    if (id !== this.camera) return
    if (a.ok) return this.begin(a.value, a.etag)
    const row = this.row ?? (await this.lookUp(id))
    if (id !== this.camera) return
    if (a.problem.status === 404 && row?.stored === false) {
      this.old = row
      this.state = 'fixed'
    } else {
      this.trouble = this.office.explain(a.problem)
      this.state = 'gone'
    }
  }

  private begin(old: CameraSettings | undefined, version: string, form?: CameraForm): void {
    this.old = old
    this.version = version
    this.form = form ?? formOf(old!)
    this.first = JSON.stringify(this.form)
    this.state = 'edit'
    this.office.unsaved = () => this.isConnected && this.state === 'edit' && (JSON.stringify(this.form) !== this.first || this.drawing)
  }

  private get drawing(): boolean {
    return this.renderRoot.querySelector<CameraMasks>('camera-masks')?.dirty ?? false
  }

  /** The masks are saved by themselves: another version of what is edited here. */
  private readonly masked = ({ detail: d }: CustomEvent<Masked>): void => {
    if (this.version === d.was) this.version = d.is
    if (this.old) this.old = { ...this.old, masks: d.masks ?? [] }
    this.emit('stored', this.camera)
  }

  override render() {
    const { s } = this
    const title = this.camera === '+' ? s.newCamera : (this.old?.name ?? '')
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('cameras')}>${icon('back', 24)}</a>
        <h1>${title || '\u00a0'}</h1>
        ${this.old && this.state !== 'gone'
          ? html`<a class="text small" aria-label=${s.watch} href="../#camera=${part(this.old.id)}">${icon('play', 18)}<span class="wide">${s.watch}</span></a>`
          : nothing}
      </header>
      ${this.content()}`
  }

  private content() {
    const { s } = this
    switch (this.state) {
      case 'loading':
        return html`<div class="body"><p>${s.loading}…</p></div>`
      case 'gone':
        return html`<div class="body">${banner('warn', this.trouble)}</div>`
      case 'fixed':
        return this.fixed()
      default:
        return html`<form class="body" id="f" novalidate @submit=${this.submit}>
            ${this.trouble ? banner('bad', this.trouble) : nothing} ${this.conflictNow()}
            ${this.just ? banner('good', html`<b>${s.saved}</b><a href="../#camera=${part(this.camera)}">${s.watch}</a>`) : nothing}
            ${this.fields()}
          </form>
          <div class="foot">
            <button class="go" form="f" ?disabled=${this.state === 'saving'}>
              ${this.state === 'saving' ? html`<span class="spin"></span>${s.saving}` : s.save}
            </button>
            ${this.old
              ? html`<button class="text bad" type="button" @click=${this.takeOut}>${icon('bin', 20)}${s.remove}</button>`
              : nothing}
          </div>`
    }
  }

  private readonly set = (change: Partial<CameraForm>): void => {
    this.form = { ...this.form, ...change }
    this.just = false
    // What is being corrected is not called wrong any more.
    const rest = { ...this.faults }
    for (const k of Object.keys(change)) delete rest[k as CameraField]
    this.faults = rest
  }

  /** All by which the camera is reached: a picture of something else is not shown. */
  private reached(): string {
    return JSON.stringify([this.examined(), this.form.sub])
  }

  /** All that an examination is of: it finds the small stream itself. */
  private examined(): string {
    const { form: f } = this
    return JSON.stringify([this.camera, f.main, f.user, f.password, f.bare, f.transport, f.anyCertificate, f.area, f.kind])
  }

  /** What is to be tried; undefined where a field that it takes is wrong. */
  private readonly trial = (): CameraSettings | undefined => {
    const { s, form, old } = this
    const { area, main, sub, user, password } = check(form, old)
    const found = { area, main, sub, user, password }
    this.faults = Object.fromEntries(Object.entries(found).flatMap(([k, fault]) => (fault ? [[k, s.faults[fault]]] : [])))
    if (Object.keys(this.faults).length > 0) {
      void this.showFault()
      return undefined
    }
    return { ...documentOf(form, old), id: old?.id ?? '' }
  }

  private fields() {
    const { s, form: f, faults, office } = this
    const kinds = KINDS.map((value) => ({ value, label: s.kinds[value], hint: s.kindHints[value] }))
    return html`
      ${textField(s, {
        id: 'name',
        label: s.cameraName,
        value: f.name,
        hint: s.cameraNameHint,
        error: faults.name,
        set: (name) => this.set({ name, ...(this.old || this.ownID ? {} : { id: proposeID(name) }) }),
      })}
      ${areaField(office, {
        label: s.area,
        values: f.area ? [f.area] : [],
        error: faults.area,
        set: ([area]) => this.set({ area: area ?? '' }),
      })}
      ${this.old ? nothing : deviceWay(office, f)}
      ${cameraAddress(office, f, this.old, faults, this.set, (texts) => (this.faults = { ...this.faults, ...texts }), this.sight, (sight) => (this.sight = sight))}
      ${f.kind === 'household' ? nothing : html`<camera-trial .office=${office} .of=${this.reached()} .ask=${this.trial}></camera-trial>
            <camera-check
              .office=${office}
              .of=${this.examined()}
              .typed=${{ main: f.main, sub: f.sub }}
              .ask=${this.trial}
              @found=${(e: CustomEvent<{ main?: string; sub?: string }>) => this.set(e.detail)}
            ></camera-check>`}
      ${this.old
        ? html`<camera-masks .office=${office} .camera=${this.old.id} .stored=${this.old.masks} .household=${this.old.kind === 'household'} @masked=${this.masked}></camera-masks>`
        : nothing}
      ${choices({ id: 'kind', label: s.kind, kind: 'radio', options: kinds, chosen: [f.kind], error: faults.kind, set: ([kind]) => this.set({ kind: kind! }) })}
      ${textField(s, {
        id: 'position',
        label: s.position,
        optional: true,
        value: f.position,
        hint: s.positionHint,
        error: faults.position,
        set: (position) => this.set({ position }),
        tail:
          'geolocation' in navigator
            ? html`<button type="button" class="tail" aria-label=${s.here} title=${s.here} @click=${this.here}>${icon('locate', 21)}</button>`
            : nothing,
      })}
      ${textField(s, {
        id: 'id',
        label: s.id,
        value: f.id,
        code: true,
        hint: this.old ? undefined : s.idHint,
        error: faults.id,
        disabled: this.old !== undefined,
        set: (id) => {
          this.ownID = id !== ''
          this.set({ id: id.trim().toLowerCase() })
        },
      })}
    `
  }

  private readonly here = (): void => {
    navigator.geolocation.getCurrentPosition(
      (p) => this.set({ position: `${p.coords.latitude.toFixed(6)}, ${p.coords.longitude.toFixed(6)}` }),
      () => this.office.say(this.s.hereFailed),
      { enableHighAccuracy: true, timeout: 10_000 },
    )
  }

  private readonly submit = async (e: Event): Promise<void> => {
    e.preventDefault()
    if (this.state === 'saving') return
    const found = check(this.form, this.old)
    this.faults = Object.fromEntries(Object.entries(found).map(([k, v]) => [k, this.s.faults[v]]))
    this.trouble = ''
    this.conflict = undefined
    if (Object.keys(found).length > 0) {
      this.trouble = this.s.fixFields(Object.keys(found).length)
      return this.showFault()
    }
    await this.send(this.version)
  }

  /** @param masks of a camera that is made anew; without them those that are stored stay */
  private async send(version: string, masks?: CameraSettings['masks']): Promise<void> {
    const { office } = this
    const d = { ...documentOf(this.form, this.old), ...(masks ? { masks } : {}) }
    this.state = 'saving'
    const a = await office.api.call(`inventory/cameras/${part(d.id)}`, { method: 'PUT', body: d, version })
    this.state = 'edit'
    if (!a.ok) return this.refused(a.problem)
    const made = this.old === undefined
    delete d.password
    this.begin({ ...d, masks: masks ?? this.old?.masks ?? [] }, a.etag)
    this.just = true
    office.say(this.s.saved)
    this.emit('stored', d.id)
    if (made) location.hash = hashOf('cameras', d.id)
  }

  private async refused(p: Problem): Promise<void> {
    const { s, office } = this
    if (p.code === 'conflict' && !this.old) this.faults = { id: s.idTaken }
    else if (p.code === 'conflict') return this.clash()
    else if (p.status === 404) this.trouble = s.areaDenied
    else if (p.status === 422) {
      const known = p.errors.filter((e) => e.field)
      this.faults = Object.fromEntries(known.map((e) => [e.field!, this.faultText(e.field!, e.detail)]))
      this.trouble = s.fixFields(p.errors.length)
    } else this.trouble = office.explain(p)
    await this.showFault()
  }

  /** The gateway's details are in English: what the page can say itself, it says. */
  private faultText(field: string, detail: string): string {
    if (field === 'id' && /configuration/.test(detail)) return this.s.idTaken
    return this.s.refusedBy(detail.replace(/^camera "[^"]*":? /, ''))
  }

  /** Somebody else was quicker. */
  private async clash(): Promise<void> {
    const a = await this.office.api.get<CameraSettings>(`inventory/cameras/${part(this.form.id)}`)
    this.conflict = { now: a.ok ? a.value : undefined, version: a.ok ? a.etag : '' }
    await this.updateComplete
    this.renderRoot.querySelector('.conflict')?.scrollIntoView({ block: 'start' })
  }

  private conflictNow() {
    const { s, conflict, old } = this
    if (!conflict || !old) return nothing
    const names: Partial<Record<keyof CameraForm, string>> = {
      name: s.cameraName, area: s.area, kind: s.kind, main: s.main, sub: s.sub, user: s.user,
      position: s.position, transport: s.transport, keepWarm: s.keepWarm, anyCertificate: s.anyCertificate, sound: s.sound, marked: s.marked,
    }
    const say = (k: string, v: unknown): string => {
      if (k === 'area') return this.office.areas.name(String(v))
      if (k === 'kind') return (s.kinds as Record<string, string>)[String(v)] ?? String(v)
      return typeof v === 'boolean' ? (v ? '✓' : '–') : String(v || '–')
    }
    const [was, is] = [formOf(old), conflict.now ? formOf(conflict.now) : undefined]
    const rows = is ? (Object.keys(was) as (keyof CameraForm)[]).filter((k) => was[k] !== is[k]).map((k) => ({ label: names[k] ?? k, was: say(k, was[k]), is: say(k, is[k]) })) : []
    return conflictBox(s, conflict, rows, {
      theirs: () => {
        this.conflict = undefined
        this.begin(conflict.now, conflict.version)
      },
      mine: () => {
        this.conflict = undefined
        this.old = conflict.now // undefined: it is made anew
        void this.send(conflict.version, conflict.now ? undefined : old.masks)
      },
    })
  }

  private readonly takeOut = async (): Promise<void> => {
    const { s, office } = this
    const yes = await office.ask({ title: s.removeCamera(this.old!.name), text: s.removeCameraText, yes: s.remove, bad: true })
    if (!yes) return
    const a = await office.api.call(`inventory/cameras/${part(this.old!.id)}`, { method: 'DELETE', version: this.version })
    if (!a.ok && a.problem.code === 'conflict') return this.clash()
    if (!office.went(a)) return
    office.unsaved = undefined
    office.say(s.removed)
    this.emit('stored')
    location.hash = hashOf('cameras')
  }

  private fixed() {
    const { s } = this
    const c = this.old!
    const f = formOf(c)
    const rows: [string, string][] = [
      [s.cameraName, c.name],
      [s.id, c.id],
      [s.area, this.office.areas.name(c.area)],
      [s.kind, (s.kinds as Record<string, string>)[c.kind] ?? c.kind],
      [s.main, c.main],
      [s.sub, f.sub],
      [s.user, f.user],
      [s.position, f.position],
      [s.masks, c.masks?.length ? s.masksNow(c.masks.length, hiddenPercent(pointsOf(c.masks))) : ''],
    ]
    return html`<div class="body">
      ${banner('plain', html`<b>${s.fixed}</b>${s.fixedText}`)}
      <dl>
        ${rows.filter(([, v]) => v).map(([k, v]) => html`<div><dt>${k}</dt><dd>${v}</dd></div>`)}
      </dl>
    </div>`
  }
}
customElements.define('camera-panel', CameraPanel)
