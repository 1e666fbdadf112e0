import type { Cluster, Point } from '../../core/map/clusters'
import type { Spot } from '../../core/map/mercator'
import type { Palette } from './palette'
import type { Pen } from './sheets'

/** Half of a point's width with its rim, CSS pixels. */
export const POINT = 9
/** The same of the camera that is watched. */
export const WATCHED = 15

const TURN = 2 * Math.PI
const UP = -Math.PI / 2

export function bubbleRadius(c: Cluster): number {
  const n = c.points.length
  return n < 10 ? 16 : n < 100 ? 19 : n < 1000 ? 23 : 27
}

/** Around a bubble the share that is offline, in so many parts: bubbles of one look are drawn once. */
const PARTS = 24

/** The parts of a bubble's rim that are offline: none only where no camera is, all only where all are. */
export function lost(c: Cluster): number {
  const n = c.points.length
  if (c.off === 0 || c.off === n) return c.off && PARTS
  return Math.max(1, Math.min(PARTS - 1, Math.round((c.off / n) * PARTS)))
}

/** Several cameras as one, without how many. @param r its radius @param off parts of its rim, see lost */
export function bubble(g: Pen, i: Spot, r: number, off: number, current: boolean, marked: boolean, c: Palette): void {
  if (current || marked) halo(g, i, r + 4.5, c)
  disc(g, i, r + 2, c.ground)
  disc(g, i, r, c.bubble)
  const to = UP + (off / PARTS) * TURN
  g.lineWidth = 3
  if (off < PARTS) {
    g.strokeStyle = c.accent
    arc(g, i, r - 1.5, to, UP + TURN)
  }
  if (off > 0) {
    g.strokeStyle = c.bad
    arc(g, i, r - 1.5, UP, to)
  }
}

export const DIGITS = '680 13px system-ui, sans-serif'

export function digit(g: Pen, at: Spot, text: string, c: Palette): void {
  g.font = DIGITS
  g.textAlign = 'center'
  g.textBaseline = 'middle'
  g.fillStyle = c.text
  g.fillText(text, at.x, at.y + 0.5)
}

/** One camera. Its state is a shape as well as a colour: by night all of it is red. */
export function marker(g: Pen, at: Spot, p: Point, current: boolean, marked: boolean, c: Palette): void {
  if (marked || current) halo(g, at, current ? WATCHED + 1.5 : POINT + 6, c)
  if (current && p.mark === 'on') return watched(g, at, p.household, c)
  shape(g, at, POINT, p.household)
  g.fillStyle = c.ground
  g.fill()
  const colour = { on: c.accent, off: c.bad, shut: c.faint, case: c.warn }[p.mark]
  shape(g, at, 6.5, p.household)
  if (p.mark === 'on') {
    g.fillStyle = colour
    g.fill()
    return
  }
  g.lineWidth = 2
  g.strokeStyle = colour
  g.stroke()
  g.beginPath()
  if (p.mark === 'off') stroke(g, at, [[-2.6, -2.6, 2.6, 2.6], [-2.6, 2.6, 2.6, -2.6]])
  else if (p.mark === 'shut') stroke(g, at, [[-3, 0, 3, 0]])
  else g.arc(at.x, at.y, 1.6, 0, TURN)
  g.stroke()
}

/** A larger point that plays. */
function watched(g: Pen, at: Spot, household: boolean, c: Palette): void {
  shape(g, at, 12, household)
  g.fillStyle = c.accent
  g.fill()
  g.beginPath()
  g.moveTo(at.x - 3.6, at.y - 5.2)
  g.lineTo(at.x + 5.4, at.y)
  g.lineTo(at.x - 3.6, at.y + 5.2)
  g.closePath()
  g.lineJoin = 'round'
  g.lineWidth = 1.5
  g.fillStyle = g.strokeStyle = c.ground
  g.fill()
  g.stroke()
}

function halo(g: Pen, at: Spot, r: number, c: Palette): void {
  g.globalAlpha = 0.28
  disc(g, at, r, c.accent)
  g.globalAlpha = 1
  g.lineWidth = 2
  g.strokeStyle = c.accent
  arc(g, at, r, 0, TURN)
}

/** A citizen's own camera is a square. */
function shape(g: Pen, { x, y }: Spot, r: number, household: boolean): void {
  g.beginPath()
  if (household) g.roundRect(x - r * 0.92, y - r * 0.92, r * 1.84, r * 1.84, r * 0.4)
  else g.arc(x, y, r, 0, TURN)
}

function stroke(g: Pen, { x, y }: Spot, lines: readonly (readonly [number, number, number, number])[]): void {
  g.lineCap = 'round'
  for (const [x1, y1, x2, y2] of lines) {
    g.moveTo(x + x1, y + y1)
    g.lineTo(x + x2, y + y2)
  }
}

function disc(g: Pen, { x, y }: Spot, r: number, colour: string): void {
  g.beginPath()
  g.arc(x, y, r, 0, TURN)
  g.fillStyle = colour
  g.fill()
}

function arc(g: Pen, { x, y }: Spot, r: number, from: number, to: number): void {
  g.beginPath()
  g.arc(x, y, r, from, to)
  g.stroke()
}
