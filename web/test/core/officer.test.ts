import { describe, expect, it } from 'vitest'
import { strings } from '../../src/core/i18n'
import { officerWords, type OfficerAbout } from '../../src/core/officer'
import { officerStrings } from '../../src/core/officer-text'
import type { TileView } from '../../src/core/state'
import { troubleStrings } from '../../src/core/trouble-text'

const now = new Date(2026, 10, 21, 23, 47).getTime()
const nb = (s: string) => s.replace(/(\d) /g, '$1\u00a0')
const say = (v: TileView, about: Partial<OfficerAbout> = {}) => officerWords(v, strings.vi, 'vi', now, { giver: { ask: false }, ...about })

describe('officerWords', () => {
  it('a device that is spared says so, and not with the light of a live picture', () => {
    expect(say({ kind: 'live', age: 400, approximate: false, hot: 15 })).toMatchObject({ light: 'weak', line: nb('Máy nóng · 15 hình/s') })
    expect(say({ kind: 'live', age: 400, approximate: false })).toBeUndefined()
    expect(say({ kind: 'rest' }, { still: new Date(2026, 10, 21, 17, 41).getTime() })).toMatchObject({ light: 'weak', line: 'Máy nóng', pill: 'Ảnh lúc 17:41' })
    expect(say({ kind: 'rest', thin: true }, { still: now - 7000 })).toMatchObject({ light: 'weak', line: 'Ảnh chụp – mạng yếu', pill: nb('Hình cách đây 7 s') })
    expect(say({ kind: 'rest', thin: true })).not.toHaveProperty('pill')
  })
  it('says who gives the right that is missing, by the area’s name only where the list has told it', () => {
    const of = (giver: OfficerAbout['giver']) => say({ kind: 'denied', text: { vi: 'Không có camera này.', en: '' } }, { giver })
    expect(of({ ask: true, area: 'Phường Láng' })).toMatchObject({ line: 'Phường Láng', note: 'Chỉ huy Phường Láng là người cấp quyền.', button: 'Gửi yêu cầu', asks: 'ask', query: 'Phường Láng' })
    expect(of({ ask: false })).toMatchObject({ line: 'Chưa có quyền xem', note: 'Không có camera này. Chỉ huy nơi có camera là người cấp quyền.' })
    expect(of({ ask: false })).not.toHaveProperty('button')
    expect(of({ ask: true })).not.toHaveProperty('query')
  })
  it('nobody is asked for a right where it is not that which is missing', () => {
    const giver = { ask: true, area: 'Phường Láng' }
    for (const code of ['unrecorded', 'closed_by_owner'] as const) expect(say({ kind: 'denied', text: undefined, code }, { giver })).not.toHaveProperty('button')
    expect(say({ kind: 'denied', text: undefined, code: 'case_needed' }, { giver })).toMatchObject({ button: 'Nêu vụ việc', asks: 'case' })
  })
  it('offers another camera for a lost one', () => {
    const lost: TileView = { kind: 'offline', own: false, since: undefined, retryAt: undefined, text: undefined }
    expect(say(lost, { instead: { id: 'b', name: 'Láng' } })!.instead).toEqual({ camera: 'b', label: 'Xem camera gần đó', name: 'Láng' })
    expect(say(lost)!.instead).toBeUndefined()
  })
})

it('every text is there in both languages, and not the same', () => {
  for (const t of [troubleStrings, officerStrings]) {
    expect(Object.keys(t.en).sort()).toEqual(Object.keys(t.vi).sort())
    for (const [k, v] of Object.entries(t.vi)) if (typeof v === 'string') expect(t.en[k as keyof typeof t.en], k).not.toBe(v)
  }
})
