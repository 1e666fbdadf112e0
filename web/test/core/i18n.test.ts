import { describe as group, expect, it } from 'vitest'
import { describe } from '../../src/core/describe'
import { formatAge, formatAgo, formatClock, formatRate, formatSize, textIn } from '../../src/core/format'
import { startLang, strings } from '../../src/core/i18n'
import { listStrings } from '../../src/core/list-text'
import { many } from '../../src/core/plural'
import { settingsStrings } from '../../src/core/settings-text'

const nb = (s: string) => s.replaceAll(' ', '\u00a0')

group('strings', () => {
  it('are complete in both languages, and no sentence is empty', () => {
    expect(Object.keys(strings.en).sort()).toEqual(Object.keys(strings.vi).sort())
    for (const s of [strings.vi, strings.en])
      for (const [k, v] of Object.entries(s)) {
        const text = typeof v === 'function' ? (v as (...a: string[]) => string)('1', '2') : v
        expect(text.trim(), k).not.toBe('')
        if (typeof v === 'function') expect(text, k).toContain('1')
      }
  })
  it.each<[string, Record<'vi' | 'en', object>]>([
    ['settings', settingsStrings],
    ['lists', listStrings],
  ])('of the %s are complete, too', (_, { vi, en }) => {
    expect(Object.keys(en)).toEqual(Object.keys(vi))
    for (const [k, v] of Object.entries(en)) expect(v, k).not.toBe(vi[k as keyof typeof vi])
  })
  it('are not left untranslated', () => {
    for (const k of Object.keys(strings.vi) as (keyof typeof strings.vi)[])
      if (typeof strings.vi[k] === 'string') expect(strings.en[k], k).not.toBe(strings.vi[k])
  })
})

group('numbers', () => {
  it.each([
    [formatAge(420, 'vi'), nb('0,40 s')],
    [formatAge(430, 'en'), nb('0.45 s')],
    [formatAge(12, 'vi'), nb('0,05 s')],
    [formatAge(1660, 'vi', true), nb('≈ 1,65 s')],
    [formatAgo(200, 'vi'), nb('1 s')],
    [formatAgo(6400, 'vi'), nb('6 s')],
    [formatAgo(125_000, 'vi'), nb('2 phút')],
    [formatAgo(7_300_000, 'en'), nb('2 h')],
    [formatRate(1_140_000, 'vi'), nb('1,1 Mb/s')],
    [formatSize(184e6, 'vi'), nb('184 MB')],
    [formatSize(1.24e9, 'vi'), nb('1,2 GB')],
    [formatSize(840_000, 'en'), nb('0.8 MB')],
  ])('%s', (got, want) => expect(got).toBe(want))
  it('give the date only for another day', () => {
    const now = new Date(2026, 10, 21, 23, 47).getTime()
    expect(formatClock(new Date(2026, 10, 21, 22, 10).getTime(), now)).toBe('22:10')
    expect(formatClock(new Date(2026, 10, 20, 2, 5).getTime(), now)).toBe('20/11 02:05')
  })
})

it('Vietnamese is the language unless English was chosen', () => {
  expect([startLang(null), startLang('en'), startLang('fr')]).toEqual(['vi', 'en', 'vi'])
  expect(textIn({ vi: 'a', en: 'b' }, 'en')).toBe('b')
  expect(textIn(undefined, 'en')).toBe('')
})

group('describe', () => {
  const now = new Date(2026, 10, 21, 23, 47).getTime()
  const say = (v: Parameters<typeof describe>[0], still?: number) => describe(v, strings.vi, 'vi', now, { still })
  it('says live only with a number', () => {
    expect(say({ kind: 'live', age: 400, approximate: false }).line).toBe(`Trực tiếp · ${nb('0,40 s')}`)
    expect(say({ kind: 'opening', own: true, slow: false }).line).toBe('Đang mở hình')
  })
  it('dates the kept picture that it shows while opening', () => {
    const still = new Date(2026, 10, 21, 17, 41).getTime()
    expect(say({ kind: 'opening', own: false, slow: false }, still).pill).toBe('Ảnh lúc 17:41')
    expect(say({ kind: 'opening', own: true, slow: false }, still).pill).toBeUndefined()
  })
  it('says of a lost camera since when, why, and when it is tried again', () => {
    const since = new Date(2026, 10, 21, 22, 10).getTime()
    const text = { vi: 'Camera ngừng gửi hình.', en: '' }
    const w = say({ kind: 'offline', own: true, since, retryAt: now + 19_600, text })
    expect(w.title).toBe('Camera mất kết nối từ 22:10')
    expect(w.line).toBe(`Tự thử lại sau ${nb('20 s')}`)
    expect(w.note).toBe('Camera ngừng gửi hình.')
    expect(say({ kind: 'offline', own: true, since, retryAt: now - 5, text }).line).toBe('Đang thử lại')
  })
  it('does not call a camera lost that plays what this device does not decode', () => {
    const w = say({ kind: 'offline', own: false, since: 5, retryAt: undefined, text: { vi: 'x', en: '' }, unable: true })
    expect(w.title).toBe('Trình duyệt này không xem được camera')
    expect(w.note).toBe('x')
    expect(`${w.line} ${w.short} ${w.spoken}`).not.toMatch(/mất kết nối|thử lại/)
  })
  it('says since when it counts where the camera’s own clock is not to be trusted', () => {
    const w = say({ kind: 'live', age: 90, approximate: true })
    expect(w.line).toBe(`Trực tiếp · ${nb('≈ 0,10 s')} từ cổng`)
    expect(w.short).toBe(nb('≈ 0,10 s'))
    expect(w.spoken).toBe('Trực tiếp, từ cổng')
  })
  it('says that the log cannot be written, not that a right is missing', () => {
    const text = { vi: 'Không ghi được nhật ký.', en: '' }
    expect(say({ kind: 'denied', text, code: 'unrecorded' })).toMatchObject({ title: 'Tạm thời không được xem', note: text.vi })
    expect(say({ kind: 'denied', text }).title).toBe('Chưa có quyền xem')
  })
  it('announces a change without the number that ticks', () => {
    for (const v of [
      { kind: 'live', age: 400, approximate: false },
      { kind: 'stale', age: 6000, network: false },
    ] as const)
      expect(say(v).spoken).not.toMatch(/\d/)
  })
})

it('says one camera, and two cameras, in English; a number as it is written is read', () => {
  expect(many(1, 'camera', 'cameras')).toBe('1 camera')
  expect(many('1', 'camera', 'cameras')).toBe('1 camera')
  expect(many(0, 'camera', 'cameras')).toBe('0 cameras')
  expect(many('1,234', 'camera', 'cameras')).toBe('1,234 cameras')
})
