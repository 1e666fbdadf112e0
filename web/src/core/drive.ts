import type { Camera } from './cameras'

/** Where the car is. */
export interface Fix {
  lat: number
  lon: number
  /** metres a second; undefined where the device does not tell */
  speed?: number
  /** degrees clockwise from north */
  heading?: number
}

/** From this speed on, km/h, there is only what a glance can take. */
export const DRIVING_KMH = 10
/** Below, km/h, the car stands: a position trembles. */
const STANDING_KMH = 3
/** After so long at a standstill the full page comes back, ms. */
export const STANDING_MS = 30_000
/** Who said that somebody else drives is believed until the car has stood for so long, ms. */
const PASSENGER_MS = 300_000

/** Whether the page is to be that of a driver, by the speed and by hand. */
export class Drive {
  on = false
  /** km/h, as it was told last; undefined: it is not known */
  speed: number | undefined
  private byHand = false
  private passenger = false
  private stood: number | undefined

  /** The car's speed, km/h. Returns whether something has changed. @param now ms */
  moved(speed: number | undefined, now: number): boolean {
    const before = [this.on, this.shown]
    this.speed = speed
    if (speed !== undefined && speed >= STANDING_KMH) this.stood = undefined
    else this.stood ??= now
    if (speed !== undefined && speed >= DRIVING_KMH) {
      // From here on the car says when it is over.
      this.byHand = false
      if (!this.passenger) this.on = true
    }
    this.rest(now)
    return before[0] !== this.on || before[1] !== this.shown
  }

  /** Time goes on. Returns whether something has changed. */
  rest(now: number): boolean {
    const before = this.on
    const stood = this.stood === undefined ? 0 : now - this.stood
    if (stood >= PASSENGER_MS) this.passenger = false
    // Where no speed is told, only a hand ends what a hand began.
    if (this.on && stood >= STANDING_MS && !this.byHand) this.on = false
    return before !== this.on
  }

  /** Somebody wants it, or does not. */
  choose(on: boolean, now: number): void {
    this.on = this.byHand = on
    this.passenger = !on
    if (on) this.stood = now
  }

  /** The speed as it is shown, whole km/h. */
  get shown(): number | undefined {
    return this.speed === undefined ? undefined : Math.round(this.speed)
  }
}

const METRES = 111_320
/** Farther than this, metres, a camera is not ahead of anybody. */
const REACH = 3000
/** Nearer than this, metres, its direction does not matter. */
const HERE = 40

/** The cameras that the car comes to, the nearest first; with no heading, the nearest ones. */
export function ahead(cameras: readonly Camera[], fix: Fix, most: number): string[] {
  const east = METRES * Math.cos((fix.lat * Math.PI) / 180)
  const found: { id: string; cost: number }[] = []
  for (const { id, position } of cameras) {
    if (!position) continue
    const x = (position[1] - fix.lon) * east
    const y = (position[0] - fix.lat) * METRES
    const metres = Math.hypot(x, y)
    if (metres > REACH) continue
    const off = fix.heading === undefined || metres < HERE ? 0 : turn((Math.atan2(x, y) * 180) / Math.PI, fix.heading)
    // What is behind is seen no more; what is aside is farther than it looks.
    if (off <= 80) found.push({ id, cost: metres * (1 + off / 40) })
  }
  return found
    .sort((a, b) => a.cost - b.cost)
    .slice(0, most)
    .map((f) => f.id)
}

/** Between two directions, degrees, 0 to 180. */
function turn(a: number, b: number): number {
  return Math.abs(((a - b + 540) % 360) - 180)
}
