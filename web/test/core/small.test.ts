import { describe, expect, it } from 'vitest'
import { backoff } from '../../src/core/backoff'
import { Bucket } from '../../src/core/bucket'
import { Directory, neighbour, page, place } from '../../src/core/cameras'
import { fold, initials, score } from '../../src/core/fold'
import { cameraHash, parseHash, readPasted } from '../../src/core/link'
import { parse } from '../../src/core/protocol'
import { TimeSync } from '../../src/core/timesync'
import { addUsage, dayOf, readUsage } from '../../src/core/usage'

describe('backoff', () => {
  it.each([
    [0, 300],
    [1, 600],
    [2, 1200],
    [4, 4800],
    [5, 8000],
    [500, 8000],
  ])('try %d waits about %d ms', (n, ms) => {
    expect(backoff(n, 0.5)).toBe(ms)
    expect(backoff(n, 0)).toBe(Math.round(ms * 0.7))
    expect(backoff(n, 1)).toBe(Math.round(ms * 1.3))
  })
})

describe('Bucket', () => {
  it('lets a burst through, then says how long to wait', () => {
    const b = new Bucket(10, 3, 0)
    expect([b.take(1, 0), b.take(1, 0), b.take(1, 0)]).toEqual([0, 0, 0])
    expect(b.take(1, 0)).toBe(100)
    expect(b.take(1, 100)).toBe(0)
  })
})

describe('TimeSync', () => {
  it('believes the quickest answer', () => {
    const t = new TimeSync()
    t.answer(0, 1_000_100, 100)
    expect(t.offset).toBe(1_000_050)
    t.answer(200, 1_000_205, 210)
    expect(t.offset).toBe(1_000_000)
    t.answer(300, 1_000_900, 800)
    expect(t.offset).toBe(1_000_000)
    expect(t.rtt).toBe(10)
  })
  it('pings quickly five times, then seldom, and quickly again after a restart', () => {
    const t = new TimeSync()
    const five = [1, 2, 3, 4, 5].map(() => t.nextDelay())
    expect(five).toEqual([120, 120, 120, 120, 10_000])
    t.restart(true)
    expect(t.nextDelay()).toBe(120)
    expect(t.offset).toBeUndefined()
  })
  it('takes no answer from the future', () => {
    const t = new TimeSync()
    t.answer(100, 5, 50)
    t.answer(NaN, 5, 50)
    expect(t.offset).toBeUndefined()
  })
})

describe('parse', () => {
  it.each([
    ['no text', new ArrayBuffer(2)],
    ['no JSON', '{'],
    ['null', 'null'],
    ['an unknown type', '{"type":"x"}'],
    ['a type of Object', '{"type":"constructor"}'],
    ['a clock without a number', '{"type":"clock","tile":0,"camera":"a","rtp":"1","captured":1}'],
    ['a tile without a camera', '{"type":"tile","tile":2,"state":"idle"}'],
    ['a tile without a state', '{"type":"tile","tile":0,"camera":"a"}'],
  ])('leaves %s', (_, data) => expect(parse(data)).toBeNull())
})

describe('folding', () => {
  it.each([
    ['Ngã tư Láng Hạ – Thái Hà', 'nga tu lang ha thai ha'],
    ['ĐƯỜNG Đê La Thành', 'duong de la thanh'],
    ['  P. Láng  ', 'p lang'],
  ])('folds %s', (s, want) => expect(fold(s)).toBe(want))
  it('makes initials', () => expect(initials('Nguyễn Chí Thanh – Láng')).toBe('nctl'))
  it('wants every word', () => {
    expect(score('lang thai', 'lang ha thai ha', '')).toBeGreaterThan(0)
    expect(score('lang xyz', 'lang ha thai ha', '')).toBe(0)
  })
  it('puts the starts of words first', () => {
    expect(score('ha', 'lang ha', '')).toBeGreaterThan(score('ha', 'thai phan', '') + 0)
    expect(score('ang', 'lang', '')).toBeGreaterThan(0)
  })
})

