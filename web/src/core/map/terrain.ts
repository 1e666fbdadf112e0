import type { Camera, Directory } from '../cameras'
import { Clusters, type Mark, type Point } from './clusters'
import { hullOf, sound, type Hull } from './hull'
import { isPosition, Mercator, middle, type LatLng } from './mercator'
import { boxOf, type Box } from './view'

/** More are not drawn: a list that is longer is a fault. */
const MOST = 20_000

/** What the map is made of: the cameras of a list, where they stand. */
export class Terrain {
  readonly mercator: Mercator
  readonly points: readonly Point[]
  readonly clusters: Clusters
  readonly hulls: readonly Hull[]
  /** cameras whose position nobody has entered */
  readonly unplaced: number
  private readonly byId: Map<string, Point>
  private readonly byArea = new Map<string, Point[]>()

  constructor(directory: Directory) {
    const known = directory.cameras.filter((c) => isPosition(c.position)).slice(0, MOST)
    this.unplaced = directory.cameras.length - known.length
    this.mercator = new Mercator(middle(known.map((c) => c.position as LatLng)))
    this.points = known.map((c) => {
      const point = { id: c.id, mark: markOf(c), household: c.kind === 'household', ...this.mercator.toSpot(c.position as LatLng) }
      const list = this.byArea.get(c.area)
      if (list) list.push(point)
      else this.byArea.set(c.area, [point])
      return point
    })
    this.byId = new Map(this.points.map((p) => [p.id, p]))
    this.clusters = new Clusters(this.points)
    this.hulls = [...this.byArea].map(([area, points]) => hullOf(area, directory.areaName(area), points))
  }

  get(id: string): Point | undefined {
    return this.byId.get(id)
  }

  /** Around all areas, or the cameras of one. */
  extent(area?: string): Box | undefined {
    if (area === undefined) return boxOf(this.hulls.flatMap((h) => h.corners))
    return boxOf(sound(this.byArea.get(area) ?? []))
  }
}

/** What its owner has closed is not lost. */
export function markOf(c: Camera): Mark {
  if (c.closed) return 'shut'
  if (c.state === 'offline') return 'off'
  return c.needs_case ? 'case' : 'on'
}
