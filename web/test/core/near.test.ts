import { describe, expect, it } from 'vitest'
import type { Camera } from '../../src/core/cameras'
import { Around, bearing, distance, going, LISTED, nearest, placeOf, standing, Track, turn, type Fix } from '../../src/core/near'
import { eighth, formatWay, nearStrings } from '../../src/core/near-text'

const HERE = { lat: 21.0126, lon: 105.8169 }
/** degrees of so many metres */
const north = (m: number) => m / 111_195
const east = (m: number) => north(m) / Math.cos((HERE.lat * Math.PI) / 180)
const at = (e: number, n: number, accuracy = 10): Fix => ({ lat: HERE.lat + north(n), lon: HERE.lon + east(e), accuracy, at: 0 })
const camera = (id: string, e: number, n: number, more: Partial<Camera> = {}): Camera => {
  const { lat, lon } = at(e, n)
  return { id, name: id, area: 'lang', kind: 'public', position: [lat, lon], ...more }
}
const ids = (a: Around) => a.list.map((n) => n.camera.id)

describe('distance and bearing', () => {
  it('are those of a city’s streets', () => {
    expect(distance(HERE, at(300, 400))).toBeCloseTo(500, 0)
    expect(bearing(HERE, at(0, 100))).toBeCloseTo(0, 3)
    expect(bearing(HERE, at(100, 0))).toBeCloseTo(90, 1)
    expect(bearing(HERE, at(-100, -100))).toBeCloseTo(225, 0)
  })
  it('know that the date line is no wall', () => {
    expect(distance({ lat: 0, lon: 179.999 }, { lat: 0, lon: -179.999 })).toBeLessThan(250)
  })
  it.each([
    [350, 10, 20],
    [10, 350, -20],
    [0, 180, -180],
    [90, 0, -90],
  ])('turn from %d to %d by %d', (from, to, by) => expect(turn(from, to)).toBe(by))
})

describe('placeOf', () => {
  it.each([[undefined], [[0, 0]], [[200, 5]]])('takes %j for no place', (position) => {
    expect(placeOf({ ...camera('a', 0, 0), position: position as [number, number] })).toBeUndefined()
  })
})

describe('nearest', () => {
  const list = [camera('far', 0, 900), camera('lost', 0, 10, { state: 'offline' }), camera('shut', 0, 20, { closed: 'off' }), camera('case', 0, 30, { needs_case: true }), camera('near', 0, 300)]
  it('is one that has a picture', () => expect(nearest(list, at(0, 0))?.id).toBe('near'))
  it('is nobody’s guess', () => {
    expect(nearest(list, at(0, 0, 25_000))).toBeUndefined()
    expect(nearest([{ ...camera('a', 0, 0), position: [0, 0] }], at(0, 0))).toBeUndefined()
  })
})

describe('Around', () => {
  it('begins with the nearest, and lists no more than somebody looks through', () => {
    const a = new Around()
    a.update(Array.from({ length: 3000 }, (_, i) => camera(`c${i}`, 10 * i, 0)), at(0, 0), standing, false)
    expect(a.list).toHaveLength(LISTED)
    expect(ids(a).slice(0, 3)).toEqual(['c0', 'c1', 'c2'])
  })
  it('keeps two rows that are about as far where they are', () => {
    const a = new Around()
    const two = [camera('a', 0, 100), camera('b', 0, -104)]
    a.update(two, at(0, 0), standing, false)
    expect(ids(a)).toEqual(['a', 'b'])
    for (const n of [-4, 2, -5, -6]) a.update(two, at(0, n), standing, false)
    expect(ids(a)).toEqual(['a', 'b'])
    expect(a.list[0]!.distance).toBeCloseTo(106, 0)
    a.update(two, at(0, -20), standing, false)
    expect(ids(a)).toEqual(['b', 'a'])
  })
  it('keeps every row under a finger, and the distances go on', () => {
    const a = new Around()
    const list = [camera('a', 0, 100), camera('b', 0, 500), camera('c', 0, 900)]
    a.update(list, at(0, 0), standing, false)
    a.update(list, at(0, 900), { moving: true, course: 0, at: 0 }, true)
    expect(ids(a)).toEqual(['a', 'b', 'c'])
    expect(a.list[0]!.distance).toBeCloseTo(800, 0)
    a.update(list, at(0, 900), standing, false)
    expect(ids(a)).toEqual(['c', 'b', 'a'])
  })
  it('loses a camera that is gone, also under a finger', () => {
    const a = new Around()
    const list = [camera('a', 0, 100), camera('b', 0, 500)]
    a.update(list, at(0, 0), standing, false)
    a.update([list[1]!], at(0, 0), standing, true)
    expect(ids(a)).toEqual(['b'])
  })
  it('puts what is ahead first while one drives', () => {
    const a = new Around()
    const list = [camera('behind', 0, -50), camera('side', 80, 5), camera('ahead', 30, 400), camera('ahead too', -40, 900), camera('too far', 0, 4000)]
    a.update(list, at(0, 0), { moving: true, course: 0, at: 0 }, false)
    expect(ids(a)).toEqual(['ahead', 'ahead too', 'behind', 'side', 'too far'])
    a.update(list, at(0, 0), { moving: true, course: 180, at: 0 }, false)
    expect(ids(a)[0]).toBe('behind')
    a.update(list, at(0, 0), standing, false)
    expect(ids(a).slice(0, 2)).toEqual(['behind', 'side'])
  })
  it('lets a camera stay ahead in a bend that would not have brought it in', () => {
    const a = new Around()
    const list = [camera('x', 0, 400)]
    const to = (course: number) => a.update(list, at(0, 0), { moving: true, course, at: 0 }, false)
    to(60)
    expect(a.list[0]!.ahead).toBe(false)
    to(40)
    expect(a.list[0]!.ahead).toBe(true)
    to(60)
    expect(a.list[0]!.ahead).toBe(true)
    to(80)
    expect(a.list[0]!.ahead).toBe(false)
  })
})