const areas = [
  { id: 'hn', name: 'Hà Nội' },
  { id: 'lang', name: 'Phường Láng', parent: 'hn' },
  { id: 'dd', name: 'Phường Đống Đa', parent: 'hn' },
]
const camera = (id: string, name: string, area: string) => ({ id, name, area, kind: 'public' })
const directory = new Directory(areas, [
  camera('c10', 'Ngõ 10', 'lang'),
  camera('c2', 'Ngõ 2', 'lang'),
  camera('x', 'Xã Đàn', 'dd'),
  camera('q', 'Không khu vực', 'nowhere'),
])

describe('Directory', () => {
  it('groups by area in the order of the tree, numbers by size, strangers last', () => {
    expect(directory.cameras.map((c) => c.id)).toEqual(['x', 'c2', 'c10', 'q'])
    expect(directory.groups.map((g) => g.name)).toEqual(['Phường Đống Đa', 'Phường Láng', 'nowhere'])
  })
  it('lives with a tree that goes round in a circle', () => {
    const d = new Directory(
      [
        { id: 'a', name: 'A', parent: 'b' },
        { id: 'b', name: 'B', parent: 'a' },
      ],
      [camera('c', 'C', 'a')],
    )
    expect(d.cameras).toHaveLength(1)
  })
  it('names an area and those it lies in', () => {
    expect(directory.path('lang')).toEqual(['Phường Láng', 'Hà Nội'])
    expect(directory.path('nowhere')).toEqual(['nowhere'])
  })
  it('picks favourites that still exist, in their order', () => {
    expect(directory.pick(['c10', 'gone', 'x']).map((c) => c.id)).toEqual(['c10', 'x'])
  })
})

describe('going through a list', () => {
  const list = directory.cameras
  it.each([
    ['x', 1, 'c2'],
    ['x', -1, 'q'],
    ['q', 1, 'x'],
    ['gone', 1, 'x'],
  ])('from %s by %d to %s', (from, step, to) => expect(neighbour(list, from, step)?.id).toBe(to))
  it('has nowhere to go in an empty list', () => expect(neighbour([], 'x', 1)).toBeUndefined())
  it('pages hold the camera', () => {
    expect(page(list, 'c10', 2).map((c) => c.id)).toEqual(['c10', 'q'])
    expect(page(list, 'gone', 3).map((c) => c.id)).toEqual(['x', 'c2', 'c10'])
  })
  it('keeps a shown camera on its tile', () => {
    expect(place(['a', 'b', 'c', 'd'], ['', '', 'c', ''])).toEqual(['a', 'b', 'c', 'd'])
    expect(place(['d', 'e', 'b'], ['a', 'b', 'c', 'd'])).toEqual(['e', 'b', '', 'd'])
  })
})

describe('link', () => {
  it('reads token and camera from the fragment', () => {
    expect(parseHash('#token=abc%2B1&camera=cam0')).toEqual({ token: 'abc+1', camera: 'cam0' })
    expect(parseHash('#share=abc')).toEqual({ token: undefined, camera: undefined, share: 'abc' })
    expect(parseHash('')).toEqual({ token: undefined, camera: undefined })
  })
  it('leaves only the camera in the address', () => {
    expect(cameraHash('cam 0')).toBe('#camera=cam%200')
    expect(cameraHash('')).toBe('')
  })
  it.each([
    ['https://x.example/#token=abc', 'abc'],
    [' #token=abc&camera=c ', 'abc'],
    ['token=abc', 'abc'],
    ['abc', 'abc'],
    ['https://x.example/', undefined],
    ['two words', undefined],
    ['', undefined],
  ])('takes the token out of %j', (pasted, want) => expect(readPasted(pasted).token).toBe(want))
})

describe('usage', () => {
  it('sums a day and starts anew on the next', () => {
    const u = addUsage(addUsage(undefined, 5, '2026-11-21'), 7, '2026-11-21')
    expect(u).toEqual({ day: '2026-11-21', bytes: 12 })
    expect(addUsage(u, 1, '2026-11-22')).toEqual({ day: '2026-11-22', bytes: 1 })
  })
  it('names the day by the local calendar', () => expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05'))
  it.each([null, '', '{', '5', '{"day":1,"bytes":2}', '{"day":"x","bytes":-1}'])('reads %j as nothing', (t) =>
    expect(readUsage(t)).toBeUndefined(),
  )
})
