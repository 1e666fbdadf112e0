import { describe, expect, it } from 'vitest'
import { Arrangement, HIDDEN } from '../../src/core/arrangement'
import { putOn, swap } from '../../src/core/board'
import type { Camera } from '../../src/core/cameras'

const camera = (i: number): Camera => ({ id: `c${i}`, name: `C ${i}`, area: 'lang', kind: 'public' })

function arrangement(lines: number, cameras: number) {
  const list = Array.from({ length: cameras }, (_, i) => camera(i))
  const shown: string[][] = []
  const a: Arrangement = new Arrangement(lines, () => list, { moved: () => undefined, placed: () => shown.push(a.placed) })
  a.open('c0')
  return { a, shown, list }
}

describe('Arrangement', () => {
  it('shows as many as the layout has tiles, and no more than the connection carries', () => {
    const { a } = arrangement(9, 20)
    for (const [shape, n] of [['4', 4], ['6', 6], ['9', 9]] as const) {
      a.reshape(shape)
      expect(a.placed.filter(Boolean)).toHaveLength(n)
    }
    const phone = arrangement(4, 20).a
    phone.reshape('9')
    expect(phone.placed.filter(Boolean)).toHaveLength(4)
    expect(phone.pages).toEqual({ at: 0, of: 5 })
  })

  it('leaves every picture that stays on its tile, whatever the layout', () => {
    const { a, shown } = arrangement(9, 20)
    a.reshape('9')
    a.reshape('4')
    a.reshape('6')
    a.reshape('9')
    swap(a, 0, 8)
    for (let i = 1; i < shown.length; i++) {
      for (const [tile, c] of shown[i - 1]!.entries()) {
        if (c && shown[i]!.includes(c)) expect(shown[i]![tile]).toBe(c)
      }
    }
  })

  it('opens one of a grid on the tile where it is, and goes back to the same page', () => {
    const { a } = arrangement(9, 20)
    a.reshape('4')
    a.step(1)
    const tile = a.placed.indexOf('c6')
    const { cells } = a
    a.open('c6')
    expect([a.mode, a.active, a.placed.filter(Boolean)]).toEqual(['single', tile, ['c6']])
    a.grid()
    expect(a.cells).toEqual(cells)
  })

  it('turns pages round the ends', () => {
    const { a } = arrangement(9, 10)
    a.reshape('4')
    a.step(-1)
    expect(a.cells).toEqual(['c8', 'c9'])
    a.step(1)
    expect(a.cells).toEqual(['c0', 'c1', 'c2', 'c3'])
  })

  it('asks for the large stream for the large tile only', () => {
    const { a } = arrangement(9, 10)
    a.reshape('6')
    const large = a.placed.map((_, i) => i).filter((i) => a.placed[i] && !a.small(i))
    expect(large).toEqual([a.placed.indexOf('c0')])
    swap(a, 0, 3)
    expect(a.placed.map((_, i) => i).filter((i) => a.placed[i] && !a.small(i))).toEqual([a.placed.indexOf('c3')])
    a.reshape('9')
    expect(a.placed.every((_, i) => a.small(i))).toBe(true)
    a.open('c1')
    expect(a.small(a.active)).toBe(false)
  })

  it('keeps what was arranged, with its empty places, over pages and layouts', () => {
    const { a } = arrangement(9, 20)
    a.reshape('4')
    a.arrange(['c5', '', HIDDEN, 'c7', 'c9'])
    expect([a.cells, a.page, a.pages]).toEqual([['c5', '', HIDDEN, 'c7'], ['c5', 'c7'], { at: 0, of: 2 }])
    a.step(1)
    expect([a.cells, a.current]).toEqual([['c9'], 'c9'])
    a.reshape('9')
    expect(a.page).toEqual(['c5', 'c7', 'c9'])
    a.arrange(undefined)
    expect(a.page).toHaveLength(9)
  })

  it('puts a camera of the list on a tile, once', () => {
    const { a } = arrangement(9, 20)
    a.reshape('4')
    putOn(a, 1, 'c9')
    expect(a.cells).toEqual(['c0', 'c9', 'c2', 'c3'])
    putOn(a, 3, 'c9')
    expect(a.cells).toEqual(['c0', 'c3', 'c2', 'c9'])
    putOn(a, 0, '')
    expect(a.cells).toEqual(['', 'c3', 'c2', 'c9'])
  })

  it('goes through the arranged cameras when one of them is large', () => {
    const { a } = arrangement(9, 20)
    a.arrange(['c5', '', 'c7'])
    a.open('c5')
    a.step(1)
    expect(a.current).toBe('c7')
    a.step(1)
    expect(a.current).toBe('c5')
  })
})
