import { describe, expect, it } from 'vitest'
import type { PeerStats, TileStats } from '../../src/core/peer'
import { Rates } from '../../src/core/rates'

const none: TileStats = { bytes: 0, framesReceived: 0, framesDecoded: 0, framesDropped: 0, decodeMs: 0, packets: 0, packetsLost: 0 }
const peer = (o: Partial<TileStats>, bytes = o.bytes ?? 0): PeerStats => ({ tiles: [{ ...none, ...o }], bytes })

describe('Rates', () => {
  it('tells of the last second, and of all bytes since the last look', () => {
    const r = new Rates(1)
    expect(r.take(0, peer({ bytes: 500 }))).toMatchObject({ ms: 0, bytes: 500 })
    const look = r.take(1000, peer({ bytes: 125_500, framesReceived: 26, framesDecoded: 25, framesDropped: 1, decodeMs: 90 }))
    expect(look).toEqual({ ms: 1000, bytes: 125_000, loads: [{ received: 26, decoded: 25, dropped: 1, decodeMs: 90 }] })
    expect(r.tiles[0]).toEqual({ bitsPerSecond: 1e6, framesPerSecond: 25, loss: 0 })
  })
  it('another peer’s counters are not set against the old one’s', () => {
    const r = new Rates(1)
    r.take(0, peer({ bytes: 9000 }))
    r.reset()
    expect(r.take(1000, peer({ bytes: 100 })).bytes).toBe(100)
    expect(r.take(2000, peer({ bytes: 200 })).bytes).toBe(100)
  })
  it('tells loss over five seconds, and of no few packets', () => {
    const r = new Rates(1)
    r.take(0, peer({}))
    r.take(1000, peer({ packets: 90, packetsLost: 10 }))
    expect(r.tiles[0]!.loss).toBe(0)
    r.take(2000, peer({ packets: 180, packetsLost: 20 }))
    expect(r.tiles[0]!.loss).toBeCloseTo(0.1)
    for (let s = 3; s <= 8; s++) r.take(s * 1000, peer({ packets: 180 + (s - 2) * 100, packetsLost: 20 }))
    expect(r.tiles[0]!.loss).toBe(0)
  })
})
