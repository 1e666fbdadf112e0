import type { Spot } from './mercator'
import { MAX_SCALE, MIN_SCALE } from './view'

/** What a point may show: one camera's state. */
export type Mark = 'on' | 'off' | 'shut' | 'case'

/** A camera on the ground. */
export interface Point extends Spot {
  id: string
  mark: Mark
  household: boolean
}

/** One or several points that are drawn as one. */
export interface Cluster extends Spot {
  /** of its first camera: the same for as long as that camera leads it */
  id: string
  points: readonly Point[]
  /** how many of them are offline */
  off: number
}

/** Points nearer to each other than this are drawn as one, CSS pixels: a finger's width. */
export const NEAR = 44

const TOP = Math.log2(MAX_SCALE)
const BOTTOM = Math.log2(MIN_SCALE)

/**
 * The points of a map in levels, one for each doubling of the scale. A level is
 * made of the finer one above it, so that bubbles only ever merge on the way
 * out and part on the way in. Levels are made when they are first asked for.
 */
export class Clusters {
  private readonly levels = new Map<number, readonly Cluster[]>()

  constructor(private readonly points: readonly Point[]) {}

  /** The level that belongs to a scale. */
  static level(scale: number): number {
    return Math.max(BOTTOM, Math.min(TOP, Math.floor(Math.log2(scale) + 1e-9)))
  }

  at(level: number): readonly Cluster[] {
    const have = this.levels.get(level)
    if (have) return have
    const finer = level >= TOP ? this.points.map(alone) : this.at(level + 1)
    const made = merge(finer, NEAR / 2 ** level)
    this.levels.set(level, made)
    return made
  }

  /** The scale from which a cluster comes apart; undefined where it never does: several cameras on one pole. */
  splitScale(c: Cluster, scale: number): number | undefined {
    for (let level = Clusters.level(scale) + 1; level <= TOP; level++) {
      const parts = this.at(level)
      const first = parts.find((p) => p.points.some((x) => x.id === c.points[0]!.id))
      if (first && first.points.length < c.points.length) return 2 ** level
    }
    return undefined
  }
}

function alone(p: Point): Cluster {
  return { id: p.id, x: p.x, y: p.y, points: [p], off: p.mark === 'off' ? 1 : 0 }
}

/**
 * Joins what lies within a radius, metres, of the first that comes from the
 * west: whoever lies west of it is joined already, or leads others.
 */
function merge(from: readonly Cluster[], radius: number): readonly Cluster[] {
  const sorted = [...from].sort((a, b) => a.x - b.x || a.y - b.y)
  const taken = new Uint8Array(sorted.length)
  const made: Cluster[] = []
  for (let i = 0; i < sorted.length; i++) {
    if (taken[i]) continue
    const c = sorted[i]!
    let near: Cluster[] | undefined
    for (let j = i + 1; j < sorted.length; j++) {
      const other = sorted[j]!
      if (other.x - c.x > radius) break
      if (taken[j] || Math.hypot(other.x - c.x, other.y - c.y) > radius) continue
      taken[j] = 1
      near ??= [c]
      near.push(other)
    }
    made.push(near ? join(near) : c)
  }
  return made
}

function join(clusters: readonly Cluster[]): Cluster {
  const points = clusters.flatMap((c) => c.points)
  let [x, y, off] = [0, 0, 0]
  for (const c of clusters) {
    x += c.x * c.points.length
    y += c.y * c.points.length
    off += c.off
  }
  return { id: points[0]!.id, x: x / points.length, y: y / points.length, points, off }
}
