import { describe, expect, it } from 'vitest'
import { Api } from '../../../src/core/manage/api'
import { checkGrant, grantDocument, grouped, minutes, newGrant, spansOf } from '../../../src/core/manage/grants'
import { accountDocument, entries, newAccount } from '../../../src/core/manage/people'
import { isReport, sorted, typeOf } from '../../../src/core/manage/sheet'
import { texts } from '../../../src/core/manage/texts'

describe('people', () => {
  it('with an account and with a provider’s are one list, nobody twice', () => {
    const list = entries(
      [{ login: 'hung', name: 'Hùng', roles: ['viewer'], areas: null, key: 'k1' }, { login: 'an', name: 'An', roles: null, areas: ['all'], pending: true, key: 'k0' }],
      [{ key: 'k1', name: 'Hùng', roles: ['viewer'], areas: [], blocked: true, seen: '2026-11-22T00:00:00Z' }, { key: 'k2', name: 'Bình', roles: ['viewer'], areas: ['lang'] }],
    )
    expect(list.map((e) => [e.name, e.login, e.blocked, e.pending, e.seen !== ''])).toEqual([
      ['An', 'an', false, true, false],
      ['Bình', '', false, false, false],
      ['Hùng', 'hung', true, false, true],
    ])
  })
  it('become a document in which “all” stands alone', () => {
    expect(accountDocument({ ...newAccount(), login: 'an', name: ' An ', areas: ['lang', 'all'], roles: ['x', 'viewer'] })).toEqual({ login: 'an', name: 'An', roles: ['viewer'], areas: ['all'] })
  })
})

describe('a grant', () => {
  const now = Date.parse('2026-11-22T00:00:00+07:00')
  it('asks for who, what and where', () => {
    expect(checkGrant({ ...newGrant(), actions: [] }, now)).toEqual({ who: 'who', actions: 'actions', where: 'where' })
  })
  it('ends after it begins, and not in the past', () => {
    const f = { ...newGrant(), person: 'k', areas: ['lang'], limited: true }
    expect(checkGrant({ ...f, until: '2020-01-01T00:00' }, now)).toEqual({ when: 'past' })
    expect(checkGrant({ ...f, from: '2027-01-02T00:00', until: '2027-01-01T00:00' }, now)).toEqual({ when: 'until' })
    expect(checkGrant({ ...f, weekly: true, days: [] }, now)).toEqual({ hours: 'days' })
  })
  it('names households only where that was ticked', () => {
    const f = { ...newGrant(), person: 'k', areas: ['lang'] }
    expect(grantDocument(f)).toEqual({ who: { person: 'k' }, actions: ['view'], areas: ['lang'] })
    expect(grantDocument({ ...f, household: true }).kinds).toContain('household')
    expect(grantDocument({ ...f, areas: [], cameras: ['c'], household: true })).not.toHaveProperty('kinds')
  })
  it('forgets times that were typed and then not wanted', () => {
    const f = { ...newGrant(), who: 'role' as const, areas: ['lang'], from: '2027-01-01T00:00', until: '2027-01-02T00:00' }
    expect(grantDocument(f)).toEqual({ who: { role: 'viewer' }, actions: ['view'], areas: ['lang'] })
    expect(grantDocument({ ...f, limited: true }).until).toBe(new Date('2027-01-02T00:00').toISOString())
  })
  it('has hours over midnight, and to midnight', () => {
    expect(spansOf([6, 1], '22:00', '05:00')).toEqual([{ day: 1, from: 1320, to: 300 }, { day: 6, from: 1320, to: 300 }])
    expect(spansOf([0], '18:00', '00:00')).toEqual([{ day: 0, from: 1080, to: 1440 }])
    expect([minutes('24:00'), minutes('24:01'), minutes('7:5'), minutes('')]).toEqual([1440, undefined, undefined, undefined])
  })
  it('is read as a week from Monday', () => {
    expect(grouped([{ day: 0, from: 0, to: 60 }, { day: 1, from: 0, to: 60 }, { day: 2, from: 60, to: 120 }])).toEqual([
      { days: [1, 0], from: '00:00', to: '01:00' },
      { days: [2], from: '01:00', to: '02:00' },
    ])
  })
})

describe('a sheet', () => {
  it('is known by its ending', () => {
    expect(['a.CSV', 'b.yml', 'c.xlsx'].map(typeOf)).toEqual(['text/csv', 'application/yaml', undefined])
  })
  it('shows what is wrong first', () => {
    const line = (row: number, outcome: 'added' | 'refused') => ({ row, outcome })
    expect(sorted([line(2, 'added'), line(3, 'refused'), line(4, 'refused')]).map((l) => l.row)).toEqual([3, 4, 2])
    expect([isReport({ lines: null, cameras: {} }), isReport({ code: 'wrong' }), isReport(undefined)]).toEqual([true, false, false])
  })
})

describe('the API', () => {
  const answering = (r: Response, seen: RequestInit[] = []) =>
    new Api('/', () => seen.push({ method: 'OUT' }), (_, init) => (seen.push(init!), Promise.resolve(r)))
  it('sends the version that is replaced, or that there must be none', async () => {
    const seen: RequestInit[] = []
    const api = answering(new Response(null, { status: 204, headers: { ETag: '"7"' } }), seen)
    expect(await api.call('x', { method: 'PUT', body: {}, version: '"6"' })).toMatchObject({ ok: true, etag: '"7"' })
    await api.call('x', { method: 'PUT', body: {}, version: '' })
    expect(seen.map((i) => i.headers)).toEqual([
      { 'Content-Type': 'application/json', 'If-Match': '"6"' },
      { 'Content-Type': 'application/json', 'If-None-Match': '*' },
    ])
  })
  it('gives problems as they are, and of a page of a proxy at least the status', async () => {
    const problem = { status: 412, code: 'conflict', text: { vi: 'v', en: 'e' }, errors: [] }
    const json = { status: 412, headers: { 'Content-Type': 'application/problem+json' } }
    expect(await answering(new Response(JSON.stringify(problem), json)).get('x')).toMatchObject({ ok: false, problem })
    expect(await answering(new Response('<html>', { status: 502 })).get('x')).toMatchObject({ ok: false, problem: { status: 502, code: '502' } })
    const down = new Api('/', () => {}, () => Promise.reject(new TypeError('net')))
    expect(await down.get('x')).toMatchObject({ ok: false, problem: { status: 0, code: 'network' } })
  })
  it('says when the session has ended', async () => {
    const seen: RequestInit[] = []
    await answering(new Response(null, { status: 401 }), seen).get('x')
    expect(seen.at(-1)).toEqual({ method: 'OUT' })
  })
})

describe('the texts', () => {
  it('are there in both languages, and none is empty or left untranslated', () => {
    const same = new Set(['Camera', 'TCP', 'UDP', 'g'])
    const walk = (a: unknown, b: unknown, at: string) => {
      if (typeof a === 'object') {
        expect(Object.keys(b as object), at).toEqual(Object.keys(a as object))
        for (const k of Object.keys(a as object)) walk((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k], `${at}.${k}`)
        return
      }
      const say = (f: unknown) => (typeof f === 'function' ? (f as (...x: string[]) => string)('7', '8') : String(f))
      for (const text of [say(a), say(b)]) expect(text.trim(), at).not.toBe('')
      if (typeof a === 'function') expect(say(b), at).toContain('7')
      else if (!same.has(say(a))) expect(say(b), at).not.toBe(say(a))
    }
    walk(texts.vi, texts.en, '')
  })
})
