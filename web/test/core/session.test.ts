import { describe, expect, it } from 'vitest'
import { Cooling } from '../../src/core/cooling'
import { Session } from '../../src/core/session'
import { listen } from '../../src/core/sound'
import { FakeWorld } from './fakes'

const welcome = (more: object = {}) => ({
  type: 'welcome',
  v: 1,
  session: 's',
  resume: 'r1',
  subject: 'x',
  now: 0,
  ice_servers: [],
  max_tiles: 16,
  ...more,
})

function make() {
  const world = new FakeWorld()
  const ended: string[] = []
  const session = new Session(
    world,
    { changed() {}, tracks() {}, ended: (c) => ended.push(c), failed() {}, listed() {}, noticed() {}, received() {} },
    4,
  )
  return { world, session, ended }
}

/** A session that is up, with camera a on tile 0. */
async function up() {
  const m = make()
  m.session.show(['a', '', '', ''])
  m.session.start()
  await m.world.pass(0)
  m.world.s.open()
  m.world.s.say(welcome())
  m.world.s.say({ type: 'answer', sdp: 'yes' })
  m.world.s.say({ type: 'tile', tile: 0, camera: 'a', state: 'live' })
  await m.world.pass(0)
  m.world.p.become('connected')
  return m
}

describe('a portal’s token', () => {
  it('is renewed on the socket that stands, and without one by the next hello', async () => {
    const { world, session } = await up()
    session.tell({ type: 'renew', token: 'fresh' })
    expect(world.s.of('renew')).toEqual([{ type: 'renew', token: 'fresh' }])
    world.s.say({ type: 'renewed', until: 1e12 })
    world.s.break()
    session.tell({ type: 'renew', token: 'fresher' })
    world.token = () => 'fresher'
    await world.pass(5000)
    world.s.open()
    expect(world.s.of('renew')).toEqual([])
    expect(world.s.of('hello')[0]).toMatchObject({ token: 'fresher', resume: 'r1' })
  })
})

describe('one of a camera’s two streams', () => {
  it('is asked for by name, and again when it is another', async () => {
    const { world, session } = await up()
    session.show(['a'], false, 'sub')
    session.show(['a'], false, 'auto')
    expect(world.s.of('view')).toEqual([
      { type: 'view', tile: 0, camera: 'a', stream: 'sub' },
      { type: 'view', tile: 0, camera: 'a' },
    ])
  })
})

describe('a camera that was denied', () => {
  it('is asked for again once there may be a right to it, and no other is', async () => {
    const { world, session } = await up()
    session.show(['a', 'b', '', ''])
    await world.pass(0)
    world.s.say({ type: 'tile', tile: 1, camera: 'b', state: 'denied', code: 'case_needed' })
    world.s.sent.length = 0
    session.again()
    expect(world.s.sent[0]).toEqual({ type: 'view', tile: 1, camera: 'b', stills: true })
    expect(world.s.sent.filter((m) => (m as { type: string }).type === 'view')).toHaveLength(1)
    expect(session.tiles[1]!.message).toBeUndefined()
  })
})

