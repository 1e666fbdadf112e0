import { html } from 'lit'
import { invitationState, type Invitation } from '../core/manage/consents'
import { hashOf, type Route } from '../core/manage/route'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { householdTabs, tabsStyle } from './household-tabs'
import { icon } from './icons'
import { loading, notLoaded, nothingYet } from './list-parts'
import { Part } from './part'
import { screenStyle } from './screen-style'
import './invitation-form'
import './invitation-panel'

const COLOURS = { open: 'warn', used: 'good', expired: '' } as const

/** The citizens who were invited to lend a camera, and whether they did. */
export class InvitationScreen extends Part {
  static override styles = [base, formStyle, screenStyle, tabsStyle]
  static override properties = { route: { attribute: false }, list: { state: true }, failed: { state: true } }
  declare route: Route
  declare list: Invitation[] | undefined
  declare failed: boolean

  constructor() {
    super()
    this.failed = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.load()
  }

  private async load(): Promise<void> {
    const a = await this.office.api.get<{ invitations: Invitation[] | null }>('invitations')
    this.failed = !a.ok
    if (!a.ok) return
    const now = Date.now()
    // Those that wait come first, of each the newest.
    const rank = (i: Invitation) => ['open', 'used', 'expired'].indexOf(invitationState(i, now))
    this.list = [...(a.value.invitations ?? [])].sort((x, y) => rank(x) - rank(y) || y.made.localeCompare(x.made))
  }

  override render() {
    const { s, route, list } = this
    const invite = (style: string) => html`<a class="go ${style}" href=${hashOf('invitations', '+')}>${icon('plus', 20)}${s.invite}</a>`
    return html`<div class="screen ${route.id ? 'open' : ''}">
      <section class="list" aria-label=${s.invitations}>
        <header class="head">
          <div>
            <h1>${s.households}</h1>
            <p>${list ? s.invitationCount(String(list.length)) : '\u00a0'}</p>
          </div>
          ${invite('small')}
          <button class="square menu" aria-label=${s.menu} @click=${() => this.emit('menu')}>${icon('more', 24)}</button>
        </header>
        ${householdTabs(s, 'invitations')}
        <div class="scroll" tabindex="-1">${this.body()}</div>
        <div class="bar add">${invite('')}</div>
      </section>
      <section class="detail" aria-label=${route.id === '+' ? s.newInvitation : s.invitation}>${this.detail()}</section>
    </div>`
  }

  private body() {
    const { s, list } = this
    if (this.failed) {
      return notLoaded(s, () => void this.load())
    }
    if (!list) return loading(s)
    if (list.length === 0) {
      return nothingYet('mail', s.noInvitations, s.noInvitationsText)
    }
    return html`<ul>${list.map((i) => this.row(i))}</ul>`
  }

  private row(i: Invitation) {
    const { s, office } = this
    const cur = this.route.id === i.key
    const state = invitationState(i, Date.now())
    return html`<li class=${cur ? 'cur' : ''}>
      <a class="item" href=${hashOf('invitations', i.key)} aria-current=${cur ? 'true' : 'false'}>
        <span class="face">${icon('mail', 20)}</span>
        <span>
          <b>${i.name || s.nameless}</b>
          <small>${[i.area_name || office.areaName(i.area), i.note].filter(Boolean).join(' · ')}</small>
          <span class="tag under ${COLOURS[state]}">${s.invitationStates[state]}</span>
        </span>
        <span class="end">${state === 'used' ? office.time(i.used) : state === 'open' ? s.until(office.time(i.until)) : ''}</span>
      </a>
    </li>`
  }

  private detail() {
    const { s, office, route, list } = this
    const stored = () => void this.load()
    if (route.id === '+') return html`<invitation-form .office=${office} .startArea=${route.from} @stored=${stored}></invitation-form>`
    if (route.id && list) {
      return html`<invitation-panel .office=${office} .invitation=${list.find((i) => i.key === route.id)} @stored=${stored}></invitation-panel>`
    }
    return html`<div class="none"><div class="mark">${icon('mail', 30)}</div><p>${s.chooseInvitation}</p></div>`
  }
}
customElements.define('invitation-screen', InvitationScreen)
