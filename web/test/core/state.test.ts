import { describe, expect, it } from 'vitest'
import { cure, tileView, type Surroundings, type TileView } from '../../src/core/state'
import { Tile } from '../../src/core/tile'
import type { TileMessage } from '../../src/core/protocol'

const well: Surroundings = { online: true, connected: true, refused: false, visibleAt: 0 }
const text = { vi: 'Camera ngừng gửi hình.', en: 'The camera stopped sending pictures.' }

/** A tile on camera a, with a picture of this age drawn at `at`, if there is one. */
function tile(o: { message?: Partial<TileMessage>; at?: number; age?: number; source?: string } = {}): Tile {
  const t = new Tile()
  t.view('a', 0)
  t.onTile({ type: 'tile', tile: 0, camera: 'a', state: 'live', ...o.message }, 0)
  if (o.at === undefined) return t
  const captured = o.at - (o.age ?? 0)
  if (o.age !== undefined)
    t.onClock({ type: 'clock', tile: 0, camera: 'a', rtp: 0, captured, source: o.source ?? 'camera' }, 0)
  t.onFrame({ rtp: 0, at: o.at, width: 1280, height: 720 }, 0)
  return t
}

/** The same, and then the gateway's word on it. */
function then(t: Tile, m: Partial<TileMessage>): Tile {
  t.onTile({ type: 'tile', tile: 0, camera: 'a', state: 'live', ...m }, 10_000)
  return t
}