describe('opening', () => {
  it('sends hello and the offer back to back, before any answer', async () => {
    const { world, session } = make()
    session.show(['a'])
    session.start()
    await world.pass(0)
    expect(world.peers).toHaveLength(1)
    world.s.open()
    expect(world.s.sent).toEqual([
      { type: 'hello', v: 1, token: 'secret' },
      { type: 'offer', sdp: 'peer 1', tiles: [{ tile: 0, camera: 'a' }] },
      { type: 'time', t0: 0 },
    ])
  })
  it('says that the link is thin, where it is', async () => {
    const { world, session } = make()
    world.mobile = true
    session.start()
    await world.pass(0)
    world.s.open()
    expect(world.s.of('offer')[0]).toMatchObject({ thin: true })
  })
  it('an offer that is not ready yet follows as soon as it is', async () => {
    const { world, session } = make()
    session.start()
    world.s.open()
    expect(world.s.of('offer')).toHaveLength(0)
    await world.pass(0)
    expect(world.s.of('offer')).toHaveLength(1)
  })
  it('a camera chosen in between is viewed after the welcome', async () => {
    const { world, session } = make()
    session.start()
    await world.pass(0)
    world.s.open()
    session.show(['', 'b'])
    expect(world.s.of('view')).toHaveLength(0)
    world.s.say(welcome())
    world.s.say({ type: 'answer', sdp: 'yes' })
    await world.pass(0)
    expect(world.s.of('view')).toEqual([{ type: 'view', tile: 1, camera: 'b' }])
    expect(world.p.answers).toEqual(['yes'])
  })
  it('measures the clocks: five pings at once, then one in 10 s', async () => {
    const { world, session } = await up()
    await world.pass(1000)
    expect(world.s.of('time')).toHaveLength(6)
    expect(session.offset).toBe(1e12)
    await world.pass(10_000)
    expect(world.s.of('time')).toHaveLength(7)
  })
})

describe('switching', () => {
  it('is a message on the same peer', async () => {
    const { world, session } = await up()
    session.show(['b', 'c', '', ''])
    session.show(['', 'c', 'd', ''])
    expect(world.s.of('view').map((v) => [v.tile, v.camera])).toEqual([
      [0, 'b'],
      [1, 'c'],
      [0, ''],
      [2, 'd'],
    ])
    expect(world.peers).toHaveLength(1)
  })
  it('has the neighbours kept ready, once, and while hidden only what is shown, and anew for a new session', async () => {
    const { world, session } = await up()
    const warm = () => world.s.of('warm').map((m) => m.cameras)
    session.next(['b', 'z'])
    session.next(['b', 'z'])
    expect(warm()).toEqual([['b', 'z']])
    session.pause()
    expect(warm()).toEqual([['b', 'z'], ['a']])
    session.resume()
    expect(warm()).toEqual([['b', 'z'], ['a'], ['b', 'z']])
  })
  it('asks for the large stream of one tile among small ones, and for nothing anew where the size stays', async () => {
    const { world, session } = await up()
    session.show(['a', 'b'], [false, true])
    const before = world.s.of('view').length
    session.show(['a', 'b'], [true, true])
    expect(world.s.of('view').slice(before)).toEqual([{ type: 'view', tile: 0, camera: 'a', small: true, first: true }])
  })
  it('tells which of several tiles goes first on a thin link, and that the others have stills', async () => {
    const { world, session } = await up()
    session.show(['a', 'b', 'c'], true, 'auto', 1)
    const before = world.s.of('view').length
    session.show(['a', 'b', 'c'], true, 'auto', 2)
    expect(world.s.of('view').slice(before)).toEqual([
      { type: 'view', tile: 1, camera: 'b', small: true, stills: true },
      { type: 'view', tile: 2, camera: 'c', small: true, first: true },
    ])
    session.show(['', '', 'c'], false, 'auto', 2)
    expect(world.s.of('view').at(-1)).toEqual({ type: 'view', tile: 2, camera: 'c' })
  })
  it('asks for small streams in a grid, and for large ones again after it', async () => {
    const { world, session } = await up()
    session.show(['a', 'b'], true)
    session.show(['a', ''])
    expect(world.s.of('view')).toEqual([
      { type: 'view', tile: 0, camera: 'a', small: true, first: true },
      { type: 'view', tile: 1, camera: 'b', small: true, stills: true },
      { type: 'view', tile: 0, camera: 'a' },
      { type: 'view', tile: 1, camera: '' },
    ])
  })
  it('a key held down stays under the gateway’s limit, and ends where it ended', async () => {
    const { world, session } = await up()
    const before = world.s.sent.length
    const from = world.t
    for (let i = 0; i < 300; i++) {
      session.show([`c${i}`])
      await world.pass(20)
    }
    const seconds = (world.t - from) / 1000
    expect(world.s.sent.length - before).toBeLessThan(60 + 20 * seconds)
    await world.pass(500)
    expect(world.s.of('view').at(-1)?.camera).toBe('c299')
  })
  it('an unseen page stops its pictures, and starts the same ones again', async () => {
    const { world, session } = await up()
    session.pause()
    expect(world.s.of('view').at(-1)).toEqual({ type: 'view', tile: 0, camera: '' })
    session.resume()
    expect(world.s.of('view').at(-1)).toEqual({ type: 'view', tile: 0, camera: 'a' })
  })
})

