import { describe, expect, it } from 'vitest'
import { StillStore, type StillOptions, type StillWorld } from '../../src/core/still'
import { FakeWorld } from './fakes'

const TAKEN = Date.parse('2026-11-22T03:00:00.250Z')

interface Asked {
  path: string
  init: RequestInit
  answer(status: number, headers?: Record<string, string>, body?: unknown): void
  fail(): void
}

/** A gateway whose answers come when the test says so. */
class Gateway implements StillWorld {
  private readonly time = new FakeWorld()
  asked: Asked[] = []
  open = new Set<string>()
  made = 0
  now = this.time.now
  random = this.time.random
  setTimeout = this.time.setTimeout
  clearTimeout = this.time.clearTimeout
  pass = (ms: number) => this.time.pass(ms)
  fetch = (path: string, init: RequestInit) =>
    new Promise<Response>((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
      this.asked.push({
        path,
        init,
        answer: (status, headers = {}, body) =>
          resolve(new Response(status === 304 ? null : body === undefined ? 'jpeg' : JSON.stringify(body), { status, headers })),
        fail: () => reject(new TypeError('network')),
      })
    })
  url = () => {
    const url = `blob:${++this.made}`
    this.open.add(url)
    return url
  }
  revoke = (url: string) => {
    if (!this.open.delete(url)) throw new Error(`${url} is revoked twice`)
  }
  /** Blobs are read outside the promises' own queue. */
  settle = async () => {
    for (let i = 0; i < 5; i++) await new Promise((done) => setTimeout(done, 0))
    await this.pass(0)
  }
  ids = () => this.asked.map((a) => /cameras\/(.*)\/still/.exec(a.path)![1])
}

const good = (etag = '"1-320"', at = TAKEN) => ({ ETag: etag, 'Matthan-Captured': new Date(at).toISOString() })

function make(options: StillOptions = {}, seen: Record<string, { at: number; canvas: string }> = {}) {
  const gateway = new Gateway()
  const changed: string[] = []
  const store = new StillStore(gateway, (c) => seen[c], { changed: (c) => changed.push(c) }, options)
  return { gateway, store, changed, seen }
}

