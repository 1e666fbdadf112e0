import type { Spot } from './mercator'
import { toGround, toScreen, type Box, type View } from './view'

// A sheet is a drawing of the ground that is larger than the screen. While the
// map moves the sheet is moved and stretched as a whole, and drawn anew only
// when its edge comes near, its scale is another one, or the map rests.

/** As much of a sheet lies beside the screen at each side, CSS pixels. */
const BESIDE = 110
/** So much of it must be left at a side, or another is begun. */
const LEFT = 40
/** Pixels of one at most: 24 MB, of which there are two. */
const MOST_PIXELS = 6_000_000
/** More pixels a CSS pixel are hardly seen, and cost their square. */
const SHARPEST = 2
/** Stretched by more than this the points are too large, or too small, to be looked at. */
const STRETCHED = 1.35
/** Stretched by more than this a sheet is not put on the screen while there is another. */
const TORN = 2.5

/** The sheet around a view: what is drawn on it lies where this view puts it. */
export function around(v: View): View {
  return { ...v, width: Math.ceil(v.width + 2 * BESIDE), height: Math.ceil(v.height + 2 * BESIDE) }
}

/** Pixels a CSS pixel of a sheet, for a screen that has so many. @param rough it is looked at in passing, on a slow device */
export function densityOf(sheet: View, screen: number, rough: boolean): number {
  return Math.min(rough ? 1 : SHARPEST, screen, Math.sqrt(MOST_PIXELS / (sheet.width * sheet.height)))
}

/** The screen on the sheet that was drawn for it, CSS pixels of the sheet. */
export function windowOn(sheet: View): Box {
  return { left: BESIDE, top: BESIDE, right: sheet.width - BESIDE, bottom: sheet.height - BESIDE }
}

/** Where a sheet's corner comes to lie on the screen, and how it is stretched. */
export function laid(sheet: View, v: View): Spot & { stretch: number } {
  return { ...toScreen(v, toGround(sheet, { x: 0, y: 0 })), stretch: v.scale / sheet.scale }
}

/** How much of a sheet is left beside the screen, where there is least, CSS pixels; below 0 the screen is not covered. */
function spare(sheet: View, v: View): number {
  const { x, y, stretch } = laid(sheet, v)
  return Math.min(-x, -y, x + sheet.width * stretch - v.width, y + sheet.height * stretch - v.height)
}

/** Whether a sheet is soon of no more use for what is looked at. */
export function worn(sheet: View, v: View): boolean {
  const stretch = v.scale / sheet.scale
  return stretch > STRETCHED || stretch < 1 / STRETCHED || spare(sheet, v) < LEFT
}

/** Whether a sheet could be put on the screen in the middle of a flight. */
export function fills(sheet: View, v: View): boolean {
  const stretch = v.scale / sheet.scale
  return stretch < TORN && stretch > 1 / TORN && spare(sheet, v) >= 0
}

/** Whether a sheet shows just what one that is drawn now would show. */
export function fresh(sheet: View, v: View): boolean {
  const now = around(v)
  const near = (a: number, b: number) => Math.abs(a - b) * v.scale < 0.5
  return sheet.scale === v.scale && sheet.width === now.width && sheet.height === now.height && near(sheet.x, v.x) && near(sheet.y, v.y)
}