describe('a gateway that found the link too slow', () => {
  it('is asked again, as after its restart', async () => {
    for (const code of ['slow', 'restarting']) {
      const { world, ended } = await up()
      world.s.say({ type: 'bye', code, text: { vi: '', en: '' } })
      await world.pass(1000)
      expect(world.sockets).toHaveLength(2)
      expect(ended).toEqual([])
    }
  })
})

describe('sound', () => {
  it('has its line offered when it is first wanted, without another way being sought', async () => {
    const { world, session } = await up()
    await world.pass(0)
    world.s.sent.length = 0
    listen(session, 0, true)
    await world.pass(0)
    expect(world.s.sent.map((m) => m.type)).toEqual(['offer', 'listen'])
    expect(world.s.of('offer')).toEqual([{ type: 'offer', sdp: 'peer 1 offer 1' }])
    expect(world.p.restarts).toBe(0)
    world.s.say({ type: 'sound', tile: 0, camera: 'a', on: true })
    expect(session.tiles[0]!.heard).toBe(true)
    world.p.fresh = false
    listen(session, 0, false)
    await world.pass(0)
    expect(world.s.of('listen').at(-1)).toEqual({ type: 'listen', tile: 0, on: false })
    world.s.say({ type: 'sound', tile: 0, camera: 'a' })
    expect(session.tiles[0]!.heard).toBe(false)
  })
})

describe('a page in the background', () => {
  it('lets its connections go after a minute, and has the same tiles when it is seen again', async () => {
    const { world, session } = await up()
    session.show(['a', 'b', '', ''], true)
    session.pause()
    await world.pass(59_000)
    expect([world.s.closed, world.p.closed]).toEqual([false, false])
    await world.pass(2000)
    expect([world.s.closed, world.p.closed]).toEqual([true, true])
    await world.pass(600_000)
    session.networkChanged()
    expect(world.sockets).toHaveLength(1)
    session.resume()
    await world.pass(0)
    world.s.open()
    expect(world.sockets).toHaveLength(2)
    expect(world.s.of('hello')[0]).not.toHaveProperty('resume')
    expect(world.s.of('offer')[0]).toMatchObject({ tiles: [{ tile: 0, camera: 'a', small: true }, { tile: 1, camera: 'b', small: true }] })
    world.s.say(welcome())
    world.s.say({ type: 'answer', sdp: 'yes' })
    await world.pass(0)
    expect(world.p.answers).toEqual(['yes'])
    expect(world.peers).toHaveLength(2)
  })
  it('asks for another way soon when no picture comes back', async () => {
    const { world, session } = await up()
    session.pause()
    await world.pass(20_000)
    session.resume()
    await world.pass(0)
    world.s.say({ type: 'tile', tile: 0, camera: 'a', state: 'live' })
    await world.pass(2500)
    expect(world.p.restarts).toBe(1)
  })
})

