import { LitElement, html, nothing, type PropertyValues } from 'lit'
import { gateStrings } from '../core/gate-text'
import { guestStrings, type GuestStrings } from '../core/guest-text'
import { formatClock } from '../core/format'
import type { Lang } from '../core/i18n'
import { countdown } from '../core/rights'
import type { Frame } from '../core/tile'
import { light } from '../ui/camera-tile'
import { icon } from '../ui/icons'
import '../ui/rare-icons'
import { base } from '../ui/shared'
import { guestStyle } from './guest-style'
import { GuestLook, type GuestScreen } from './guest-look'
import '../ui/plain-tile'
import '../ui/plain-veil'
import '../ui/view-mark'
import './pin-pad'

/** Under this much, ms, the time that is left stands out. */
const SOON_MS = 60_000

/** The page for outsiders: the pin, then one live picture, then its end. */
export class GuestApp extends LitElement {
  static override styles = [base, guestStyle]

  private readonly look = new GuestLook(() => this.requestUpdate())
  private shown: GuestScreen['name'] | undefined

  override connectedCallback(): void {
    super.connectedCallback()
    this.look.start()
  }

  private get t(): GuestStrings {
    return guestStrings[this.look.lang]
  }

  override render() {
    const { look } = this
    const { screen } = look
    if (screen.name === 'watch') return this.watch(screen)
    const other: Lang = look.lang === 'vi' ? 'en' : 'vi'
    return html`<main class="box">${screen.name === 'pin' ? this.pin(screen) : this.notice(screen.name)}</main>
      <footer>
        <span>${look.strings.app}</span>
        <button lang=${other} @click=${() => look.setLang(other)}>${other === 'en' ? 'English' : 'Tiếng Việt'}</button>
      </footer>`
  }

  private pin(screen: Extract<GuestScreen, { name: 'pin' }>) {
    const { t, look } = this
    const { name, until, left } = screen.invitation
    const said = screen.wrong ? t.wrong(left) : screen.why ? t[screen.why] : ''
    return html`<h1 tabindex="-1">${t.enterPin}</h1>
      <p class="for">${t.forWhom(name)}</p>
      <p class="small">${t.until(formatClock(Date.parse(until), look.clock))}</p>
      <p class="said ${screen.wrong ? 'bad' : ''}" role="alert">${said}</p>
      <pin-pad .language=${look.lang} ?busy=${look.busy} @pin=${this.entered}></pin-pad>
      <p class="small">${t.askPin}</p>`
  }

  private notice(name: Exclude<GuestScreen['name'], 'pin' | 'watch'>) {
    const { t, look } = this
    if (name === 'opening') return html`<p class="wait"><i class="ring"></i>${t.opening}</p>`
    const [sign, title, text] = (
      {
        away: ['wifiOff', t.away, t.awayText],
        busy: ['refresh', t.away, t.busy],
        gone: ['link', t.gone, t.goneText],
        locked: ['lock', t.locked, t.lockedText],
        over: ['videoOff', t.over, t.overText],
        stopped: ['videoOff', t.stopped, t.stoppedText],
        unsupported: ['videoOff', gateStrings[look.lang].unsupported, gateStrings[look.lang].unsupportedText],
      } as const
    )[name]
    const again = name === 'away' || name === 'busy' || name === 'stopped'
    return html`<div class="sign">${icon(sign, 30)}</div>
      <h1 tabindex="-1">${title}</h1>
      <p class="for">${text}</p>
      ${again ? html`<button class="go" @click=${() => void look.ask()}>${name === 'stopped' ? t.look : t.again}</button>` : nothing}`
  }

  private watch({ admission: a }: Extract<GuestScreen, { name: 'watch' }>) {
    const { t, look } = this
    const w = look.words
    const left = Math.max(0, Date.parse(a.until) - look.clock)
    return html`<main class="look">
      <header>
        <h1 tabindex="-1">${a.title}</h1>
        <p class="state is-${w.light}">${light(w)}<span>${w.line}</span></p>
      </header>
      <section class="picture" aria-label=${look.strings.picture}>
        <div class="frame">
          <camera-tile
            .view=${look.view}
            .words=${w}
            .name=${a.title}
            .track=${look.track}
            .mark=${look.mark}
            .clock=${look.time}
            .onpicture=${(f: Frame) => look.picture(f)}
            .onrefused=${(r: boolean) => look.setRefused(r)}
          ></camera-tile>
        </div>
      </section>
      <section class="about">
        <p class="left ${left < SOON_MS ? 'soon' : ''}">
          <span>${t.left}</span><b role="timer">${countdown(left)}</b><small>${t.until(formatClock(Date.parse(a.until), look.clock))}</small>
        </p>
        <p class="who"><span>${t.watching}</span><b>${a.name}</b></p>
        <p class="small">${t.recorded}</p>
        <button class="stop" @click=${() => look.stop()}>${icon('videoOff', 22)}${t.stop}</button>
      </section>
      <p class="sr" role="status">${w.spoken}</p>
    </main>`
  }

  private readonly entered = (e: CustomEvent<string>): void => {
    void this.look.enter(e.detail).then(() => this.renderRoot.querySelector('pin-pad')?.clear())
  }

  protected override updated(_: PropertyValues): void {
    const { look } = this
    document.documentElement.lang = look.lang
    document.title = look.screen.name === 'watch' ? `${look.screen.admission.title} · ${look.strings.app}` : look.strings.app
    // A screen reader hears what has come, and the keyboard begins there.
    if (this.shown !== look.screen.name && this.shown !== undefined) this.renderRoot.querySelector('h1')?.focus()
    this.shown = look.screen.name
  }
}
customElements.define('guest-app', GuestApp)
