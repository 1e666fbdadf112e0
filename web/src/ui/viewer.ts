import { Arrangement } from '../core/arrangement'
import type { Camera, Directory } from '../core/cameras'
import { describe, type Words } from '../core/describe'
import { closedWords } from '../core/household'
import { startLang, strings, textIn, type Lang, type Strings } from '../core/i18n'
import { cameraHash, parseHash, type Link } from '../core/link'
import type { Text } from '../core/protocol'
import { Session } from '../core/session'
import { tileView, type TileView } from '../core/state'
import type { Frame } from '../core/tile'
import type { Tab } from './camera-list'
import { DeskSource } from './desk-source'
import { diagnose } from './diagnose'
import { DirectorySource } from './directory-source'
import { keep, readIds } from './keep'
import { Meter } from './meter'
import { Presence } from './presence'
import { Stills } from './stills'
import { WakeLock } from './wakelock'
import { worldOf } from './world'

/** Pictures that the one connection can carry: a phone's screen has room for four, a tablet's for nine. */
export const TILES = Math.min(screen.width, screen.height) > 500 ? 9 : 4
/** Cameras that the gateway keeps ready for one viewer, at most. */
const MAX_WARM = 4
const TICK_MS = 200

export type Screen =
  | { name: 'watch' }
  | { name: 'needLink' | 'badLink' | 'noNet' }
  | { name: 'ended'; code: string; text: string }

/** The page's state: who looks at what. Elements read it and are told when it changes. */
export class Viewer {
  lang: Lang = startLang(keep.get('lang'))
  screen: Screen = { name: 'watch' }
  /** the installed app's shortcut names it */
  tab: Tab = location.search === '?tab=favourites' ? 'favourites' : 'areas'
  favourites: string[] = readIds(keep.get('favourites'))
  readonly tiles = new Arrangement(TILES, () => this.list, { moved: () => this.remember(), placed: () => this.arranged() })
  views: TileView[] = Array.from({ length: TILES }, () => ({ kind: 'idle' }))
  tracks: MediaStreamTrack[] = []
  refused = false
  readonly meter = new Meter()
  session: Session | undefined
  readonly stills = new Stills()

  /** of a link; '' for who is signed in */
  token = ''
  /** somebody is signed in, instead of a link */
  person = false
  private wall = Date.now() - performance.now()
  private painted = ''
  private readonly wake = new WakeLock()
  private readonly presence = new Presence({
    network: (online) => this.network(online),
    rerouted: () => this.session?.networkChanged(),
    leaving: () => this.meter.save(),
    hidden: () => this.hidden(),
    shown: () => this.shown(),
  })
  private readonly source = new DirectorySource(
    () => this.token,
    () => this.listed(),
    () => this.out({ name: this.person ? 'needLink' : 'badLink' }),
  )

  /** of who is signed in */
  readonly people = new DeskSource(
    () => this.clock,
    () => this.changed(),
    () => {
      this.session?.again()
      if (this.session) this.source.start()
    },
  )
  /** the list before cameras were expected */
  private before: Camera[] | undefined
  /** tiles that are not on the screen */
  private readonly unseen = new Set<number>()
  /** what comes next by itself */
  private ahead: readonly string[] = []
  /** what the gateway said of who is signed in */
  private hello: unknown

  constructor(private readonly changed: () => void) {}

  /** The gateway's clock, Unix ms; the phone's until they are compared. */
  get clock(): number {
    const offset = this.session?.offset
    return offset === undefined ? Date.now() : performance.now() + offset
  }

  readonly time = (): number => this.clock

  get strings(): Strings {
    return strings[this.lang]
  }

  get directory(): Directory | undefined {
    return this.source.directory
  }

  get listFailed(): boolean {
    return this.source.failed
  }

  /** The list that swiping goes through. */
  get list(): Camera[] {
    const d = this.directory
    if (!d) return []
    const favourites = this.tab === 'favourites' ? d.pick(this.favourites) : []
    return favourites.length > 0 ? favourites : d.cameras
  }

  nameOf(camera: string): string {
    return this.directory?.get(camera)?.name ?? camera
  }

  words(tile: number): Words {
    const camera = this.tiles.placed[tile] ?? ''
    const still = this.stills.get(camera)?.at
    const now = Date.now()
    return describe(this.views[tile]!, this.strings, this.lang, still, now, closedWords(this.directory?.get(camera), this.strings, now))
  }

