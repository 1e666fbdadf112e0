import type { Camera } from './cameras'

/** Metres of the earth's mean radius. */
const RADIUS = 6_371_009
const DEGREE = Math.PI / 180

/** A place on the earth, degrees. */
export interface Place {
  lat: number
  lon: number
}

/** Where the device is, as it says itself. */
export interface Fix extends Place {
  /** metres: it is as likely as not within this */
  accuracy: number
  /** m/s */
  speed?: number | undefined
  /** degrees clockwise from north: where it moves to, not where it looks */
  course?: number | undefined
  /** Unix ms */
  at: number
}

/** A camera as seen from where the device is. */
export interface Near {
  camera: Camera
  /** metres */
  distance: number
  /** degrees clockwise from north */
  bearing: number
  /** on the way, while the device moves */
  ahead: boolean
}

/** Metres. Right within a thousandth at a city's size. */
export function distance(a: Place, b: Place): number {
  const x = east(a, b)
  const y = (b.lat - a.lat) * DEGREE
  return RADIUS * Math.hypot(x, y)
}

/** Degrees clockwise from north, 0 up to 360. */
export function bearing(from: Place, to: Place): number {
  return whole(Math.atan2(east(from, to), (to.lat - from.lat) * DEGREE) / DEGREE)
}

function east(a: Place, b: Place): number {
  const lon = ((b.lon - a.lon + 540) % 360) - 180
  return lon * DEGREE * Math.cos(((a.lat + b.lat) / 2) * DEGREE)
}

/** An angle as 0 up to 360. */
export function whole(degrees: number): number {
  return ((degrees % 360) + 360) % 360
}

/** How far one must turn, -180 up to 180: to the right is positive. */
export function turn(from: number, to: number): number {
  return whole(to - from + 180) - 180
}

/** Where a camera stands, if somebody has entered it: not the zeros of an empty form. */
export function placeOf(c: Camera): Place | undefined {
  const [lat, lon] = c.position ?? []
  if (lat === undefined || lon === undefined || Math.abs(lat) > 90 || Math.abs(lon) > 180) return undefined
  return lat === 0 && lon === 0 ? undefined : { lat, lon }
}

/** A position that is not better than this, metres, tells nothing of which camera is near. */
const BLIND = 2000

/** The camera to begin with: the nearest that has a picture, as far as one knows. */
export function nearest(cameras: readonly Camera[], here: Fix): Camera | undefined {
  if (here.accuracy > BLIND) return undefined
  let best: Camera | undefined
  let least = Infinity
  for (const c of cameras) {
    const at = c.state === 'offline' || c.closed || c.needs_case ? undefined : placeOf(c)
    const d = at ? distance(here, at) : Infinity
    if (d < least) [best, least] = [c, d]
  }
  return best
}

/** Faster than this, m/s, one drives or cycles; slower than the other, one has stopped. Between them nothing changes. */
const DRIVING = 2.5
const STOPPED = 1
/** A light is red for about this long, ms: who waits at it still goes where they went. */
const RED_MS = 30_000

/** Whether the device is on its way, and where to. */
export interface Going {
  moving: boolean
  course: number
  /** when it was last seen to move, Unix ms */
  at: number
}

export const standing: Going = { moving: false, course: 0, at: 0 }

/** @param now Unix ms */
export function going(before: Going, fix: Pick<Fix, 'speed' | 'course'>, now: number): Going {
  const { speed = 0, course } = fix
  if (course !== undefined && speed > (before.moving ? STOPPED : DRIVING)) return { moving: true, course, at: now }
  return before.moving && now - before.at < RED_MS ? before : standing
}

/** A phone that tells no speed moves when its position does, by more than its errors explain. */
const STEP = 25
const STALE_MS = 60_000
const REST_MS = 15_000

/** Speed and course of positions that come without. */
export class Track {
  private from: Fix | undefined