describe('a device that cannot keep up', () => {
  /** A session whose tiles drop half of their pictures while it is bad. */
  const cooled = async (tiles: string[], large: number) => {
    const m = await up()
    m.session.show(tiles, tiles.length > 1, 'auto', large)
    const cooling = new Cooling(() => false)
    const state = { bad: true }
    const bad = { received: 25, decoded: 13, dropped: 12, decodeMs: 0 }
    const good = { received: 25, decoded: 25, dropped: 0, decodeMs: 0 }
    const pass = (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        cooling.second(m.session, { ms: 1000, bytes: 0, loads: [state.bad ? bad : good] }, 1000 * i)
        m.world.t += 1000
      }
    }
    return { ...m, cooling, state, pass }
  }
  it('asks for the small stream, says so once, and tries the large one again later', async () => {
    const { world, cooling, state, pass } = await cooled(['a'], 0)
    pass(6)
    expect(world.s.of('view').at(-1)).toEqual({ type: 'view', tile: 0, camera: 'a', small: true })
    expect([cooling.says(6000), cooling.says(20_000)]).toEqual([true, false])
    state.bad = false
    pass(45)
    expect(world.s.of('view').at(-1)).toEqual({ type: 'view', tile: 0, camera: 'a' })
    expect(cooling.says(6000)).toBe(false)
  })
  it('rests the other tiles, and the large one never', async () => {
    const { session, pass } = await cooled(['a', 'b', 'c', 'd'], 2)
    pass(7)
    expect(session.tiles.map((t) => t.rested)).toEqual([false, true, false, true])
    pass(7)
    expect(session.tiles.map((t) => t.rested)).toEqual([true, true, false, true])
    pass(30)
    expect(session.tiles.map((t) => [t.rested, t.camera])).toEqual([[true, ''], [true, ''], [false, 'c'], [true, '']])
  })
})

describe('a broken socket', () => {
  it('is taken over with the resume id, and pictures go on', async () => {
    const { world } = await up()
    world.s.break()
    await world.pass(300)
    expect(world.sockets).toHaveLength(2)
    world.s.open()
    expect(world.s.sent).toEqual([{ type: 'hello', v: 1, token: 'secret', resume: 'r1' }])
    world.s.say(welcome({ resumed: true }))
    await world.pass(0)
    expect(world.peers).toHaveLength(1)
    expect(world.s.of('offer')).toHaveLength(0)
    expect(world.s.of('view')).toHaveLength(0)
  })
  it('a view that may have been lost with it is said again', async () => {
    const { world, session } = await up()
    session.show(['b'])
    world.s.break()
    await world.pass(300)
    world.s.open()
    world.s.say(welcome({ resumed: true }))
    expect(world.s.of('view')).toEqual([{ type: 'view', tile: 0, camera: 'b' }])
  })
  it('a session that is gone is begun anew, with a new peer', async () => {
    const { world } = await up()
    world.s.break()
    await world.pass(300)
    world.s.open()
    world.s.say(welcome({ resume: 'r2' }))
    await world.pass(0)
    expect(world.peers).toHaveLength(2)
    expect(world.peers[0]!.closed).toBe(true)
    expect(world.s.of('offer')).toEqual([{ type: 'offer', sdp: 'peer 2', tiles: [{ tile: 0, camera: 'a' }] }])
  })
  it('after half a minute no resume is tried', async () => {
    const { world } = await up()
    world.s.break()
    for (let i = 0; i < 12; i++) {
      await world.pass(8000)
      world.s.break()
    }
    await world.pass(11_000)
    world.s.open()
    expect(world.s.of('hello')[0]).not.toHaveProperty('resume')
    expect(world.s.of('offer')).toHaveLength(1)
  })
  it('is tried again after 0.3, 0.6, 1.2 s, and at once when the network is back', async () => {
    const { world, session } = make()
    session.start()
    for (const ms of [300, 600, 1200]) {
      const n = world.sockets.length
      world.s.break()
      await world.pass(ms - 1)
      expect(world.sockets).toHaveLength(n)
      await world.pass(1)
      expect(world.sockets).toHaveLength(n + 1)
    }
    world.s.break()
    const n = world.sockets.length
    session.networkChanged()
    expect(world.sockets).toHaveLength(n + 1)
  })
  it('that says nothing is noticed: a ping without an answer for 7 s', async () => {
    const { world } = await up()
    world.s.deaf = true
    await world.pass(8000)
    expect(world.sockets[0]!.closed).toBe(true)
    await world.pass(400)
    expect(world.sockets.length).toBeGreaterThan(1)
  })
})

