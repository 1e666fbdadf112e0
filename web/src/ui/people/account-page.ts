import { css, html, nothing } from 'lit'
import type { Device, Person } from '../../core/people'
import { placeWords, roleWords } from '../../core/people-text'
import { base } from '../shared'
import { icon } from '../icons'
import { glyph } from './glyphs'
import { Page } from './page'
import { pageStyle } from './people-style'
import { leaveNothing } from '../shell'

const PASSKEYS = 'id/passkeys'

/** Who one is here, what one may see, and on which devices one is signed in. */
export class AccountPage extends Page {
  static override properties = {
    person: { state: true },
    devices: { state: true },
    passkeys: { state: true },
    sure: { state: true },
  }
  declare person: Person | undefined
  declare devices: Device[] | undefined
  declare passkeys: boolean
  /** the device that is about to be signed out, or 'others' */
  declare sure: string

  static override styles = [
    base,
    pageStyle,
    css`
      .me {
        display: grid;
        grid-template-columns: 56px 1fr;
        gap: 3px 14px;
        align-items: center;
        padding: 6px 0 4px;
      }
      .face {
        width: 56px;
        height: 56px;
        display: grid;
        place-items: center;
        border-radius: 20px;
        background: var(--acs);
        color: var(--ac);
        font-size: 24px;
        font-weight: 660;
      }
      .me b {
        display: block;
        font-size: 18px;
        font-weight: 660;
        overflow-wrap: anywhere;
      }
      .sure {
        display: grid;
        gap: 10px;
        padding: 12px 14px 14px;
        margin: 2px 0 10px;
        border-radius: 16px;
        background: var(--s2);
        font-size: 14.5px;
      }
      .sure .pair {
        display: flex;
        gap: 10px;
      }
      .sure button {
        flex: 1;
      }
      .link {
        margin-top: 14px;
        color: inherit;
        text-decoration: none;
      }
      .link b {
        font-weight: 600;
      }
      .others {
        flex: none;
        width: 100%;
        margin-top: 6px;
        min-height: 52px;
        font-size: 15px;
      }
    `,
  ]

  constructor() {
    super()
    this.passkeys = false
    this.sure = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.load()
  }

  private async load(): Promise<void> {
    const { api } = this.desk
    await this.act(async () => {
      const [person, devices] = await Promise.all([api.me(), api.devices()])
      this.person = person
      this.devices = devices.sort((a, b) => Number(b.current) - Number(a.current) || Date.parse(b.used) - Date.parse(a.used))
    }, this.p.notFetched)
    this.passkeys = await there(PASSKEYS)
  }

  override render() {
    const { p, person, devices } = this
    return html`<div class="scroll">
        <div class="me">
          <span class="face" aria-hidden="true">${initial(person?.name || this.desk.who.name)}</span>
          <div>
            <b>${person?.name || this.desk.who.name}</b>
            <small>${person ? roleWords(person.roles, p) : '\u00a0'}</small>
            <small>${person ? placeWords(person.areas, p, this.nameOf) : '\u00a0'}</small>
          </div>
        </div>
        ${this.lent()}
        <h3>${p.devices}</h3>
        ${devices ? html`<ul>${devices.map((d) => this.row(d))}</ul>` : nothing}
        ${devices?.some((d) => !d.current) ? this.others(devices.length) : nothing}
        ${this.faultLine()}
        ${this.fault && !devices ? html`<button class="soft small" @click=${() => void this.load()}>${p.again}</button>` : nothing}
        ${this.passkeys
          ? html`<a class="line link" href="${PASSKEYS}?lang=${this.language}">${glyph('key', 22)}<span><b>${p.passkey}</b></span>${icon('right', 20)}</a>`
          : nothing}
      </div>
      ${this.bar(html`<button class="soft" @click=${this.signOut}>${icon('leave', 21)}${p.signOut}</button>`)}`
  }

  /** Rights for a time: asked for, or an emergency. */
  private lent() {
    const { p } = this
    const mine = (this.desk.grants ?? []).filter(
      (g) => g.who.person === this.desk.who.key && g.until && Date.parse(g.until) > this.desk.now,
    )
    if (mine.length === 0) return nothing
    return html`<h3>${p.nowMay}</h3>
      <ul>
        ${mine.map(
          (g) => html`<li class="line">
            ${glyph(g.emergency ? 'siren' : 'pin', 22)}
            <span><b>${g.areas?.length ? placeWords(g.areas, p, this.nameOf) : p.camerasOf((g.cameras ?? []).join(', '))}</b>
              <small>${p.until(this.clock(g.until))}</small></span>
          </li>`,
        )}
      </ul>`
  }

  private row(d: Device) {
    const { p } = this
    const hand = /Android|iPhone|iPad/.test(d.device)
    return html`<li>
      <div class="line">
        ${glyph(hand ? 'phone' : 'desk', 22)}
        <span>
          <b>${d.device}${d.current ? html`<i class="tag">${p.thisOne}</i>` : nothing}</b>
          <small>${d.current ? p.signedIn(this.clock(d.created)) : p.used(this.clock(d.used))}</small>
        </span>
        ${d.current
          ? nothing
          : html`<button class="soft small" aria-label=${p.endOf(d.device)} @click=${() => (this.sure = d.id)}>${p.endDevice}</button>`}
      </div>
      ${this.sure === d.id ? this.asking(p.endSure(d.device), () => this.desk.api.endDevice(d.id)) : nothing}
    </li>`
  }

  private others(all: number) {
    const { p } = this
    if (this.sure === 'others') return this.asking(p.endOthersSure, () => this.desk.api.endOthers())
    if (all < 3) return html`<small>${p.lostPhone}</small>`
    return html`<button class="soft others" @click=${() => (this.sure = 'others')}>${p.endOthers}</button>`
  }

  private asking(question: string, yes: () => Promise<unknown>) {
    const { p } = this
    return html`<div class="sure" role="group" aria-label=${question}>
      <p>${question}</p>
      <div class="pair">
        <button class="soft small" @click=${() => (this.sure = '')}>${p.cancel}</button>
        <button class="danger small" aria-disabled=${this.busy ? 'true' : 'false'} @click=${() => this.end(yes)}>${p.yesEnd}</button>
      </div>
    </div>`
  }

  private async end(yes: () => Promise<unknown>): Promise<void> {
    const done = await this.act(yes)
    this.sure = ''
    if (done) await this.load()
  }

  private async signOut(): Promise<void> {
    await leaveNothing()
    this.dispatchEvent(new CustomEvent('forget', { bubbles: true, composed: true }))
  }
}
customElements.define('account-page', AccountPage)

/** A Vietnamese name ends with what its owner is called. */
function initial(name: string): string {
  return [...(name.trim().split(/\s+/).at(-1) ?? '')][0]?.toUpperCase() ?? ''
}

/** Whether the gateway has such a page; without an answer it has not. */
async function there(path: string): Promise<boolean> {
  try {
    // A page that leads on is there; following it would begin a sign-in.
    const { status } = await fetch(path, { cache: 'no-store', credentials: 'same-origin', redirect: 'manual' })
    return status !== 404 && status < 500
  } catch {
    return false
  }
}
