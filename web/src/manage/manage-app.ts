import { html, nothing, type PropertyValues } from 'lit'
import { parseRoute, hashOf, screensFor, type Route, type ScreenName } from '../core/manage/route'
import { base } from '../ui/shared'
import { appStyle } from './app-style'
import { Office } from './office'
import { formStyle } from './form-style'
import { icon, type IconName } from './icons'
import { sectionName, troubled } from './office-menu'
import { LitElement } from 'lit'
import { Poll } from './poll'
import './account-screen'
import './area-screen'
import './ask-dialog'
import './camera-screen'
import './device-screen'
import './grant-screen'
import './health-screen'
import './household-screen'
import './import-screen'
import './invitation-screen'
import './log-screen'
import './now-screen'
import './portal-screen'

const OUTAGES_MS = 30_000

/** A section: where its way stands on a phone, and how it is drawn. */
export interface Section {
  name: ScreenName
  drawing: IconName
  /** in the bar at the thumb; the others are a tap further */
  near: boolean
}

const SECTIONS: readonly Section[] = [
  { name: 'cameras', drawing: 'camera', near: true },
  { name: 'health', drawing: 'pulse', near: false },
  { name: 'now', drawing: 'eye', near: false },
  { name: 'households', drawing: 'house', near: true },
  { name: 'accounts', drawing: 'users', near: true },
  { name: 'grants', drawing: 'key', near: true },
  { name: 'areas', drawing: 'tree', near: false },
  { name: 'portals', drawing: 'globe', near: false },
  { name: 'import', drawing: 'upload', near: false },
  { name: 'log', drawing: 'file', near: false },
]

/** What stands in the menu under a section's way: invitations belong to the households, devices become cameras. */
const sectionOf = (screen: ScreenName): ScreenName => (screen === 'invitations' ? 'households' : screen === 'onvif' ? 'cameras' : screen)

/** The administration page. */
export class ManageApp extends LitElement {
  static override styles = [base, formStyle, appStyle]
  static override properties = { route: { state: true } }
  declare route: Route

  private readonly office = new Office()
  /** the address that is shown, to go back to */
  private at = ''

  constructor() {
    super()
    new Poll(this, OUTAGES_MS, () => void this.office.loadOutages())
    this.route = parseRoute(location.hash)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.at = location.hash
    this.office.listen(() => this.requestUpdate())
    window.addEventListener('hashchange', () => void this.moved())
    window.addEventListener('beforeunload', (e) => {
      if (this.office.unsaved?.()) e.preventDefault()
    })
    void this.office.start()
  }

  /** Follows the address, unless that would lose what was typed. */
  private async moved(): Promise<void> {
    const to = location.hash
    if (to === this.at) return
    if (this.office.unsaved?.()) {
      history.replaceState(null, '', this.at || '#')
      const { s } = this.office
      if (!(await this.office.ask({ title: s.leave, yes: s.leaveYes, no: s.leaveNo, bad: true }))) return
      this.office.unsaved = undefined
      location.hash = to
      if (location.hash === this.at) return
    }
    this.at = to
    this.route = parseRoute(to)
  }

  protected override updated(_: PropertyValues): void {
    const { office } = this
    const route = office.state === 'ready' ? this.shown : this.route
    document.documentElement.lang = office.lang
    document.title = `${office.state === 'ready' ? office.s[route.screen] : office.s.title} · ${office.s.app}`
  }

  /** Where the address leads: to a screen that there is for the person. */
  private get shown(): Route {
    const screens = screensFor(this.office.who.may)
    return screens.includes(this.route.screen) ? this.route : { screen: screens[0]!, id: '', from: '' }
  }

  override render() {
    const { office } = this
    if (office.state !== 'ready') return this.gate()
    const open = this.shown.id !== '' ? 'inside' : ''
    return html`<div class="app ${open}">
        ${this.nav()}
        <main @menu=${() => this.menu()}>${this.screen()}</main>
      </div>
      <office-menu .office=${office} .sections=${this.sections.filter((x) => !x.near)}></office-menu>
      <ask-dialog .office=${office}></ask-dialog>
      <p class="toast ${office.toast ? 'shown' : ''}" role="status">${office.toast}</p>`
  }

