import { describe, expect, it } from 'vitest'
import { Api } from '../../../src/core/manage/api'
import type { CameraRow, CameraSettings } from '../../../src/core/manage/camera-form'
import {
  addAll,
  allCameras,
  cameraOf,
  checkRows,
  makeOf,
  deviceAddress,
  oursAt,
  rowsOf,
  sameIdentity,
  spokenName,
  typedAs,
  type ChannelRow,
  type DeviceReport,
} from '../../../src/core/manage/devices'

describe('a device’s address', () => {
  it.each([
    ['192.168.1.64', 'http://192.168.1.64/onvif/device_service'],
    [' 192.168.1.64:8000 ', 'http://192.168.1.64:8000/onvif/device_service'],
    ['https://nvr.lan', 'https://nvr.lan/onvif/device_service'],
    ['http://10.0.0.5/onvif/device?x#y', 'http://10.0.0.5/onvif/device'],
    ['fd00::5', 'http://[fd00::5]/onvif/device_service'],
    ['rtsp://admin:a@b@10.0.0.5:554/Streaming/Channels/101', 'http://10.0.0.5/onvif/device_service'],
  ])('%s is %s', (raw, url) => expect(deviceAddress(raw)).toEqual({ url }))
  it.each([
    ['', 'missing'],
    ['ftp://10.0.0.5', 'deviceScheme'],
    ['http://admin:secret@10.0.0.5', 'deviceLogin'],
    ['10.0.0.5:70000', 'deviceHost'],
    ['10.0.0.5:0', 'deviceHost'],
    ['x'.repeat(2049), 'long'],
  ])('%s is wrong: %s', (raw, fault) => expect(deviceAddress(raw)).toEqual({ fault }))
  it('is shown as people type it, where the gateway finds the rest by itself', () => {
    for (const url of ['http://10.0.0.5:8000/onvif/device_service', 'https://10.0.0.5/onvif/device_service', 'http://10.0.0.5/other']) {
      expect(deviceAddress(typedAs(url))).toEqual({ url })
    }
    expect(typedAs('http://10.0.0.5:8000/onvif/device_service')).toBe('10.0.0.5:8000')
  })
})

describe('a channel’s name', () => {
  it.each([
    ['Ngã tư Sở main', { name: 'Ngã tư Sở' }],
    ['Cổng chợ', { name: 'Cổng chợ' }],
    ['mainStream', { name: '' }],
    ['Profile_1', { name: '' }],
    ['ch5_main', { name: '', number: 5 }],
    ['MediaProfile_Channel12_MainStream', { name: '', number: 12 }],
    ['Camera 01', { name: '', number: 1 }],
    ['', { name: '' }],
  ])('of "%s" is what somebody wrote, not what the factory did', (profile, name) => expect(spokenName(profile)).toEqual(name))
})

const identity = 'urn:uuid:6D61-1'
const channel = (n: number, name: string) => ({ main: { url: `rtsp://10.0.0.5/${n}`, profile: `p${n}`, name } })
const report = (...names: string[]): DeviceReport => ({ identity, maker: 'Hikvision', model: 'DS-7616', channels: names.map((name, i) => channel(i + 1, name)) })
const ours = (id: string, more: Partial<CameraRow> = {}): CameraRow => ({ id, name: `camera ${id}`, area: 'lang', kind: 'public', main: 'rtsp://10.9.9.9/', ...more })
const naming = { device: 'Hikvision DS-7616', numbered: (device: string, n: number) => `${device} – kênh ${n}` }

describe('a device’s channels', () => {
  it('have names that tell them apart, and ids that are free', () => {
    const rows = rowsOf(report('mainStream', 'Chợ', 'Chợ', '中文'), [], naming, new Set(['cho', 'camera']))
    expect(rows.map((r) => [r.name, r.id, r.chosen])).toEqual([
      ['Hikvision DS-7616 – kênh 1', 'hikvision-ds-7616-kenh-1', true],
      ['Chợ', 'cho-2', true],
      ['Chợ 2', 'cho-2-2', true],
      ['中文', 'camera-2', true],
    ])
  })
  it('that are ours already are not chosen: by address, and by the device’s identity after it moved', () => {
    const have = [ours('a', { main: 'rtsp://10.0.0.5/1' }), ours('b', { onvif: { address: 'http://10.0.0.9/x', identity: '6d61-1', profile: 'p2' } })]
    const rows = rowsOf(report('x', 'y', 'z'), have, naming, new Set())
    expect(rows.map((r) => [r.ours?.id, r.chosen, r.name])).toEqual([['a', false, 'camera a'], ['b', false, 'camera b'], [undefined, true, 'z']])
  })
  it('of a camera alone takes the name that was typed', () => {
    expect(rowsOf(report('main'), [], { ...naming, given: 'Cầu Giấy' }, new Set())[0]).toMatchObject({ name: 'Cầu Giấy', id: 'cau-giay' })
    expect(rowsOf(report('main'), [], naming, new Set())[0]!.name).toBe('Hikvision DS-7616')
  })
  it('are looked at before they are sent: empty names, odd ids, ids twice; but only those that are sent', () => {
    const row = (name: string, id: string, chosen = true): ChannelRow => ({ channel: channel(1, ''), chosen, name, id, ownID: false })
    const rows = checkRows([row(' ', 'a'), row('B', 'B'), row('C', 'c'), row('D', 'c'), row('', '', false), { ...row('', ''), added: true }])
    expect(rows.map((r) => r.fault && 'fault' in r.fault && `${r.fault.field} ${r.fault.fault}`)).toEqual(['name missing', 'id id', 'id twice', 'id twice', undefined, undefined])
    expect(checkRows([{ ...rows[0]!, name: 'A' }])[0]!.fault).toBeUndefined()
  })
  it('become cameras with both streams, the login, and where they are asked', () => {
    const r = rowsOf({ ...report(), channels: [{ ...channel(1, 'Chợ main'), sub: { url: 'rtsp://10.0.0.5/s', profile: 's' }, ptz: true }] }, [], naming, new Set())[0]!
    const w = { address: 'http://10.0.0.5/onvif/device_service', identity, user: 'admin', password: 'x', anyCertificate: false, area: 'lang', kind: 'public' }
    const onvif = { address: w.address, identity, profile: 'p1', ptz: true }
    const camera = { id: 'cho', name: 'Chợ', area: 'lang', kind: 'public', main: 'rtsp://10.0.0.5/1' }
    expect(cameraOf(r, w)).toEqual({ ...camera, sub: 'rtsp://10.0.0.5/s', user: 'admin', password: 'x', onvif })
    expect(cameraOf({ ...r, channel: channel(1, '') }, { ...w, user: '', identity: '' })).toEqual({ ...camera, onvif: { address: w.address, profile: 'p1' } })
  })
})

