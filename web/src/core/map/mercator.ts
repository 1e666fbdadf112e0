/** Metres of the earth's radius that web maps reckon with (EPSG:3857). */
const RADIUS = 6_378_137
const DEGREE = Math.PI / 180
/** Mercator has no poles. */
const MAX_LAT = 85

/** A place on the ground: metres east and south of a projection's origin. */
export interface Spot {
  x: number
  y: number
}

/** [latitude, longitude], degrees */
export type LatLng = readonly [number, number]

/** A position that somebody entered, not the zeros of an empty form. */
export function isPosition(p: readonly number[] | undefined): p is LatLng {
  if (p?.length !== 2) return false
  const [lat, lng] = p as [number, number]
  return Math.abs(lat) <= MAX_LAT && Math.abs(lng) <= 180 && (lat !== 0 || lng !== 0)
}

/**
 * Mercator around an origin, in true metres there: at a city's size distances
 * are right within a thousandth, and web maps' tiles fit by scale and offset.
 */
export class Mercator {
  private readonly metres: number
  private readonly south: number

  constructor(readonly origin: LatLng) {
    this.metres = RADIUS * Math.cos(origin[0] * DEGREE)
    this.south = northing(origin[0])
  }

  /** Where the whole world lies that web maps cut into tiles: a square, its corner in the north-west. */
  get world(): Spot & { size: number } {
    const size = 2 * Math.PI * this.metres
    return { x: -this.metres * (180 + this.origin[1]) * DEGREE, y: this.metres * (this.south - Math.PI), size }
  }

  toSpot([lat, lng]: LatLng): Spot {
    return { x: this.metres * (lng - this.origin[1]) * DEGREE, y: this.metres * (this.south - northing(lat)) }
  }

  toLatLng({ x, y }: Spot): LatLng {
    const lat = 2 * Math.atan(Math.exp(this.south - y / this.metres)) - Math.PI / 2
    return [lat / DEGREE, x / this.metres / DEGREE + this.origin[1]]
  }
}

function northing(lat: number): number {
  const clamped = Math.max(-MAX_LAT, Math.min(MAX_LAT, lat))
  return Math.log(Math.tan(Math.PI / 4 + (clamped * DEGREE) / 2))
}

/** The middle of positions, which one that is wrong does not move. */
export function middle(positions: readonly LatLng[]): LatLng {
  return [median(positions.map((p) => p[0])), median(positions.map((p) => p[1]))]
}

/** 0 of none */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}
