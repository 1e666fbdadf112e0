import type { Mercator } from './mercator'
import { toGround, toScreen, type View } from './view'

/** An operator's own map, in tiles as web maps number them. */
export interface Ground {
  /** an address with {z}, {x} and {y} */
  tiles: string
  /** the coarsest and the finest level */
  least: number
  most: number
  /** degrees: west, south, east, north */
  bounds: readonly [number, number, number, number]
  attribution: string
}

/** A tile, and where its corner lies among those of its level. */
export interface Tile {
  z: number
  x: number
  y: number
}

/** The tiles that a screen shows. */
export interface Mosaic {
  z: number
  tiles: readonly Tile[]
  /** CSS pixels a tile */
  size: number
  /** where the first tile's corner is on the screen */
  left: number
  top: number
}

/** Tiles are made for so many CSS pixels. */
const SIZE = 256
/** More are not asked for: a wall of screens has fewer. */
const MOST = 160
/** Beside the screen, so that none is missing under a finger, CSS pixels. */
const BESIDE = 96
/** Finer levels are not counted. */
const FINEST = 24

/** What the gateway tells of a map; undefined where there is none, or it makes no sense. */
export function groundOf(doc: unknown): Ground | undefined {
  const d = (typeof doc === 'object' && doc !== null ? doc : {}) as Record<string, unknown>
  const { tiles, min_zoom: least = 0, max_zoom: most = 0, bounds, attribution = '' } = d
  const level = (n: unknown): n is number => Number.isInteger(n) && (n as number) >= 0 && (n as number) <= FINEST
  if (typeof tiles !== 'string' || !(tiles.startsWith('https://') || /^\/[^/]/.test(tiles))) return undefined
  if (!['{z}', '{x}', '{y}'].every((p) => tiles.includes(p)) || !level(least) || !level(most) || least > most) return undefined
  if (!Array.isArray(bounds) || bounds.length !== 4 || !bounds.every((n) => Number.isFinite(n)) || typeof attribution !== 'string') return undefined
  return { tiles, least, most, bounds: bounds as [number, number, number, number], attribution }
}

export function addressOf(g: Ground, t: Tile): string {
  return g.tiles.replace('{z}', String(t.z)).replace('{x}', String(t.x)).replace('{y}', String(t.y))
}

/** The level whose tiles are nearest to their own size on the screen. @param before the level that is shown, which stays while it may */
export function levelOf(g: Ground, m: Mercator, v: View, sharp: boolean, before?: number): number {
  const exact = Math.log2((m.world.size * v.scale) / SIZE) + (sharp ? 0.5 : 0)
  const stays = before !== undefined && Math.abs(exact - before) < 0.8
  return Math.max(g.least, Math.min(g.most, stays ? before : Math.round(exact)))
}

/** What of a level's tiles a screen shows, from the middle outwards; none where the operator's map has none, or they would be too many. */
export function mosaic(g: Ground, m: Mercator, v: View, z: number): Mosaic {
  const { x, y, size } = m.world
  const count = 2 ** z
  const each = size / count
  const first = toGround(v, { x: -BESIDE, y: -BESIDE })
  const last = toGround(v, { x: v.width + BESIDE, y: v.height + BESIDE })
  const west = m.toSpot([0, g.bounds[0]]).x
  const east = m.toSpot([0, g.bounds[2]]).x
  const north = m.toSpot([g.bounds[3], 0]).y
  const south = m.toSpot([g.bounds[1], 0]).y
  const from = (n: number, edge: number, zero: number) => Math.max(0, Math.floor((Math.max(n, edge) - zero) / each))
  // What ends at a tile's very edge has nothing of the next.
  const to = (n: number, edge: number, zero: number) => Math.min(count - 1, Math.ceil((Math.min(n, edge) - zero) / each - 1e-6) - 1)
  const [left, right] = [from(first.x, west, x), to(last.x, east, x)]
  const [top, bottom] = [from(first.y, north, y), to(last.y, south, y)]
  const tiles: Tile[] = []
  if ((right - left + 1) * (bottom - top + 1) <= MOST) for (let ty = top; ty <= bottom; ty++) for (let tx = left; tx <= right; tx++) tiles.push({ z, x: tx, y: ty })
  const middle = { x: (v.x - x) / each - 0.5, y: (v.y - y) / each - 0.5 }
  const away = (t: Tile) => Math.hypot(t.x - middle.x, t.y - middle.y)
  tiles.sort((a, b) => away(a) - away(b))
  const corner = toScreen(v, { x, y })
  return { z, tiles, size: each * v.scale, left: corner.x, top: corner.y }
}