it.each([
  ['HIKVISION', 'DS-7616', 'HIKVISION DS-7616'],
  ['HIKVISION DS-7616', 'DS-7616', 'HIKVISION DS-7616'],
  ['Dahua', 'dahua IPC-1', 'dahua IPC-1'],
  [undefined, 'KX-4', 'KX-4'],
  ['Tapo', undefined, 'Tapo'],
  [undefined, undefined, ''],
])('%s, %s is called %s', (maker, model, name) => expect(makeOf(maker, model)).toBe(name))

describe('a device that was found', () => {
  const device = { identity, addresses: ['http://10.0.0.5/onvif/device_service'] }
  it('has cameras of ours by its identity, however the make writes it, and else by its host', () => {
    expect(sameIdentity('uuid:6d61-1', identity)).toBe(true)
    expect(sameIdentity('', '')).toBe(false)
    const at = (more: Partial<CameraRow>) => oursAt(device, [ours('a', more)]).length
    expect(at({ onvif: { address: 'http://10.0.0.77/', identity: '6d61-1' } })).toBe(1)
    expect(at({ onvif: { address: 'http://10.0.0.5/', identity: 'another' } })).toBe(0)
    expect(at({ main: 'rtsp://10.0.0.5:554/Streaming/Channels/101' })).toBe(1)
    expect(at({ onvif: { address: 'http://10.0.0.5:8000/x' } })).toBe(1)
    expect(at({ main: 'rtsp://10.0.0.50/' })).toBe(0)
  })
})

/** A gateway that answers by id: what it stores, a status, or nothing at all. */
function office(stored: Record<string, CameraSettings>, answers: Record<string, number> = {}) {
  const calls: string[] = []
  const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
  const fetcher = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const id = String(input).split('/').pop()!
    const method = init?.method ?? 'GET'
    calls.push(`${method} ${id}`)
    if (method === 'GET') return Promise.resolve(stored[id] ? json(200, stored[id]) : json(404, { code: 'not_found' }))
    if (answers[id] === 0) return Promise.reject(new TypeError('no network'))
    if (answers[id]) return Promise.resolve(json(answers[id], { code: answers[id] === 412 ? 'conflict' : 'wrong' }))
    return Promise.resolve(new Response(null, { status: 204 }))
  }
  return { calls, api: new Api('/', () => undefined, fetcher as typeof fetch) }
}

describe('adding', () => {
  const camera = (id: string): CameraSettings => ({ id, name: id, area: 'lang', kind: 'public', main: `rtsp://10.0.0.5/${id}` })
  const add = async (o: ReturnType<typeof office>, ...ids: string[]) => {
    const told: [string, number | undefined][] = []
    await addAll(o.api, ids.map(camera), (id, problem) => told.push([id, problem?.status]) > 0)
    return told
  }
  it('goes on where one is refused, and says which', async () => {
    expect(await add(office({}, { b: 422 }), 'a', 'b', 'c')).toEqual([['a', undefined], ['b', 422], ['c', undefined]])
  })
  it('ends where the network is gone, and again finds what was stored all the same', async () => {
    expect(await add(office({}, { b: 0 }), 'a', 'b', 'c')).toEqual([['a', undefined], ['b', 0]])
    const again = office({ b: camera('b') }, { b: 412 })
    expect(await add(again, 'b', 'c')).toEqual([['b', undefined], ['c', undefined]])
    expect(again.calls).toEqual(['PUT b', 'GET b', 'PUT c'])
  })
  it('does not take another camera of the same id for its own', async () => {
    expect(await add(office({ b: { ...camera('b'), main: 'rtsp://10.0.0.9/' } }, { b: 412 }), 'b')).toEqual([['b', 412]])
  })
})

it('all cameras are read page after page', async () => {
  const asked: string[] = []
  const fetcher = (input: RequestInfo | URL): Promise<Response> => {
    const after = new URL(String(input), 'http://x').searchParams.get('after') ?? ''
    asked.push(after)
    return Promise.resolve(new Response(JSON.stringify(after ? { cameras: [ours('b')] } : { cameras: [ours('a')], next: 'a' }), { headers: { 'Content-Type': 'application/json' } }))
  }
  expect((await allCameras(new Api('/', () => undefined, fetcher as typeof fetch))).map((c) => c.id)).toEqual(['a', 'b'])
  expect(asked).toEqual(['', 'a'])
})
