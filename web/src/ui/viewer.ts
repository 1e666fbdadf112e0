import { Arrangement } from '../core/arrangement'
import type { Camera, Directory } from '../core/cameras'
import { closedWords } from '../core/household'
import { textIn } from '../core/format'
import { startLang, strings, type Lang, type Strings } from '../core/i18n'
import type { Text } from '../core/protocol'
import { Session } from '../core/session'
import { tileView, type TileView } from '../core/state'
import type { Frame } from '../core/tile'
import { calmWords, stillWords, type Words } from '../core/words'
import { Care } from './care'
import { DeskSource } from './desk-source'
import { diagnose } from './diagnose'
import { DirectorySource } from './directory-source'
import { Entrance, type Screen } from './entrance'
import { keep } from './keep'
import { Lists } from './lists'
import { Look } from './look'
import { Meter } from './meter'
import { Presence } from './presence'
import { Stills, type AnyStill } from './stills'
import { WakeLock } from './wakelock'
import { worldOf } from './world'

/** Pictures that the one connection can carry: a phone's screen has room for four, a tablet's for nine. */
export const TILES = Math.min(screen.width, screen.height) > 500 ? 9 : 4
/** Cameras that the gateway keeps ready for one viewer, at most. */
const MAX_WARM = 4
const TICK_MS = 200
/** Where no live picture comes, those of the list come without it, ms. */
const STILLS_AFTER_MS = 4000

/** The page's state: who looks at what. Elements read it and are told when it changes. */
export class Viewer {
  lang: Lang = startLang(keep.get('lang'))
  screen: Screen = { name: 'watch' }
  readonly entrance: Entrance = new Entrance(this)
  readonly lists = new Lists(() => this.relisted())
  readonly tiles = new Arrangement(TILES, () => this.list, { moved: () => this.remember(), placed: () => this.arranged() })
  views: TileView[] = Array.from({ length: TILES }, () => ({ kind: 'idle' }))
  tracks: MediaStreamTrack[] = []
  refused = false
  readonly meter = new Meter()
  readonly look = new Look(() => this.arranged())
  session: Session | undefined
  readonly stills = new Stills(() => this.changed())
  readonly care = new Care(this.stills, () => this.refresh())
  /** the list's word on the cameras that were on a tile: a right that ends does not take their names away */
  private readonly seen = new Map<string, { name: string; area: string }>()

  private wall = Date.now() - performance.now()
  private painted = ''
  private readonly wake = new WakeLock()
  private readonly presence = new Presence({
    network: (online) => this.network(online),
    rerouted: () => this.session?.networkChanged(),
    leaving: () => this.entrance.left || this.meter.save(),
    hidden: () => this.hidden(),
    shown: () => this.shown(),
  })
  private readonly source = new DirectorySource(
    () => this.entrance.token,
    () => this.listed(),
    () => this.tokenEnded(),
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
    return this.directory ? this.lists.list(this.directory) : []
  }

  nameOf(camera: string): string {
    return (this.directory?.get(camera) ?? this.seen.get(camera))?.name ?? camera
  }

  /** The last that is known of how a camera looks: by this page's own eyes, else by the gateway's. */
  stillOf(camera: string): AnyStill | undefined {
    return this.stills.look(camera)
  }

  /** Data is saved: the grid is of stills. */
  get stilled(): boolean {
    return this.look.saving && this.tiles.mode === 'grid'
  }

  words(tile: number): Words {
    const camera = this.tiles.placed[tile] ?? ''
    const view = this.views[tile]!
    const still = this.stillOf(camera)?.at
    const now = Date.now()
    if (this.stilled) return stillWords(this.strings, still, now)
    return this.trouble(view, camera, still, now) ?? calmWords(view, this.strings, this.lang, still, now)
  }

  /** What went wrong with a tile, in words, as soon as there are any. */
  private trouble(view: TileView, camera: string, still: number | undefined, now: number): Words | undefined {
    const { directory: d } = this
    const closed = closedWords(d?.get(camera), this.strings, now)
    const giver = { ask: this.people.desk?.who.may.ask === true, ...this.areaOf(camera) }
    return this.care.kit?.words(view, this.strings, this.lang, now, { still, closed, giver }, d?.get(camera), d?.cameras ?? [])
  }

  /** The area of a camera that the list has, or had while it was open here. */
  private areaOf(camera: string): { area?: string } {
    const area = this.seen.get(camera)?.area
    return area === undefined ? {} : { area }
  }

  start(): void {
    this.entrance.start()
    void this.lists.start()
    this.presence.start()
    window.setInterval(() => this.refresh(), TICK_MS)
  }

