import { describe, expect, it } from 'vitest'
import { Heat, overloaded, steps } from '../../src/core/heat'

const load = (o: Partial<Parameters<typeof overloaded>[0]> = {}) => ({ received: 25, decoded: 25, dropped: 0, decodeMs: 200, ...o })

describe('overloaded', () => {
  it.each([
    ['a quick decoder', load(), false, false],
    ['a decoder that is busy all the time but loses nothing', load({ decodeMs: 1500 }), false, false],
    ['a busy decoder that begins to drop', load({ decodeMs: 700, dropped: 1 }), false, true],
    ['many dropped pictures, whatever decoding takes', load({ decoded: 20, dropped: 5 }), false, true],
    ['pictures that came and were not decoded', load({ decoded: 15 }), false, true],
    ['a picture that waits for its turn', load({ received: 26 }), false, false],
    ['some drops', load({ decoded: 23, dropped: 2 }), false, false],
    ['some drops on an overloaded processor', load({ decoded: 23, dropped: 2 }), true, true],
    ['an overloaded processor alone', load(), true, false],
    ['two pictures a second, one dropped', load({ received: 2, decoded: 1, dropped: 1 }), false, false],
    ['a tile without a picture', load({ received: 0, decoded: 0, decodeMs: 0 }), true, false],
  ] as const)('%s: %#', (_, l, pressed, want) => expect(overloaded(l, 1000, pressed)).toBe(want))
})

describe('steps', () => {
  it('one large picture becomes small', () => {
    expect(steps(1, false)).toEqual([{ keep: 1, small: 'none' }, { keep: 1, small: 'all' }])
  })
  it('nothing is left to do for one small picture', () => {
    expect(steps(1, true)).toEqual([{ keep: 1, small: 'none' }])
  })
  it('of nine the others become small, then stills, and the large one is last', () => {
    expect(steps(9, false)).toEqual([
      { keep: 9, small: 'none' },
      { keep: 9, small: 'others' },
      { keep: 4, small: 'others' },
      { keep: 2, small: 'others' },
      { keep: 1, small: 'others' },
      { keep: 1, small: 'all' },
    ])
  })
  it('of four small ones two rest first', () => {
    expect(steps(4, true).map((e) => e.keep)).toEqual([4, 2, 1])
  })
})

describe('Heat', () => {
  const run = (h: Heat, bad: boolean, seconds: number, most = 3) => {
    for (let i = 0; i < seconds; i++) h.second(bad, most)
    return h.level
  }
  it('a busy moment is no heat', () => {
    const h = new Heat()
    for (let i = 0; i < 60; i++) h.second(i % 3 !== 0, 3)
    expect(h.level).toBe(0)
  })
  it('goes a step down when most of some seconds are bad, and waits for its effect', () => {
    const h = new Heat()
    expect(run(h, true, 4)).toBe(0)
    expect(run(h, true, 1)).toBe(1)
    expect(run(h, true, 4)).toBe(1)
    expect(run(h, true, 60)).toBe(3)
  })
  it('tries more after half a minute, and stays when that goes well', () => {
    const h = new Heat()
    run(h, true, 5)
    expect(run(h, false, 33)).toBe(1)
    expect(run(h, false, 1)).toBe(0)
    expect(run(h, false, 100)).toBe(0)
  })
  it('a trial that fails is soon given up, and the next comes later', () => {
    const h = new Heat()
    run(h, true, 5)
    run(h, false, 34)
    expect(h.level).toBe(0)
    expect(run(h, true, 5)).toBe(1)
    expect(run(h, false, 60)).toBe(1)
    expect(run(h, false, 10)).toBe(0)
  })
  it('one bad second puts a trial off', () => {
    const h = new Heat()
    run(h, true, 5)
    run(h, false, 30)
    h.second(true, 3)
    expect(run(h, false, 29)).toBe(1)
    expect(run(h, false, 5)).toBe(0)
  })
  it('has no step that the screen does not have', () => {
    const h = new Heat()
    expect(run(h, true, 60, 1)).toBe(1)
    expect(run(h, true, 1, 0)).toBe(0)
  })
})