  start(): void {
    const link = parseHash(location.hash)
    this.takeLink(link)
    window.addEventListener('hashchange', () => {
      const l = parseHash(location.hash)
      if (l.token || l.share || l.camera !== this.tiles.current) this.takeLink(l)
    })
    this.presence.start()
    window.setInterval(() => this.refresh(), TICK_MS)
  }

  /** Opens what a link names. The token goes out of the address at once. */
  takeLink(link: Link): void {
    if (link.share) {
      // A colleague's share is for who signs in, whatever link was open before.
      keep.removeTab('token')
      keep.setTab('share', link.share)
    }
    const token = link.token ?? keep.getTab('token') ?? ''
    if (link.token) keep.setTab('token', link.token)
    const camera = link.camera ?? keep.getTab('camera') ?? ''
    history.replaceState(null, '', location.pathname + location.search + cameraHash(camera))
    if (token === this.token && this.session) {
      if (camera) this.open(camera)
      void this.takeShare()
    } else if (token) {
      this.person = false
      this.signIn(token, camera)
    } else void this.bySession(camera)
  }

  /** Goes on as who is signed in in this browser, if somebody is. */
  private async bySession(camera: string): Promise<void> {
    let known = false
    let name: 'needLink' | 'noNet' = 'needLink'
    try {
      const r = await fetch('api/v1/session', { cache: 'no-store', credentials: 'same-origin' })
      this.hello = r.ok ? await r.json() : undefined
      known = (this.hello as { known?: boolean } | undefined)?.known === true
    } catch {
      name = 'noNet' // who is signed in may be: the screen asks again
    }
    if (keep.getTab('token')) return // a link came meanwhile
    this.person = known
    if (known) this.signIn('', camera)
    else this.out({ name })
  }

  private signIn(token: string, camera: string): void {
    this.end()
    this.token = token
    this.screen = { name: 'watch' }
    if (!window.RTCPeerConnection) return this.failed('offer_no_video', { vi: '', en: '' })
    this.session = new Session(
      worldOf('.', () => this.token),
      {
        changed: () => this.refresh(),
        tracks: (t) => {
          this.tracks = t
          this.changed()
        },
        ended: (code, text) => this.byeBye(code, text),
        failed: (code, text) => this.failed(code, text),
        listed: () => {
          this.source.start()
          this.people.refresh()
        },
        noticed: () => this.people.refresh(),
        received: (bytes) => this.meter.add(bytes),
      },
      TILES,
    )
    if (camera) this.open(camera)
    this.session.start()
    this.source.start()
    if (this.person) {
      this.people.start(this.hello)
      void this.takeShare()
    }
    this.changed()
  }

  /** Opens what a colleague shared, which waits for who opened the link to sign in. */
  private async takeShare(): Promise<void> {
    const secret = keep.getTab('share')
    if (!secret) return
    const camera = await this.people.openShare(secret)
    if (camera !== undefined) keep.removeTab('share')
    if (camera) this.open(camera)
  }

  open(camera: string): void {
    this.tiles.open(camera)
  }

  setTab(tab: Tab): void {
    this.tab = tab
    this.tiles.listed()
    this.changed()
  }

  /** A household's, and no case that covers it is open. */
  needsCase(camera: string): boolean {
    return this.directory?.get(camera)?.needs_case === true
  }

  toggleFavourite(camera: string): void {
    const has = this.favourites.includes(camera)
    this.favourites = has ? this.favourites.filter((c) => c !== camera) : [...this.favourites, camera]
    keep.set('favourites', JSON.stringify(this.favourites))
    this.changed()
  }

  setLang(lang: Lang): void {
    this.lang = lang
    keep.set('lang', lang)
    this.changed()
  }

  /** Forgets the link, or signs out: the device may be handed on. */
  forget(): void {
    keep.removeTab('token')
    keep.removeTab('camera')
    if (this.person) {
      const form = document.createElement('form')
      form.method = 'post'
      form.action = 'auth/logout'
      document.body.append(form)
      form.submit()
      return
    }
    this.out({ name: 'needLink' })
  }

  again(): void {
    if (this.token || this.person) this.signIn(this.token, this.tiles.current)
    else void this.bySession(this.tiles.current)
  }

  /** The address of what is shown. */
  readonly here = (): string => location.pathname + location.search + cameraHash(this.tiles.current)

  /** The tile is on the screen, or is not: then it is not asked for, and costs nothing. */
  see(tile: number, seen: boolean): void {
    if (this.unseen.has(tile) !== seen) return
    if (seen) this.unseen.delete(tile)
    else this.unseen.add(tile)
    this.arranged()
  }

