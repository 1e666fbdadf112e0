import { describe, expect, test } from 'vitest'
import { MAX_MASKS, MAX_POINTS, Masks, hiddenPercent, lifts } from '../../../src/core/owner/masks'

const square = [
  { x: 0.1, y: 0.1 },
  { x: 0.4, y: 0.1 },
  { x: 0.4, y: 0.5 },
]

function drawn(): Masks {
  const m = new Masks(16 / 9)
  for (const p of square) m.tap(p)
  return m
}

describe('masks', () => {
  test('taps make corners, and a tap on the first one an area', () => {
    const m = drawn()
    expect(m.drawing).toEqual(square)
    expect(m.canClose).toBe(true)
    m.tap({ x: 0.11, y: 0.12 })
    expect(m.drawing).toEqual([])
    expect(m.masks).toEqual([square])
  })

  test('two corners are no area', () => {
    const m = new Masks()
    m.tap(square[0]!)
    m.tap(square[1]!)
    m.close()
    m.tap(square[0]!)
    expect(m.masks).toEqual([])
    expect(m.drawing).toHaveLength(2)
  })

  test('every step can be taken back, to the first', () => {
    const m = drawn()
    m.close()
    m.remove(0)
    m.undo()
    expect(m.masks).toHaveLength(1)
    m.undo()
    expect(m.drawing).toHaveLength(3)
    for (let i = 0; i < 5; i++) m.undo()
    expect(m.drawing).toEqual([])
    expect(m.canUndo).toBe(false)
  })

  test('a drag is one step, and stays in the picture', () => {
    const m = drawn()
    m.close()
    const c = m.near({ x: 0.41, y: 0.51 })
    expect(c).toEqual({ mask: 0, corner: 2 })
    m.grab()
    m.move(c!, { x: 0.6, y: 0.6 })
    m.move(c!, { x: 1.4, y: -2 })
    expect(m.masks[0]![2]).toEqual({ x: 1, y: 0 })
    m.undo()
    expect(m.masks[0]![2]).toEqual(square[2])
  })

  test('near is a distance on the screen, not in the picture', () => {
    const m = new Masks(4)
    m.tap({ x: 0.5, y: 0.5 })
    expect(m.near({ x: 0.5, y: 0.66 })).toBeDefined() // a sixth of a low picture
    expect(m.near({ x: 0.66, y: 0.5 })).toBeUndefined()
  })

  test('there is an end to corners and to areas', () => {
    const m = new Masks()
    for (let i = 0; i < MAX_POINTS; i++) m.tap({ x: (i % 4) / 4, y: Math.floor(i / 4) / 4 })
    expect(m.masks[0]).toHaveLength(MAX_POINTS)
    for (let i = 1; i < MAX_MASKS; i++) {
      m.remove(99)
      for (const [x, y] of [[0.9, 0.9], [0.8, 0.9], [0.8, 0.8]] as const) m.tap({ x: x + i / 1e4, y })
      m.close()
      if (i === 1) expect(m.masks).toHaveLength(2)
      // The corners of the one before are in the way of the next: move them aside.
      for (const corner of [0, 1, 2]) m.move({ mask: i, corner }, { x: 0, y: 0 })
    }
    expect(m.full).toBe(true)
    m.tap({ x: 0.6, y: 0.95 })
    expect(m.drawing).toEqual([])
  })

  test('an area begins as a square in the middle, gets corners on its lines, and goes with its last three', () => {
    const m = new Masks()
    m.add()
    expect(m.masks[0]).toHaveLength(4)
    expect(m.chosen).toEqual({ mask: 0, corner: -1 })
    const c = m.split(0, 0)!
    expect(m.masks[0]).toHaveLength(5)
    expect(m.at(c)!.y).toBe(m.masks[0]![0]!.y)
    m.nudge(c, 0, -5)
    expect(m.at(c)!.y).toBeCloseTo(m.masks[0]![0]!.y - 0.05)
    m.removeCorner(c)
    m.removeCorner({ mask: 0, corner: 3 })
    expect(m.masks[0]).toHaveLength(3)
    m.removeCorner({ mask: 0, corner: 0 })
    expect(m.masks).toEqual([])
    for (let i = 0; i < 5; i++) m.undo()
    expect(m.masks[0]).toHaveLength(4)
  })

  test('a tap within an area chooses it, and draws none upon it', () => {
    const m = new Masks(16 / 9, [square])
    const middle = { x: (square[0]!.x + square[2]!.x) / 2, y: (square[0]!.y + square[2]!.y) / 2 }
    m.tap(middle, 0.001)
    expect(m.drawing).toEqual([])
    expect(m.chosen).toEqual({ mask: 0, corner: -1 })
    m.remove(0)
    expect(m.chosen).toBeUndefined()
    m.tap(middle, 0.001)
    expect(m.drawing).toHaveLength(1)
  })

  test('who sees more than before is told, however it came', () => {
    const half = [{ x: 0, y: 0 }, { x: 0.5, y: 0 }, { x: 0.5, y: 1 }, { x: 0, y: 1 }]
    const small = [{ x: 0, y: 0 }, { x: 0.1, y: 0 }, { x: 0, y: 0.1 }]
    expect(hiddenPercent([half])).toBe(50)
    expect(hiddenPercent([])).toBe(0)
    expect(lifts([half], [])).toBe(true)
    expect(lifts([half], [small])).toBe(true)
    expect(lifts([half], [half, small])).toBe(false)
    expect(lifts([], [half])).toBe(false)
  })
})
