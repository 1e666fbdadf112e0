import { describe, expect, it } from 'vitest'
import type { Grant, Notice, Request } from '../../src/core/people'
import { readWho } from '../../src/core/people'
import { peopleStrings, placeWords, roleWords, standingWords } from '../../src/core/people-text'
import {
  answered,
  countdown,
  formatSpan,
  lacking,
  othersEmergencies,
  ownEmergency,
  reasonOf,
  standing,
  toAnswer,
} from '../../src/core/rights'

const nb = (s: string) => s.replaceAll(' ', '\u00a0')
const at = (h: number, min = 0) => new Date(2026, 10, 21, h, min).getTime()
const iso = (ms: number) => new Date(ms).toISOString()

function request(r: Partial<Request> = {}): Request {
  const open = { key: 'r1', name: 'Trần Văn An', area: 'b', area_name: 'Phường B', for: 7200, reason: 'Tìm xe', asked: iso(at(9)) }
  return { ...open, state: 'open', mine: true, answer: false, ...r }
}

describe('a request', () => {
  const granted = request({ state: 'granted', answered: iso(at(10)) })
  const grants = [{ key: 'r1', who: { person: 'me' } }]
  it.each([
    ['waits', request(), at(9, 5), 'waiting'],
    ['is closed when nobody answered for a day', request(), at(9) + 24 * 3600_000, 'expired'],
    ['was refused', request({ state: 'refused' }), at(9, 5), 'refused'],
    ['was withdrawn', request({ state: 'withdrawn' }), at(9, 5), 'withdrawn'],
    ['is granted for its time from the answer on, not from the asking', granted, at(11, 59), 'granted'],
    ['is over when its time is', granted, at(12), 'over'],
  ])('%s', (_, r, now, kind) => expect(standing(r, grants, now).kind).toBe(kind))
  it('says so when a supervisor ended it before its time', () => {
    expect(standing(granted, [], at(11)).kind).toBe('ended')
    expect(standing(granted, [{ key: 'r1', who: {}, until: iso(at(10, 30)) }], at(11)).kind).toBe('ended')
    expect(standing(granted, undefined, at(11)).kind).toBe('granted')
    expect(standing(granted, [{ key: 'g7', request: 'r1', who: {} }], at(11)).kind).toBe('granted')
  })
  it('is told with the time of its end', () => {
    const say = (r: Request, now: number) => standingWords(standing(r, grants, now), peopleStrings.vi, now)
    expect(say(granted, at(11))).toBe('Được xem đến 12:00')
    expect(say(granted, at(13))).toBe('Đã hết lúc 12:00')
    expect(say(granted, at(13) + 24 * 3600_000)).toBe('Đã hết lúc 21/11 12:00')
    expect(say(request(), at(9, 1))).toBe('Đang chờ duyệt')
  })
})

describe('what a supervisor is to do', () => {
  it('is open, of somebody else, and the oldest comes first', () => {
    const now = at(12)
    const list = [
      request({ key: 'late', mine: false, answer: true, asked: iso(at(11)) }),
      request({ key: 'own', mine: true, answer: true }),
      request({ key: 'done', mine: false, answer: false, state: 'granted' }),
      request({ key: 'forgotten', mine: false, answer: true, asked: iso(at(9) - 25 * 3600_000) }),
      request({ key: 'early', mine: false, answer: true, asked: iso(at(10)) }),
    ]
    expect(toAnswer(list, now).map((r) => r.key)).toEqual(['early', 'late'])
  })
  it('holds the emergencies of others while they last', () => {
    const notice = (key: string, until: number): Notice => ({ key, emergency: true, name: 'An', reason: '', at: iso(at(9)), until: iso(until) })
    const list = [notice('on', at(10)), notice('over', at(9, 30)), notice('own', at(10)), { ...notice('asks', at(10)), emergency: false }]
    expect(othersEmergencies(list, 'own', at(9, 45)).map((n) => n.key)).toEqual(['on'])
  })
})

describe("one's own emergency", () => {
  const g: Grant = { key: 'emergency-me', who: { person: 'me' }, emergency: true, until: iso(at(10)) }
  it('is ours, and ends by the minute', () => {
    expect(ownEmergency([g], 'me', at(10) - 1)).toBe(g)
    expect(ownEmergency([g], 'me', at(10))).toBeUndefined()
    expect(ownEmergency([g], 'you', at(9))).toBeUndefined()
    expect(ownEmergency([{ ...g, emergency: false }], 'me', at(9))).toBeUndefined()
  })
  it('of nobody is nobody’s', () => {
    expect(ownEmergency([{ ...g, who: { person: '' } }], '', at(9))).toBeUndefined()
  })
})

