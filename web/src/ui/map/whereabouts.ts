/** Where the device is, as it says itself. It goes to nobody. */
export interface Here {
  /** degrees */
  lat: number
  lon: number
  /** metres */
  accuracy: number
  /** degrees clockwise from north; undefined where nothing tells it */
  heading?: number | undefined
}

/** Slower than this, m/s, a position's heading is chance. */
const MOVING = 1
/** A compass trembles: less than this, degrees, is no turn. */
const TREMBLE = 3

export type Trouble = 'notAllowed' | 'noPosition'

type Compass = DeviceOrientationEvent & { webkitCompassHeading?: number }

/** Follows the device while it is wanted. */
export class Whereabouts {
  here: Here | undefined
  trouble: Trouble | undefined
  private watching: number | undefined
  private compass: number | undefined

  constructor(private readonly changed: () => void) {}

  get running(): boolean {
    return this.watching !== undefined
  }

  /** Goes on where somebody has allowed it before; never asks by itself. */
  async resume(): Promise<void> {
    try {
      const may = await navigator.permissions.query({ name: 'geolocation' })
      if (may.state === 'granted') this.start()
    } catch {
      // An old browser tells nothing: the button asks.
    }
  }

  start(): void {
    if (this.running) return
    if (!('geolocation' in navigator)) return this.fail('noPosition')
    this.trouble = undefined
    this.watching = navigator.geolocation.watchPosition(
      (p) => this.moved(p.coords),
      (e) => this.fail(e.code === e.PERMISSION_DENIED ? 'notAllowed' : 'noPosition'),
      { enableHighAccuracy: true, maximumAge: 5000, timeout: 20_000 },
    )
    window.addEventListener('deviceorientationabsolute', this.turned as EventListener)
    window.addEventListener('deviceorientation', this.turned)
  }

  stop(): void {
    if (this.watching !== undefined) navigator.geolocation.clearWatch(this.watching)
    this.watching = undefined
    window.removeEventListener('deviceorientationabsolute', this.turned as EventListener)
    window.removeEventListener('deviceorientation', this.turned)
  }

  private moved(c: GeolocationCoordinates): void {
    const driven = c.heading !== null && Number.isFinite(c.heading) && (c.speed ?? 0) > MOVING ? c.heading : undefined
    this.here = { lat: c.latitude, lon: c.longitude, accuracy: c.accuracy, heading: driven ?? this.compass }
    this.trouble = undefined
    this.changed()
  }

  private readonly turned = (e: Compass): void => {
    // An iPhone's compass is a property of its own; elsewhere only an absolute alpha, which turns the other way, is one.
    const heading = e.webkitCompassHeading ?? (e.absolute && e.alpha !== null ? 360 - e.alpha : undefined)
    if (heading === undefined) return
    const facing = heading + (screen.orientation?.angle ?? 0)
    const turn = Math.abs(((facing - (this.compass ?? facing + 180) + 540) % 360) - 180)
    if (turn < TREMBLE) return
    this.compass = (facing + 360) % 360
    if (!this.here) return
    this.here = { ...this.here, heading: this.compass }
    this.changed()
  }

  private fail(trouble: Trouble): void {
    this.trouble = trouble
    if (trouble === 'notAllowed') {
      this.stop()
      this.here = undefined
    }
    this.changed()
  }
}
