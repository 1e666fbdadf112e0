import type { Lang } from '../../core/i18n'
import type { Cluster } from '../../core/map/clusters'
import type { Placed } from '../../core/map/hit'
import type { Hull } from '../../core/map/hull'
import { formatMetres } from '../../core/map/map-text'
import type { Spot } from '../../core/map/mercator'
import { roundMetres, toScreen, type View } from '../../core/map/view'
import { bubble, bubbleRadius, marker, myself, POINT, WATCHED } from './glyphs'
import { Labels } from './labels'
import type { Palette } from './palette'
import type { Sprites } from './sprites'

/** What lies under everything: our own grid, or an operator's map when there is one. */
export type Ground = (g: CanvasRenderingContext2D, v: View, colours: Palette) => void

/** Everything that one picture of the map is made of. */
export interface Scene {
  view: View
  ground: Ground
  colours: Palette
  hulls: readonly Hull[]
  items: readonly Placed[]
  current: string
  /** the item that a keyboard or a mouse is on */
  marked: string | undefined
  /** on the ground */
  me: (Spot & { accuracy: number; heading: number | undefined }) | undefined
  /** a camera's name */
  nameOf: (id: string) => string
  lang: Lang
  /** kept from picture to picture, for as long as colours and density stay */
  sprites: Sprites
}

/** Distance around where one stands, metres. */
const RINGS = [200, 500, 1000]
/** The width of a hull beyond its outermost cameras, CSS pixels. */
const SOFT = 26
/** An area of one camera is as large as this to the eye, metres. */
const LEAST = 350
/** From this scale on, points have their names beside them, CSS pixels a metre. */
const NAMING = 0.12
/** So many names at once; more would be drawn for nobody. */
const NAMES = 28
const FONT = 'system-ui, sans-serif'
/** At the right, where the buttons lie, no name is read, CSS pixels. */
export const TOOLS = 62

export function paint(g: CanvasRenderingContext2D, s: Scene): void {
  const { view: v, colours: c } = s
  g.globalAlpha = 1
  g.fillStyle = c.ground
  g.fillRect(0, 0, v.width, v.height)
  s.ground(g, v, c)
  const shown = s.hulls.map((h) => ({ h, clear: clearness(v, h) })).filter((x) => x.clear > 0)
  // All that are quite there are one shape: where they overlap it is no darker, and it is filled once.
  hulls(g, v, shown.filter((x) => x.clear === 1).map((x) => x.h), 1, c)
  for (const { h, clear } of shown) if (clear < 1) hulls(g, v, [h], clear, c)
  const labels = new Labels(g, s.sprites, { width: v.width - TOOLS, height: v.height })
  const me = s.me && toScreen(v, s.me)
  if (s.me && me) {
    rings(g, v, me, c)
    myself(g, me, s.me.accuracy * v.scale, s.me.heading, c)
    labels.keep(me, 12)
  }
  for (const i of s.items) {
    const many = i.cluster.points.length > 1
    labels.keep(i, many ? bubbleRadius(i.cluster) + 3 : POINT)
    if (!leads(i.cluster, s.current)) draw(g, i, false, s)
  }
  // The one that is watched lies on top.
  for (const i of s.items) if (leads(i.cluster, s.current)) draw(g, i, true, s)
  scaleBar(g, v, labels, s)
  names(labels, s)
  areaNames(labels, shown.filter((x) => x.clear > 0.5).map((x) => x.h), s)
  if (me) ringNames(labels, v, me, s)
}

export const grid: Ground = (g, v, c) => {
  const metres = roundMetres(v.scale, 160)
  const step = metres * v.scale
  const left = v.width / 2 - ((((v.x % metres) + metres) % metres) * v.scale + Math.ceil(v.width / 2 / step) * step)
  const top = v.height / 2 - ((((v.y % metres) + metres) % metres) * v.scale + Math.ceil(v.height / 2 / step) * step)
  g.beginPath()
  for (let x = left; x < v.width; x += step) {
    g.moveTo(Math.round(x) + 0.5, 0)
    g.lineTo(Math.round(x) + 0.5, v.height)
  }
  for (let y = top; y < v.height; y += step) {
    g.moveTo(0, Math.round(y) + 0.5)
    g.lineTo(v.width, Math.round(y) + 0.5)
  }
  g.lineWidth = 1
  g.strokeStyle = c.line
  g.stroke()
}

/** How much of a hull's colour shows, 0 to 1: small ones, and those beside the screen, would only be in the way. */
function clearness(v: View, h: Hull): number {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const corner of h.corners) {
    const p = toScreen(v, corner)
    left = Math.min(left, p.x)
    right = Math.max(right, p.x)
    top = Math.min(top, p.y)
    bottom = Math.max(bottom, p.y)
  }
  if (right < -SOFT || left > v.width + SOFT || bottom < -SOFT || top > v.height + SOFT) return 0
  const size = Math.max(right - left, bottom - top, LEAST * v.scale)
  return Math.max(0, Math.min(1, (size - 55) / 35))
}

function hulls(g: CanvasRenderingContext2D, v: View, list: readonly Hull[], clear: number, c: Palette): void {
  if (list.length === 0) return
  g.beginPath()
  for (const { corners } of list) {
    for (const [i, corner] of corners.entries()) {
      const p = toScreen(v, corner)
      if (i === 0) g.moveTo(p.x + SOFT * Math.cos(corner.from), p.y + SOFT * Math.sin(corner.from))
      g.arc(p.x, p.y, SOFT, corner.from, corner.to)
    }
    g.closePath()
  }
  g.fillStyle = g.strokeStyle = c.accent
  g.globalAlpha = 0.085 * clear
  g.fill()
  g.globalAlpha = 0.3 * clear
  g.lineWidth = 1
  g.stroke()
  g.globalAlpha = 1
}

