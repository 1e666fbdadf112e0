import { describe, expect, it } from 'vitest'
import { streamFor } from '../../src/core/quality'
import { inside, isClose, magnify, MOST, nextStep, settled, WHOLE, within } from '../../src/core/zoom'

const box = { width: 400, height: 225 }
const middle = { x: 0, y: 0 }

describe('a magnified picture', () => {
  it('keeps what lies under the finger there', () => {
    const at = { x: 60, y: -40 }
    const z = magnify(WHOLE, 2, at, at, box, box)
    // The point of the picture that was under the finger, drawn with the new view.
    expect({ x: at.x * z.scale + z.x, y: at.y * z.scale + z.y }).toEqual(at)
    const further = magnify(z, 3, at, at, box, box)
    expect(further.x + 3 * ((at.x - z.x) / z.scale)).toBeCloseTo(at.x)
  })
  it('follows two fingers that move together', () => {
    const z = magnify({ scale: 3, x: 0, y: 0 }, 3, { x: 10, y: 10 }, { x: 40, y: -20 }, box, box)
    expect(z).toEqual({ scale: 3, x: 30, y: -30 })
  })
  it('never shows what is beside the picture', () => {
    expect(within({ scale: 2, x: 900, y: -900 }, box, box)).toEqual({ scale: 2, x: 200, y: -112.5 })
    expect(magnify({ scale: 2, x: 200, y: 112.5 }, 1, middle, middle, box, box)).toEqual(WHOLE)
  })
  it('of four by three moves sideways only once it is wider than its box', () => {
    const narrow = inside(box, { width: 640, height: 480 })
    expect(narrow).toEqual({ width: 300, height: 225 })
    expect(within({ scale: 1.2, x: 50, y: 0 }, box, narrow).x).toBe(0)
    expect(within({ scale: 2, x: 500, y: 0 }, box, narrow).x).toBe(100)
  })
  it('without a picture keeps to the box', () => {
    expect(inside(box, undefined)).toEqual(box)
    expect(inside(box, { width: 0, height: 0 })).toEqual(box)
  })
  it('ends at six times, and at the whole', () => {
    expect(magnify(WHOLE, 40, middle, middle, box, box).scale).toBe(MOST)
    expect(magnify(WHOLE, 0.2, middle, middle, box, box)).toEqual(WHOLE)
  })
  it('that is hardly magnified is whole again', () => {
    expect(settled({ scale: 1.04, x: 3, y: 1 })).toEqual(WHOLE)
    expect(settled({ scale: 1.4, x: 3, y: 1 }).scale).toBe(1.4)
  })
  it.each([
    [1, 2],
    [1.7, 2],
    [2, 4],
    [4, 6],
    [5.2, 6],
    [6, 1],
  ])('of %d times goes on to %d by its button', (from, to) => expect(nextStep(from)).toBe(to))
})

describe('the main stream', () => {
  it('is wanted above 1.6 times, and not given back at once', () => {
    expect([1, 1.6, 1.61].map((s) => isClose(s, false))).toEqual([false, false, true])
    expect([1.5, 1.36, 1.35, 1].map((s) => isClose(s, true))).toEqual([true, true, false, false])
  })
  it('is not asked for by somebody who saves data, or who chose the small one', () => {
    expect(streamFor('auto', false, true)).toBe('main')
    expect(streamFor('auto', false, false)).toBe('auto')
    expect(streamFor('sub', false, true)).toBe('sub')
    expect(streamFor('main', false, false)).toBe('main')
    expect(streamFor('main', true, true)).toBe('sub')
  })
})