  /** Has these cameras kept ready, too. */
  expectNext(cameras: readonly string[]): void {
    this.ahead = cameras
    this.prepare()
  }

  /** The first camera that comes new to the list opens by itself: somebody has just asked for it in an emergency. */
  expect(yes: boolean): void {
    this.before = yes ? this.directory?.cameras : undefined
  }

  picture(tile: number, f: Frame, video: HTMLVideoElement): void {
    const own = this.session?.frame(tile, f) ?? false
    const kind = this.views[tile]!.kind
    if (!own) return
    if (kind !== 'live' && kind !== 'weak') this.refresh()
    if (this.stills.capture(this.tiles.placed[tile]!, video, Date.now())) this.changed()
  }

  setRefused(refused: boolean): void {
    this.refused = refused
    this.refresh()
  }

  private remember(): void {
    keep.setTab('camera', this.tiles.current)
    history.replaceState(null, '', this.here())
  }

  private arranged(): void {
    const { tiles } = this
    this.session?.show(
      tiles.placed.map((c, i) => (this.unseen.has(i) ? '' : c)),
      tiles.placed.map((_, i) => tiles.small(i)),
    )
    this.prepare()
    this.refresh()
    this.changed()
  }

  /** Has the cameras that a swipe would bring kept ready. */
  private prepare(): void {
    this.session?.next([...new Set([...this.tiles.beside, ...this.ahead])].slice(0, MAX_WARM))
  }

  private listed(): void {
    for (const c of this.directory?.cameras ?? []) if (c.closed || c.needs_case) this.stills.forget(c.id)
    const first = this.list[0]
    const fresh = this.before && this.directory?.cameras.find((c) => !this.before!.some((b) => b.id === c.id))
    if (fresh) {
      this.before = undefined
      this.open(fresh.id)
    } else if (this.tiles.current === '' && first) this.open(first.id)
    else this.tiles.listed()
    this.prepare()
    this.changed()
  }

  private failed(code: string, text: Text): void {
    // The browser cannot take these pictures, however often it asks.
    if (code === 'offer_no_video') this.out({ name: 'ended', code, text: textIn(text, this.lang) })
  }

  private byeBye(code: string, text: Text | undefined): void {
    if (code === 'token') this.out({ name: this.person ? 'needLink' : 'badLink' })
    else this.out({ name: 'ended', code, text: textIn(text, this.lang) })
  }

  private out(screen: Screen): void {
    if (screen.name === 'badLink') keep.removeTab('token')
    this.end()
    this.show(screen)
  }

  private end(): void {
    this.session?.close()
    this.session = undefined
    this.source.reset()
    this.people.stop()
    this.stills.clear()
    this.tracks = []
    this.tiles.clear()
    this.wake.want(false)
  }

  private show(screen: Screen): void {
    this.screen = screen
    this.refresh()
    this.changed()
  }

  /** Works out what the tiles show, and tells the screen when that is something else. */
  refresh(): void {
    const s = this.session
    const now = performance.now()
    this.views = this.tiles.placed.map((_, i) => {
      const t = s?.tiles[i]
      if (!s || !t) return { kind: 'idle' }
      const around = { online: this.presence.online, connected: s.connected, refused: this.refused, visibleAt: s.visibleAt }
      return tileView(t, around, now, this.views[i])
    })
    for (const [i, v] of this.views.entries()) if (v.kind === 'denied') this.stills.forget(this.tiles.placed[i]!)
    this.wake.want(this.views.some((v) => v.kind === 'live' || v.kind === 'weak'))
    const paint = JSON.stringify([this.views.map((v, i) => [v.kind, 'own' in v && v.own, this.words(i)]), s?.rates])
    if (paint === this.painted) return
    this.painted = paint
    this.changed()
  }

  private network(online: boolean): void {
    if (online) {
      this.session?.networkChanged()
      if (this.session) this.source.start()
    }
    this.refresh()
  }

  private hidden(): void {
    this.session?.pause()
    this.source.stop()
  }

  private shown(): void {
    this.session?.resume()
    if (this.session) this.source.start()
    this.people.refresh()
    this.refresh()
  }

  /** What an operator is asked for when something is wrong. Holds no secret. */
  diagnostics() {
    const { session, views, presence, tiles } = this
    const { mode, active, placed } = tiles
    return diagnose(session, views, placed, { online: presence.online, mode, active }, this.wall)
  }
}
