/** How a picture is magnified: drawn `scale` times as large about the middle of its box, then moved, px. */
export interface Zoom {
  scale: number
  x: number
  y: number
}

export interface Size {
  width: number
  height: number
}

/** From the middle of the box, px. */
export interface Point {
  x: number
  y: number
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 }
export const MOST = 6
/** What a double tap brings. */
export const TWICE = 2
/** Under this it is the whole picture again: fingers do not meet exactly where they began. */
const NEARLY = 1.06
/** Above, the small stream has less to show than the screen could; below, it has enough again. */
const CLOSE = 1.6
const FAR = 1.35

/** The picture's place in its box, whole and in the middle. Without a picture it is the box. */
export function inside(box: Size, picture: Size | undefined): Size {
  if (!picture || picture.width <= 0 || picture.height <= 0) return box
  const k = Math.min(box.width / picture.width, box.height / picture.height)
  return { width: picture.width * k, height: picture.height * k }
}

/** The same, with no further edge of the picture inside the box than there must be. */
export function within(z: Zoom, box: Size, picture: Size): Zoom {
  const scale = Math.min(MOST, Math.max(1, z.scale))
  const room = (p: number, b: number) => Math.max(0, (p * scale - b) / 2)
  const hold = (v: number, most: number) => Math.min(most, Math.max(-most, v))
  return { scale, x: hold(z.x, room(picture.width, box.width)), y: hold(z.y, room(picture.height, box.height)) }
}

/** Magnifies so that what lies at `from` comes to lie at `to`. */
export function magnify(z: Zoom, scale: number, from: Point, to: Point, box: Size, picture: Size): Zoom {
  const s = Math.min(MOST, Math.max(1, scale))
  const x = to.x - ((from.x - z.x) / z.scale) * s
  const y = to.y - ((from.y - z.y) / z.scale) * s
  return within({ scale: s, x, y }, box, picture)
}

/** What a gesture leaves behind. */
export function settled(z: Zoom): Zoom {
  return z.scale < NEARLY ? WHOLE : z
}

/** What the button that magnifies does next: 2, 4, 6 times, and back. */
export function nextStep(scale: number): number {
  return [TWICE, 4, MOST].find((s) => s > scale + 0.01) ?? 1
}

/** Whether it is looked at so closely that the main stream is wanted. @param before the last answer */
export function isClose(scale: number, before: boolean): boolean {
  return scale > (before ? FAR : CLOSE)
}
