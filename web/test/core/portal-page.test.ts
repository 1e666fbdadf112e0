import { expect, it } from 'vitest'
import { cameraOf, greeted, handed, originsOf, tokenOf } from '../../src/core/portal-page'

const portal = 'https://portal.example'

it('the frame talks only to a page of its portal, that says hello with a port', () => {
  const hello = { origin: portal, data: { type: 'matthan-hello' }, ports: ['port'] }
  expect(greeted(hello, [portal])).toBe('port')
  expect(greeted({ ...hello, origin: 'https://portal.example.evil.test' }, [portal])).toBeUndefined()
  expect(greeted({ ...hello, origin: 'null' }, [portal])).toBeUndefined()
  expect(greeted(hello, [])).toBeUndefined()
  expect(greeted({ ...hello, ports: [] }, [portal])).toBeUndefined()
  for (const data of [null, undefined, 'matthan-hello', 7, {}, { type: 'hello' }]) expect(greeted({ ...hello, data }, [portal])).toBeUndefined()
})

it('no origin is made of an empty list', () => {
  expect(originsOf('')).toEqual([])
  expect(originsOf('https://a https://b')).toEqual(['https://a', 'https://b'])
})

it('a token comes in a message for it, in its bounds', () => {
  expect(handed({ type: 'token', token: 'a.b.c' })).toBe('a.b.c')
  for (const m of [null, 'a.b.c', { type: 'token' }, { type: 'token', token: '' }, { type: 'token', token: 7 }, { type: 'other', token: 'a' }, { type: 'token', token: 'a'.repeat(4097) }])
    expect(handed(m)).toBeUndefined()
})

it('the address names the camera, and may hold a token', () => {
  expect(cameraOf('/embed/cong-quan/lang-ha')).toBe('lang-ha')
  expect(cameraOf('/embed/cong-quan/a%20b')).toBe('a b')
  for (const path of ['/', '/embed/cong-quan', '/embed/cong-quan/', '/embed/a/b/c', '/embed/a/%']) expect(cameraOf(path)).toBe('')
  expect(tokenOf('#t=a.b.c')).toBe('a.b.c')
  expect(tokenOf('')).toBe('')
})
