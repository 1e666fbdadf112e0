import { describe, expect, it } from 'vitest'
import { Api } from '../../../src/core/manage/api'
import { changed, run } from '../../../src/core/manage/bulk'
import type { CameraSettings } from '../../../src/core/manage/camera-form'

const camera = (id: string, more: Partial<CameraSettings> = {}): CameraSettings => ({ id, name: id, area: 'lang', kind: 'public', main: 'rtsp://10.0.0.1/', ...more })

/** A gateway with some cameras, of which `stuck` can be read and not changed. */
function office(...cameras: CameraSettings[]) {
  const calls: string[] = []
  const fetcher = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const id = String(input).split('/').pop()!
    const method = init?.method ?? 'GET'
    const found = cameras.find((c) => c.id === id)
    const match = new Headers(init?.headers).get('If-Match')
    calls.push([method, id, match ?? '', typeof init?.body === 'string' ? init.body : ''].filter(Boolean).join(' '))
    if (!found) return Promise.resolve(new Response('{}', { status: 404, headers: { 'Content-Type': 'application/json' } }))
    if (method === 'GET') return Promise.resolve(new Response(JSON.stringify(found), { headers: { 'Content-Type': 'application/json', ETag: `"${id}-7"` } }))
    return Promise.resolve(id === 'stuck' ? new Response('{}', { status: 422, headers: { 'Content-Type': 'application/json' } }) : new Response(null, { status: 204 }))
  }
  return { calls, api: new Api('/', () => undefined, fetcher as typeof fetch) }
}

describe('several cameras at once', () => {
  it('are moved one after the other, each in the version that it has, and a password is not sent', async () => {
    const o = office(camera('a', { user: 'u' }), camera('b', { area: 'vinh' }))
    const steps: number[] = []
    const r = await run(o.api, ['a', 'b'], { kind: 'area', area: 'vinh' }, (n) => steps.push(n) > 0)
    expect(r).toEqual({ done: ['a', 'b'], refused: [] })
    expect(steps).toEqual([1, 2])
    // b lies there already, and is left alone.
    expect(o.calls).toEqual(['GET a', `PUT a "a-7" ${JSON.stringify(camera('a', { user: 'u', area: 'vinh' }))}`, 'GET b'])
  })
  it('go on where one is refused or gone, and say which', async () => {
    const o = office(camera('stuck'), camera('b'))
    const r = await run(o.api, ['stuck', 'none', 'b'], { kind: 'remove' }, () => true)
    expect(r.done).toEqual(['b'])
    expect(r.refused.map((x) => [x.id, x.problem.status])).toEqual([['stuck', 422], ['none', 404]])
    expect(o.calls.at(-1)).toBe('DELETE b "b-7"')
  })
  it('end where somebody ends it', async () => {
    const o = office(camera('a'), camera('b'))
    expect((await run(o.api, ['a', 'b'], { kind: 'remove' }, () => false)).done).toEqual(['a'])
  })
  it('of households are not kept warm', () => {
    expect(changed(camera('a', { keep_warm: true }), { kind: 'kind', to: 'household' })).toEqual(camera('a', { kind: 'household' }))
    expect(changed(camera('a', { keep_warm: true }), { kind: 'kind', to: 'office' })?.keep_warm).toBe(true)
    expect(changed(camera('a', { sound: true }), { kind: 'kind', to: 'household' })?.sound).toBeUndefined()
    expect(changed(camera('a', { sound: true }), { kind: 'kind', to: 'office' })?.sound).toBe(true)
  })
})
