import type { PeerStats, TileStats } from './peer'

/** What the last second of decoding one tile was like. */
export interface Load {
  received: number
  decoded: number
  dropped: number
  /** spent on decoding, ms */
  decodeMs: number
}

/** Rates over the last second. */
export interface Rate {
  bitsPerSecond: number
  framesPerSecond: number
  /** share of its packets that were lost in the last LOSS_MS; those repaired count too */
  loss: number
}

/** What one more look at the peer's counters tells. */
export interface Look {
  /** since the look before */
  ms: number
  bytes: number
  loads: Load[]
}

/** Loss is told over so long, ms, of at least so many packets: one burst is no weak network. */
const LOSS_MS = 5000
const LOSS_PACKETS = 200
/** Looks closer than this tell nothing, ms. */
const LEAST_MS = 200

/** Makes rates of a peer's growing counters. */
export class Rates {
  tiles: Rate[]
  last: TileStats[] = []
  private seen: { at: number; stats: PeerStats }[] = []

  constructor(count: number) {
    this.tiles = Array.from({ length: count }, () => ({ bitsPerSecond: 0, framesPerSecond: 0, loss: 0 }))
  }

  /** Another peer counts from nothing. */
  reset(): void {
    this.seen = []
  }

  take(at: number, stats: PeerStats): Look {
    const before = this.seen.at(-1)
    const oldest = this.seen[0]
    this.last = stats.tiles
    this.seen.push({ at, stats })
    while (this.seen.length > 2 && this.seen[0]!.at < at - LOSS_MS) this.seen.shift()
    const ms = before ? at - before.at : 0
    const look: Look = { ms, bytes: grown(stats.bytes, before?.stats.bytes), loads: [] }
    if (!before || !oldest || ms < LEAST_MS) return look
    this.tiles = stats.tiles.map((s, i) => {
      const b = before.stats.tiles[i]
      const o = oldest.stats.tiles[i]
      look.loads.push({
        received: grown(s.framesReceived, b?.framesReceived),
        decoded: grown(s.framesDecoded, b?.framesDecoded),
        dropped: grown(s.framesDropped, b?.framesDropped),
        decodeMs: grown(s.decodeMs, b?.decodeMs),
      })
      return {
        bitsPerSecond: (8000 * grown(s.bytes, b?.bytes)) / ms,
        framesPerSecond: (1000 * grown(s.framesDecoded, b?.framesDecoded)) / ms,
        loss: share(grown(s.packetsLost, o?.packetsLost), grown(s.packets, o?.packets)),
      }
    })
    return look
  }
}

function grown(now: number, before = 0): number {
  return Math.max(0, now - before)
}

function share(lost: number, came: number): number {
  return lost + came < LOSS_PACKETS ? 0 : lost / (lost + came)
}
