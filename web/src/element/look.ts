import { describe, type Words } from '../core/describe'
import { embedStrings } from '../core/embed-text'
import { strings, textIn, type Lang } from '../core/i18n'
import { Pass } from '../core/pass'
import type { Mark, Stream, Text } from '../core/protocol'
import { Session } from '../core/session'
import { tileView, type TileView } from '../core/state'
import type { Frame } from '../core/tile'
import { connection } from '../ui/connection'
import { HIDDEN_MS } from '../ui/presence'
import { browser, worldOf } from '../ui/world'

const TICK_MS = 200

/** What stands where no picture can be. */
export type Plight = 'asking' | 'missing' | 'alone' | 'refused' | 'ended' | 'origin' | 'crowded' | 'stopped' | 'setUp' | 'unsupported'

/** What a look is at. */
export interface Aim {
  /** the gateway's address */
  gateway: string
  camera: string
  stream: Stream
  /** the picture is small on the screen */
  small: boolean
}

export interface Teller {
  changed(): void
  /** A token is wanted. */
  ask(renew: boolean): void
  failed(code: string, text: string): void
}

/** One look at one camera by tokens that somebody else gives. */
export class Look {
  lang: Lang = 'vi'
  view: TileView = { kind: 'idle' }
  plight: Plight | undefined = 'asking'
  track: MediaStreamTrack | undefined
  session: Session | undefined

  private aim: Aim = { gateway: '', camera: '', stream: 'auto', small: false }
  private said: Text | undefined
  private called = ''
  /** there was a picture, or might have been one */
  private seen = false
  private running = false
  private refusedToPlay = false
  private online = navigator.onLine
  private timer: number | undefined
  private hiddenTimer: number | undefined
  private networkType = connection()?.type
  private readonly pass = new Pass(browser, {
    ask: (renew) => {
      if (!renew) this.halt('asking')
      this.teller.ask(renew)
    },
    begin: () => this.begin(),
    prolong: (token) => this.session?.prolong(token),
    missing: () => this.fail(this.seen ? 'ended' : 'missing', 'no_token'),
    refused: () => this.fail(this.seen ? 'ended' : 'refused', 'token'),
  })

  constructor(private readonly teller: Teller) {}

  /** Begins, at another camera too. Without one, or a gateway, it says so. */
  start(aim: Aim, token: string): void {
    this.stop()
    this.running = true
    this.aim = aim
    this.seen = false
    this.called = ''
    if (!aim.camera || !aim.gateway) return this.fail('setUp', 'set_up')
    this.timer = window.setInterval(() => this.refresh(), TICK_MS)
    window.addEventListener('online', this.network)
    window.addEventListener('offline', this.network)
    document.addEventListener('visibilitychange', this.visibility)
    connection()?.addEventListener?.('change', this.networkKind)
    this.pass.start(token)
  }

  stop(): void {
    this.running = false
    clearInterval(this.timer)
    clearTimeout(this.hiddenTimer)
    window.removeEventListener('online', this.network)
    window.removeEventListener('offline', this.network)
    document.removeEventListener('visibilitychange', this.visibility)
    connection()?.removeEventListener?.('change', this.networkKind)
    this.pass.stop()
    this.halt('asking')
  }

  /** A token, to begin with or to go on. */
  take(token: string): void {
    if (this.running) this.pass.take(token)
  }

  /** Once more from the beginning, as somebody asked for it: by the same token only where that was not at fault. */
  again(token: string): void {
    this.pass.start(this.plight === 'stopped' || this.plight === 'crowded' ? token : '')
  }

  /** Another stream of the same camera, or another size of its picture. */
  resize(stream: Stream, small: boolean): void {
    this.aim = { ...this.aim, stream, small }
    this.session?.show([this.aim.camera], small, stream)
  }

  /** No page around can give a token. */
  alone(): void {
    this.pass.stop()
    this.fail('alone', 'no_token')
  }

  picture(f: Frame): void {
    this.session?.frame(0, f)
    if (this.view.kind !== 'live' && this.view.kind !== 'weak') this.refresh()
  }

