import { describe, expect, it } from 'vitest'
import { Directory, type Area, type Camera } from '../../src/core/cameras'
import { Openness, pathTo, treeOf, type Branch } from '../../src/core/tree'

const camera = (id: string, area: string, state?: string): Camera => ({ id, name: id, area, kind: 'public', ...(state ? { state } : {}) })
const outline = (list: readonly Branch[]): unknown[] => list.map((b) => [b.id, b.count, b.off, ...(b.branches.length ? [outline(b.branches)] : [])])
const areas: Area[] = [
  { id: 'vn', name: 'Việt Nam' },
  { id: 'hn', name: 'Hà Nội', parent: 'vn' },
  { id: 'hcm', name: 'Hồ Chí Minh', parent: 'vn' },
  { id: 'lang', name: 'Phường Láng', parent: 'hn' },
  { id: 'kp2', name: 'Khu phố 2', parent: 'lang' },
  { id: 'kp10', name: 'Khu phố 10', parent: 'lang' },
  { id: 'empty', name: 'Phường không camera', parent: 'hn' },
]

describe('treeOf', () => {
  it('counts what lies within, at any depth, and leaves out what is empty or holds everything', () => {
    const d = new Directory(areas, [camera('a', 'kp2'), camera('b', 'kp10', 'offline'), camera('c', 'lang'), camera('d', 'hcm', 'offline')])
    expect(outline(treeOf(d))).toEqual([
      ['hn', 3, 1, [['lang', 3, 1, [['kp2', 1, 0], ['kp10', 1, 1]]]]],
      ['hcm', 1, 1],
    ])
  })
  it('is one ward for who has one ward', () => {
    expect(outline(treeOf(new Directory(areas, [camera('c', 'lang')])))).toEqual([['lang', 1, 0]])
  })
  it('lives with a circle, with a parent that is not there, and with nothing', () => {
    const circle = [
      { id: 'a', name: 'A', parent: 'b' },
      { id: 'b', name: 'B', parent: 'a' },
      { id: 'x', name: 'X', parent: 'not listed' },
    ]
    expect(outline(treeOf(new Directory(circle, [camera('1', 'a'), camera('2', 'x'), camera('3', 'unknown')])))).toHaveLength(3)
    expect(treeOf(new Directory([], []))).toEqual([])
  })
  it('is as deep as somebody made it', () => {
    const deep = Array.from({ length: 300 }, (_, i) => ({ id: `l${i}`, name: `L${i}`, ...(i ? { parent: `l${i - 1}` } : {}) }))
    const tree = treeOf(new Directory(deep, [camera('a', 'l299'), camera('b', 'l100')]))
    expect(pathTo(tree, 'l299')).toHaveLength(200)
  })
})

describe('Openness', () => {
  const b = (id: string): Branch => ({ id, name: id, branches: [], cameras: [], count: 0, off: 0 })
  it('opens all of a few, of many only what holds the watched camera', () => {
    const o = new Openness(null)
    expect(o.isOpen(b('x'), [], 12)).toBe(true)
    expect(o.isOpen(b('x'), [], 3000)).toBe(false)
    expect(o.isOpen(b('x'), ['hn', 'x'], 3000)).toBe(true)
  })
  it('remembers what somebody opened or closed', () => {
    const o = new Openness(null)
    o.set('x', false)
    o.set('y', true)
    const later = new Openness(o.text())
    expect([later.isOpen(b('x'), ['x'], 5), later.isOpen(b('y'), [], 3000)]).toEqual([false, true])
  })
  it.each(['', '{', '5', '[1]', '[["a"]]', '{"a":true}'])('reads %j as nothing', (kept) => {
    expect(new Openness(kept).text()).toBe('[]')
  })
  it('forgets the oldest of too many', () => {
    const o = new Openness(null)
    for (let i = 0; i < 500; i++) o.set(`a${i}`, false)
    expect(JSON.parse(o.text())).toHaveLength(200)
  })
})
