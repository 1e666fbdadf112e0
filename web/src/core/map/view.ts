import type { Spot } from './mercator'

/** What of the ground a screen shows. */
export interface View extends Spot {
  /** CSS pixels a metre; x and y are the spot in the screen's middle */
  scale: number
  /** CSS pixels */
  width: number
  height: number
}

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** From a whole country on a phone to a single crossroads. */
export const MIN_SCALE = 2 ** -12
export const MAX_SCALE = 4

/** A point of the screen, CSS pixels. */
export function toScreen(v: View, s: Spot): Spot {
  return { x: (s.x - v.x) * v.scale + v.width / 2, y: (s.y - v.y) * v.scale + v.height / 2 }
}

export function toGround(v: View, p: Spot): Spot {
  return { x: (p.x - v.width / 2) / v.scale + v.x, y: (p.y - v.height / 2) / v.scale + v.y }
}

/** The ground goes with the finger. @param dx CSS pixels */
export function pan(v: View, dx: number, dy: number): View {
  return { ...v, x: v.x - dx / v.scale, y: v.y - dy / v.scale }
}

/** What lies under a point of the screen stays there. */
export function zoomAt(v: View, factor: number, p: Spot): View {
  const scale = clampScale(v.scale * factor)
  const under = toGround(v, p)
  return { ...v, scale, x: under.x - (p.x - v.width / 2) / scale, y: under.y - (p.y - v.height / 2) / scale }
}

/** Two fingers: what lay between them stays between them. */
export function pinch(v: View, from: readonly [Spot, Spot], to: readonly [Spot, Spot]): View {
  const a = between(from)
  const b = between(to)
  const spread = apart(from)
  const next = zoomAt(v, spread > 0 ? apart(to) / spread : 1, a)
  return pan(next, b.x - a.x, b.y - a.y)
}

function between([a, b]: readonly [Spot, Spot]): Spot {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

function apart([a, b]: readonly [Spot, Spot]): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** The smallest box around spots; undefined around none. */
export function boxOf(spots: readonly Spot[]): Box | undefined {
  if (spots.length === 0) return undefined
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (const { x, y } of spots) {
    box.left = Math.min(box.left, x)
    box.right = Math.max(box.right, x)
    box.top = Math.min(box.top, y)
    box.bottom = Math.max(box.bottom, y)
  }
  return box
}

/** Shows a box whole. @param margin CSS pixels that stay free @param least metres that are shown across, however small the box */
export function fit(v: View, box: Box, margin: Box, least: number): View {
  const width = Math.max(box.right - box.left, least)
  const height = Math.max(box.bottom - box.top, least)
  const across = Math.max(1, v.width - margin.left - margin.right)
  const down = Math.max(1, v.height - margin.top - margin.bottom)
  const scale = clampScale(Math.min(across / width, down / height))
  return {
    ...v,
    scale,
    x: (box.left + box.right + (margin.right - margin.left) / scale) / 2,
    y: (box.top + box.bottom + (margin.bottom - margin.top) / scale) / 2,
  }
}

/** Whether a spot is shown, and not at the very edge. */
export function inside(v: View, s: Spot, margin: number): boolean {
  const p = toScreen(v, s)
  return p.x >= margin && p.y >= margin && p.x <= v.width - margin && p.y <= v.height - margin
}

/** The way from one view to another. @param t 0 to 1 */
export function fly(from: View, to: View, t: number): View {
  if (t >= 1) return to
  const eased = 1 - (1 - t) ** 3
  const scale = from.scale * (to.scale / from.scale) ** eased
  // Of the way over the ground as much is done as of the way in scale: the target never leaves the screen.
  const done = Math.abs(to.scale / from.scale - 1) < 1e-3 ? eased : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / to.scale)
  return { ...to, scale, x: from.x + (to.x - from.x) * done, y: from.y + (to.y - from.y) * done }
}

export function clampScale(scale: number): number {
  return Math.max(MIN_SCALE, Math.min(MAX_SCALE, scale))
}

/** A round number of metres for a line of at most this length on the screen, CSS pixels. */
export function roundMetres(scale: number, longest: number): number {
  const metres = longest / scale
  const ten = 10 ** Math.floor(Math.log10(metres))
  return ([5, 2, 1].find((n) => n * ten <= metres) ?? 1) * ten
}
