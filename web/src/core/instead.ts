import type { Camera } from './cameras'

/** A camera that may be looked at while another gives no picture. */
export function watchable(c: Camera): boolean {
  return c.state !== 'offline' && !c.closed && !c.needs_case
}

/**
 * The nearest camera that gives pictures, as far as is known: by its place, or
 * where that of either is not known, the next of the list.
 */
export function nearestWatchable(list: readonly Camera[], of: Camera): Camera | undefined {
  const others = list.filter((c) => c.id !== of.id && watchable(c))
  const from = of.position
  const placed = from ? others.filter((c) => c.position) : []
  if (from && placed.length > 0) return placed.reduce((a, b) => (square(from, b.position!) < square(from, a.position!) ? b : a))
  const at = list.findIndex((c) => c.id === of.id)
  const same = others.filter((c) => c.area === of.area)
  const near = same.length > 0 ? same : others
  return near.find((c) => list.indexOf(c) > at) ?? near[0]
}

/** What grows with the distance, over the few kilometres of a district. */
function square(a: [number, number], b: [number, number]): number {
  const y = a[0] - b[0]
  const x = (a[1] - b[1]) * Math.cos((a[0] * Math.PI) / 180)
  return x * x + y * y
}
