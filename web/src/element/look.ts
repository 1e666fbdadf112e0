import { describe, type Words } from '../core/describe'
import { embedStrings } from '../core/embed-text'
import { textIn } from '../core/format'
import type { Lang } from '../core/i18n'
import { timeOfDay } from '../core/mark'
import { Pass } from '../core/pass'
import type { Mark, Stream, Text } from '../core/protocol'
import { Session } from '../core/session'
import { tileView, type TileView } from '../core/state'
import { tileStrings } from '../core/tile-text'
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
  /** The first picture is drawn, so long after it was asked for. */
  first(f: Frame, ms: number): void
  /** The look is over for want of a token that the gateway takes. */
  expired(code: string): void
}

/** The last picture of a look that is held. */
interface Held {
  /** when it was taken, Unix ms on the gateway's clock */
  at: number
  age: number
  mark: Mark | undefined
}

/** One look at one camera by tokens that somebody else gives. */
export class Look {
  lang: Lang = 'vi'
  view: TileView = { kind: 'idle' }
  plight: Plight | undefined = 'asking'
  track: MediaStreamTrack | undefined
  session: Session | undefined
  /** Somebody has stopped the picture. */
  paused = false
  /** between start and stop */
  running = false

  private aim: Aim = { gateway: '', camera: '', stream: 'auto', small: false }
  private said: Text | undefined
  private called = ''
  /** there was a picture, or might have been one */
  private seen = false
  /** it is to begin when it is no longer paused */
  private waiting = false
  private held: Held | undefined
  private pictured = false
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
    prolong: (token) => this.session?.tell({ type: 'renew', token }),
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
    this.plight = undefined
    this.waiting = this.paused
    if (this.paused) this.teller.changed()
    else this.pass.start(token)
  }

  stop(): void {
    this.running = this.waiting = false
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
    if (this.running && !this.waiting) this.pass.take(token)
  }

  /** Holds the last picture, and has no more sent. */
  pause(): void {
    if (this.paused) return
    const { view, mark, session } = this
    this.paused = true
    const own = session?.tiles[0]?.own
    const at = session?.tiles[0]?.takenAt ?? this.clock()
    this.held = own && 'age' in view ? { at, age: view.age, mark } : undefined
    session?.pause()
    this.refresh()
  }

  /** Goes on after a pause, or begins. @param token where it begins */
  play(token: string): void {
    if (!this.paused) return
    this.paused = this.pictured = false
    this.held = undefined
    if (this.waiting) {
      this.waiting = false
      this.pass.start(token)
    }
    this.session?.resume()
    this.refresh()
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
    const own = this.session?.frame(0, f)
    if (own && !this.pictured && !this.paused) {
      this.pictured = true
      this.teller.first(f, f.at - this.session!.tiles[0]!.viewedAt)
    }
    if (this.view.kind !== 'live' && this.view.kind !== 'weak') this.refresh()
  }

  setRefused(refused: boolean): void {
    this.refusedToPlay = refused
    this.refresh()
  }

  /** What is laid over the picture. */
  get mark(): Mark | undefined {
    return this.paused ? this.held?.mark : this.session?.tiles[0]?.message?.mark
  }

  /** What it is at, in a word for programs. */
  get state(): string {
    return this.plight ?? (this.paused ? 'paused' : this.view.kind)
  }

  /** When the picture that is held was taken, in words. */
  get heldAt(): string {
    return this.held ? embedStrings[this.lang].pausedAt(timeOfDay(this.held.at)) : ''
  }

  /** The gateway's clock, Unix ms; the page's until they are compared. */
  readonly clock = (): number => {
    if (this.held) return this.held.at
    const offset = this.session?.offset
    return offset === undefined ? Date.now() : performance.now() + offset
  }

  /** The camera's name, as far as the gateway has told it. */
  get name(): string {
    return this.called || this.aim.camera
  }

  get words(): Words {
    const rest = embedStrings[this.lang].paused
    if (this.paused) return { light: 'idle', line: rest, short: rest, spoken: rest }
    const w = describe(this.view, tileStrings[this.lang], this.lang, Date.now())
    // A case is stated by the token, not here.
    if (!w.asks) return w
    const { button: _, asks: __, ...said } = w
    return { ...said, note: textIn(this.session?.tiles[0]?.message?.text, this.lang) }
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
    this.pictured = false
    this.held = undefined
    this.session.start()
    if (this.paused) this.session.pause()
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
    if (plight === 'ended' || plight === 'refused') this.teller.expired(code)
  }

  /** Nothing is on the screen that looks like a picture. */
  private halt(plight: Plight): void {
    this.session?.close()
    this.session = undefined
    this.track = this.held = undefined
    this.view = { kind: 'idle' }
    this.plight = plight
    this.teller.changed()
  }

  private refresh(): void {
    const s = this.session
    const t = s?.tiles[0]
    if (!s || !t) {
      if (this.paused) this.teller.changed()
      return
    }
    if (s.connected) {
      this.pass.taken()
      this.seen = true
    }
    this.called = t.message?.name ?? this.called
    const around = { online: this.online, connected: s.connected, refused: this.refusedToPlay, visibleAt: s.visibleAt }
    if (this.paused) this.view = this.held ? { kind: 'stale', age: this.held.age, network: false } : { kind: 'idle' }
    else this.view = tileView(t, around, performance.now(), this.view)
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
    if (!this.paused) this.session?.resume()
    this.refresh()
  }
}