  add(fix: Fix): Fix {
    if (fix.speed !== undefined) {
      this.from = fix
      return fix
    }
    const { from } = this
    const ms = from ? fix.at - from.at : Infinity
    if (!from || ms > STALE_MS) {
      this.from = fix
      return fix
    }
    const d = distance(from, fix)
    if (ms > 0 && d > Math.max(STEP, from.accuracy + fix.accuracy)) {
      const moved = { ...fix, speed: d / (ms / 1000), course: bearing(from, fix) }
      this.from = moved
      return moved
    }
    if (ms > REST_MS) {
      this.from = { ...fix, speed: 0 }
      return this.from
    }
    return { ...fix, speed: from.speed, course: from.course }
  }
}

/** So many are listed: who looks for one farther away has the map and the search. */
export const LISTED = 50
/** Half the width of what counts as ahead, degrees: a camera comes in at the one and goes out at the other. */
const AHEAD_IN = 50
const AHEAD_OUT = 70
const AHEAD_METRES = 2500
/** A row goes past another when it is nearer by this much: the greatest of metres and shares of the way and of the error. */
const MARGIN = 10
const MARGIN_WAY = 0.1
const MARGIN_ERROR = 0.25

/**
 * The cameras around, the nearest first. Two that are about as far keep their
 * order, so that rows do not change places under a finger with every breath of GPS.
 */
export class Around {
  list: readonly Near[] = []

  /** @param held somebody is about to tap: distances go on, rows stay */
  update(cameras: readonly Camera[], here: Fix, way: Going, held: boolean): void {
    const before = new Map(this.list.map((n, i) => [n.camera.id, { n, i }]))
    const all = cameras.flatMap((camera) => this.see(camera, here, way, before.get(camera.id)?.n))
    if (held && this.list.length > 0) {
      const now = new Map(all.map((n) => [n.camera.id, n]))
      // A row does not change its group either.
      this.list = this.list.flatMap(({ camera, ahead }) => ({ ...now.get(camera.id), ahead }) as Near).filter((n) => n.camera)
      return
    }
    const margin = here.accuracy * MARGIN_ERROR
    const near = all.sort((a, b) => a.distance - b.distance).slice(0, LISTED)
    const rank = (n: Near) => before.get(n.camera.id)?.i ?? Infinity
    // Those that were there keep their order; what is new comes in where it belongs.
    const old = near.filter((n) => rank(n) < Infinity).sort((a, b) => rank(a) - rank(b))
    const kept = settle(old, (a, b) => a.distance + Math.max(MARGIN, a.distance * MARGIN_WAY, Math.min(margin, 50)) < b.distance)
    const list = near.filter((n) => rank(n) === Infinity).reduce(insert, kept)
    this.list = way.moving ? [...list.filter((n) => n.ahead), ...list.filter((n) => !n.ahead)] : list
  }

  private see(camera: Camera, here: Fix, way: Going, before: Near | undefined): Near | [] {
    const at = placeOf(camera)
    if (!at) return []
    const d = distance(here, at)
    const b = bearing(here, at)
    const off = Math.abs(turn(way.course, b))
    const ahead = way.moving && d < AHEAD_METRES && off < (before?.ahead ? AHEAD_OUT : AHEAD_IN)
    return { camera, distance: d, bearing: b, ahead }
  }
}

/** Sorts by steps to the neighbour's place, and takes one only where it is clearly due. */
function settle(list: Near[], due: (a: Near, b: Near) => boolean): Near[] {
  for (let i = 1; i < list.length; i++)
    for (let j = i; j > 0 && due(list[j]!, list[j - 1]!); j--) [list[j - 1], list[j]] = [list[j]!, list[j - 1]!]
  return list
}

function insert(list: Near[], n: Near): Near[] {
  const i = list.findIndex((o) => o.distance > n.distance)
  return i < 0 ? [...list, n] : [...list.slice(0, i), n, ...list.slice(i)]
}