describe('stills', () => {
  it('are fetched three at a time, the first of the list first', async () => {
    const { gateway, store, changed } = make({ token: 'secret' })
    store.show(['a', 'b', 'c', 'd', 'a'])
    expect(gateway.ids()).toEqual(['a', 'b', 'c'])
    expect(gateway.asked[0]!.path).toBe('/api/v1/cameras/a/still?width=320')
    expect(gateway.asked[0]!.init).toMatchObject({ headers: { Authorization: 'Bearer secret' }, credentials: 'omit', cache: 'no-store' })
    gateway.asked[1]!.answer(200, good())
    await gateway.settle()
    expect(gateway.ids()).toEqual(['a', 'b', 'c', 'd'])
    expect(changed).toEqual(['b'])
    expect(store.get('b')).toEqual({ url: 'blob:1', at: TAKEN })
    expect(store.get('a')).toBeUndefined()
  })

  it('are renewed while they are shown, and not sent twice', async () => {
    const { gateway, store, changed } = make({ every: 10_000 })
    store.show(['a'])
    gateway.asked[0]!.answer(200, good('"1-320"'))
    await gateway.settle()
    await gateway.pass(9_999)
    expect(gateway.asked.length).toBe(1)
    await gateway.pass(1)
    expect(gateway.asked[1]!.init.headers).toEqual({ 'If-None-Match': '"1-320"' })
    gateway.asked[1]!.answer(304)
    await gateway.settle()
    await gateway.pass(10_000)
    gateway.asked[2]!.answer(200, good('"2-320"', TAKEN + 20_000))
    await gateway.settle()
    expect(store.get('a')).toEqual({ url: 'blob:2', at: TAKEN + 20_000 })
    expect([...gateway.open]).toEqual(['blob:2'])
    expect(changed).toEqual(['a', 'a'])
    store.show([])
    await gateway.pass(100_000)
    expect(gateway.asked.length).toBe(3)
  })

  it('that have scrolled by are given up, and the next ones take their place', async () => {
    const { gateway, store } = make()
    store.show(['a', 'b', 'c'])
    store.show(['d', 'e', 'c'])
    expect(gateway.asked.map((a) => a.init.signal!.aborted)).toEqual([true, true, false])
    await gateway.settle()
    expect(gateway.ids()).toEqual(['a', 'b', 'c', 'd', 'e'])
    store.show(['a', 'c'])
    await gateway.settle()
    expect(gateway.ids()).toEqual(['a', 'b', 'c', 'd', 'e', 'a']) // giving up is no failure
  })

  it('stand back behind what the page saw later itself', async () => {
    const { gateway, store, seen } = make({}, { a: { at: TAKEN + 1, canvas: 'frame' }, b: { at: TAKEN - 1, canvas: 'frame' } })
    store.show(['a', 'b'])
    expect(store.get('b')).toEqual(seen['b'])
    for (const a of gateway.asked) a.answer(200, good())
    await gateway.settle()
    expect(store.get('a')).toEqual(seen['a'])
    expect(store.get('b')).toMatchObject({ at: TAKEN, url: 'blob:2' })
  })

  it('of a gateway without ffmpeg are those that the page saw, and it is left alone', async () => {
    const { gateway, store, seen } = make({}, { a: { at: 5, canvas: 'frame' } })
    store.show(['a', 'b', 'c', 'd'])
    for (const a of gateway.asked) a.answer(503, {}, { code: 'no_stills' })
    await gateway.settle()
    await gateway.pass(9 * 60_000)
    expect(gateway.asked.length).toBe(3)
    expect([store.get('a'), store.get('b')]).toEqual([seen['a'], undefined])
    await gateway.pass(60_000)
    expect(gateway.asked.length).toBe(6)
  })

  it('wait as long as a busy gateway says, all of them', async () => {
    const { gateway, store } = make()
    store.show(['a', 'b', 'c', 'd'])
    gateway.asked[0]!.answer(429, { 'Retry-After': '7' }, { code: 'too_many' })
    gateway.asked[1]!.answer(503, { 'Retry-After': '7' }, { code: 'busy' })
    await gateway.settle()
    gateway.asked[2]!.answer(200, good())
    await gateway.settle()
    await gateway.pass(6_999)
    expect(gateway.asked.length).toBe(3)
    await gateway.pass(1)
    expect(gateway.ids().slice(3)).toEqual(['a', 'b', 'd'])
  })

  it('of a camera without picture leave the others alone', async () => {
    const { gateway, store } = make()
    store.show(['a', 'b'])
    gateway.asked[0]!.answer(503, { 'Retry-After': '10' }, { code: 'no_picture' })
    gateway.asked[1]!.fail()
    await gateway.settle()
    await gateway.pass(29_999)
    expect(gateway.asked.length).toBe(2)
    await gateway.pass(1)
    expect(gateway.ids()).toEqual(['a', 'b', 'a', 'b'])
  })

  it('of a camera that may not be seen any more are gone at once', async () => {
    for (const status of [401, 403, 404]) {
      const { gateway, store, changed } = make({ every: 1000 })
      store.show(['a'])
      gateway.asked[0]!.answer(200, good())
      await gateway.settle()
      await gateway.pass(1000)
      gateway.asked[1]!.answer(status, {}, { code: 'x' })
      await gateway.settle()
      expect([store.get('a'), gateway.open.size, changed.length]).toEqual([undefined, 0, 2])
      await gateway.pass(60_000)
      expect(gateway.asked.length).toBe(2)
      store.clear() // other rights: a case was opened
      expect(gateway.asked.length).toBe(3)
    }
  })

  it('that hang are given up in time', async () => {
    const { gateway, store } = make()
    store.show(['a'])
    await gateway.pass(20_000)
    expect(gateway.asked[0]!.init.signal!.aborted).toBe(true)
    await gateway.settle()
    await gateway.pass(30_000)
    expect(gateway.ids()).toEqual(['a', 'a'])
  })

  it('without their time are none', async () => {
    const { gateway, store } = make()
    store.show(['a'])
    gateway.asked[0]!.answer(200, { ETag: '"1"' })
    await gateway.settle()
    expect([store.get('a'), gateway.made]).toEqual([undefined, 0])
  })

  it('are kept within a bound, those that are shown always, and end with the store', async () => {
    const { gateway, store } = make({ every: 1e9 })
    for (let i = 0; i < 130; i++) {
      store.show(['first', `camera-${i}`])
      for (const a of gateway.asked.splice(0)) a.answer(200, good())
      await gateway.settle()
    }
    expect(gateway.open.size).toBe(120)
    expect(store.get('first')).toBeDefined()
    expect(store.get('camera-0')).toBeUndefined()
    store.show(['another'])
    store.close()
    expect(gateway.open.size).toBe(0)
    await gateway.settle()
    await gateway.pass(1e9)
    expect([gateway.asked.length, gateway.asked[0]!.init.signal!.aborted]).toEqual([1, true])
  })

  it('asks soon again for what stands for a moving picture, and less often when it moves again', async () => {
    const { gateway, store } = make()
    store.show(['a', 'b'])
    for (const a of gateway.asked) a.answer(200, good())
    await gateway.settle()
    store.show(['a', 'b'], ['b'])
    await gateway.pass(5000)
    expect(gateway.ids()).toEqual(['a', 'b', 'b'])
    gateway.asked[2]!.answer(304)
    await gateway.settle()
    await gateway.pass(5000)
    expect(gateway.ids()).toEqual(['a', 'b', 'b', 'b'])
    gateway.asked[3]!.answer(200, good('"2-320"'))
    await gateway.settle()
    store.show(['a', 'b'])
    await gateway.pass(5000)
    gateway.asked[4]!.answer(304)
    await gateway.settle()
    await gateway.pass(14_000)
    expect(gateway.ids()).toHaveLength(5)
    store.close()
  })
})
