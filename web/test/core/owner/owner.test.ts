import { describe, expect, test } from 'vitest'
import { Answers } from '../../../src/core/owner/answers'
import { MAKES, reach } from '../../../src/core/owner/makes'
import { texts } from '../../../src/core/owner/texts'
import { byDay, timeOf } from '../../../src/core/owner/views'
import { chosenHours, clockOf, dailyOf, hoursOf, minutesOf, timesOffered } from '../../../src/core/owner/week'
import { secretIn } from '../../../src/owner/desk'

const entry = { make: 'hikvision', host: '192.168.1.64', user: 'admin', password: 'p@ss/1' }

describe('a camera’s address', () => {
  test('is made of the make and what was typed; the login is kept apart', () => {
    expect(reach(entry)).toEqual({
      main: 'rtsp://192.168.1.64/Streaming/Channels/101',
      sub: 'rtsp://192.168.1.64/Streaming/Channels/102',
      user: 'admin',
      password: 'p@ss/1',
    })
    expect(reach({ ...entry, make: 'tapo', host: ' 192.168.1.64:8554 ' })).toMatchObject({ main: 'rtsp://192.168.1.64:8554/stream1' })
  })

  test('a whole address counts whatever the make, without its login', () => {
    const at = reach({ ...entry, make: 'dahua', host: 'rtsp://a:b@10.0.0.1/cam/realmonitor?channel=1&subtype=0' })
    expect(at).toEqual({ main: 'rtsp://10.0.0.1/cam/realmonitor?channel=1&subtype=0', sub: 'rtsp://10.0.0.1/cam/realmonitor?channel=1&subtype=1', user: 'a', password: 'b' })
  })

  test.each([
    [{ host: '' }, 'empty'],
    [{ make: '' }, 'empty'],
    [{ host: '192.168.1.64/live' }, 'host'],
    [{ host: 'my camera' }, 'host'],
    [{ host: 'http://10.0.0.1/' }, 'scheme'],
    [{ make: 'other', host: 'rtsp://10.0.0.1/a b' }, 'letters'],
  ])('%o is %s', (part, fault) => expect(reach({ ...entry, ...part })).toBe(fault))

  test('every make has both streams, but the other', () => {
    for (const m of MAKES) expect(m.main !== '' && m.sub !== '').toBe(m.id !== 'other')
  })
})

describe('hours', () => {
  test('go over to the gateway’s and back', () => {
    const h = hoursOf({ days: [0, 1], from: 18 * 60, to: 6 * 60 })
    expect(h.spans).toEqual([
      { day: 1, from: 1080, to: 360 },
      { day: 0, from: 1080, to: 360 },
    ])
    expect(dailyOf(h)).toEqual({ days: [1, 0], from: 1080, to: 360 })
    expect(dailyOf({ ...h, spans: [h.spans[0]!, { day: 2, from: 0, to: 60 }] })).toBeUndefined()
  })

  test('midnight as an end is the day’s', () => {
    expect(hoursOf({ days: [3], from: 0, to: 0 }).spans).toEqual([{ day: 3, from: 0, to: 1440 }])
    expect(dailyOf({ zone: 'x', spans: [{ day: 3, from: 0, to: 1440 }] })).toEqual({ days: [3], from: 0, to: 0 })
  })

  test('what is missing is no hours', () => {
    for (const t of [{ days: [], from: '08:00', to: '09:00' }, { days: [1], from: '', to: '09:00' }, { days: [1], from: '08:00', to: '08:00' }]) expect(chosenHours(t)).toBeNull()
    expect([minutesOf('24:00'), minutesOf('7:00'), minutesOf('07:60'), minutesOf('07:05')]).toEqual([undefined, undefined, undefined, 425])
    expect([clockOf(425), clockOf(1440)]).toEqual(['07:05', '00:00'])
    expect(timesOffered('')).toHaveLength(48)
    expect(timesOffered('07:10').slice(14, 16)).toEqual(['07:00', '07:10'])
  })
})

describe('answers', () => {
  const s = texts.vi
  test('nothing is chosen beforehand', () => {
    const a = new Answers()
    expect(Object.keys(a.missing(s))).toEqual(['purposes', 'when', 'until'])
    expect(Object.keys(a.unsigned(s))).toEqual(['name', 'owner', 'contact', 'agreed'])
  })

  test('what is sent is what was chosen', () => {
    const a = new Answers()
    Object.assign(a, { purposes: ['theft'], when: 'always', until: 'year', name: ' Cổng ', owner: 'Tư', contact: '09', agreed: true })
    expect([a.missing(s), a.unsigned(s)]).toEqual([{}, {}])
    const body = a.body('d', new Date('2026-11-22T00:00:00Z'))
    expect(body).toEqual({ name: 'Cổng', owner: 'Tư', contact: '09', purposes: ['theft'], until: '2027-11-22T00:00:00.000Z', masks: [], text_digest: 'd' })
    Object.assign(a, { when: 'some', until: 'withdrawn', times: { days: [1], from: '08:00', to: '09:00' } })
    expect(a.body('d', new Date())).toMatchObject({ hours: { spans: [{ day: 1, from: 480, to: 540 }] } })
    expect(a.body('d', new Date())).not.toHaveProperty('until')
  })
})

describe('views', () => {
  const words = new Map([['missing', 'Tìm người mất tích']])
  const now = Date.parse('2026-11-22T03:00:00Z')
  test('stand by Vietnam’s days, with how long and what for', () => {
    const views = [
      { n: 5, at: '2026-11-22T02:59:00Z', seconds: 60, running: true, reason: 'missing' },
      { n: 4, at: '2026-11-22T01:12:00Z', seconds: 200, reason: 'missing' },
      { n: 3, at: '2026-11-21T17:30:00Z', seconds: 30, own: true }, // half past midnight here
      { n: 2, at: '2026-11-21T16:30:00Z', seconds: 3 * 3600 + 240, reason: 'fire' },
      { n: 2, at: '2026-11-21T16:20:00Z', seconds: 0, still: true, reason: 'missing' },
      { n: 1, at: '2026-10-01T00:00:00Z', seconds: 0, unknown: true },
    ]
    const days = byDay(views, words, texts.vi, now)
    expect(days.map((d) => d.name)).toEqual(['Hôm nay', 'Hôm qua', '01/10/2026'])
    expect(days[0]!.lines.map((l) => `${l.time} ${l.text}`)).toEqual([
      '09:59 đang xem, tìm người mất tích',
      '08:12 3 phút, tìm người mất tích',
      '00:30 dưới 1 phút, bạn xem thử',
    ])
    expect(days[1]!.lines.map((l) => l.text)).toEqual(['3 giờ 4 phút, fire', 'xem ảnh chụp, tìm người mất tích'])
    expect(days[2]!.lines[0]!.text).toBe('không rõ bao lâu, không ghi lý do')
    expect(timeOf(now)).toBe('10:00')
  })
})

test('a link is an invitation, an owner’s, or none', () => {
  expect(secretIn('#i.ABCDEFGHIJKLMNOPQRSTUVWXYZ').kind).toBe('invitation')
  expect(secretIn('#W5RxoYruPzkLD4ruxQ6IEy6Klutj9t4NbT0WH6oHOQ').kind).toBe('owner')
  for (const bad of ['', '#', '#short', '#with space and more of it', '#<script>alert(1)</script>']) expect(secretIn(bad)).toEqual({ kind: 'none', secret: '' })
})
