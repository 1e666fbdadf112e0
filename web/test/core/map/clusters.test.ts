import { describe, expect, it } from 'vitest'
import { Clusters, NEAR, type Point } from '../../../src/core/map/clusters'
import { hit, placed, reading } from '../../../src/core/map/hit'
import type { View } from '../../../src/core/map/view'

const point = (id: string, x: number, y: number, mark: Point['mark'] = 'on'): Point => ({ id, x, y, mark, household: false })

/** 3,000 points, the same at each call, in knots as cameras are. */
function city(): Point[] {
  let seed = 7
  const next = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
  const knots = Array.from({ length: 40 }, () => [next() * 20_000, next() * 20_000] as const)
  return Array.from({ length: 3000 }, (_, i) => {
    const [x, y] = knots[i % 40]!
    return point(`c${i}`, x + (next() + next() - 1) * 1200, y + (next() + next() - 1) * 1200, i % 7 ? 'on' : 'off')
  })
}

describe('clusters', () => {
  it('join what a finger could not tell apart, and count who of them is offline', () => {
    const c = new Clusters([point('a', 0, 0), point('b', 30, 0, 'off'), point('c', 500, 0)])
    const [two, one] = c.at(0)
    expect(two).toMatchObject({ id: 'a', off: 1, x: 15, y: 0 })
    expect(two!.points.map((p) => p.id)).toEqual(['a', 'b'])
    expect(one).toMatchObject({ id: 'c', off: 0 })
  })
  it('part on the way in', () => {
    const c = new Clusters([point('a', 0, 0), point('b', 30, 0)])
    expect(c.at(0)).toHaveLength(1)
    expect(c.at(1)).toHaveLength(2)
    expect(c.splitScale(c.at(0)[0]!, 1)).toBe(2)
  })
  it('of cameras on one pole never part', () => {
    const c = new Clusters([point('a', 0, 0), point('b', 0, 0), point('c', 400, 0)])
    const pole = c.at(0).find((x) => x.points.length === 2)!
    expect(c.splitScale(pole, 1)).toBeUndefined()
    const all = c.at(-4)[0]!
    expect(all.points).toHaveLength(3)
    expect(c.splitScale(all, 2 ** -4)).toBe(2 ** -3)
  })
  it('of 3,000 cameras lose none at any level, and only merge on the way out', () => {
    const points = city()
    const c = new Clusters(points)
    let finer = points.length
    for (let level = 2; level >= -12; level--) {
      const at = c.at(level)
      expect(at.flatMap((x) => x.points.map((p) => p.id)).sort()).toEqual(points.map((p) => p.id).sort())
      expect(at.reduce((n, x) => n + x.off, 0)).toBe(points.filter((p) => p.mark === 'off').length)
      expect(at.length).toBeLessThanOrEqual(finer)
      finer = at.length
    }
    expect(finer).toBe(1)
  })
  it('leave no two that start from nearer than a finger’s width', () => {
    const level = -3
    const firsts = new Clusters(city()).at(level)
    for (const [i, a] of firsts.entries())
      for (const b of firsts.slice(i + 1)) if (a.points.length === 1 && b.points.length === 1) expect(Math.hypot(a.x - b.x, a.y - b.y) * 2 ** level).toBeGreaterThan(NEAR)
  })
  it('have a level for every scale there is', () => {
    expect([0.25, 0.3, 0.499, 0.5, 4, 100, 0].map((s) => Clusters.level(s))).toEqual([-2, -2, -2, -1, 2, 2, -12])
  })
})

const phone: View = { x: 0, y: 0, scale: 1, width: 390, height: 350 }

describe('a finger', () => {
  const items = placed(phone, new Clusters([point('a', 0, 0), point('b', 60, 0), point('far', 5000, 0)]).at(0))
  it('means the nearest within its reach', () => {
    expect(hit(items, { x: 195 + 24, y: 175 })?.id).toBe('a')
    expect(hit(items, { x: 195 + 36, y: 175 })?.id).toBe('b')
    expect(hit(items, { x: 195, y: 175 + 40 })).toBeUndefined()
  })
  it('cannot mean what is not on the screen', () => {
    expect(items.map((i) => i.cluster.id)).toEqual(['a', 'b'])
  })
})

describe('the keyboard’s way', () => {
  it('goes row by row through what is nearest to the middle', () => {
    const at = (id: string, x: number, y: number) => point(id, x - 195, y - 175)
    const items = placed(phone, new Clusters([at('corner', 5, 5), at('right', 300, 170), at('left', 80, 175), at('below', 190, 240), at('out', -20, 175)]).at(0))
    expect(reading(phone, items, 10).map((p) => p.cluster.id)).toEqual(['corner', 'left', 'right', 'below'])
    expect(reading(phone, items, 2).map((p) => p.cluster.id)).toEqual(['right', 'below'])
  })
})
