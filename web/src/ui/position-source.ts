import type { Camera } from '../core/cameras'
import type { Position } from './position'

/** For so long, ms, the first picture waits for a position. */
const MOMENT_MS = 900

/** The device's position, whose code comes when somebody wants to know it. */
export class PositionSource {
  position: Position | undefined
  /** It was allowed before: nobody is asked anything. Undefined while that is not known. */
  allowed: boolean | undefined
  private wanted = false
  private away = false
  private waiting: number | undefined

  constructor(private readonly changed: () => void) {}

  /** Finds out whether it was allowed before. */
  async start(): Promise<boolean> {
    try {
      this.allowed = (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted'
    } catch {
      this.allowed = false // An old browser tells nothing: the tab asks.
    }
    return this.allowed
  }

  /** Nobody would be asked. */
  get known(): boolean {
    return this.allowed === true || this.position?.here !== undefined
  }

  want(yes: boolean): void {
    this.wanted = yes
    if (this.position) this.position.want(yes)
    else if (yes) void this.load()
  }

  hide(away: boolean): void {
    this.away = away
    this.position?.hide(away)
  }

  /** The nearest of the cameras, or undefined where nobody knows within a moment. */
  async nearest(cameras: () => readonly Camera[]): Promise<Camera | undefined> {
    if (!this.allowed) return undefined
    const late = new Promise<undefined>((done) => {
      clearTimeout(this.waiting)
      this.waiting = window.setTimeout(done, MOMENT_MS)
    })
    return Promise.race([late, this.find(cameras)])
  }

  private async find(cameras: () => readonly Camera[]): Promise<Camera | undefined> {
    const m = await this.load()
    const p = this.position
    if (!m || !p) return undefined
    p.want(true)
    if (!p.here && !p.trouble)
      await new Promise<void>((done) => {
        const stop = p.listen(() => {
          if (!p.here && !p.trouble) return
          stop()
          done()
        })
      })
    p.want(this.wanted)
    return p.here && m.nearest(cameras(), p.here)
  }

  private async load() {
    const m = await import('./near').catch(() => undefined)
    if (m && !this.position) {
      this.position = new m.Position()
      this.position.hide(this.away)
      this.position.want(this.wanted)
      this.changed()
    }
    return m
  }
}