  /** What there is for the person; few of them all stand at the thumb. */
  private get sections(): Section[] {
    const screens = screensFor(this.office.who.may)
    const own = SECTIONS.filter((x) => screens.includes(x.name))
    return own.length > 5 ? own : own.map((x) => ({ ...x, near: true }))
  }

  private nav() {
    const { s } = this.office
    const at = sectionOf(this.shown.screen)
    const far = this.sections.some((x) => x.name === at && !x.near)
    const link = (x: Section) => html`<a class=${x.near ? '' : 'side'} href=${hashOf(x.name)} aria-current=${at === x.name ? 'page' : 'false'}>
      ${icon(x.drawing, 23)}<span>${sectionName(s, x.name)}</span>${troubled(this.office, x.name)}
    </a>`
    return html`<nav class=${screensFor(this.office.who.may).length === 1 ? 'single' : ''} aria-label=${s.navigation}>
      <p class="brand"><b>${s.app}</b><span>${s.title}</span></p>
      ${this.sections.map(link)}
      ${
        this.sections.every((x) => x.near)
          ? nothing
          : html`<button class="further" aria-current=${far ? 'page' : 'false'} @click=${() => this.menu()}>${icon('more', 23)}<span>${s.more}</span>${troubled(this.office, 'health')}</button>`
      }
      <span class="gap"></span>
      <a class="side" href="../">${icon('play', 22)}<span>${s.viewer}</span></a>
      <button class="side" @click=${() => this.menu()}>${icon('tune', 22)}<span>${s.menu}</span></button>
    </nav>`
  }

  private menu(): void {
    this.renderRoot.querySelector('office-menu')?.show()
  }

  private screen() {
    const { office, shown: route } = this
    switch (route.screen) {
      case 'cameras':
        return html`<camera-screen .office=${office} .route=${route}></camera-screen>`
      case 'onvif':
        return html`<device-screen .office=${office} .route=${route}></device-screen>`
      case 'health':
        return html`<health-screen .office=${office} .route=${route}></health-screen>`
      case 'now':
        return html`<now-screen .office=${office}></now-screen>`
      case 'areas':
        return html`<area-screen .office=${office} .route=${route}></area-screen>`
      case 'accounts':
        return html`<account-screen .office=${office} .route=${route}></account-screen>`
      case 'grants':
        return html`<grant-screen .office=${office} .route=${route}></grant-screen>`
      case 'households':
        return html`<household-screen .office=${office} .route=${route}></household-screen>`
      case 'invitations':
        return html`<invitation-screen .office=${office} .route=${route}></invitation-screen>`
      case 'portals':
        return html`<portal-screen .office=${office} .route=${route}></portal-screen>`
      case 'import':
        return html`<import-screen .office=${office}></import-screen>`
      case 'log':
        return html`<log-screen .office=${office} .route=${route}></log-screen>`
    }
  }

  /** What stands instead of the page. */
  private gate() {
    const { office } = this
    const { s } = office
    const back = `../auth/login?${new URLSearchParams({ back: location.pathname + location.hash, lang: office.lang }).toString()}`
    const say = {
      opening: { mark: 'tune', title: s.loading, text: '', act: nothing },
      out: { mark: 'lock', title: s.needSignIn, text: s.needSignInText, act: html`<a class="go" href=${back}>${s.signIn}</a>` },
      denied: { mark: 'lock', title: s.noRight, text: s.noRightText, act: html`<a class="go" href="../">${s.viewer}</a>` },
      failed: { mark: 'wifiOff', title: s.loadFailed, text: '', act: html`<button class="go" @click=${() => void office.start()}>${s.tryAgain}</button>` },
      ready: { mark: 'tune', title: '', text: '', act: nothing },
    } as const
    const g = say[office.state]
    return html`<main class="gate">
      <div class="mark">${icon(g.mark, 30)}</div>
      <h1>${g.title}</h1>
      <p>${g.text}</p>
      ${g.act}
    </main>`
  }
}
customElements.define('manage-app', ManageApp)
