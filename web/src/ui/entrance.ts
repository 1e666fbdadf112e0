import { cameraHash, parseHash, type Link } from '../core/link'
import { keep } from './keep'
import { signOut } from './sign-out'

export type Screen =
  | { name: 'watch' }
  | { name: 'needLink' | 'badLink' | 'noNet' }
  /** camera: the name of the one that was being watched */
  | { name: 'expired'; camera: string }
  | { name: 'ended'; code: string; text: string }

/** What an entrance leads to, and back from. */
export interface Inside {
  /** there while somebody looks */
  readonly session: object | undefined
  readonly tiles: { readonly current: string }
  readonly people: { openShare(secret: string): Promise<string | undefined> }
  /** Begins anew, with a camera or with what was looked at last. */
  enter(camera: string): void
  open(camera: string): void
  out(screen: Screen): void
}

/** By what right the page looks: a link's, or that of who is signed in in this browser. */
export class Entrance {
  /** of a link; '' for who is signed in */
  token = ''
  /** somebody is signed in, instead of a link */
  person = false
  /** somebody has signed out: nothing is kept any more */
  left = false
  /** what the gateway said of who is signed in */
  hello: unknown

  constructor(private readonly inside: Inside) {}

  start(): void {
    this.takeLink(parseHash(location.hash))
    window.addEventListener('hashchange', () => {
      const l = parseHash(location.hash)
      if (l.token || l.share || l.camera !== this.inside.tiles.current) this.takeLink(l)
    })
  }

  /** The address of what is shown. */
  readonly here = (camera = this.inside.tiles.current): string => location.pathname + location.search + cameraHash(camera)

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
    history.replaceState(null, '', this.here(camera))
    if (token === this.token && this.inside.session) {
      if (camera) this.inside.open(camera)
      void this.takeShare()
    } else if (token) {
      this.person = false
      this.enter(token, camera)
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
    if (known) this.enter('', camera)
    else this.inside.out({ name })
  }

  private enter(token: string, camera: string): void {
    this.token = token
    this.inside.enter(camera)
  }

  /** Opens what a colleague shared, which waits for who opened the link to sign in. */
  async takeShare(): Promise<void> {
    const secret = keep.getTab('share')
    if (!secret) return
    const camera = await this.inside.people.openShare(secret)
    if (camera !== undefined) keep.removeTab('share')
    if (camera) this.inside.open(camera)
  }

  /** Forgets the link, or signs out: the device may be handed on. */
  forget(): void {
    keep.removeTab('token')
    keep.removeTab('camera')
    if (this.person) {
      this.left = true
      signOut()
      return
    }
    this.inside.out({ name: 'needLink' })
  }

  again(): void {
    const { current } = this.inside.tiles
    if (this.token || this.person) this.enter(this.token, current)
    else void this.bySession(current)
  }
}
