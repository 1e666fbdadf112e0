import { describe, expect, it } from 'vitest'
import { GuestApi, guestSecret } from '../../src/core/guest'
import { guestStrings } from '../../src/core/guest-text'
import { endedShares, pinWords, receivedShare, runningShares, SHARE_MINUTES, type Share } from '../../src/core/share'
import { shareStrings } from '../../src/core/share-text'

const now = Date.parse('2026-11-21T09:00:00+07:00')
const share = (s: Partial<Share>): Share => ({
  key: 's',
  camera: 'cam0',
  name: 'Ngã tư',
  area_name: 'Phường Láng',
  by_name: 'An',
  for: 'Bình',
  outside: false,
  made: new Date(now).toISOString(),
  until: new Date(now + 60_000).toISOString(),
  running: true,
  opened: true,
  mine: false,
  received: true,
  ...s,
})

describe('shares', () => {
  it('run until they are ended, or their time is over by the gateway’s clock', () => {
    const all = [share({ key: 'a' }), share({ key: 'b', running: false }), share({ key: 'c', until: new Date(now).toISOString() })]
    expect(runningShares(all, now).map((s) => s.key)).toEqual(['a'])
    expect(runningShares(all, now + 60_000)).toEqual([])
  })
  it('are received for one camera, and not by who made them', () => {
    const all = [share({ key: 'a', received: false, mine: true }), share({ key: 'b', camera: 'cam1' })]
    expect(receivedShare(all, 'cam0', now)).toBeUndefined()
    expect(receivedShare(all, 'cam1', now)?.key).toBe('b')
  })
  it('are missed when they have ended or are gone, once', () => {
    const before = [share({ key: 'a' }), share({ key: 'b' }), share({ key: 'c', received: false })]
    expect(endedShares(before, [share({ key: 'a' })], now).map((s) => s.key)).toEqual(['b'])
    expect(endedShares([share({ key: 'b', running: false })], [], now)).toEqual([])
  })
  it('have a pin that can be read out, and lengths of time in words', () => {
    expect(pinWords('012345')).toBe('012\u00a0345')
    expect(SHARE_MINUTES.map(shareStrings.vi.minutes)).toEqual(['15\u00a0phút', '30\u00a0phút', '1\u00a0giờ', '4\u00a0giờ'])
  })
  it('have all texts in both languages', () => {
    for (const strings of [shareStrings, guestStrings]) expect(Object.keys(strings.en).sort()).toEqual(Object.keys(strings.vi).sort())
  })
})

describe('an outsider', () => {
  const answer = async (r: Response | Error) => {
    const sent: [string, RequestInit][] = []
    const api = new GuestApi((path, init) => {
      sent.push([path, init])
      return r instanceof Error ? Promise.reject(r) : Promise.resolve(r)
    })
    return { answer: await api.open('secret', '012345'), sent }
  }
  it('sends the secret in the body, and no cookie', async () => {
    const { answer: a, sent } = await answer(Response.json({ token: 't', camera: 'cam0', title: 'Ngã tư', name: 'PCCC', until: '', left: 5 }))
    expect(a).toMatchObject({ kind: 'good', doc: { token: 't' } })
    expect(sent[0]![0]).toBe('../api/v1/guest')
    expect(sent[0]![1]).toMatchObject({ method: 'POST', credentials: 'omit', body: JSON.stringify({ secret: 'secret', pin: '012345' }) })
  })
  it('is told how many wrong pins may still come', async () => {
    const doc = (errors: unknown) => new Response(JSON.stringify({ code: 'pin', errors }), { status: 403 })
    expect((await answer(doc([{ field: 'left', detail: '4' }]))).answer).toEqual({ kind: 'pin', left: 4 })
    for (const odd of [undefined, [], [{ field: 'left', detail: 'x' }], [{ field: 'left', detail: '-1' }]]) {
      expect((await answer(doc(odd))).answer).toEqual({ kind: 'pin', left: 0 })
    }
  })
  it('tells a link that opens nothing from a gateway that cannot answer', async () => {
    expect((await answer(new Response('{}', { status: 404 }))).answer).toEqual({ kind: 'gone' })
    for (const status of [429, 500, 503]) expect((await answer(new Response('', { status }))).answer).toEqual({ kind: 'busy' })
    expect((await answer(new TypeError('network'))).answer).toEqual({ kind: 'away' })
  })
  it('has a secret in the fragment, or none', () => {
    const secret = 'rHESl1CcdsEKIY8ejN4-wCXFwkV6mavbRcnMD8TKcqU'
    expect(guestSecret(`#${secret}`)).toBe(secret)
    for (const hash of ['', '#', '#short', `#${secret}?x`, `#${'a'.repeat(101)}`]) expect(guestSecret(hash)).toBe('')
  })
})
