import type { Directory } from '../../core/cameras'
import type { LatLng, Spot } from '../../core/map/mercator'
import type { Terrain } from '../../core/map/terrain'
import { fit, inside, type View } from '../../core/map/view'
import { TOOLS } from './room'

/** One camera, or one officer, is shown with this much around, metres. */
const AROUND = 1200
/** Room for hulls and names around what is shown whole, and at the right for the buttons, CSS pixels. */
export const ROOM = { left: 44, right: 44 + TOOLS, top: 52, bottom: 56 }

/** Where the map was left, for as long as the page lives: it is put away while a list is looked at. */
let left: { at: LatLng; scale: number } | undefined

export function remember(v: View, terrain: Terrain): void {
  if (v.scale > 0) left = { at: terrain.mercator.toLatLng(v), scale: v.scale }
}

/** Where the map was left, else around the watched camera's area, else everything. */
export function firstView(v: View, terrain: Terrain, directory: Directory | undefined, current: string): View | undefined {
  const old = left && { ...v, scale: left.scale, ...terrain.mercator.toSpot(left.at) }
  if (old && terrain.points.some((p) => inside(old, p, 0))) return old
  const area = directory?.get(current)?.area
  const box = (terrain.get(current) && terrain.extent(area)) ?? terrain.extent()
  return box && fit(v, box, ROOM, AROUND / 2)
}

/** Everything. */
export function whole(v: View, terrain: Terrain): View | undefined {
  const box = terrain.extent()
  return box && fit(v, box, ROOM, AROUND / 2)
}

/** A place, and what is around it. */
export function nearby(v: View, { x, y }: Spot): View {
  const half = AROUND / 2
  return fit(v, { left: x - half, right: x + half, top: y - half, bottom: y + half }, ROOM, 0)
}