function rings(g: CanvasRenderingContext2D, v: View, me: Spot, c: Palette): void {
  g.lineWidth = 1.25
  g.strokeStyle = c.quiet
  g.setLineDash([2, 5])
  g.globalAlpha = 0.75
  for (const metres of RINGS) {
    const r = metres * v.scale
    if (r < 24 || r > 2 * Math.hypot(v.width, v.height)) continue
    g.beginPath()
    g.arc(me.x, me.y, r, 0, 2 * Math.PI)
    g.stroke()
  }
  g.setLineDash([])
  g.globalAlpha = 1
}

function ringNames(labels: Labels, v: View, me: Spot, s: Scene): void {
  for (const metres of RINGS) {
    const r = metres * v.scale
    if (r < 40) continue
    const style = { font: `600 11.5px ${FONT}`, ink: s.colours.quiet, halo: s.colours.ground }
    const text = formatMetres(metres, s.lang)
    const places = [-Math.PI / 2, Math.PI / 2, 0, Math.PI].map((a) => ({ x: me.x + r * Math.cos(a), y: me.y + r * Math.sin(a) }))
    places.some((p) => labels.put(text, p, -6, 12, ['above'], style))
  }
}

function draw(g: CanvasRenderingContext2D, i: Placed, current: boolean, s: Scene): void {
  const marked = i.cluster.id === s.marked
  const { points, off } = i.cluster
  const one = points.length === 1 ? points[0]! : undefined
  const ring = `${current}${marked}`
  const key = one ? `${one.mark}${one.household}${ring}` : `${points.length}/${off}${ring}`
  const size = 2 * (one ? WATCHED + 4 : bubbleRadius(i.cluster) + 8)
  s.sprites.put(g, key, i, size, size, (own, at) =>
    one ? marker(own, at, one, current, marked, s.colours) : bubble(own, at, i.cluster, current, marked, s.colours),
  )
}

function leads(c: Cluster, current: string): boolean {
  return current !== '' && c.points.some((p) => p.id === current)
}

/** The watched camera's name first, then what a mouse or a key is on, then as many as there is room for. */
function names(labels: Labels, s: Scene): void {
  const { colours: c } = s
  const rank = (i: Placed) => (leads(i.cluster, s.current) ? 0 : i.cluster.id === s.marked ? 1 : 2)
  const close = s.view.scale >= NAMING
  const lone = s.items.filter((i) => (i.cluster.points.length === 1 && close) || rank(i) < 2)
  lone.sort((a, b) => rank(a) - rank(b))
  for (const i of lone.slice(0, NAMES)) {
    const strong = rank(i) < 2
    const many = i.cluster.points.length > 1
    const id = leads(i.cluster, s.current) ? s.current : i.cluster.id
    if (many && rank(i) === 1) continue
    const away = (many ? bubbleRadius(i.cluster) : strong ? WATCHED : POINT) + 6
    const style = { font: `${strong ? 650 : 550} ${strong ? 13.5 : 12}px ${FONT}`, ink: strong ? c.text : c.quiet, halo: c.ground }
    labels.put(short(s.nameOf(id)), i, away, strong ? 15 : 13, ['right', 'left', 'below', 'above'], style)
  }
}

/** A crossroads' name without the word crossroads, and not too long for a phone. */
function short(name: string): string {
  const rest = name.replace(/^(Ngã (ba|tư|năm|sáu)|Nút giao)\s+/i, '')
  return rest.length > 30 ? `${rest.slice(0, 29).trimEnd()}…` : rest
}

function areaNames(labels: Labels, hulls: readonly Hull[], s: Scene): void {
  const { view: v, colours: c } = s
  const style = { font: `650 13px ${FONT}`, ink: c.accent, halo: c.ground }
  for (const h of hulls) {
    const on = h.corners.map((corner) => toScreen(v, corner))
    const top = on.reduce((a, b) => (b.y < a.y ? b : a))
    const bottom = on.reduce((a, b) => (b.y > a.y ? b : a))
    const x = on.reduce((n, p) => n + p.x, 0) / on.length
    const placed = labels.put(h.name, top, SOFT - 7, 14, ['above'], style) || labels.put(h.name, bottom, SOFT - 7, 14, ['below'], style)
    // An area that is larger than the screen has its name where it can be read.
    if (!placed && (top.y < 0 || bottom.y > v.height)) labels.put(h.name, { x: Math.max(70, Math.min(v.width - TOOLS - 70, x)), y: 14 }, 0, 14, ['below'], style)
  }
}

function scaleBar(g: CanvasRenderingContext2D, v: View, labels: Labels, s: Scene): void {
  const metres = roundMetres(v.scale, 110)
  const length = metres * v.scale
  const [x, y] = [16, v.height - 16]
  g.beginPath()
  g.moveTo(x, y - 5)
  g.lineTo(x, y)
  g.lineTo(x + length, y)
  g.lineTo(x + length, y - 5)
  g.lineJoin = 'round'
  g.lineWidth = 4.5
  g.strokeStyle = s.colours.ground
  g.stroke()
  g.lineWidth = 1.75
  g.strokeStyle = s.colours.quiet
  g.stroke()
  const style = { font: `600 11.5px ${FONT}`, ink: s.colours.quiet, halo: s.colours.ground }
  labels.put(formatMetres(metres, s.lang), { x, y: y - 12 }, 0, 12, ['right'], style)
}
