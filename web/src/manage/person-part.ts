import { css, html, nothing, type PropertyValues } from 'lit'
import { part } from '../core/manage/api'
import type { Device, PersonRights, Right } from '../core/manage/people'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner, textField } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { thingStyle } from './thing-style'

/** What the gateway knows of somebody: the devices, a block, and every ground of their rights. */
export class PersonPart extends Part {
  static override properties = {
    key: { attribute: false },
    person: { state: true },
    devices: { state: true },
    blocking: { state: true },
    reason: { state: true },
    wrong: { state: true },
  }
  declare key: string
  /** undefined: not told (yet), or nobody who has signed in */
  declare person: PersonRights | undefined
  declare devices: Device[] | undefined
  declare blocking: boolean
  declare reason: string
  declare wrong: boolean

  static override styles = [
    base,
    formStyle,
    thingStyle,
    css`
      :host {
        display: block;
      }
      .right {
        padding: 14px;
        margin-bottom: 10px;
        border: 1px solid var(--ln);
        border-radius: 14px;
      }
      .right header {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
        align-items: baseline;
        justify-content: space-between;
        margin-bottom: 6px;
      }
      .on {
        color: var(--ok);
        font-size: 13.5px;
        font-weight: 620;
      }
      .off {
        color: var(--t2);
        font-size: 13.5px;
        font-weight: 620;
      }
      .group {
        margin-bottom: 24px;
      }
      .right a {
        display: inline-grid;
        place-items: center;
        min-height: 48px;
        font-size: 14px;
        font-weight: 620;
      }
    `,
  ]

