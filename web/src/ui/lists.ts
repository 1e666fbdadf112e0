import type { Camera, Directory } from '../core/cameras'
import { Favourites, type FavouritesWorld } from '../core/favourites'
import type { Tab } from './camera-list'
import { keep, readIds } from './keep'
import { PositionSource } from './position-source'

/** The tab that the installed app's shortcut names. */
const named = (['near', 'favourites'] as const).find((t) => location.search === `?tab=${t}`)

const none: readonly string[] = []

/** The list that is shown, and that swiping goes through; and with which camera to begin. */
export class Lists {
  tab: Tab = named ?? 'areas'
  readonly favourites: Favourites
  readonly where: PositionSource
  /** ids of what was near when somebody chose from it: swiping goes through these, however far one has come */
  private around: readonly string[] = []
  private current = ''
  /** somebody has chosen a tab, or the shortcut has */
  private chosen = named !== undefined
  /** key of who is signed in; '' for who came by a link */
  private person = ''

  private made: { d: Directory; ids: readonly string[]; cameras: Camera[] } | undefined

  constructor(private readonly changed: () => void) {
    this.where = new PositionSource(changed)
    const world: FavouritesWorld = {
      read: () => readIds(keep.get('favourites')),
      write: (ids) => keep.set('favourites', JSON.stringify(ids)),
      kept: (learnt) => import('./favourites-kept').then((m) => m.keptHere(learnt), () => undefined),
    }
    this.favourites = new Favourites(world, changed)
  }

  /** Where the position was allowed before, what is near comes first. */
  async start(): Promise<void> {
    const allowed = await this.where.start()
    if (this.tab === 'near' || (allowed && !this.chosen)) this.show('near')
  }

  /** @param session of who looks now, as the gateway gave it; undefined for a link's */
  of(session: unknown): void {
    const key = (session as { key?: unknown } | undefined)?.key
    this.person = typeof key === 'string' ? key : ''
    this.favourites.of(this.person)
  }

  show(tab: Tab): void {
    this.tab = tab
    this.chosen = true
    // The map asks nobody: it shows the device where that was allowed.
    this.where.want(tab === 'near' || (tab === 'map' && this.where.known))
    this.changed()
  }

  /** Somebody wants to see where they are, and has tapped for it. */
  locate(): void {
    this.where.position?.tapped()
    this.where.want(true)
  }

  /** What somebody has chosen from, where that is no fixed list. */
  from(ids: readonly string[]): void {
    // What is watched is where one swipes from, be it near or far.
    this.around = this.current && !ids.includes(this.current) ? [this.current, ...ids] : ids
    this.changed()
  }

  orderFavourites(ids: readonly string[]): void {
    this.favourites.order(ids)
    this.changed()
  }

  list(d: Directory): Camera[] {
    const ids = this.tab === 'favourites' ? this.favourites.ids : this.tab === 'near' ? this.around : none
    // The same array while it is the same list: the rail moves when it is another.
    if (this.made?.d !== d || this.made.ids !== ids) this.made = { d, ids, cameras: d.pick(ids) }
    return this.made.cameras.length > 0 ? this.made.cameras : d.cameras
  }

  /** The camera to begin with, within a moment: the nearest, or the first where nobody knows. */
  async first(directory: () => Directory | undefined): Promise<Camera | undefined> {
    const starred = this.tab === 'favourites'
    if (starred) await this.favourites.ready
    const near = starred ? undefined : await this.where.nearest(() => directory()?.cameras ?? [])
    const d = directory()
    return d && (near ?? this.list(d)[0])
  }

  /** The camera that the person watched last on this device, or ''. */
  get last(): string {
    const [who, camera] = readIds(keep.get('last'))
    return this.person && who === this.person && camera ? camera : ''
  }

  /** @param again whether it may be what the next day begins with */
  watched(camera: string, again: boolean): void {
    this.current = camera
    keep.setTab('camera', camera)
    if (this.person && again) keep.set('last', JSON.stringify([this.person, camera]))
  }
}