describe('going', () => {
  it('begins at a cyclist’s speed, and outlasts a red light', () => {
    let g = going(standing, { speed: 1.4, course: 90 }, 0)
    expect(g.moving).toBe(false)
    g = going(g, { speed: 8, course: 90 }, 1000)
    expect(g).toMatchObject({ moving: true, course: 90 })
    g = going(g, { speed: 1.5, course: 95 }, 2000)
    expect(g.course).toBe(95)
    g = going(g, { speed: 0, course: 10 }, 20_000)
    expect(g).toMatchObject({ moving: true, course: 95 })
    g = going(g, { speed: 0 }, 40_000)
    expect(g.moving).toBe(false)
  })
})

describe('Track', () => {
  const later = (f: Fix, ms: number): Fix => ({ ...f, at: ms })
  it('believes a device that tells its speed', () => {
    const t = new Track()
    expect(t.add({ ...at(0, 0), speed: 5, course: 10 })).toMatchObject({ speed: 5, course: 10 })
  })
  it('finds speed and course of positions that come without', () => {
    const t = new Track()
    t.add(later(at(0, 0), 0))
    const f = t.add(later(at(100, 0), 10_000))
    expect(f.speed).toBeCloseTo(10, 1)
    expect(f.course).toBeCloseTo(90, 0)
    expect(t.add(later(at(105, 0), 11_000)).speed).toBeCloseTo(10, 1)
    expect(t.add(later(at(105, 0), 30_000)).speed).toBe(0)
  })
  it('takes no trembling for a journey', () => {
    const t = new Track()
    t.add(later(at(0, 0, 30), 0))
    expect(t.add(later(at(40, 0, 30), 1000)).speed).toBeUndefined()
  })
  it('makes no speed of a position from long ago', () => {
    const t = new Track()
    t.add(later(at(0, 0), 0))
    expect(t.add(later(at(9000, 0), 90_000)).speed).toBeUndefined()
  })
})

describe('formatWay', () => {
  it.each([
    [0, '5 m', '5 m'],
    [12, '10 m', '10 m'],
    [118, '120 m', '120 m'],
    [996, '1 km', '1 km'],
    [1234, '1,2 km', '1.2 km'],
    [14_400, '14 km', '14 km'],
    [1_234_567, '1.235 km', '1,235 km'],
  ])('writes %d m as %s', (m, vi, en) => {
    expect(formatWay(m, 'vi')).toBe(vi.replace(' ', '\u00a0'))
    expect(formatWay(m, 'en')).toBe(en.replace(' ', '\u00a0'))
  })
  it('has a word for each side', () => {
    expect([0, 44, 90, -90, 181, 337].map((d) => nearStrings.vi.sides[eighth(d)])).toEqual(['phía trước', 'chếch phải', 'bên phải', 'bên trái', 'phía sau', 'chếch trái'])
  })
})
