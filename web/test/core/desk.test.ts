import { beforeEach, describe, expect, it } from 'vitest'
import { Desk } from '../../src/core/desk'
import { Refusal, type Grant, type May, type Notice, type Request } from '../../src/core/people'
import type { Share } from '../../src/core/share'
import { FakeWorld } from './fakes'

const start = Date.parse('2026-11-21T09:00:00+07:00')
const iso = (ms: number) => new Date(ms).toISOString()

/** A gateway that answers what it is told to. */
class Gateway {
  requests: Partial<Request>[] = []
  notices: Partial<Notice>[] = []
  grants: Partial<Grant>[] | null = []
  shares: Partial<Share>[] = []
  asked: string[] = []
  sent: { path: string; body: unknown }[] = []
  /** what the next call gets instead */
  fails: { status: number; code?: string } | 'network' | undefined

  fetch = (path: string, init: RequestInit): Promise<Response> => {
    this.asked.push(`${init.method} ${path}`)
    if (typeof init.body === 'string') this.sent.push({ path, body: JSON.parse(init.body) })
    const f = this.fails
    if (f === 'network') return Promise.reject(new TypeError('network'))
    if (f) return Promise.resolve(new Response(JSON.stringify({ code: f.code, text: { vi: 'Không', en: 'No' } }), { status: f.status }))
    const name = path.replace('api/v1/', '')
    if (init.method === 'GET') {
      const list = { requests: this.requests, notices: this.notices, grants: this.grants, shares: this.shares }[name]
      return Promise.resolve(Response.json({ [name]: list }))
    }
    if (name === 'emergency') return Promise.resolve(Response.json({ key: 'e1', until: iso(start + 1800_000) }, { status: 201 }))
    if (name === 'shares/open') return Promise.resolve(Response.json(share({})))
    if (name === 'requests') return Promise.resolve(Response.json({ key: 'r1' }, { status: 201 }))
    return Promise.resolve(new Response(null, { status: 204 }))
  }
}

let world: FakeWorld
let gateway: Gateway
let rights: number

function desk(may: Partial<May>): Desk {
  const all = { administer: false, audit: false, supervise: false, emergency: false, ask: false, share_out: false, ...may }
  return new Desk(
    { ...world, now: world.now, fetch: gateway.fetch, clock: () => start + world.t },
    { name: 'An', key: 'me', may: all },
    { changed() {}, rights: () => rights++ },
  )
}

/** Promises of Response run on more than microtasks. */
async function pass(ms: number): Promise<void> {
  await world.pass(ms)
  await settled()
}

async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((r) => setTimeout(r))
}

beforeEach(() => {
  world = new FakeWorld()
  gateway = new Gateway()
  rights = 0
})

const share = (s: Partial<Share>): Partial<Share> => ({
  key: 's1',
  camera: 'cam0',
  by_name: 'Trần Văn An',
  until: iso(start + 1800_000),
  running: true,
  received: true,
  ...s,
})

const request = (r: Partial<Request>): Partial<Request> => ({
  key: 'r1',
  name: 'Trần Văn An',
  area: 'b',
  area_name: 'Phường B',
  for: 7200,
  reason: 'Tìm xe máy đỏ',
  asked: iso(start),
  state: 'open',
  mine: true,
  answer: false,
  ...r,
})