  constructor() {
    super()
    this.blocking = false
    this.reason = ''
    this.wrong = false
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('key')) return
    this.person = undefined
    this.devices = undefined
    this.blocking = false
    void this.load()
  }

  private async load(): Promise<void> {
    const { key } = this
    const [person, devices] = await Promise.all([
      this.office.api.get<PersonRights>(`people/${part(key)}`),
      this.office.api.get<{ sessions: Device[] | null }>(`people/${part(key)}/sessions`),
    ])
    if (key !== this.key) return
    this.person = person.ok ? person.value : undefined
    this.devices = devices.ok ? (devices.value.sessions ?? []) : undefined
  }

  override render() {
    return html`${this.block()} ${this.sessions()} ${this.rights()}`
  }

  private get me(): boolean {
    return this.key === this.office.who.key
  }

  private sessions() {
    const { s, devices, office } = this
    if (!devices) return nothing
    const others = devices.filter((d) => !d.current)
    return html`<section class="group">
      <h2>${s.devices}</h2>
      ${devices.length === 0 ? html`<p class="hint">${s.noDevices}</p>` : nothing}
      <ul>
        ${devices.map(
          (d) => html`<li class="thing">
            ${icon('phone', 22)}
            <div>
              <b>${d.device || '–'}</b>${d.current ? html` <small>${s.thisDevice}</small>` : nothing}
              <small>${s.usedAt(office.time(d.used))}</small>
            </div>
            ${d.current
              ? html`<span></span>`
              : html`<button type="button" class="text small" aria-label=${s.endDeviceOf(d.device)} @click=${() => void this.end(d)}>${s.endDevice}</button>`}
          </li>`,
        )}
      </ul>
      ${others.length > 1
        ? html`<div class="buttons"><button type="button" class="soft small" @click=${() => void this.endAll()}>${icon('leave', 19)}${s.endAll}</button></div>`
        : nothing}
    </section>`
  }

  private async end(d: Device): Promise<void> {
    this.office.went(await this.office.api.call(`people/${part(this.key)}/sessions/${part(d.id)}`, { method: 'DELETE' }))
    await this.load()
  }

  private async endAll(): Promise<void> {
    const { office, s } = this
    const a = await office.api.call<{ ended: number }>(`people/${part(this.key)}/sessions`, { method: 'DELETE' })
    if (a.ok) office.say(s.endedAll(String(a.value.ended)))
    else office.went(a)
    await this.load()
  }

  private block() {
    const { s, person } = this
    if (!person || this.me) return nothing
    if (person.blocked) {
      return html`${banner('bad', html`<b>${s.blockedBecause(person.block_reason || '–')}</b>
        <div class="buttons"><button type="button" class="soft small" @click=${() => void this.unblock()}>${s.unblock}</button></div>`)}`
    }
    if (!this.blocking) {
      return html`<div class="group">
        <button type="button" class="soft bad small" @click=${() => (this.blocking = true)}>${icon('lock', 19)}${s.block}</button>
        <p class="hint">${s.blockText}</p>
      </div>`
    }
    return html`<div class="group">
      ${textField(s, {
        id: 'reason', label: s.blockReason, value: this.reason, error: this.wrong ? s.blockReasonMissing : undefined,
        set: (reason) => {
          this.reason = reason
          this.wrong = false
        },
      })}
      <div class="buttons">
        <button type="button" class="go bad small" @click=${() => void this.doBlock()}>${icon('lock', 19)}${s.block}</button>
        <button type="button" class="soft small" @click=${() => (this.blocking = false)}>${s.cancel}</button>
      </div>
    </div>`
  }

  private async doBlock(): Promise<void> {
    this.wrong = this.reason.trim() === ''
    if (this.wrong) return
    const a = await this.office.api.call(`people/${part(this.key)}/block`, { method: 'PUT', body: { reason: this.reason.trim() } })
    if (!this.office.went(a)) return
    this.blocking = false
    this.reason = ''
    this.emit('stored')
    await this.load()
  }

  private async unblock(): Promise<void> {
    const a = await this.office.api.call(`people/${part(this.key)}/block`, { method: 'DELETE' })
    if (this.office.went(a)) this.office.say(this.s.unblocked)
    this.emit('stored')
    await this.load()
  }

  private rights() {
    const { s, person } = this
    if (!person) return nothing
    const rights = person.rights ?? []
    return html`<section class="group">
      <h2>${s.why}</h2>
      <p class="hint">${s.whyText}</p>
      ${rights.length === 0 ? html`<p>${s.noRights}</p>` : nothing}
      <ul>
        ${rights.map((r) => html`<li>${this.right(r)}</li>`)}
      </ul>
    </section>`
  }

  private right(r: Right) {
    const { s, office } = this
    const role = /^role (\S+)$/.exec(r.source)?.[1]
    const grant = /^grant (\S+)$/.exec(r.source)?.[1]
    const actions = (r.actions ?? []).filter((a) => a !== 'list' && a !== 'connect').map((a) => (s.actionNames as Record<string, string>)[a] ?? a)
    const places = [...(r.areas ?? []).map((a) => office.areaName(a)), ...(r.cameras ?? [])].join(', ')
    const kinds = (r.kinds ?? []).map((k) => (s.kinds as Record<string, string>)[k] ?? k)
    const changes = office.time(r.changes)
    return html`<article class="right">
      <header>
        <b>${role ? s.fromRole((s.roleNames as Record<string, string>)[role] ?? role) : s.fromGrant}</b>
        <span class=${r.in_force ? 'on' : 'off'}>
          ${r.in_force ? s.inForce : s.notInForce}${changes ? ` · ${r.in_force ? s.until(changes) : s.from(changes)}` : ''}
        </span>
      </header>
      <p>${actions.join(', ')}${places ? html` · <b>${places}</b>` : nothing}</p>
      ${kinds.length ? html`<small>${s.kindsOf(kinds.join(', '))}</small>` : nothing}
      ${role ? nothing : html`<small>${r.because}</small>`}
      ${r.in_force || !r.why ? nothing : html`<small>${r.why}</small>`}
      ${grant ? html`<a href=${hashOf('grants', grant)}>${s.openGrant}</a>` : nothing}
    </article>`
  }
}
customElements.define('person-part', PersonPart)
