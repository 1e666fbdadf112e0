import { html, nothing } from 'lit'
import type { Grant } from '../core/manage/grants'
import { hashOf, type Route } from '../core/manage/route'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { actionsOf, hoursOf, placesOf, standing, whenOf, whoOf } from './grant-words'
import { icon } from './icons'
import { loading, notLoaded, nothingYet } from './list-parts'
import { Part } from './part'
import { screenStyle } from './screen-style'
import './grant-form'
import './grant-panel'

/** The grants in one's care, and one of them open, or a new one. */
export class GrantScreen extends Part {
  static override styles = [base, formStyle, screenStyle]
  static override properties = { route: { attribute: false }, grants: { state: true }, failed: { state: true } }
  declare route: Route
  declare grants: Grant[] | undefined
  declare failed: boolean

  constructor() {
    super()
    this.failed = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.load()
    if (!this.office.people) void this.office.loadPeople()
  }

  private async load(): Promise<void> {
    const a = await this.office.api.get<{ grants: Grant[] | null }>('grants')
    this.failed = !a.ok
    if (!a.ok) return
    const now = Date.now()
    // What has ended comes last, the newest first.
    this.grants = [...(a.value.grants ?? [])].sort(
      (x, y) => Number(standing(x, now) === 'ended') - Number(standing(y, now) === 'ended') || (y.given ?? '').localeCompare(x.given ?? ''),
    )
  }

  override render() {
    const { s, route } = this
    const give = (style: string) => html`<a class="go ${style}" href=${hashOf('grants', '+')}>${icon('plus', 20)}${s.giveGrant}</a>`
    return html`<div class="screen ${route.id ? 'open' : ''}">
      <section class="list" aria-label=${s.grants}>
        <header class="head">
          <div>
            <h1>${s.grants}</h1>
            <p>${this.grants ? s.grantCount(String(this.grants.length)) : '\u00a0'}</p>
          </div>
          ${give('small')}
          <button class="square menu" aria-label=${s.menu} @click=${() => this.emit('menu')}>${icon('more', 24)}</button>
        </header>
        <div class="scroll" tabindex="-1">${this.body()}</div>
        <div class="bar add">${give('')}</div>
      </section>
      <section class="detail" aria-label=${route.id === '+' ? s.newGrant : s.grant}>${this.detail()}</section>
    </div>`
  }

  private body() {
    const { s, grants } = this
    if (this.failed) {
      return notLoaded(s, () => void this.load())
    }
    if (!grants) return loading(s)
    if (grants.length === 0) {
      return nothingYet('key', s.noGrants, s.noGrantsText)
    }
    return html`<ul>${grants.map((g) => this.row(g))}</ul>`
  }

  private row(g: Grant) {
    const { s, office } = this
    const cur = this.route.id === g.key
    const how = standing(g, Date.now())
    const tag = how === 'ended' ? html`<span class="tag">${s.ended}</span>` : how === 'notBegun' ? html`<span class="tag warn">${s.notBegun}</span>` : nothing
    return html`<li class=${cur ? 'cur' : ''}>
      <a class="item" href=${hashOf('grants', g.key)} aria-current=${cur ? 'true' : 'false'}>
        <span class="face">${icon(g.emergency ? 'alert' : g.hours ? 'clock' : 'key', 20)}</span>
        <span>
          <b>${whoOf(office, g)}</b>
          <small>${actionsOf(office, g)} · ${placesOf(office, g)}</small>
          <small>${[whenOf(office, g), hoursOf(office, g)].filter(Boolean).join(' · ')}</small>
        </span>
        <span class="end">${tag}</span>
      </a>
    </li>`
  }

  private detail() {
    const { s, office, route, grants } = this
    const stored = () => void this.load()
    if (route.id === '+') return html`<grant-form .office=${office} .person=${route.from} @stored=${stored}></grant-form>`
    const g = grants?.find((x) => x.key === route.id)
    if (route.id && grants) return html`<grant-panel .office=${office} .grant=${g} @stored=${stored}></grant-panel>`
    return html`<div class="none"><div class="mark">${icon('key', 30)}</div><p>${s.chooseGrant}</p></div>`
  }
}
customElements.define('grant-screen', GrantScreen)
