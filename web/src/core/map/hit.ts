import type { Cluster } from './clusters'
import type { Spot } from './mercator'
import { toScreen, type View } from './view'

/** A cluster where it is on the screen. */
export interface Placed extends Spot {
  cluster: Cluster
}

/** How far beside a point a finger may be, CSS pixels. */
export const REACH = 26

/** What of a level is on the screen, or so near to it that a part of it shows. @param margin CSS pixels */
export function placed(v: View, clusters: readonly Cluster[], margin = 30): Placed[] {
  const out: Placed[] = []
  for (const cluster of clusters) {
    const { x, y } = toScreen(v, cluster)
    if (x > -margin && y > -margin && x < v.width + margin && y < v.height + margin) out.push({ x, y, cluster })
  }
  return out
}

/** What a finger at a point means: the nearest within reach. */
export function hit(items: readonly Placed[], p: Spot, reach = REACH): Cluster | undefined {
  let best: Cluster | undefined
  let least = reach
  for (const i of items) {
    const away = Math.hypot(i.x - p.x, i.y - p.y)
    if (away > least) continue
    least = away
    best = i.cluster
  }
  return best
}

/** Those that a keyboard or a screen reader goes through: what is wholly on the screen, row by row. */
export function reading(v: View, items: readonly Placed[], most: number): Placed[] {
  const row = (p: Placed) => Math.floor(p.y / 48)
  return items
    .filter((p) => p.x >= 0 && p.y >= 0 && p.x <= v.width && p.y <= v.height)
    .map((p) => ({ p, away: Math.hypot(p.x - v.width / 2, p.y - v.height / 2) }))
    .sort((a, b) => a.away - b.away)
    .slice(0, most)
    .map(({ p }) => p)
    .sort((a, b) => row(a) - row(b) || a.x - b.x)
}
