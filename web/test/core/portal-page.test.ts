import { expect, it } from 'vitest'
import { around, asked, cameraOf, greeted, heard, looksOf, originsOf, tokenOf } from '../../src/core/portal-page'

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
  expect(heard({ type: 'token', token: 'a.b.c' })).toBe('a.b.c')
  for (const m of [null, 'a.b.c', { type: 'token' }, { type: 'token', token: '' }, { type: 'token', token: 7 }, { type: 'other', token: 'a' }, { type: 'token', token: 'a'.repeat(4097) }])
    expect(heard(m)).toBeUndefined()
})

it('the address names the camera, and may hold a token', () => {
  expect(cameraOf('/embed/cong-quan/lang-ha')).toBe('lang-ha')
  expect(cameraOf('/embed/cong-quan/a%20b')).toBe('a b')
  for (const path of ['/', '/embed/cong-quan', '/embed/cong-quan/', '/embed/a/b/c', '/embed/a/%']) expect(cameraOf(path)).toBe('')
  expect(tokenOf('#t=a.b.c')).toBe('a.b.c')
  expect(tokenOf('')).toBe('')
})

it('the frame speaks to the page around it, and to the others of its portal only where it cannot tell', () => {
  const two = [portal, 'https://second.example']
  expect(around(two, [portal, 'https://top.example'])).toEqual([portal])
  expect(around(two, ['https://evil.test'])).toEqual([])
  expect(around(two, undefined)).toEqual(two)
})

it('the address says how the frame looks, in words that there are', () => {
  expect(looksOf('')).toEqual({ language: 'vi', theme: 'dark', chrome: 'outside', fit: 'contain', stream: 'auto', controls: '' })
  expect(looksOf('?lang=en&theme=light&chrome=overlay&fit=cover&stream=sub&controls=pause')).toEqual({
    language: 'en', theme: 'light', chrome: 'overlay', fit: 'cover', stream: 'sub', controls: 'pause',
  })
  expect(looksOf('?theme=blue&chrome=%3Cb%3E&fit=')).toEqual(looksOf(''))
})

it('the page around has the frame play and pause, and do nothing else', () => {
  expect(asked({ type: 'pause' })).toBe('pause')
  expect(asked({ type: 'play' })).toBe('play')
  for (const m of [null, 'play', {}, { type: 'alone' }, { type: 'remove' }, { type: 7 }]) expect(asked(m)).toBeUndefined()
})
