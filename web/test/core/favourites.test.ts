import { describe, expect, it } from 'vitest'
import { Favourites, type FavouritesWorld } from '../../src/core/favourites'
import { Kept, type KeptWorld } from '../../src/core/favourites-kept'

/** A gateway that keeps one person's, and a device. */
function house(first: string[] = []) {
  const gateway = { cameras: first, version: first.length > 0 ? 1 : 0, down: false, gone: [] as string[], puts: 0 }
  let device: string[] = []
  const later: (() => void)[] = []
  const gate: KeptWorld = {
    after: (_, f) => {
      later.push(f)
      return () => void later.splice(later.indexOf(f), 1)
    },
    fetch: async (_, init) => {
      if (gateway.down) throw new TypeError('no network')
      const tag = gateway.version > 0 ? `"${gateway.version}"` : ''
      if (init.method === 'GET') return Response.json({ cameras: gateway.cameras, version: tag })
      const headers = init.headers as Record<string, string>
      if ((headers['If-Match'] ?? '') !== tag) return new Response('{}', { status: 412 })
      const { cameras } = JSON.parse(init.body as string) as { cameras: string[] }
      if (cameras.some((c) => gateway.gone.includes(c))) return new Response('{}', { status: 422 })
      gateway.cameras = cameras
      gateway.version++
      gateway.puts++
      return new Response(null, { status: 204, headers: { ETag: `"${gateway.version}"` } })
    },
  }
  const world: FavouritesWorld = {
    read: () => device,
    write: (ids) => (device = [...ids]),
    kept: async (learnt) => new Kept(gate, learnt),
  }
  const settle = async () => {
    for (let i = 0; i < 50; i++) await Promise.resolve()
    await new Promise((done) => setTimeout(done))
  }
  return { gateway, world, settle, later, device: () => device, open: () => new Favourites(world, () => undefined) }
}

describe('favourites', () => {
  it('of a person are the same on every device, and none stays on one', async () => {
    const h = house(['a'])
    const phone = h.open()
    phone.of('lan')
    await phone.ready
    phone.toggle('b')
    expect(phone.ids).toEqual(['a', 'b'])
    await h.settle()
    const tablet = h.open()
    tablet.of('lan')
    await tablet.ready
    expect(tablet.ids).toEqual(['a', 'b'])
    expect(h.device()).toEqual([])
    phone.of('minh')
    expect(phone.ids).toEqual([])
  })

  it('take in what another device did meanwhile', async () => {
    const h = house(['a', 'b'])
    const [phone, tablet] = [h.open(), h.open()]
    for (const f of [phone, tablet]) {
      f.of('lan')
      await f.ready
    }
    phone.toggle('a')
    await h.settle()
    tablet.toggle('c')
    await h.settle()
    expect(h.gateway.cameras).toEqual(['b', 'c'])
    expect(tablet.ids).toEqual(['b', 'c'])
  })

  it('are brought to the gateway when the network is back, stars given before it answered too', async () => {
    const h = house(['a'])
    h.gateway.down = true
    const phone = h.open()
    phone.of('lan')
    phone.toggle('b')
    await phone.ready
    await h.settle()
    expect(phone.ids).toEqual(['b'])
    h.gateway.down = false
    h.later.shift()!()
    await h.settle()
    expect(h.gateway.cameras).toEqual(['a', 'b'])
    expect(phone.ids).toEqual(['a', 'b'])
    expect(h.later).toEqual([])
  })

  it('let go of a camera that the gateway does not have any more', async () => {
    const h = house(['a'])
    h.gateway.gone = ['x']
    const phone = h.open()
    phone.of('lan')
    await phone.ready
    phone.toggle('x')
    await h.settle()
    expect(phone.ids).toEqual(['a'])
    phone.toggle('b')
    await h.settle()
    expect(h.gateway.cameras).toEqual(['a', 'b'])
  })

  it('many taps are few questions, and the last one counts', async () => {
    const h = house()
    const phone = h.open()
    phone.of('lan')
    await phone.ready
    for (let i = 0; i < 21; i++) phone.toggle('a')
    await h.settle()
    expect(h.gateway.cameras).toEqual(['a'])
    expect(h.gateway.puts).toBeLessThan(4)
  })

  it('of a link stay on the device, in their order', () => {
    const h = house()
    const phone = h.open()
    phone.of('')
    for (const c of ['a', 'b', 'c']) phone.toggle(c)
    phone.order(['c', 'a'])
    expect(h.device()).toEqual(['c', 'a', 'b'])
    const again = h.open()
    again.of('')
    expect(again.ids).toEqual(['c', 'a', 'b'])
  })
})
