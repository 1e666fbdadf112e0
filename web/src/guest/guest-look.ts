import { describe, type Words } from '../core/describe'
import { GuestApi, guestSecret, type Admission, type Invitation } from '../core/guest'
import { startLang, strings, type Lang, type Strings } from '../core/i18n'
import type { Mark } from '../core/protocol'
import { Session } from '../core/session'
import { tileView, type TileView } from '../core/state'
import type { Frame } from '../core/tile'
import { connection } from '../ui/connection'
import { keep } from '../ui/keep'
import { WakeLock } from '../ui/wakelock'
import { worldOf } from '../ui/world'

const TICK_MS = 200
const HIDDEN_MS = 3000

export type GuestScreen =
  | { name: 'opening' | 'away' | 'busy' | 'gone' | 'locked' | 'over' | 'stopped' | 'unsupported' }
  /** why: the pin is asked for once more, and why */
  | { name: 'pin'; invitation: Invitation; wrong: boolean; why?: 'elsewhere' | 'interrupted' }
  | { name: 'watch'; admission: Admission }

/** An outsider's look at one camera. Token and secret stay in the page's memory. */
export class GuestLook {
  lang: Lang = startLang(keep.get('lang'))
  screen: GuestScreen = { name: 'opening' }
  view: TileView = { kind: 'idle' }
  track: MediaStreamTrack | undefined
  busy = false
  session: Session | undefined

  private readonly api = new GuestApi((path, init) => fetch(path, init))
  private secret = ''
  private refused = false
  private online = navigator.onLine
  private hiddenTimer: number | undefined
  private networkType = connection()?.type
  private readonly wake = new WakeLock()

  constructor(private readonly changed: () => void) {}

  start(): void {
    const take = () => {
      this.secret = guestSecret(location.hash)
      this.end()
      void this.ask()
    }
    take()
    window.addEventListener('hashchange', take)
    window.addEventListener('online', () => this.network(true))
    window.addEventListener('offline', () => this.network(false))
    document.addEventListener('visibilitychange', () => this.visibility())
    connection()?.addEventListener?.('change', () => this.networkKind())
    window.setInterval(() => this.refresh(), TICK_MS)
  }

  get strings(): Strings {
    return strings[this.lang]
  }

  get words(): Words {
    return describe(this.view, this.strings, this.lang, Date.now())
  }

  /** The gateway's clock, Unix ms; the phone's until they are compared. */
  get clock(): number {
    const offset = this.session?.offset
    return offset === undefined ? Date.now() : performance.now() + offset
  }

  readonly time = (): number => this.clock

  get mark(): Mark | undefined {
    return this.session?.tiles[0]?.message?.mark
  }

  setLang(lang: Lang): void {
    this.lang = lang
    keep.set('lang', lang)
    this.changed()
  }

  /** Asks whom the link is for, and whether it still opens something. */
  async ask(why?: 'elsewhere' | 'interrupted', over = false): Promise<void> {
    if (!this.secret) return this.show({ name: 'gone' })
    // Said before a pin is asked for, which would be spent in vain.
    if (!window.RTCPeerConnection) return this.show({ name: 'unsupported' })
    if (!over) this.show({ name: 'opening' })
    const a = await this.api.look(this.secret)
    if (a.kind === 'good') this.show({ name: 'pin', invitation: a.doc, wrong: false, ...(why ? { why } : {}) })
    else if (a.kind === 'gone') this.show({ name: over ? 'over' : 'gone' })
    else this.show({ name: a.kind === 'busy' ? 'busy' : 'away' })
  }

  async enter(pin: string): Promise<void> {
    if (this.screen.name !== 'pin' || this.busy) return
    const { invitation } = this.screen
    this.busy = true
    this.changed()
    const a = await this.api.open(this.secret, pin)
    this.busy = false
    if (a.kind === 'good') this.watch(a.doc)
    else if (a.kind === 'pin' && a.left > 0) this.show({ name: 'pin', invitation: { ...invitation, left: a.left }, wrong: true })
    else if (a.kind === 'pin') this.show({ name: 'locked' })
    else if (a.kind === 'gone') this.show({ name: 'gone' })
    else this.show({ name: a.kind === 'busy' ? 'busy' : 'away' })
  }

  stop(): void {
    this.end()
    this.show({ name: 'stopped' })
  }

  picture(f: Frame): void {
    this.session?.frame(0, f)
    if (this.view.kind !== 'live' && this.view.kind !== 'weak') this.refresh()
  }

  setRefused(refused: boolean): void {
    this.refused = refused
    this.refresh()
  }

  private watch(admission: Admission): void {
    this.end()
    this.screen = { name: 'watch', admission }
    this.session = new Session(
      worldOf('..', () => admission.token),
      {
        changed: () => this.refresh(),
        tracks: (t) => {
          this.track = t[0]
          this.changed()
        },
        ended: (code) => this.ended(code),
        failed: (code) => this.failed(code),
        listed: () => undefined,
        noticed: () => undefined,
        received: () => undefined,
      },
      1,
    )
    this.session.show([admission.camera])
    this.session.start()
    this.refresh()
  }

  /** The browser cannot take these pictures, however often it asks. */
  private failed(code: string): void {
    if (code !== 'offer_no_video') return
    this.end()
    this.show({ name: 'unsupported' })
  }

  /** The gateway ended it: the share is over, or goes on elsewhere. */
  private ended(code: string): void {
    this.end()
    // Nothing is on the screen that looks like a picture while it is asked.
    this.show({ name: 'opening' })
    void this.ask(code === 'taken' || code === 'token' ? 'elsewhere' : 'interrupted', true)
  }

  private end(): void {
    this.session?.close()
    this.session = undefined
    this.track = undefined
    this.view = { kind: 'idle' }
    this.wake.want(false)
  }

  private show(screen: GuestScreen): void {
    this.screen = screen
    this.refresh()
  }

  private refresh(): void {
    const s = this.session
    const t = s?.tiles[0]
    if (s && t) {
      const around = { online: this.online, connected: s.connected, refused: this.refused, visibleAt: s.visibleAt }
      this.view = tileView(t, around, performance.now(), this.view)
    }
    this.wake.want(this.view.kind === 'live' || this.view.kind === 'weak')
    this.changed()
  }

  private network(online: boolean): void {
    this.online = online
    if (online) this.session?.networkChanged()
    this.refresh()
  }

  private networkKind(): void {
    const type = connection()?.type
    if (type === this.networkType) return
    this.networkType = type
    if (type !== 'none' && this.online) this.session?.networkChanged()
  }

  private visibility(): void {
    clearTimeout(this.hiddenTimer)
    if (document.visibilityState === 'hidden') {
      this.hiddenTimer = window.setTimeout(() => this.session?.pause(), HIDDEN_MS)
      return
    }
    this.session?.resume()
    this.refresh()
  }
}
