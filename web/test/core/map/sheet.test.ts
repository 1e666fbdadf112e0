import { describe, expect, it } from 'vitest'
import { around, densityOf, fills, fresh, laid, windowOn, worn } from '../../../src/core/map/sheet'
import { pan, toScreen, zoomAt, type View } from '../../../src/core/map/view'

const view: View = { x: 400, y: -250, scale: 0.3, width: 390, height: 430 }
const middle = { x: 195, y: 215 }

describe('a sheet that is drawn for a view', () => {
  const sheet = around(view)

  it('puts every spot where the screen has it, however the view has moved since', () => {
    for (const now of [view, pan(view, 37, -81), zoomAt(view, 1.3, { x: 20, y: 400 }), zoomAt(pan(view, -60, 12), 0.6, middle)]) {
      const { x, y, stretch } = laid(sheet, now)
      for (const spot of [{ x: 400, y: -250 }, { x: -300, y: 90 }, { x: 977, y: -800 }]) {
        const on = toScreen(sheet, spot)
        const want = toScreen(now, spot)
        expect(x + on.x * stretch).toBeCloseTo(want.x, 6)
        expect(y + on.y * stretch).toBeCloseTo(want.y, 6)
      }
    }
  })
  it('has the screen in its middle', () => {
    const w = windowOn(sheet)
    const { x, y } = laid(sheet, view)
    expect([-x, -y]).toEqual([expect.closeTo(w.left, 6), expect.closeTo(w.top, 6)])
    expect([w.right - w.left, w.bottom - w.top]).toEqual([view.width, view.height])
  })
  it('serves while its edge is far, and is worn before the edge is seen', () => {
    expect(worn(sheet, view)).toBe(false)
    expect(worn(sheet, pan(view, 60, 0))).toBe(false)
    expect(worn(sheet, pan(view, 0, 80))).toBe(true)
    expect(fills(sheet, pan(view, 0, 80))).toBe(true)
    expect(fills(sheet, pan(view, 0, 115))).toBe(false)
  })
  it('is worn when its points are far too large or too small', () => {
    expect(worn(sheet, zoomAt(view, 1.3, middle))).toBe(false)
    expect(worn(sheet, zoomAt(view, 1.4, middle))).toBe(true)
    expect(worn(sheet, zoomAt(view, 0.7, middle))).toBe(true)
  })
  it('is as good as a new one only where nothing has moved', () => {
    expect(fresh(sheet, view)).toBe(true)
    expect(fresh(sheet, pan(view, 1, 0))).toBe(false)
    expect(fresh(sheet, zoomAt(view, 1.01, middle))).toBe(false)
    expect(fresh(sheet, { ...view, width: 400 })).toBe(false)
  })
  it('has the pixels of the screen, but never more than fit into memory', () => {
    expect(densityOf(sheet, 1, false)).toBe(1)
    expect(densityOf(sheet, 3, false)).toBe(2)
    expect(densityOf(sheet, 3, true)).toBe(1)
    const wall = around({ ...view, width: 3840, height: 2160 })
    expect(densityOf(wall, 2, false) ** 2 * wall.width * wall.height).toBeLessThanOrEqual(6_000_001)
  })
})