it('only what was open and is answered now is news', () => {
  const before = [request({ key: 'a' }), request({ key: 'b' }), request({ key: 'c', state: 'granted' }), request({ key: 'd', mine: false })]
  const after = before.map((r) => ({ ...r, state: r.key === 'b' ? ('open' as const) : ('granted' as const) }))
  expect(answered(before, after).map((r) => r.key)).toEqual(['a'])
  expect(answered([], after)).toEqual([])
})

describe('a reason', () => {
  it('has ten letters, as the gateway counts them', () => {
    expect(lacking('')).toBe(10)
    expect(lacking('... ! 123456 abc')).toBe(7)
    expect(lacking('Tìm xe máy đỏ')).toBe(0)
  })
  it('joins what was chosen and what was written, on one line', () => {
    expect(reasonOf('Tai nạn giao thông', ' xe tải\nvà xe máy ')).toBe('Tai nạn giao thông: xe tải và xe máy')
    expect(reasonOf(undefined, 'a')).toBe('a')
    expect(reasonOf('Tai nạn giao thông', '  ')).toBe('Tai nạn giao thông')
  })
  it('is enough when it is one of the ready ones', () => {
    for (const p of Object.values(peopleStrings)) for (const r of p.reasons) expect(lacking(r), r).toBe(0)
  })
})

describe('time that is left', () => {
  it.each([
    [30 * 60_000, '30:00'],
    [29 * 60_000 + 40_001, '29:41'],
    [1, '0:01'],
    [0, '0:00'],
    [-5000, '0:00'],
    [7_199_000, '1:59:59'],
  ])('%d ms is %s', (ms, text) => expect(countdown(ms)).toBe(text))
  it.each([
    [formatSpan(1800, 'vi'), nb('30 phút')],
    [formatSpan(7200, 'vi'), nb('2 giờ')],
    [formatSpan(86_400, 'en'), nb('24 h')],
    [formatSpan(5400, 'vi'), `${nb('1 giờ')} ${nb('30 phút')}`],
  ])('%s', (got, want) => expect(got).toBe(want))
})

describe('words', () => {
  it('are there in both languages, and filled in', () => {
    for (const p of Object.values(peopleStrings))
      for (const [k, v] of Object.entries(p)) {
        const text = typeof v === 'function' ? (v as (...a: string[]) => string)('1', '2') : String(v)
        expect(text.trim(), k).not.toBe('')
        if (typeof v === 'function') expect(text, k).toContain('1')
      }
    expect(Object.keys(peopleStrings.en)).toEqual(Object.keys(peopleStrings.vi))
    expect(peopleStrings.en.reasons).toHaveLength(peopleStrings.vi.reasons.length)
  })
  it('are not left untranslated', () => {
    for (const [k, v] of Object.entries(peopleStrings.vi))
      if (typeof v === 'string') expect(peopleStrings.en[k as 'ask'], k).not.toBe(v)
  })
  it('name roles and areas plainly', () => {
    const { vi } = peopleStrings
    expect(roleWords(['supervisor', 'viewer', 'of-another-house'], vi)).toBe('Người xem, Chỉ huy')
    const name = (id: string) => ({ lang: 'Phường Láng' })[id] ?? id
    expect(placeWords(['lang', 'x'], vi, name)).toBe('Phường Láng, x')
    expect(placeWords(['lang', 'all'], vi, name)).toBe('Toàn bộ')
    expect(placeWords([], vi, name)).toBe('Chưa có khu vực nào')
  })
})

describe('who is signed in', () => {
  it('may what the gateway says, and nothing else', () => {
    const who = readWho({ known: true, person: true, name: 'An', key: 'k', may: { ask: true, supervise: 'yes' } })
    expect(who).toEqual({ name: 'An', key: 'k', may: { ask: true, audit: false, supervise: false, emergency: false, administer: false, share_out: false } })
    expect(readWho({ known: true, person: true })?.may).toMatchObject({ ask: false, emergency: false })
  })
  it('is nobody for a link, or for a stranger', () => {
    for (const doc of [undefined, null, {}, { known: false, person: true }, { known: true, name: 'wall' }]) expect(readWho(doc)).toBeUndefined()
  })
})