  setRefused(refused: boolean): void {
    this.refusedToPlay = refused
    this.refresh()
  }

  /** What is laid over the picture. */
  get mark(): Mark | undefined {
    return this.session?.tiles[0]?.message?.mark
  }

  /** The gateway's clock, Unix ms; the page's until they are compared. */
  readonly clock = (): number => {
    const offset = this.session?.offset
    return offset === undefined ? Date.now() : performance.now() + offset
  }

  /** The camera's name, as far as the gateway has told it. */
  get name(): string {
    return this.called || this.aim.camera
  }

  get words(): Words {
    const w = describe(this.view, strings[this.lang], this.lang, Date.now())
    // A case is stated by the token, not here.
    if (!w.asks) return w
    const { button: _, asks: __, ...rest } = w
    return { ...rest, note: textIn(this.session?.tiles[0]?.message?.text, this.lang) }
  }

  /** What is said where no picture can be; nothing while there may be one. */
  get plain(): { title: string; note: string } | undefined {
    const t = embedStrings[this.lang]
    if (this.plight === undefined) return undefined
    const notes = { missing: t.missingNote, alone: t.aloneNote, refused: t.refusedNote, ended: t.endedNote, setUp: t.setUpNote, unsupported: t.unsupportedNote }
    const said = textIn(this.said, this.lang)
    return { title: t[this.plight], note: notes[this.plight as keyof typeof notes] ?? said }
  }

  private begin(): void {
    this.session?.close()
    this.plight = undefined
    this.session = new Session(
      worldOf(this.aim.gateway.replace(/\/*$/, '/'), () => this.pass.token),
      {
        changed: () => this.refresh(),
        tracks: (t) => {
          this.track = t[0]
          this.teller.changed()
        },
        ended: (code, text) => this.over(code, text),
        failed: (code, text) => this.complaint(code, text),
        listed: () => undefined,
        noticed: () => undefined,
        received: () => undefined,
      },
      1,
    )
    this.session.show([this.aim.camera], this.aim.small, this.aim.stream)
    this.session.start()
    this.refresh()
  }

  /** The gateway ended it. */
  private over(code: string, text: Text | undefined): void {
    this.said = text
    if (code === 'token') return this.pass.ended()
    this.pass.stop()
    this.fail(code === 'origin' ? 'origin' : code === 'too_many' ? 'crowded' : 'stopped', code)
  }

  private complaint(code: string, text: Text): void {
    if (code === 'offer_no_video') {
      this.pass.stop()
      this.fail('unsupported', code)
      return
    }
    if (code === 'token') this.pass.declined()
    this.teller.failed(code, textIn(text, this.lang))
  }

  private fail(plight: Plight, code: string): void {
    this.halt(plight)
    this.teller.failed(code, this.plain?.title ?? '')
  }

  /** Nothing is on the screen that looks like a picture. */
  private halt(plight: Plight): void {
    this.session?.close()
    this.session = undefined
    this.track = undefined
    this.view = { kind: 'idle' }
    this.plight = plight
    this.teller.changed()
  }

  private refresh(): void {
    const s = this.session
    const t = s?.tiles[0]
    if (!s || !t) return
    if (s.connected) {
      this.pass.taken()
      this.seen = true
    }
    this.called = t.message?.name ?? this.called
    const around = { online: this.online, connected: s.connected, refused: this.refusedToPlay, visibleAt: s.visibleAt }
    this.view = tileView(t, around, performance.now(), this.view)
    this.teller.changed()
  }

  private readonly network = (): void => {
    this.online = navigator.onLine
    if (this.online) this.session?.networkChanged()
    this.refresh()
  }

  private readonly networkKind = (): void => {
    const type = connection()?.type
    if (type === this.networkType) return
    this.networkType = type
    if (type !== 'none' && this.online) this.session?.networkChanged()
  }

  private readonly visibility = (): void => {
    clearTimeout(this.hiddenTimer)
    if (document.visibilityState === 'hidden') {
      this.hiddenTimer = window.setTimeout(() => this.session?.pause(), HIDDEN_MS)
      return
    }
    this.session?.resume()
    this.refresh()
  }
}
