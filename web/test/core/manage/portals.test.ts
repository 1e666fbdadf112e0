import { describe, expect, it } from 'vitest'
import { checkPortal, formOfPortal, goodOrigin, newPortal, originsOf, portalDocument, readKey, snippet } from '../../../src/core/manage/portals'
import { vi } from '../../../src/core/manage/texts-portals'

const base64 = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
const pemOf = (label: string, bytes: ArrayBuffer) => `-----BEGIN ${label}-----\n${base64(bytes).replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`

const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
const spki = await crypto.subtle.exportKey('spki', pair.publicKey)
const pem = pemOf('PUBLIC KEY', spki)
const jwk = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as { x: string }

describe('a portal’s key', () => {
  it('is read from PEM, JWK, base64url and base64 alike', () => {
    const key = jwk.x
    expect(readKey(pem)).toEqual({ key })
    expect(readKey(pem.replaceAll('\n', '\r\n  '))).toEqual({ key })
    expect(readKey(JSON.stringify({ ...jwk, kid: 'a-1' }))).toEqual({ key, kid: 'a-1' })
    expect(readKey(` ${key} `)).toEqual({ key })
    expect(readKey(key.replaceAll('-', '+').replaceAll('_', '/') + '=')).toEqual({ key })
    expect(readKey(base64(spki))).toEqual({ key })
  })
  it('that is private is refused, in every form', async () => {
    expect(readKey(pemOf('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', pair.privateKey)))).toBe('private')
    expect(readKey(JSON.stringify(await crypto.subtle.exportKey('jwk', pair.privateKey)))).toBe('private')
  })
  it('of another kind is refused, and so is what is no key', async () => {
    const other = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])) as CryptoKeyPair
    expect(readKey(pemOf('PUBLIC KEY', await crypto.subtle.exportKey('spki', other.publicKey)))).toBe('kind')
    expect(readKey(JSON.stringify(await crypto.subtle.exportKey('jwk', other.publicKey)))).toBe('kind')
    // The same length, for agreeing on keys: X25519.
    const x25519 = new Uint8Array(spki)
    x25519[8] = 0x6e
    expect(readKey(pemOf('PUBLIC KEY', x25519.buffer))).toBe('kind')
    expect(readKey('-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----')).toBe('kind')
    for (const text of ['x', '!', '{', jwk.x + 'AA']) expect(readKey(text), text).toBe('unreadable')
    expect(readKey(' ')).toBe('missing')
  })
})

describe('a portal’s origins', () => {
  it('are what is left of pasted addresses, each once', () => {
    expect(originsOf('https://A.example/x?y\n https://a.example:443, http://localhost:5173')).toEqual(['https://a.example', 'http://localhost:5173'])
  })
  it.each([
    ['https://a.example', true],
    ['https://a.example:8443', true],
    ['http://localhost:5173', true],
    ['http://127.0.0.1', true],
    ['http://a.example', false],
    ['https://a.example/', false],
    ['*', false],
    ['null', false],
    ['javascript:alert(1)', false],
  ])('%s', (origin, good) => expect(goodOrigin(origin)).toBe(good))
})

describe('a portal', () => {
  const good = { ...newPortal(), id: 'dong-da', name: 'Đống Đa', origins: 'https://a.example', areas: ['lang'] }
  it('asks for a name, its pages and what it may show', () => {
    expect(checkPortal(newPortal()).fields).toEqual({ name: 'missing', id: 'id', origins: 'missing', where: 'where' })
    expect(checkPortal(good)).toEqual({ fields: {}, keys: {} })
  })
  it('does not show every kind because none was ticked', () => {
    expect(checkPortal({ ...good, kinds: [] }).fields).toEqual({ kinds: 'kinds' })
    expect(checkPortal({ ...good, areas: [], cameras: ['c'], kinds: [] }).fields).toEqual({})
  })
  it('has keys of different names, and none of ours', () => {
    const keys = (...kids: string[]) => checkPortal({ ...good, keys: kids.map((kid) => ({ kid, text: pem })) }).keys
    expect(keys('a', 'b')).toEqual({})
    expect(keys('a', 'a')).toEqual({ 1: 'kid' })
    expect(keys('matthan')).toEqual({ 0: 'kid' })
    expect(keys('with blank')).toEqual({ 0: 'kid' })
  })
  it('takes whole numbers of viewers only', () => {
    for (const viewers of ['0', '-1', '1.5', '', 'x', '10001']) expect(checkPortal({ ...good, viewers }).fields, viewers).toEqual({ viewers: 'viewers' })
  })
  it('is written as the gateway takes it, and read back the same', () => {
    const d = portalDocument({ ...good, keys: [{ kid: ' a ', text: pem }], kinds: ['household', 'public'], areas: ['lang', 'all'] })
    expect(d).toEqual({
      name: 'Đống Đa', origins: ['https://a.example'], keys: [{ kid: 'a', public: jwk.x }], areas: ['all'], cameras: [], kinds: ['public', 'household'], viewers: 50,
    })
    expect(portalDocument(formOfPortal({ id: 'dong-da', ...d }))).toEqual(d)
  })
  it('every fault has its words', () => {
    for (const f of ['missing', 'private', 'kind', 'unreadable', 'id', 'origins', 'jwks', 'where', 'kinds', 'viewers', 'kid', 'long'] as const) {
      expect(vi.portalFaults[f]).not.toBe('')
    }
  })
  it('gives its developer a page that names the gateway as the frame’s origin', () => {
    const page = snippet('https://g.example', 'dong-da', 'cam0')
    expect(page).toContain('src="https://g.example/embed/dong-da/cam0"')
    expect(page).toContain("{ type: 'matthan-hello' }, 'https://g.example', [port2]")
  })
})