describe('the network', () => {
  it('when it changes, a new socket takes over and ICE is restarted', async () => {
    const { world, session } = await up()
    session.networkChanged()
    expect(world.sockets).toHaveLength(2)
    world.s.open()
    world.s.say(welcome({ resumed: true }))
    await world.pass(0)
    expect(world.s.of('offer')).toEqual([{ type: 'offer', sdp: 'peer 1 restart 1' }])
  })
  it('disconnected for 3 s restarts ICE; a shorter time does not', async () => {
    const { world } = await up()
    world.p.become('disconnected')
    await world.pass(2000)
    world.p.become('connected')
    await world.pass(3000)
    expect(world.s.of('offer')).toHaveLength(1)
    world.p.become('disconnected')
    await world.pass(3000)
    expect(world.s.of('offer').at(-1)?.sdp).toBe('peer 1 restart 1')
  })
  it('failed makes a new peer on the same session', async () => {
    const { world } = await up()
    world.p.become('failed')
    await world.pass(0)
    expect(world.s.of('offer').at(-1)).toEqual({
      type: 'offer',
      sdp: 'peer 2',
      new: true,
      tiles: [{ tile: 0, camera: 'a' }],
    })
  })
  it("before the answer to a new peer's offer, clocks are the old one's and are not taken", async () => {
    const { world, session } = await up()
    world.s.deaf = true
    world.p.become('failed')
    await world.pass(0)
    world.s.say({ type: 'tile', tile: 0, camera: 'a', state: 'live' })
    world.s.say({ type: 'clock', tile: 0, camera: 'a', rtp: 100, captured: 1, source: 'camera' })
    expect(session.frame(0, { rtp: 200, at: world.t, width: 1, height: 1 })).toBe(false)
    world.s.say({ type: 'answer', sdp: 'yes' })
    world.s.say({ ...world.s.of('time').at(-1), t1: 1 })
    await world.pass(0)
    world.s.say({ type: 'clock', tile: 0, camera: 'a', rtp: 5000, captured: 1, source: 'camera' })
    expect(session.frame(0, { rtp: 5001, at: world.t, width: 1, height: 1 })).toBe(true)
  })
  it('an offer without an answer for 8 s is made again by a new peer', async () => {
    const { world, session } = make()
    session.start()
    await world.pass(0)
    world.s.open()
    world.s.say(welcome())
    await world.pass(8100)
    expect(world.s.of('offer').at(-1)).toMatchObject({ sdp: 'peer 2', new: true })
  })
})

describe('the end', () => {
  it.each([
    ['token', 4401],
    ['too_many', 4429],
    ['taken', 1000],
  ])('bye %s is final', async (code, close) => {
    const { world, ended } = await up()
    world.s.say({ type: 'bye', code, text: { vi: 'a', en: 'b' } })
    world.s.break(close)
    await world.pass(60_000)
    expect(ended).toEqual([code])
    expect(world.sockets).toHaveLength(1)
    expect(world.p.closed).toBe(true)
  })
  it('close code 4401 alone is final too', async () => {
    const { world, ended } = await up()
    world.s.break(4401)
    await world.pass(60_000)
    expect(ended).toEqual(['token'])
    expect(world.sockets).toHaveLength(1)
  })
  it('a gateway that restarts is waited for', async () => {
    const { world, ended } = await up()
    world.s.say({ type: 'bye', code: 'restarting', text: { vi: 'a', en: 'b' } })
    await world.pass(400)
    expect(ended).toEqual([])
    expect(world.sockets).toHaveLength(2)
  })
  it('nothing goes on after close', async () => {
    const { world, session } = await up()
    session.close()
    await world.pass(60_000)
    expect(world.sockets).toHaveLength(1)
    expect(world.p.closed).toBe(true)
  })
})
