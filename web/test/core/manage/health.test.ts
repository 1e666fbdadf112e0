import { describe, expect, it } from 'vitest'
import { csvOf, dotsOf, hoursOf, mainStream, runsOf, settled, shareOf, type CameraHealth } from '../../../src/core/manage/health'
import { screensFor } from '../../../src/core/manage/route'

const camera = (id: string, more: Partial<CameraHealth> = {}): CameraHealth => ({
  id, name: id, area: 'lang', kind: 'public', state: 'live', pulled: true, day: '-'.repeat(96),
  live_seconds: 0, down_seconds: 0, outages: 0, freezes: 0, first_count: 0, streams: null, ...more,
})

describe('a day', () => {
  it('is drawn as runs, without what nobody watched', () => {
    expect(runsOf('--llo-l')).toEqual([{ letter: 'l', from: 2, length: 2 }, { letter: 'o', from: 4, length: 1 }, { letter: 'l', from: 6, length: 1 }])
    expect(runsOf('-'.repeat(96))).toEqual([])
  })
  it('ends with the running quarter, and its hours stand where they were', () => {
    const hours = hoursOf(new Date(2026, 10, 22, 14, 5).getTime(), 96, 6)
    expect(hours.map((h) => h.hour)).toEqual([18, 0, 6, 12])
    // From 14:15 of yesterday 18:00 is 3 hours and 45 minutes.
    expect(hours[0]!.at).toBeCloseTo(3.75 / 24)
  })
  it('has a share only where somebody watched', () => {
    expect(shareOf(camera('a'))).toBeUndefined()
    expect(shareOf(camera('a', { live_seconds: 90, down_seconds: 10 }))).toBe(0.9)
  })
})

describe('the list', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => camera(id)) as [CameraHealth, CameraHealth, CameraHealth, CameraHealth]
  it('is as the gateway orders it while nobody touches it', () => {
    expect(settled([a, b, c], [c, a, b], false).map((x) => x.id)).toEqual(['c', 'a', 'b'])
  })
  it('stays under the hand of who works in it; what is gone goes, what is new stands behind', () => {
    const now = camera('a', { state: 'offline' })
    expect(settled([a, b, c], [d, now, c], true)).toEqual([now, c, d])
  })
  it('tells of the main stream, where that was ever seen', () => {
    const sub = { quality: 'sub', state: 'live', width: 640 }
    expect(mainStream(camera('a', { streams: [{ quality: 'main', state: 'offline' }, sub] }))).toBe(sub)
    expect(mainStream(camera('a'))).toBeUndefined()
  })
})

describe('the table to take along', () => {
  it('keeps commas, quotes and Vietnamese letters, and is no formula', () => {
    expect(csvOf(['Tên', 'n'], [['Láng, "Hạ"', 3], ['=1+1', -5]])).toBe('\ufeffTên,n\r\n"Láng, ""Hạ""",3\r\n\'=1+1,-5\r\n')
  })
})

describe('first pictures', () => {
  it('stand under a round number', () => {
    expect(dotsOf([{ at: 1, ms: 300 }, { at: 2, ms: 1200 }])).toMatchObject({ top: 2000, dots: [{ x: 0, y: 0.15 }, { x: 1, y: 0.6 }] })
    expect(dotsOf([{ at: 1, ms: 20 }])).toMatchObject({ top: 500, dots: [{ x: 0.5 }] })
    expect(dotsOf([]).dots).toEqual([])
  })
})

describe('the screens of those who see to the cameras', () => {
  it('are not for who only supervises or audits', () => {
    expect(screensFor({ administer: true })).toContain('health')
    expect(screensFor({ supervise: true })).not.toContain('health')
    expect(screensFor({ audit: true })).toEqual(['log'])
  })
})
