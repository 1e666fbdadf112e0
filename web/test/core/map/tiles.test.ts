import { describe, expect, it } from 'vitest'
import { addressOf, groundOf, levelOf, mosaic, type Ground } from '../../../src/core/map/ground'
import { Mercator } from '../../../src/core/map/mercator'
import { toScreen, zoomAt, type View } from '../../../src/core/map/view'

const laHa = [21.0126, 105.8169] as const
const m = new Mercator(laHa)
const ground: Ground = { tiles: '/api/v1/map/{z}/{x}/{y}', least: 0, most: 16, bounds: [-180, -85, 180, 85], attribution: '' }
const view: View = { x: 0, y: 0, scale: 0.2, width: 390, height: 430 }
const middle = { x: 195, y: 215 }

/** The tile of a place, by the formula that all web maps have. */
function tileOf([lat, lng]: readonly [number, number], z: number): [number, number] {
  const rad = (lat * Math.PI) / 180
  return [((lng + 180) / 360) * 2 ** z, ((1 - Math.log(Math.tan(rad) + 1 / Math.cos(rad)) / Math.PI) / 2) * 2 ** z]
}

describe('the tiles of an operator’s map', () => {
  it('lie where web maps have them, to a hundredth of a pixel', () => {
    for (const place of [laHa, [21.03, 105.83], [20.99, 105.79]] as const) {
      const { z, size, left, top } = mosaic(ground, m, view, 15)
      const [x, y] = tileOf(place, z)
      const want = toScreen(view, m.toSpot(place))
      expect(left + x * size).toBeCloseTo(want.x, 2)
      expect(top + y * size).toBeCloseTo(want.y, 2)
    }
  })
  it('cover the screen, and begin in its middle', () => {
    const { tiles, size, left, top } = mosaic(ground, m, view, 15)
    const [x, y] = tileOf(laHa, 15).map(Math.floor)
    expect(tiles[0]).toEqual({ z: 15, x, y })
    const at = (n: number, zero: number) => zero + n * size
    expect(Math.min(...tiles.map((t) => at(t.x, left)))).toBeLessThanOrEqual(0)
    expect(Math.max(...tiles.map((t) => at(t.x + 1, left)))).toBeGreaterThanOrEqual(view.width)
    expect(Math.min(...tiles.map((t) => at(t.y, top)))).toBeLessThanOrEqual(0)
    expect(Math.max(...tiles.map((t) => at(t.y + 1, top)))).toBeGreaterThanOrEqual(view.height)
    expect(tiles.length).toBeLessThan(20)
  })
  it('are asked for only where the operator has some', () => {
    const [x, y] = tileOf(laHa, 16).map(Math.floor) as [number, number]
    const lng = (n: number) => (n / 2 ** 16) * 360 - 180
    const lat = (n: number) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * n) / 2 ** 16))) * 180) / Math.PI
    const small = { ...ground, bounds: [lng(x), lat(y + 1), lng(x + 1), lat(y)] as const }
    expect(mosaic(small, m, view, 16).tiles).toEqual([{ z: 16, x, y }])
    expect(mosaic({ ...ground, bounds: [-10, 40, 0, 50] }, m, view, 16).tiles).toEqual([])
  })
  it('are never so many that a gateway is asked too much', () => {
    expect(mosaic(ground, m, { ...view, width: 3840, height: 2160 }, 20).tiles).toEqual([])
    expect(mosaic(ground, m, { ...view, scale: 2 ** -20 }, 0).tiles).toEqual([{ z: 0, x: 0, y: 0 }])
  })
  it('are of the level that is nearest to its size, and stay so while it may be', () => {
    const z = levelOf(ground, m, view, false)
    expect(mosaic(ground, m, view, z).size / 256).toBeGreaterThan(0.7)
    expect(mosaic(ground, m, view, z).size / 256).toBeLessThan(1.42)
    expect(levelOf(ground, m, zoomAt(view, 2, middle), false)).toBe(z + 1)
    expect(levelOf(ground, m, zoomAt(view, 1.2, middle), false, z)).toBe(z)
    expect(levelOf(ground, m, zoomAt(view, 3.9, middle), false)).toBe(ground.most)
    expect(levelOf({ ...ground, least: 16 }, m, view, false)).toBe(16)
  })
})

describe('what the gateway says of a map', () => {
  const doc = { tiles: 'https://t.example/{z}/{x}/{y}.png', min_zoom: 3, max_zoom: 17, bounds: [105, 20, 106, 22], attribution: '© Sở' }
  it('is taken as it is meant', () => {
    const g = groundOf(doc)!
    expect(g).toEqual({ tiles: doc.tiles, least: 3, most: 17, bounds: doc.bounds, attribution: '© Sở' })
    expect(addressOf(g, { z: 3, x: 6, y: 2 })).toBe('https://t.example/3/6/2.png')
    expect(groundOf({ tiles: '/api/v1/map/{z}/{x}/{y}', bounds: doc.bounds })?.most).toBe(0)
  })
  it.each([
    [{}],
    [null],
    ['x'],
    [{ ...doc, tiles: 'javascript:{z}{x}{y}' }],
    [{ ...doc, tiles: '//t.example/{z}/{x}/{y}' }],
    [{ ...doc, tiles: 'https://t.example/{z}/{x}' }],
    [{ ...doc, max_zoom: 2 }],
    [{ ...doc, max_zoom: 40 }],
    [{ ...doc, bounds: [1, 2, 3] }],
    [{ ...doc, bounds: [1, 2, 3, 'x'] }],
    [{ ...doc, attribution: 7 }],
  ])('is no map where it makes no sense: %j', (d) => expect(groundOf(d)).toBeUndefined())
})
