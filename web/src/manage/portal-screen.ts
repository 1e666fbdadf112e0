import { html } from 'lit'
import type { Portal } from '../core/manage/portals'
import { hashOf, type Route } from '../core/manage/route'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { icon } from './icons'
import { loading, notLoaded, nothingYet } from './list-parts'
import { Part } from './part'
import { screenStyle } from './screen-style'
import './portal-panel'

/** The portals of other agencies, and one of them open, or a new one. */
export class PortalScreen extends Part {
  static override styles = [base, formStyle, screenStyle]
  static override properties = { route: { attribute: false }, portals: { state: true }, fault: { state: true } }
  declare route: Route
  declare portals: Portal[] | undefined
  declare fault: '' | 'failed' | 'denied'

  constructor() {
    super()
    this.fault = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.load()
  }

  private async load(): Promise<void> {
    const a = await this.office.api.get<{ portals: Portal[] | null }>('portals')
    this.fault = a.ok ? '' : a.problem.status === 403 || a.problem.status === 404 ? 'denied' : 'failed'
    const collator = new Intl.Collator('vi', { numeric: true })
    if (a.ok) this.portals = [...(a.value.portals ?? [])].sort((x, y) => collator.compare(x.name, y.name))
  }

  override render() {
    const { s, route, portals } = this
    const add = (style: string) => (portals ? html`<a class="go ${style}" href=${hashOf('portals', '+')}>${icon('plus', 20)}${s.addPortal}</a>` : '')
    return html`<div class="screen ${route.id ? 'open' : ''}">
      <section class="list" aria-label=${s.portals}>
        <header class="head">
          <div>
            <h1>${s.portals}</h1>
            <p>${portals ? s.portalCount(String(portals.length)) : '\u00a0'}</p>
          </div>
          ${add('small')}
          <button class="square menu" aria-label=${s.menu} @click=${() => this.emit('menu')}>${icon('more', 24)}</button>
        </header>
        <div class="scroll" tabindex="-1">${this.body()}</div>
        ${portals ? html`<div class="bar add">${add('')}</div>` : ''}
      </section>
      <section class="detail" aria-label=${route.id === '+' ? s.newPortal : s.portal}>${this.detail()}</section>
    </div>`
  }

  private body() {
    const { s, portals } = this
    if (this.fault === 'denied') return html`<div class="none"><div class="mark">${icon('lock', 30)}</div><p>${s.portalsDenied}</p></div>`
    if (this.fault === 'failed') {
      return notLoaded(s, () => void this.load())
    }
    if (!portals) return loading(s)
    if (portals.length === 0) {
      return nothingYet('globe', s.noPortals, s.noPortalsText)
    }
    return html`<ul>${portals.map((p) => this.row(p))}</ul>`
  }

  private row(p: Portal) {
    const { s, office } = this
    const cur = this.route.id === p.id
    const where = [...(p.areas ?? []).map((a) => office.areaName(a)), ...(p.cameras ?? [])].join(', ')
    return html`<li class=${cur ? 'cur' : ''}>
      <a class="item" href=${hashOf('portals', p.id)} aria-current=${cur ? 'true' : 'false'}>
        <span class="face">${icon('globe', 20)}</span>
        <span>
          <b>${p.name}</b>
          <small>${(p.origins ?? []).map((o) => o.replace(/^https:\/\//, '')).join(', ')}</small>
          <small>${where}</small>
        </span>
        <span class="end"><span class="tag ${p.disabled ? 'warn' : 'good'}">${p.disabled ? s.portalOff : s.portalOn}</span></span>
      </a>
    </li>`
  }

  private detail() {
    const { s, office, route } = this
    if (route.id === '' || this.fault === 'denied') {
      return html`<div class="none"><div class="mark">${icon('globe', 30)}</div><p>${this.fault ? '' : s.choosePortal}</p></div>`
    }
    return html`<portal-panel
      .office=${office}
      .portal=${route.id}
      .taken=${(id: string) => this.portals?.some((p) => p.id === id) ?? false}
      @stored=${() => void this.load()}
    ></portal-panel>`
  }
}
customElements.define('portal-screen', PortalScreen)
