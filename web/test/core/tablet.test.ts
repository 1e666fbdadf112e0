import { describe, expect, it } from 'vitest'
import type { Camera } from '../../src/core/cameras'
import { ahead, Drive, STANDING_MS } from '../../src/core/drive'
import { LayoutRefusal, Layouts, MAX_OWN, readLayouts } from '../../src/core/layouts'
import { stopsOf, Tour, worthAStop, type Stop } from '../../src/core/tour'
import { FakeWorld } from './fakes'

function tour(stops: () => Stop[]) {
  const world = new FakeWorld()
  const shown: string[] = []
  const warmed: string[] = []
  const t = new Tour(world, { stops, show: (s, next) => (shown.push(s.join('+')), warmed.push(next.join('+'))), changed: () => undefined })
  return { t, world, shown, warmed }
}

describe('Tour', () => {
  it('goes on after its interval, and has the next stop warmed', async () => {
    const { t, world, shown, warmed } = tour(() => stopsOf(['a', 'b', 'c'], 1))
    t.start(5)
    expect([shown, t.countdown]).toEqual([['a'], 5])
    await world.pass(4900)
    expect([shown, t.countdown]).toEqual([['a'], 1])
    await world.pass(200)
    expect(shown).toEqual(['a', 'b'])
    await world.pass(10_100)
    expect([shown, warmed]).toEqual([['a', 'b', 'c', 'a'], ['b', 'c', 'a', 'b']])
  })

  it('stays where somebody touches it, and goes on with the time that was left', async () => {
    const { t, world, shown } = tour(() => stopsOf(['a', 'b'], 1))
    t.start(10)
    await world.pass(4000)
    t.pause()
    await world.pass(60_000)
    expect([shown, t.countdown, t.paused]).toEqual([['a'], 6, true])
    t.resume()
    await world.pass(5900)
    expect(shown).toEqual(['a'])
    await world.pass(200)
    expect(shown).toEqual(['a', 'b'])
  })

  it('keeps its interval within 5 and 60 seconds, and ends where nothing is to be seen', async () => {
    let stops: Stop[] = [['a']]
    const { t, world } = tour(() => stops)
    t.start(1)
    expect(t.seconds).toBe(5)
    t.start(600)
    expect(t.seconds).toBe(60)
    stops = []
    await world.pass(60_100)
    expect(t.running).toBe(false)
  })

  it('goes on from where it is when cameras come and go', () => {
    let stops: Stop[] = stopsOf(['a', 'b', 'c', 'd'], 2)
    const { t, shown } = tour(() => stops)
    t.start(5)
    t.go(1)
    stops = stopsOf(['a', 'c', 'd', 'e'], 2)
    t.go(1)
    expect(shown).toEqual(['a+b', 'c+d', 'd+e'])
  })

  it('leaves out what gives no picture', () => {
    const c = (more: Partial<Camera>): Camera => ({ id: 'a', name: 'A', area: 'lang', kind: 'public', ...more })
    expect([c({}), c({ state: 'live' }), c({ state: 'offline' }), c({ closed: 'hours' }), c({ needs_case: true }), undefined].map(worthAStop)).toEqual([true, true, false, false, false, false])
  })
})

describe('Drive', () => {
  it('begins at 10 km/h, and ends 30 s after the car stands still', () => {
    const d = new Drive()
    d.moved(9, 0)
    expect(d.on).toBe(false)
    d.moved(11, 1000)
    expect(d.on).toBe(true)
    d.moved(0, 2000)
    d.rest(2000 + STANDING_MS - 1)
    expect(d.on).toBe(true)
    d.moved(5, 20_000)
    d.moved(1, 30_000)
    d.rest(59_000)
    expect(d.on).toBe(true)
    d.rest(60_000)
    expect(d.on).toBe(false)
  })

  it('believes who says that somebody else drives, until the car has stood for long', () => {
    const d = new Drive()
    d.moved(40, 0)
    d.choose(false, 1000)
    d.moved(40, 2000)
    expect(d.on).toBe(false)
    d.moved(0, 3000)
    d.moved(0, 310_000)
    d.moved(40, 311_000)
    expect(d.on).toBe(true)
  })

  it('that was chosen by hand in a standing car stays', () => {
    const d = new Drive()
    d.choose(true, 0)
    d.moved(0, 1000)
    d.rest(100_000)
    expect(d.on).toBe(true)
    d.moved(30, 110_000)
    d.moved(0, 120_000)
    d.rest(151_000)
    expect(d.on).toBe(false)
  })
})