describe('the desk', () => {
  it('asks only for what the person may know', async () => {
    const d = desk({ ask: true })
    d.refresh()
    await pass(0)
    expect(gateway.asked).toEqual(['GET api/v1/requests', 'GET api/v1/grants', 'GET api/v1/shares'])
    gateway.asked = []
    const nobody = desk({})
    nobody.refresh()
    await pass(0)
    expect(gateway.asked).toEqual(['GET api/v1/shares'])
    d.close()
  })

  it('makes one look of many calls, and never more than one a second', async () => {
    const d = desk({ supervise: true })
    for (let i = 0; i < 50; i++) d.refresh()
    await pass(0)
    expect(gateway.asked).toHaveLength(3)
    for (let i = 0; i < 50; i++) d.refresh()
    await pass(900)
    expect(gateway.asked).toHaveLength(3)
    await pass(100)
    expect(gateway.asked).toHaveLength(6)
    d.close()
  })

  it('opens what a colleague shared, says until when, and that it has ended', async () => {
    const d = desk({})
    expect(await d.openShare('secret')).toBe('cam0')
    expect(gateway.sent).toEqual([{ path: 'api/v1/shares/open', body: { secret: 'secret' } }])
    expect(d.news).toMatchObject({ kind: 'shared', name: 'Trần Văn An' })
    expect(d.sharedWords('cam0', 'vi')).toMatch(/^Trần Văn An chia sẻ · đến \d\d:\d\d$/)
    expect(d.sharedWords('cam1', 'vi')).toBe('')
    expect(rights).toBe(1)
    gateway.shares = [share({})]
    await pass(1000)
    expect(d.news).toMatchObject({ kind: 'shared' })
    gateway.shares = [share({ running: false })]
    d.refresh()
    await pass(1000)
    expect(d.news).toEqual({ kind: 'shareEnded' })
    expect(d.sharedWords('cam0', 'vi')).toBe('')
    expect(rights).toBe(2)
    d.close()
  })

  it('tells a share that cannot be opened from a network that is away', async () => {
    const d = desk({})
    gateway.fails = 'network'
    expect(await d.openShare('secret')).toBeUndefined()
    expect(d.news).toEqual({ kind: 'shareFailed' })
    gateway.fails = { status: 404 }
    expect(await d.openShare('secret')).toBe('')
    expect(d.news).toEqual({ kind: 'shareGone' })
    d.close()
  })

  it('keeps what it knew when the network is away, and looks again', async () => {
    const d = desk({ supervise: true })
    gateway.requests = [request({ mine: false, answer: true })]
    d.refresh()
    await pass(0)
    expect(d.count).toBe(1)
    gateway.fails = 'network'
    d.refresh()
    await pass(1000)
    expect(d.count).toBe(1)
    gateway.fails = undefined
    gateway.requests = []
    await pass(15_000)
    expect(d.count).toBe(0)
    d.close()
  })

  it('does not go on asking where there is no such thing', async () => {
    const d = desk({ supervise: true })
    gateway.fails = { status: 404 }
    d.refresh()
    await pass(0)
    const n = gateway.asked.length
    await pass(120_000)
    expect(gateway.asked).toHaveLength(n)
    d.close()
  })

  it('reads an empty list that was written as null', async () => {
    const d = desk({ ask: true })
    gateway.grants = null
    d.refresh()
    await pass(0)
    expect(d.grants).toEqual([])
    d.close()
  })
})

