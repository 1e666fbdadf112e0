import { median, type Spot } from './mercator'

/** Where the outline of a rounded hull turns: an arc around a camera, angles as a canvas takes them. */
export interface Corner extends Spot {
  from: number
  to: number
}

/** The soft shape around an area's cameras: a disc that is led around them, drawn by its arcs. */
export interface Hull {
  area: string
  name: string
  corners: readonly Corner[]
}

/** One that is so many times farther out than half of the others is a wrong position, not a part of the area. */
const FAR = 6
/** From so many cameras on, that can be told. */
const TELLING = 5

export function hullOf(area: string, name: string, spots: readonly Spot[]): Hull {
  return { area, name, corners: corners(convex(sound(spots))) }
}

/** Those that lie where the area is. */
export function sound<T extends Spot>(spots: readonly T[]): readonly T[] {
  if (spots.length < TELLING) return spots
  const x = median(spots.map((s) => s.x))
  const y = median(spots.map((s) => s.y))
  const away = (s: Spot) => Math.hypot(s.x - x, s.y - y)
  // On one crossroads they lie metres apart, and a street further is no mistake.
  const limit = FAR * Math.max(median(spots.map(away)), 100)
  return spots.filter((s) => away(s) <= limit)
}

/** The corners of the smallest convex shape, clockwise on the screen, where y grows downwards (Andrew's monotone chain). */
export function convex(spots: readonly Spot[]): readonly Spot[] {
  const sorted = [...spots].sort((a, b) => a.x - b.x || a.y - b.y)
  const unique = sorted.filter((s, i) => i === 0 || s.x !== sorted[i - 1]!.x || s.y !== sorted[i - 1]!.y)
  if (unique.length < 3) return unique
  const upper = chain(unique)
  const lower = chain([...unique].reverse())
  return [...upper.slice(0, -1), ...lower.slice(0, -1)]
}

function chain(spots: readonly Spot[]): Spot[] {
  const out: Spot[] = []
  for (const s of spots) {
    while (out.length >= 2 && turn(out[out.length - 2]!, out[out.length - 1]!, s) <= 0) out.pop()
    out.push(s)
  }
  return out
}

/** Above 0: to the right, as seen on a screen. */
function turn(a: Spot, b: Spot, c: Spot): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/** Around a lone spot goes the whole circle, around two a half each. */
function corners(shape: readonly Spot[]): readonly Corner[] {
  const n = shape.length
  if (n === 1) return [{ ...shape[0]!, from: 0, to: 2 * Math.PI }]
  return shape.map((s, i) => ({
    x: s.x,
    y: s.y,
    from: outwards(shape[(i + n - 1) % n]!, s),
    to: outwards(s, shape[(i + 1) % n]!),
  }))
}

/** The angle that looks out of the shape from an edge of it. */
function outwards(a: Spot, b: Spot): number {
  return Math.atan2(b.y - a.y, b.x - a.x) - Math.PI / 2
}
