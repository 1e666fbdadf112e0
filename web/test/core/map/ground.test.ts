import { describe, expect, it } from 'vitest'
import { isPosition, Mercator, middle } from '../../../src/core/map/mercator'
import { clampScale, fit, fly, inside, MAX_SCALE, MIN_SCALE, pan, pinch, roundMetres, toGround, toScreen, zoomAt, type View } from '../../../src/core/map/view'

const laHa = [21.0126, 105.8169] as const

/** Metres on a sphere, by the haversine formula: another way to the same. */
function onSphere(a: readonly [number, number], b: readonly [number, number]): number {
  const rad = Math.PI / 180
  const h = Math.sin(((b[0] - a[0]) * rad) / 2) ** 2 + Math.cos(a[0] * rad) * Math.cos(b[0] * rad) * Math.sin(((b[1] - a[1]) * rad) / 2) ** 2
  return 2 * 6_378_137 * Math.asin(Math.sqrt(h))
}

describe('Mercator around a place', () => {
  const m = new Mercator(laHa)
  it.each([
    [[21.0216, 105.8169]],
    [[21.0126, 105.8269]],
    [[20.95, 105.74]],
    [[21.1, 105.95]],
  ] as const)('has the distance to %s right within a thousandth', (to) => {
    const s = m.toSpot(to)
    expect(Math.hypot(s.x, s.y) / onSphere(laHa, to)).toBeCloseTo(1, 2.7)
  })
  it('has east at the right and north above', () => {
    expect(m.toSpot([21.0126, 105.83]).x).toBeGreaterThan(1000)
    expect(m.toSpot([21.03, 105.8169]).y).toBeLessThan(-1000)
  })
  it('finds back to degrees', () => {
    const [lat, lng] = m.toLatLng(m.toSpot([10.776, 106.7]))
    expect([lat, lng]).toEqual([expect.closeTo(10.776, 9), expect.closeTo(106.7, 9)])
  })
  it.each([[undefined], [[0, 0]], [[21]], [[105.8, 21.0]], [[21, NaN]], [[21, 181]]])('takes %s for no position', (p) =>
    expect(isPosition(p)).toBe(false),
  )
  it('has its middle where most cameras are, whatever one of them says', () => {
    expect(middle([laHa, [21.01, 105.82], [21.02, 105.81], [1, 1], [21.015, 105.815]])).toEqual([21.0126, 105.815])
  })
})

const phone: View = { x: 0, y: 0, scale: 0.25, width: 390, height: 350 }

describe('a view', () => {
  it('has a spot and its point on the screen belong together', () => {
    const v = { ...phone, x: 120, y: -40 }
    const p = toScreen(v, { x: 200, y: 10 })
    expect(toGround(v, p)).toEqual({ x: 200, y: 10 })
    expect(toScreen(v, { x: 120, y: -40 })).toEqual({ x: 195, y: 175 })
  })
  it('goes with the finger', () => {
    const before = toGround(phone, { x: 100, y: 100 })
    expect(toGround(pan(phone, 30, -20), { x: 130, y: 80 })).toEqual(before)
  })
  it('keeps under the finger what lies there while it zooms', () => {
    const finger = { x: 300, y: 40 }
    const near = zoomAt(phone, 3, finger)
    expect(near.scale).toBe(0.75)
    expect(toGround(near, finger)).toEqual({ x: expect.closeTo(toGround(phone, finger).x, 9), y: expect.closeTo(toGround(phone, finger).y, 9) })
  })
  it('keeps between two fingers what was between them', () => {
    const from = [{ x: 100, y: 100 }, { x: 200, y: 100 }] as const
    const to = [{ x: 80, y: 140 }, { x: 280, y: 140 }] as const
    const next = pinch(phone, from, to)
    expect(next.scale).toBe(0.5)
    expect(toGround(next, { x: 180, y: 140 })).toEqual(toGround(phone, { x: 150, y: 100 }))
  })
  it('neither zooms without end nor turns inside out', () => {
    expect(zoomAt(phone, 1e9, { x: 0, y: 0 }).scale).toBe(MAX_SCALE)
    expect(zoomAt(phone, 1e-9, { x: 0, y: 0 }).scale).toBe(MIN_SCALE)
    const one = { x: 50, y: 50 }
    expect(pinch(phone, [one, one], [one, { x: 60, y: 60 }]).scale).toBe(phone.scale)
    expect(clampScale(0)).toBe(MIN_SCALE)
  })
  it('shows a box whole, beside what covers a part of it', () => {
    const v = fit(phone, { left: -1000, right: 3000, top: 500, bottom: 900 }, { left: 20, right: 80, top: 10, bottom: 10 }, 100)
    expect(toScreen(v, { x: -1000, y: 700 })).toEqual({ x: expect.closeTo(20, 6), y: expect.closeTo(175, 6) })
    expect(toScreen(v, { x: 3000, y: 700 }).x).toBeCloseTo(310, 6)
  })
  it('shows a lone camera with something around it', () => {
    const v = fit(phone, { left: 5, right: 5, top: 5, bottom: 5 }, { left: 0, right: 0, top: 0, bottom: 0 }, 600)
    expect(v.height / v.scale).toBeCloseTo(600, 6)
  })
  it('knows what is in it', () => {
    expect(inside(phone, { x: 0, y: 0 }, 48)).toBe(true)
    expect(inside(phone, { x: 700, y: 0 }, 0)).toBe(true)
    expect(inside(phone, { x: 700, y: 0 }, 48)).toBe(false)
  })
  it('flies without losing sight of where it goes', () => {
    const target = { x: 600, y: -300 }
    const to = { ...phone, ...target, scale: 3 }
    let last = phone.scale
    for (let t = 0.1; t <= 1; t += 0.1) {
      const v = fly(phone, to, t)
      expect(inside(v, target, 0)).toBe(true)
      expect(v.scale).toBeGreaterThan(last)
      last = v.scale
    }
    expect(fly(phone, to, 1)).toEqual(to)
    expect(fly(phone, { ...phone, x: 100 }, 0.5).x).toBeCloseTo(87.5, 6)
  })
  it.each([
    [0.25, 110, 200],
    [4, 110, 20],
    [0.001, 110, 100_000],
    [0.11, 110, 1000],
  ])('at %d pixels a metre has a round length for %d pixels: %d m', (scale, longest, metres) => {
    expect(roundMetres(scale, longest)).toBe(metres)
  })
})
