import { html, nothing, type PropertyValues } from 'lit'
import { parseRoute, hashOf, screensFor, type Route, type ScreenName } from '../core/manage/route'
import { base } from '../ui/shared'
import { appStyle } from './app-style'
import { Office } from './office'
import { formStyle } from './form-style'
import { icon, type IconName } from './icons'
import { LitElement } from 'lit'
import './account-screen'
import './area-screen'
import './ask-dialog'
import './camera-screen'
import './office-menu'
import './grant-screen'
import './import-screen'
import './log-screen'

const DRAWINGS: Record<ScreenName, IconName> = { cameras: 'camera', areas: 'tree', accounts: 'users', grants: 'key', import: 'upload', log: 'file' }

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
      <office-menu .office=${office}></office-menu>
      <ask-dialog .office=${office}></ask-dialog>
      <p class="toast ${office.toast ? 'shown' : ''}" role="status">${office.toast}</p>`
  }

  private nav() {
    const { s } = this.office
    const link = (name: ScreenName) => html`<a href=${hashOf(name)} aria-current=${this.shown.screen === name ? 'page' : 'false'}>
      ${icon(DRAWINGS[name], 23)}<span>${name === 'import' ? s.importNav : name === 'grants' ? s.grantsNav : name === 'log' ? s.logNav : s[name]}</span>
    </a>`
    return html`<nav class=${screensFor(this.office.who.may).length === 1 ? 'single' : ''} aria-label=${s.navigation}>
      <p class="brand"><b>${s.app}</b><span>${s.title}</span></p>
      ${screensFor(this.office.who.may).map(link)}
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
      case 'areas':
        return html`<area-screen .office=${office} .route=${route}></area-screen>`
      case 'accounts':
        return html`<account-screen .office=${office} .route=${route}></account-screen>`
      case 'grants':
        return html`<grant-screen .office=${office} .route=${route}></grant-screen>`
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
    const back = `../auth/login?${new URLSearchParams({ back: location.pathname, lang: office.lang }).toString()}`
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