describe('news', () => {
  it('comes when one’s own request is granted, with its end, and the cameras are fetched', async () => {
    const d = desk({ ask: true })
    gateway.requests = [request({})]
    d.refresh()
    await pass(0)
    expect(d.news).toBeUndefined()
    gateway.requests = [request({ state: 'granted', answered: iso(start + 5000) })]
    d.refresh()
    await pass(1000)
    expect(d.news).toEqual({ kind: 'granted', area: 'Phường B', until: start + 5000 + 7200_000 })
    expect(rights).toBe(1)
    await pass(9000)
    expect(d.news).toBeUndefined()
    d.close()
  })

  it('comes with the note of who refused', async () => {
    const d = desk({ ask: true })
    gateway.requests = [request({})]
    d.refresh()
    await pass(0)
    gateway.requests = [request({ state: 'refused', note: 'Gọi trực ban' })]
    d.refresh()
    await pass(1000)
    expect(d.news).toEqual({ kind: 'refused', area: 'Phường B', note: 'Gọi trực ban' })
    expect(rights).toBe(0)
    d.close()
  })

  it('is what came since, not what waited before', async () => {
    const d = desk({ supervise: true })
    gateway.requests = [request({ key: 'old', mine: false, answer: true })]
    d.refresh()
    await pass(0)
    expect([d.news, d.count]).toEqual([undefined, 1])
    gateway.requests = [...gateway.requests, request({ key: 'new', name: 'Lê Bình', mine: false, answer: true })]
    d.refresh()
    await pass(1000)
    expect(d.news).toEqual({ kind: 'asked', name: 'Lê Bình', area: 'Phường B' })
    expect(d.count).toBe(2)
    d.close()
  })

  it('of an emergency goes before a request, and a second one of the same person is news too', async () => {
    const d = desk({ supervise: true })
    const alarm = (at: number): Partial<Notice> => ({
      key: 'emergency-x',
      emergency: true,
      name: 'Bình',
      area_names: ['Phường B'],
      reason: 'Cháy nhà',
      at: iso(at),
      until: iso(at + 600_000),
    })
    d.refresh()
    await pass(0)
    gateway.notices = [alarm(start)]
    gateway.requests = [request({ mine: false, answer: true })]
    d.refresh()
    await pass(1000)
    expect(d.news).toEqual({ kind: 'alarm', name: 'Bình', area: 'Phường B' })
    expect(d.count).toBe(2)
    await pass(700_000)
    expect(d.count).toBe(1)
    gateway.notices = [alarm(start + 701_000)]
    d.refresh()
    await pass(1000)
    expect(d.news?.kind).toBe('alarm')
    d.close()
  })
})

describe('an emergency', () => {
  const grant = (until: number): Partial<Grant> => ({ key: 'e1', who: { person: 'me' }, areas: ['b'], emergency: true, until: iso(until) })

  it('counts down by the gateway’s clock, and says when it is over', async () => {
    const d = desk({ emergency: true })
    gateway.grants = [grant(start + 60_000)]
    d.refresh()
    await pass(0)
    expect(d.left).toBe(60_000)
    await pass(58_500)
    expect(d.left).toBe(1500)
    expect(d.news).toBeUndefined()
    await pass(1500)
    expect([d.emergency, d.left, d.news?.kind, rights]).toEqual([undefined, 0, 'over', 1])
    d.close()
  })

  it('is declared with its reason, and the cameras are fetched at once', async () => {
    const d = desk({ emergency: true })
    const declared = d.declare({ area: 'b' }, 1800, 'Cháy nhà ở ngõ 4')
    gateway.grants = [grant(start + 1800_000)]
    await declared
    expect(gateway.sent).toEqual([{ path: 'api/v1/emergency', body: { area: 'b', for: 1800, reason: 'Cháy nhà ở ngõ 4' } }])
    expect(d.news).toEqual({ kind: 'emergency', until: start + 1800_000 })
    expect([rights, d.emergency?.key]).toEqual([1, 'e1'])
    d.close()
  })
})

describe('an answer', () => {
  it('carries yes and the note, and what waits is looked at again', async () => {
    const d = desk({ supervise: true })
    gateway.requests = [request({ key: 'a/b', mine: false, answer: true })]
    d.refresh()
    await pass(0)
    gateway.requests = []
    await d.answer('a/b', true, 'Được')
    expect(gateway.sent).toEqual([{ path: 'api/v1/requests/a%2Fb/answer', body: { yes: true, note: 'Được' } }])
    expect(d.count).toBe(0)
    d.close()
  })

  it('that came too late is told, and the list is looked at all the same', async () => {
    const d = desk({ supervise: true })
    gateway.fails = { status: 409, code: 'answered' }
    const error = await d.answer('r1', true, '').catch((e: unknown) => e)
    expect(error).toBeInstanceOf(Refusal)
    expect(error).toMatchObject({ status: 409, code: 'answered', text: { vi: 'Không' } })
    expect(gateway.asked).toContain('GET api/v1/requests')
    d.close()
  })
})
