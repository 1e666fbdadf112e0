import { html, nothing } from 'lit'
import { fold } from '../core/fold'
import type { Entry } from '../core/manage/people'
import { hashOf, type Route } from '../core/manage/route'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { findBox } from './fields'
import { icon } from './icons'
import { loading, notLoaded } from './list-parts'
import { Part } from './part'
import { screenStyle } from './screen-style'
import './account-panel'

/** The people in one's care, and one of them open. */
export class AccountScreen extends Part {
  static override styles = [base, formStyle, screenStyle]
  static override properties = { route: { attribute: false }, query: { state: true } }
  declare route: Route
  declare query: string

  constructor() {
    super()
    this.query = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.office.loadPeople()
  }

  override render() {
    const { s, route, office } = this
    const list = office.people
    const add = (style: string) => (office.ownAccounts ? html`<a class="go ${style}" href=${hashOf('accounts', '+')}>${icon('plus', 20)}${s.addAccount}</a>` : nothing)
    return html`<div class="screen ${route.id ? 'open' : ''}">
      <section class="list" aria-label=${s.accounts}>
        <header class="head">
          <div>
            <h1>${s.accounts}</h1>
            <p>${list ? s.accountCount(String(list.length)) : '\u00a0'}</p>
          </div>
          ${add('small')}
          <button class="square menu" aria-label=${s.menu} @click=${() => this.emit('menu')}>${icon('more', 24)}</button>
        </header>
        ${(list?.length ?? 0) > 5 ? this.tools() : nothing}
        <div class="scroll" tabindex="-1">${this.body()}</div>
        ${office.ownAccounts ? html`<div class="bar add">${add('')}</div>` : nothing}
      </section>
      <section class="detail" aria-label=${s.account}>${this.detail()}</section>
    </div>`
  }

  private tools() {
    const { s } = this
    return html`<div class="tools">
      ${findBox(s.searchAccount, s.clear, this.query, (text) => (this.query = text))}
    </div>`
  }

  private body() {
    const { s, office } = this
    const list = office.people
    if (office.peopleFailed) {
      return notLoaded(s, () => void office.loadPeople())
    }
    if (!list) return loading(s)
    if (list.length === 0) return html`<div class="none"><div class="mark">${icon('users', 30)}</div><p>${s.noAccounts}</p></div>`
    const words = fold(this.query).split(' ')
    const found = list.filter((e) => words.every((w) => ` ${fold(`${e.name} ${e.login}`)}`.includes(w)))
    if (found.length === 0) return html`<div class="none"><p>${s.noAccountFound}</p></div>`
    return html`<ul>${found.map((e) => this.row(e))}</ul>`
  }

  private row(e: Entry) {
    const { s, office } = this
    const id = e.login || e.key
    const cur = this.route.id === id
    const roles = e.roles.map((r) => (s.roleNames as Record<string, string>)[r] ?? r).join(', ')
    const areas = e.areas.map((a) => office.areaName(a)).join(', ')
    return html`<li class=${cur ? 'cur' : ''}>
      <a class="item" href=${hashOf('accounts', id)} aria-current=${cur ? 'true' : 'false'}>
        <span class="face" aria-hidden="true">${initialsOf(e.name)}</span>
        <span>
          <b>${e.name}</b>
          <small>${[roles, areas].filter(Boolean).join(' · ') || '–'}</small>
          ${this.state(e)}
        </span>
        <span class="end">${e.blocked || e.disabled || e.pending ? '' : office.time(e.seen)}</span>
      </a>
    </li>`
  }

  private state(e: Entry) {
    const { s } = this
    if (e.blocked) return html`<span class="tag under bad">${s.blocked}</span>`
    if (e.disabled) return html`<span class="tag under">${s.disabled}</span>`
    if (e.pending) return html`<span class="tag under warn">${s.pending}</span>`
    return nothing
  }

  private detail() {
    const { s, office, route } = this
    const list = office.people
    if (route.id === '') {
      return html`<div class="none"><div class="mark">${icon('users', 30)}</div><p>${s.chooseAccount}</p></div>`
    }
    if (!list) return nothing
    return html`<account-panel
      .office=${office}
      .who=${route.id}
      .entry=${list.find((e) => (e.login || e.key) === route.id)}
      .taken=${(login: string) => list.some((e) => e.login === login)}
      @stored=${() => void office.loadPeople()}
    ></account-panel>`
  }
}
customElements.define('account-screen', AccountScreen)

/** The given name comes last in Vietnamese: it says most. */
function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const last = words.at(-1) ?? ''
  return ((words.length > 1 ? words[0]![0]! : '') + (last[0] ?? '')).toUpperCase()
}