describe('ahead', () => {
  const at = (id: string, north: number, east: number): Camera => ({ id, name: id, area: 'a', kind: 'public', position: [21 + north / 111_320, 105 + east / 103_920] })
  const cameras = [at('behind', -200, 0), at('far', 900, 0), at('near', 300, 20), at('aside', 250, 200), at('here', -10, 0), at('gone', 9000, 0), { ...at('none', 0, 0), position: undefined as never }]
  it('names what the car comes to, the nearest first', () => {
    expect(ahead(cameras, { lat: 21, lon: 105, heading: 0 }, 9)).toEqual(['here', 'near', 'aside', 'far'])
    expect(ahead(cameras, { lat: 21, lon: 105, heading: 180 }, 9)).toEqual(['here', 'behind'])
    expect(ahead(cameras, { lat: 21, lon: 105 }, 2)).toEqual(['here', 'behind'])
  })
})

describe('Layouts', () => {
  const memory = () => {
    const m = new Map<string, string>()
    return { get: (k: string) => m.get(k) ?? null, set: (k: string, v: string) => void m.set(k, v) }
  }
  const none = () => Promise.reject(new Error('offline'))

  it('of a link are kept on the device, up to a number', async () => {
    const storage = memory()
    const l = new Layouts('', storage, none, () => undefined)
    for (let i = 0; i < MAX_OWN; i++) await l.save({ name: `n ${i}`, shape: '9', cameras: ['a', '', 'b', ''], area: '' })
    await expect(l.save({ name: 'more', shape: '4', cameras: [], area: '' })).rejects.toBeInstanceOf(LayoutRefusal)
    await l.save({ name: 'n 3', shape: '4', cameras: ['z'], area: '' })
    const again = new Layouts('', storage, none, () => undefined)
    expect(again.all).toHaveLength(MAX_OWN)
    expect(again.all.find((x) => x.name === 'n 0')).toMatchObject({ shape: '9', cameras: ['a', '', 'b'] })
    expect(again.all.find((x) => x.name === 'n 3')).toMatchObject({ shape: '4', cameras: ['z'] })
    expect(new Layouts('someone', storage, none, () => undefined).all).toEqual([])
  })

  it('of a person name the version that they change, and leave alone what is hidden', async () => {
    const asked: { path: string; init: RequestInit }[] = []
    const doc = { layouts: [{ id: 'x', name: 'Ca đêm', area: 'lang', shape: '6', tiles: [{ camera: 'a' }, { denied: true }, {}, { camera: 'b' }], version: '"7"', writes: true }], areas: [{ id: 'lang', name: 'Láng' }] }
    const fetch = (path: string, init: RequestInit) => {
      asked.push({ path, init })
      return Promise.resolve(init.method === 'GET' ? Response.json(doc) : new Response(null, { status: 204, headers: { ETag: '"8"' } }))
    }
    const l = new Layouts('p', memory(), fetch, () => undefined)
    await l.load()
    expect(l.all[0]).toMatchObject({ cameras: ['a', '?', '', 'b'], area: 'lang', writes: true })
    await l.save({ name: 'Ca đêm', shape: '6', cameras: ['?', 'a', 'b'], area: 'lang' })
    const put = asked.at(-1)!
    expect([put.path, (put.init.headers as Record<string, string>)['If-Match']]).toEqual(['api/v1/layouts/x', '"7"'])
    expect(JSON.parse(put.init.body as string)).toEqual({ name: 'Ca đêm', area: 'lang', shape: '6', tiles: [{ denied: true }, { camera: 'a' }, { camera: 'b' }] })
    await l.save({ name: 'Mới', shape: '4', cameras: ['a'], area: '' })
    expect((asked.at(-1)!.init.headers as Record<string, string>)['If-None-Match']).toBe('*')
    expect(asked.at(-1)!.path).toMatch(/^api\/v1\/layouts\/[0-9a-f]{26}$/)
  })

  it('that cannot be read are left out', () => {
    expect(readLayouts('{')).toEqual([])
    expect(readLayouts('[1, null, {"id": "a"}, {"id": "a", "name": "b", "cameras": [1], "area": ""}]')).toEqual([])
    expect(readLayouts(JSON.stringify([{ id: 'a', name: 'b', cameras: ['c'], area: '', shape: '77' }]))).toMatchObject([{ shape: '4' }])
  })
})
