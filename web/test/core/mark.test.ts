import { describe, expect, it } from 'vitest'
import { markLines, wander } from '../../src/core/mark'

const at = new Date(2026, 10, 21, 23, 7, 5).getTime()

describe('the mark over a picture', () => {
  it('says who, when and by which code', () => {
    expect(markLines({ code: '7KQ-2M4X', name: 'Lê Văn An', number: '268-114' }, at)).toEqual(['Lê Văn An · 268-114', '23:07:05 · 7KQ-2M4X'])
  })
  it('does not say a name twice', () => {
    expect(markLines({ code: '7KQ-2M4X', name: 'canbo', number: 'canbo' }, at)[0]).toBe('canbo')
    expect(markLines({ code: '7KQ-2M4X', name: 'demo' }, at)[0]).toBe('demo')
  })
  it('wanders slowly, and stays in the picture', () => {
    let [x, y, far] = [0, 0, 0]
    for (let t = at; t < at + 600_000; t += 1000) {
      const w = wander(t)
      if (t > at) expect(Math.hypot(w.x - x, w.y - y)).toBeLessThan(1)
      ;({ x, y } = w)
      far = Math.max(far, Math.abs(x), Math.abs(y))
    }
    expect(far).toBeGreaterThan(4)
    expect(far).toBeLessThan(6)
  })
})
