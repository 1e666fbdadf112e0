import type { Lang } from '../../core/i18n'
import type { Cluster } from '../../core/map/clusters'
import type { Placed } from '../../core/map/hit'
import type { Hull } from '../../core/map/hull'
import { formatMetres } from '../../core/map/map-text'
import type { Spot } from '../../core/map/mercator'
import { roundMetres, toScreen, type Box, type View } from '../../core/map/view'
import { bubble, bubbleRadius, digit, DIGITS, lost, marker, POINT, WATCHED } from './glyphs'
import { Labels } from './labels'
import { SHADE, type Palette } from './palette'
import { RULER, TOOLS } from './room'
import type { Sprites } from './sprites'
import type { Pen } from './sheets'

/** Everything that one sheet of the map is made of. */
export interface Scene {
  /** the sheet's: it is larger than the screen */
  view: View
  /** the screen on the sheet, CSS pixels */
  window: Box
  colours: Palette
  /** there is no other ground under it */
  bare: boolean
  hulls: readonly Hull[]
  items: readonly Placed[]
  current: string
  /** the item that a keyboard or a mouse is on */
  marked: string | undefined
  /** where one stands on the ground */
  me: Spot | undefined
  /** a camera's name */
  nameOf: (id: string) => string
  lang: Lang
  /** what the operator's name takes at the foot, CSS pixels */
  credit: { width: number; height: number } | undefined
  /** kept from sheet to sheet, for as long as colours and density stay */
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
/** So many names at once, the screen's first; more would be drawn for nobody. */
const NAMES = 44
const FONT = 'system-ui, sans-serif'
/** So many small pictures are copied in one step. */
const BATCH = 12

/** Draws a sheet, in small steps: it stops wherever somebody else may want the thread, and goes on when it is called again. */
export function* paint(g: Pen, s: Scene): Generator<void, void> {
  const { view: v, colours: c } = s
  g.globalAlpha = 1
  g.clearRect(0, 0, v.width, v.height)
  yield
  const shown = s.hulls.map((h) => ({ h, clear: clearness(v, h) })).filter((x) => x.clear > 0)
  yield* hulls(g, shown, s)
  if (s.bare) grid(g, v, c)
  yield
  const labels = new Labels(g, s.sprites, s.window, v)
  const me = s.me && toScreen(v, s.me)
  if (me) {
    rings(g, v, me, c)
    labels.keep(me, 12)
  }
  yield* points(g, labels, s)
  const { window: w, credit } = s
  labels.cover({ x: w.left, y: w.bottom - RULER.height, w: RULER.width, h: RULER.height })
  if (credit) labels.cover({ x: w.right - TOOLS - credit.width - 14, y: w.bottom - credit.height - 18, w: credit.width + 14, h: credit.height + 18 })
  yield* names(labels, s)
  yield* areaNames(labels, shown.filter((x) => x.clear > 0.5).map((x) => x.h), s)
  if (me) ringNames(labels, v, me, s)
}

function* points(g: Pen, labels: Labels, s: Scene): Generator<void, void> {
  let copied = 0
  for (const i of s.items) {
    labels.keep(i, i.cluster.points.length > 1 ? bubbleRadius(i.cluster) + 3 : POINT)
    if (leads(i.cluster, s.current)) continue
    const { made } = s.sprites
    draw(g, i, false, s)
    // One that is drawn anew takes as long as all that are copied.
    if (s.sprites.made > made || ++copied % BATCH === 0) yield
  }
  // The one that is watched lies on top.
  for (const i of s.items) if (leads(i.cluster, s.current)) draw(g, i, true, s)
  yield
}

/** Our own ground. */
function grid(g: Pen, v: View, c: Palette): void {
  const metres = roundMetres(v.scale, 160)
  const step = metres * v.scale
  const left = v.width / 2 - ((((v.x % metres) + metres) % metres) * v.scale + Math.ceil(v.width / 2 / step) * step)
  const top = v.height / 2 - ((((v.y % metres) + metres) % metres) * v.scale + Math.ceil(v.height / 2 / step) * step)
  g.fillStyle = c.line
  for (let x = left; x < v.width; x += step) g.fillRect(Math.round(x), 0, 1, v.height)
  for (let y = top; y < v.height; y += step) g.fillRect(0, Math.round(y), v.width, 1)
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

/** All hulls as one soft colour: on our own ground where they overlap it is no darker. Each for itself is convex, which is quick to fill. */
function* hulls(g: Pen, shown: readonly { h: Hull; clear: number }[], s: Scene): Generator<void, void> {
  const { view: v, colours: c } = s
  const traced = shown.map(({ h, clear }) => ({ path: trace(h, v), clear }))
  yield
  for (const { path, clear } of traced) {
    g.fillStyle = s.bare ? c.hull : c.accent
    g.globalAlpha = s.bare ? clear : SHADE * clear
    g.fill(path)
    yield
  }
  g.lineWidth = 1
  for (const { path, clear } of traced) {
    g.strokeStyle = c.accent
    g.globalAlpha = 0.3 * clear
    g.stroke(path)
    yield
  }
  g.globalAlpha = 1
}

function trace(h: Hull, v: View): Path2D {
  const path = new Path2D()
  for (const [i, corner] of h.corners.entries()) {
    const p = toScreen(v, corner)
    if (i === 0) path.moveTo(p.x + SOFT * Math.cos(corner.from), p.y + SOFT * Math.sin(corner.from))
    path.arc(p.x, p.y, SOFT, corner.from, corner.to)
  }
  path.closePath()
  return path
}

function rings(g: Pen, v: View, me: Spot, c: Palette): void {
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

function draw(g: Pen, i: Placed, current: boolean, s: Scene): void {
  const { cluster } = i
  const { colours: c, sprites } = s
  const marked = cluster.id === s.marked
  const ring = `${current}${marked}`
  if (cluster.points.length > 1) {
    const [r, off] = [bubbleRadius(cluster), lost(cluster)]
    const size = 2 * r + 16
    sprites.put(g, `${r}/${off}${ring}`, i, size, size, (own, at) => bubble(own, at, r, off, current, marked, c))
    return number(g, i, String(cluster.points.length), s)
  }
  const one = cluster.points[0]!
  const size = 2 * (WATCHED + 4)
  sprites.put(g, `${one.mark}${one.household}${ring}`, i, size, size, (own, at) => marker(own, at, one, current, marked, c))
}

/** How many, of digits that are drawn once: numbers there are too many. */
function number(g: Pen, i: Placed, text: string, s: Scene): void {
  const { colours: c, sprites } = s
  const wide = Math.round(sprites.width(g, '0', DIGITS) * sprites.density) / sprites.density
  let x = i.x - ((text.length - 1) * wide) / 2
  for (const d of text) {
    sprites.put(g, `digit ${d}`, { x, y: i.y }, wide + 2, 18, (own, at) => digit(own, at, d, c))
    x += wide
  }
}

function leads(c: Cluster, current: string): boolean {
  return current !== '' && c.points.some((p) => p.id === current)
}

/** The watched camera's name first, then what a mouse or a key is on, then as many as there is room for. */
function* names(labels: Labels, s: Scene): Generator<void, void> {
  const { colours: c } = s
  const rank = (i: Placed) => (leads(i.cluster, s.current) ? 0 : i.cluster.id === s.marked ? 1 : within(s.window, i) ? 2 : 3)
  const close = s.view.scale >= NAMING
  const lone = s.items.map((i) => ({ i, rank: rank(i) })).filter((x) => (x.i.cluster.points.length === 1 && close) || x.rank < 2)
  lone.sort((a, b) => a.rank - b.rank)
  yield
  for (const { i, rank } of lone.slice(0, NAMES)) {
    const strong = rank < 2
    const many = i.cluster.points.length > 1
    if (many && rank === 1) continue
    const id = rank === 0 ? s.current : i.cluster.id
    const away = (many ? bubbleRadius(i.cluster) : strong ? WATCHED : POINT) + 6
    const style = { font: `${strong ? 650 : 550} ${strong ? 13.5 : 12}px ${FONT}`, ink: strong ? c.text : c.quiet, halo: c.ground }
    labels.put(short(s.nameOf(id)), i, away, strong ? 15 : 13, ['right', 'left', 'below', 'above'], style)
    yield
  }
}

function within(b: Box, { x, y }: Spot): boolean {
  return x >= b.left && x <= b.right && y >= b.top && y <= b.bottom
}

/** A crossroads' name without the word crossroads, and not too long for a phone. */
function short(name: string): string {
  const rest = name.replace(/^(Ngã (ba|tư|năm|sáu)|Nút giao)\s+/i, '')
  return rest.length > 30 ? `${rest.slice(0, 29).trimEnd()}…` : rest
}

function* areaNames(labels: Labels, hulls: readonly Hull[], s: Scene): Generator<void, void> {
  const { view: v, window: w, colours: c } = s
  const style = { font: `650 13px ${FONT}`, ink: c.accent, halo: c.ground }
  for (const h of hulls) {
    const on = h.corners.map((corner) => toScreen(v, corner))
    const top = on.reduce((a, b) => (b.y < a.y ? b : a))
    const bottom = on.reduce((a, b) => (b.y > a.y ? b : a))
    const x = on.reduce((n, p) => n + p.x, 0) / on.length
    const placed = labels.put(h.name, top, SOFT - 7, 14, ['above'], style) || labels.put(h.name, bottom, SOFT - 7, 14, ['below'], style)
    // An area that is larger than the screen has its name where it can be read.
    const seen = top.y < w.bottom && bottom.y > w.top && on.some((p) => p.x < w.right) && on.some((p) => p.x > w.left)
    if (!placed && seen && (top.y < w.top || bottom.y > w.bottom)) {
      const middle = Math.max(w.left + 70, Math.min(w.right - TOOLS - 70, x))
      labels.put(h.name, { x: middle, y: w.top + 14 }, 0, 14, ['below'], style)
    }
    yield
  }
}
