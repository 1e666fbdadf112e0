import { going, standing, Track, turn, whole, type Fix, type Going } from '../core/near'

export type Trouble = 'refused' | 'noFix' | 'unsupported'

/** Where the device is and which way it faces. It stays on the device. */
export interface Here extends Fix {
  /** degrees clockwise from north; undefined where nothing tells it */
  heading?: number
}

/** A compass trembles: less than this, degrees, is no turn. */
const TREMBLE = 3
/** and is not asked more often than this, ms */
const TURN_MS = 120
/** What the device knew a moment ago will do to begin with, ms. */
const KNOWN_MS = 60_000
/** Without a new position for this long, ms, the last is said to be old. */
export const OLD_MS = 30_000

type CompassEvent = DeviceOrientationEvent & { webkitCompassHeading?: number; webkitCompassAccuracy?: number }
type Asked = { requestPermission?: () => Promise<'granted' | 'denied'> }

/** Follows the device while somebody wants to know, and the page is looked at. */
export class Position {
  here: Here | undefined
  trouble: Trouble | undefined
  /** An iPhone's compass tells nothing until somebody has tapped for it. */
  compass: 'none' | 'ask' | 'on' = 'none'
  going: Going = standing
  /** the question is on the screen, or the answer is not known */
  asking = false
  private facing: number | undefined
  private turned = 0
  private wanted = false
  private away = false
  private watching: number | undefined
  private track = new Track()
  private permission: PermissionStatus | undefined
  private readonly listeners = new Set<() => void>()

  constructor() {
    // Others have the question too, and answer it themselves.
    const event = globalThis.DeviceOrientationEvent as (Asked & { prototype: object }) | undefined
    if (event?.requestPermission && 'webkitCompassHeading' in event.prototype) this.compass = 'ask'
  }

  /** Calls for each change. @returns how to stop */
  listen(f: () => void): () => void {
    this.listeners.add(f)
    return () => void this.listeners.delete(f)
  }

  /** Whether somebody wants to know. The first time, the browser asks. */
  want(yes: boolean): void {
    if (yes === this.wanted) return
    this.wanted = yes
    this.change()
  }

  /** Nobody looks at the page, or somebody does again. */
  hide(away: boolean): void {
    this.away = away
    this.change()
  }

  /** After a refusal, or without a position: from the beginning. */
  again(): void {
    this.stop()
    this.trouble = undefined
    this.change()
    this.tell()
  }

  /** By a tap only: an iPhone asks nobody else. */
  async askCompass(): Promise<void> {
    const asked = (globalThis.DeviceOrientationEvent as unknown as Asked).requestPermission
    const may = await asked?.().catch(() => 'denied')
    this.compass = may === 'granted' ? 'on' : 'none'
    this.tell()
  }

  /** Somebody has tapped to know: what can be asked only then is, and what failed is tried again. */
  tapped(): void {
    if (this.compass === 'ask') void this.askCompass()
    if (this.trouble) this.again()
  }

  private change(): void {
    if (this.wanted && !this.away) this.start()
    else this.stop()
  }

  private start(): void {
    if (this.watching !== undefined) return
    if (!('geolocation' in navigator)) return this.fail('unsupported')
    void this.ask()
    this.watching = navigator.geolocation.watchPosition(
      (p) => this.moved(p),
      (e) => this.fail(e.code === e.PERMISSION_DENIED ? 'refused' : 'noFix'),
      { enableHighAccuracy: true, maximumAge: KNOWN_MS, timeout: 20_000 },
    )
    window.addEventListener('deviceorientationabsolute', this.turn as EventListener)
    window.addEventListener('deviceorientation', this.turn)
  }

  private stop(): void {
    if (this.watching !== undefined) navigator.geolocation.clearWatch(this.watching)
    this.watching = undefined
    window.removeEventListener('deviceorientationabsolute', this.turn as EventListener)
    window.removeEventListener('deviceorientation', this.turn)
  }

  /** Whether the browser's question is open; and when it is answered elsewhere, in its settings. */
  private async ask(): Promise<void> {
    if (this.permission) return
    try {
      this.permission = await navigator.permissions.query({ name: 'geolocation' })
    } catch {
      return // An old browser tells nothing.
    }
    const { permission } = this
    this.asking = permission.state === 'prompt' && !this.here && !this.trouble
    permission.addEventListener('change', () => {
      this.asking = permission.state === 'prompt'
      if (permission.state === 'granted' && this.trouble === 'refused') this.again()
      else if (permission.state === 'denied') this.fail('refused')
      else this.tell()
    })
    this.tell()
  }

  private moved({ coords: c, timestamp }: GeolocationPosition): void {
    const told = (n: number | null) => (n !== null && Number.isFinite(n) ? n : undefined)
    const fix: Fix = { lat: c.latitude, lon: c.longitude, accuracy: c.accuracy, at: timestamp }
    const [speed, course] = [told(c.speed), told(c.heading)]
    if (speed !== undefined) fix.speed = speed
    if (course !== undefined) fix.course = course
    const whole = this.track.add(fix)
    this.going = going(this.going, whole, Date.now())
    this.here = this.headed(whole)
    this.trouble = undefined
    this.asking = false
    this.tell()
  }

  /** On the way the way counts, and the phone may lie as it likes; who stands turns with it. */
  private headed(fix: Fix): Here {
    const heading = this.going.moving ? this.going.course : this.facing
    return heading === undefined ? fix : { ...fix, heading }
  }

  private readonly turn = (e: CompassEvent): void => {
    // An iPhone's compass is a property of its own; elsewhere only an absolute alpha, which turns the other way, is one.
    const heading = e.webkitCompassHeading ?? (e.absolute && e.alpha !== null ? 360 - e.alpha : undefined)
    if (heading === undefined || !Number.isFinite(heading)) return
    this.compass = 'on'
    const facing = whole(heading + (screen.orientation?.angle ?? 0))
    const now = performance.now()
    if (this.facing !== undefined && (Math.abs(turn(this.facing, facing)) < TREMBLE || now - this.turned < TURN_MS)) return
    this.turned = now
    this.facing = facing
    if (!this.here || this.going.moving) return
    this.here = { ...this.here, heading: facing }
    this.tell()
  }

  private fail(trouble: Trouble): void {
    this.trouble = trouble
    this.asking = false
    if (trouble === 'refused') {
      this.stop()
      this.here = undefined
    }
    this.tell()
  }

  private tell(): void {
    for (const f of this.listeners) f()
  }
}
