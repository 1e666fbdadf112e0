import { describe, expect, it } from 'vitest'
import { Directory, type Camera } from '../../../src/core/cameras'
import { convex, hullOf } from '../../../src/core/map/hull'
import { formatMetres, mapStrings } from '../../../src/core/map/map-text'
import { Terrain } from '../../../src/core/map/terrain'

const spots = (...xy: [number, number][]) => xy.map(([x, y]) => ({ x, y }))

describe('a hull', () => {
  it('goes round the outermost, clockwise, and leaves out who is within', () => {
    const shape = convex(spots([0, 0], [10, 0], [10, 10], [0, 10], [5, 5], [0, 0], [5, 0]))
    expect(shape).toEqual(spots([0, 0], [10, 0], [10, 10], [0, 10]))
  })
  it('is a disc around one camera, and a capsule around two', () => {
    const [one] = hullOf('a', 'A', spots([3, 4], [3, 4])).corners
    expect(one).toEqual({ x: 3, y: 4, from: 0, to: 2 * Math.PI })
    const two = hullOf('a', 'A', spots([0, 0], [10, 0])).corners
    expect(two).toHaveLength(2)
    for (const c of two) expect(Math.abs(Math.abs(c.to - c.from) - Math.PI)).toBeLessThan(1e-9)
  })
  it('turns once around, so that its outline is smooth', () => {
    const { corners } = hullOf('a', 'A', spots([0, 0], [10, 2], [12, 9], [3, 11], [-4, 6]))
    const turned = corners.reduce((n, c) => n + ((((c.to - c.from) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)), 0)
    expect(turned).toBeCloseTo(2 * Math.PI, 9)
    for (const [i, c] of corners.entries()) expect(corners[(i + 1) % corners.length]!.from).toBeCloseTo(c.to, 9)
  })
  it('is not stretched over the city by a camera with a wrong position', () => {
    const near = spots([0, 0], [300, 0], [300, 300], [0, 300], [100, 120])
    expect(hullOf('a', 'A', [...near, { x: 90_000, y: 0 }]).corners.every((c) => c.x <= 300)).toBe(true)
    // A street further is none.
    expect(hullOf('a', 'A', [...near, { x: 800, y: 0 }]).corners.some((c) => c.x === 800)).toBe(true)
  })
})

const camera = (id: string, area: string, position?: [number, number], more: Partial<Camera> = {}): Camera => ({ id, name: id, area, kind: 'public', ...(position && { position }), ...more })

describe('terrain', () => {
  const directory = new Directory(
    [{ id: 'lang', name: 'Phường Láng' }],
    [
      camera('a', 'lang', [21.01, 105.81]),
      camera('b', 'lang', [21.012, 105.812], { state: 'offline' }),
      camera('c', 'lang', [21.014, 105.81], { state: 'offline', closed: 'off', kind: 'household' }),
      camera('d', 'dua', [21.02, 105.83], { needs_case: true, kind: 'household' }),
      camera('none', 'dua'),
      camera('null', 'dua', [0, 0]),
    ],
  )
  const t = new Terrain(directory)
  it('says how many cameras it cannot show', () => expect(t.unplaced).toBe(2))
  it('tells what its owner has closed from what is lost', () => {
    expect(['a', 'b', 'c', 'd'].map((id) => t.get(id)?.mark)).toEqual(['on', 'off', 'shut', 'case'])
    expect(t.get('c')?.household).toBe(true)
  })
  it('has a hull with its name for each area', () => {
    expect(t.hulls.map((h) => [h.name, h.corners.length])).toEqual([
      ['Phường Láng', 3],
      ['dua', 1],
    ])
  })
  it('reaches around all, or around one area', () => {
    const all = t.extent()!
    const lang = t.extent('lang')!
    expect(lang.right - lang.left).toBeCloseTo(208, 0)
    expect(all.right - all.left).toBeGreaterThan(2000)
    expect(t.extent('nowhere')).toBeUndefined()
  })
  it('stands without a single camera', () => {
    const empty = new Terrain(new Directory([], []))
    expect(empty.extent()).toBeUndefined()
    expect(empty.clusters.at(0)).toEqual([])
  })
})

describe('the map’s words', () => {
  it('are complete in both languages, and none is left untranslated', () => {
    expect(Object.keys(mapStrings.en)).toEqual(Object.keys(mapStrings.vi))
    for (const k of Object.keys(mapStrings.vi) as (keyof typeof mapStrings.vi)[]) {
      const [vi, en] = [mapStrings.vi[k], mapStrings.en[k]].map((v) => (typeof v === 'function' ? (v as (...a: string[]) => string)('3', '2') : v))
      expect(vi, k).not.toBe('')
      expect(en, k).not.toBe(vi)
    }
  })
  it('say distances as people do', () => {
    expect([200, 1000, 1500, 12_400].map((m) => formatMetres(m, 'vi').replace('\u00a0', ' '))).toEqual(['200 m', '1 km', '1,5 km', '12 km'])
    expect(formatMetres(1500, 'en')).toBe('1.5\u00a0km')
  })
})
