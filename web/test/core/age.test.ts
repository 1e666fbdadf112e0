import { describe, expect, it } from 'vitest'
import { AgeMeter, capturedAt, median, rtpDiff } from '../../src/core/age'

describe('rtpDiff', () => {
  it.each([
    [100, 40, 60],
    [40, 100, -60],
    [5, 0xffff_fffb, 10],
    [0xffff_fffb, 5, -10],
    [0x8000_0000, 0x7fff_ffff, 1],
    [0, 0, 0],
  ])('%d - %d is %d', (a, b, want) => expect(rtpDiff(a, b)).toBe(want))
})

describe('capturedAt', () => {
  it('counts 90 ticks a millisecond', () => {
    expect(capturedAt(9090, { rtp: 90, captured: 1000 })).toBe(1100)
  })
  it('goes on across a wrap of the timestamp', () => {
    expect(capturedAt(89, { rtp: 0xffff_ffff, captured: 1000 })).toBe(1001)
  })
  it('takes a picture from just before the clock', () => {
    expect(capturedAt(0xffff_ffff, { rtp: 89, captured: 1000 })).toBe(999)
  })
})

describe('median', () => {
  it.each([
    [[], undefined],
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %s', (v, want) => expect(median(v as number[])).toBe(want))
})

describe('AgeMeter', () => {
  it('shows a first age at once, and then renews it each second', () => {
    const m = new AgeMeter()
    expect(m.value).toBeUndefined()
    m.add(0, 400)
    expect(m.value).toBe(400)
    m.add(500, 900)
    expect(m.value).toBe(400)
    m.add(1000, 900)
    expect(m.value).toBe(900)
  })
  it('another delay is told before the second is over', () => {
    const m = new AgeMeter()
    for (let at = 0; at <= 1000; at += 40) m.add(at, 400)
    for (let at = 1040; at <= 1700; at += 40) m.add(at, 700)
    expect(m.value).toBe(700)
  })
  it('a little more or less waits for the second', () => {
    const m = new AgeMeter()
    for (let at = 0; at <= 1000; at += 40) m.add(at, 400)
    for (let at = 1040; at < 2000; at += 40) m.add(at, 440)
    expect(m.value).toBe(400)
    m.add(2000, 440)
    expect(m.value).toBe(440)
  })
  it('is not moved by one late picture', () => {
    const m = new AgeMeter()
    for (let i = 0; i <= 25; i++) m.add(i * 40, i === 25 ? 5000 : 400)
    expect(m.value).toBe(400)
  })
  it('forgets everything on reset', () => {
    const m = new AgeMeter()
    m.add(0, 400)
    m.reset()
    expect(m.value).toBeUndefined()
  })
})