describe('tileView', () => {
  const table: [string, Tile, Partial<Surroundings>, number, TileView][] = [
    ['no camera', new Tile(), {}, 0, { kind: 'idle' }],
    ['nothing told yet', tile({ message: { state: 'opening' } }), {}, 100, { kind: 'opening', own: false, slow: false }],
    ['told live, nothing drawn', tile(), {}, 100, { kind: 'opening', own: false, slow: false }],
    ['opening for long', tile(), {}, 5100, { kind: 'opening', own: false, slow: true }],
    ['a picture without a measured age', tile({ at: 2000 }), {}, 2100, { kind: 'opening', own: true, slow: false }],
    ['a fresh picture', tile({ at: 2000, age: 400 }), {}, 2100, { kind: 'live', age: 400, approximate: false }],
    ['age by arrival', tile({ at: 2000, age: 400, source: 'arrival' }), {}, 2100, { kind: 'live', age: 400, approximate: true }],
    ['fresh although the socket is down', tile({ at: 2000, age: 400 }), { connected: false }, 2100, { kind: 'live', age: 400, approximate: false }],
    ['an old picture', tile({ at: 2000, age: 1700 }), {}, 2100, { kind: 'weak', age: 1700, approximate: false }],
    ['no new picture for 1.3 s', tile({ at: 2000, age: 400 }), {}, 3300, { kind: 'stale', age: 1700, network: false }],
    ['the same, socket down', tile({ at: 2000, age: 400 }), { connected: false }, 8000, { kind: 'stale', age: 6400, network: true }],
    ['the same, no network', tile({ at: 2000, age: 400 }), { online: false }, 8000, { kind: 'nonet', own: true }],
    ['no network from the start', tile(), { online: false, connected: false }, 100, { kind: 'nonet', own: false }],
    ['just visible again', tile({ at: 2000, age: 400 }), { visibleAt: 60_000 }, 60_500, { kind: 'live', age: 400, approximate: false }],
    ['visible for a while, still nothing', tile({ at: 2000, age: 400 }), { visibleAt: 60_000 }, 61_500, { kind: 'stale', age: 59_900, network: false }],
    [
      'camera offline',
      tile({ message: { state: 'offline', since: 5, retry_at: 9, text } }),
      {},
      100,
      { kind: 'offline', own: false, since: 5, retryAt: 9, text, unable: false },
    ],
    [
      'camera offline while its last picture is fresh',
      then(tile({ at: 9990, age: 400 }), { state: 'offline', since: 5 }),
      {},
      10_000,
      { kind: 'offline', own: true, since: 5, retryAt: undefined, text: undefined, unable: false },
    ],
    [
      'a camera that plays what this device does not decode',
      tile({ message: { state: 'offline', code: 'codec', since: 5, text } }),
      {},
      100,
      { kind: 'offline', own: false, since: 5, retryAt: undefined, text, unable: true },
    ],
    [
      'a camera that sends what nobody takes',
      tile({ message: { state: 'offline', code: 'codec', since: 5, retry_at: 9, text } }),
      {},
      100,
      { kind: 'offline', own: false, since: 5, retryAt: 9, text, unable: false },
    ],
    [
      'back from offline, no picture yet',
      then(tile({ at: 2000, age: 400 }), { state: 'opening' }),
      {},
      10_000,
      { kind: 'stale', age: 8400, network: false },
    ],
    ['no right', tile({ message: { state: 'denied', text } }), {}, 100, { kind: 'denied', text }],
    ['no log', tile({ message: { state: 'denied', code: 'unrecorded', text } }), {}, 100, { kind: 'denied', text, code: 'unrecorded' }],
    ['a household without a case', tile({ message: { state: 'denied', code: 'case_needed' } }), {}, 100, { kind: 'denied', text: undefined, code: 'case_needed' }],
    ['no right, by a code of no meaning here', tile({ message: { state: 'denied', code: 'not_found' } }), {}, 100, { kind: 'denied', text: undefined }],
    ['no right, whatever is drawn', then(tile({ at: 9990, age: 400 }), { state: 'denied' }), {}, 10_000, { kind: 'denied', text: undefined }],
    ['many packets lost', tile({ at: 2000, age: 400 }), { loss: 0.06 }, 2100, { kind: 'weak', age: 400, approximate: false }],
    ['the device is spared', tile({ at: 2000, age: 400 }), { hot: 15 }, 2100, { kind: 'live', age: 400, approximate: false, hot: 15 }],
    ['the device is spared this picture', Object.assign(new Tile(), { rested: true }), {}, 100, { kind: 'rest' }],
    ['what was on its way still comes to a tile that is a still now', then(tile({ at: 9990, age: 400 }), { state: 'held' }), {}, 10_000, { kind: 'rest', thin: true }],
    ['the link has no room for it', then(tile({ at: 2000, age: 400 }), { state: 'held' }), {}, 10_000, { kind: 'rest', thin: true }],
    ['there is room again, and no picture yet', then(then(tile({ at: 2000, age: 400 }), { state: 'held' }), { state: 'live' }), {}, 10_000, { kind: 'stale', age: 8400, network: false }],
    ['play refused', tile(), { refused: true }, 100, { kind: 'tap', own: false }],
  ]
  it.each(table)('%s', (_, t, around, now, want) => {
    expect(tileView(t, { ...well, ...around }, now)).toEqual(want)
  })

  it('a frozen picture is not called live 2 s after it froze, whatever came before', () => {
    const t = tile({ at: 2000, age: 100 })
    expect(tileView(t, well, 4000, { kind: 'live', age: 100, approximate: false }).kind).toBe('stale')
  })
  it('weak stays weak until the age is well below the limit', () => {
    const t = tile({ at: 2000, age: 1400 })
    expect(tileView(t, well, 2100, { kind: 'weak', age: 1600, approximate: false }).kind).toBe('weak')
    expect(tileView(t, well, 2100, { kind: 'live', age: 1300, approximate: false }).kind).toBe('live')
  })
})

describe('cure', () => {
  it.each([
    [1000, Infinity, 1000, 'none'],
    [1500, Infinity, 1500, 'restart'],
    [2500, 1000, 2500, 'none'],
    [4000, 2500, 4000, 'renew'],
    [5000, 1000, 5000, 'none'],
    [7000, Infinity, 30_000, 'restart'],
  ] as const)('stalled for %d ms, last cure %d ms ago, seen again for %d ms: %s', (s, l, r, want) => expect(cure(s, l, r)).toBe(want))

  it.each([
    [5000, Infinity, 'none'],
    [6000, Infinity, 'restart'],
    [8000, 2000, 'none'],
    [12_000, 6000, 'none'],
    [18_000, 12_000, 'renew'],
    [60_000, 11_000, 'none'],
    [60_000, 12_000, 'renew'],
  ] as const)('stalled for %d ms, last cure %d ms ago: %s', (s, l, want) => expect(cure(s, l)).toBe(want))
})