  enter(camera: string): void {
    const { token, person, hello } = this.entrance
    this.end()
    this.care.begin(token)
    this.lists.of(person ? hello : undefined)
    this.screen = { name: 'watch' }
    if (!window.RTCPeerConnection) return this.failed('offer_no_video', { vi: '', en: '' })
    this.session = new Session(
      worldOf('.', () => this.entrance.token),
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
        received: (bytes, look) => {
          this.meter.add(bytes)
          if (this.session && look.ms > 0) this.care.kit?.cooling.second(this.session, look, performance.now())
        },
      },
      TILES,
    )
    const begin = camera || this.lists.last
    if (begin) this.open(begin)
    this.session.start()
    this.source.start()
    this.stills.begin(token, STILLS_AFTER_MS)
    if (person) {
      this.people.start(hello)
      void this.entrance.takeShare()
    }
    this.changed()
  }

  open(camera: string): void {
    this.tiles.open(camera)
  }

  /** Another list is shown, or the same in another order. */
  private relisted(): void {
    this.tiles.listed()
    this.prepare()
    this.changed()
  }

  /** A household's, and no case that covers it is open. */
  needsCase(camera: string): boolean {
    return this.directory?.get(camera)?.needs_case === true
  }

  toggleFavourite(camera: string): void {
    this.lists.favourites.toggle(camera)
    this.relisted()
  }

  setLang(lang: Lang): void {
    this.lang = lang
    keep.set('lang', lang)
    this.changed()
  }

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
    if (!own || this.refused) return
    if (kind !== 'live' && kind !== 'weak') this.refresh()
    this.stills.begin(this.entrance.token)
    if (this.stills.capture(this.tiles.placed[tile]!, video, Date.now())) this.changed()
  }

  setRefused(refused: boolean): void {
    this.refused = refused
    this.refresh()
  }

  private remember(): void {
    // A household's is not opened again unasked: each look at it has its own reason.
    this.lists.watched(this.tiles.current, this.directory?.get(this.tiles.current)?.kind !== 'household')
    history.replaceState(null, '', this.entrance.here())
  }

  /** Keeps what the list says of the cameras that are on. */
  private remind(): void {
    for (const id of this.tiles.placed) {
      const c = this.directory?.get(id)
      if (c) this.seen.set(id, { name: c.name, area: this.directory!.areaName(c.area) })
    }
  }

  private arranged(): void {
    this.remind()
    const { tiles, look } = this
    this.session?.show(
      this.stilled ? [] : tiles.placed.map((c, i) => (this.unseen.has(i) ? '' : c)),
      tiles.placed.map((_, i) => tiles.small(i)),
      tiles.mode === 'grid' ? 'auto' : look.stream,
      tiles.active,
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
    this.remind()
    const fresh = this.before && this.directory?.cameras.find((c) => !this.before!.some((b) => b.id === c.id))
    if (fresh) {
      this.before = undefined
      this.open(fresh.id)
    } else if (this.tiles.current === '') void this.begin()
    else this.tiles.listed()
    this.prepare()
    this.changed()
  }

  /** Whoever has chosen a camera meanwhile keeps it. */
  private async begin(): Promise<void> {
    const first = await this.lists.first(() => this.directory)
    if (this.session && this.tiles.current === '' && first) this.open(first.id)
  }

  private failed(code: string, text: Text): void {
    // The browser cannot take these pictures, however often it asks.
    if (code === 'offer_no_video') this.out({ name: 'ended', code, text: textIn(text, this.lang) })
  }

  private byeBye(code: string, text: Text | undefined): void {
    if (code === 'token') this.tokenEnded()
    else this.out({ name: 'ended', code, text: textIn(text, this.lang) })
  }

  /** A session's end keeps the camera, for who signs in again. */
  private tokenEnded(): void {
    const { current } = this.tiles
    this.out(this.entrance.person ? { name: 'expired', camera: this.seen.get(current)?.name ?? '' } : { name: 'badLink' })
  }

  out(screen: Screen): void {
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
    this.care.end()
    this.seen.clear()
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
      const rate = s.rates[i]
      const hot = this.care.kit?.cooling.says(now) ? { hot: Math.round(rate?.framesPerSecond ?? 0) } : {}
      const around = { online: this.presence.online, connected: s.connected, refused: this.refused, visibleAt: s.visibleAt }
      return tileView(t, { ...around, loss: rate?.loss ?? 0, ...hot }, now, this.views[i])
    })
    for (const [i, v] of this.views.entries()) if (v.kind === 'denied') this.stills.forget(this.tiles.placed[i]!)
    this.wake.want(this.views.some((v) => v.kind === 'live' || v.kind === 'weak'))
    this.care.look(this.tiles.placed.map((camera, i) => ({ camera, view: this.views[i]!, viewedAt: s?.tiles[i]?.viewedAt ?? now })), now)
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
    this.lists.where.hide(true)
    this.stills.hide(true)
  }

  private shown(): void {
    this.session?.resume()
    this.lists.where.hide(false)
    this.stills.hide(false)
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
