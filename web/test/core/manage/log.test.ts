import { describe, expect, it } from 'vitest'
import { bounds, byDay, codeOf, eventsOf, filterFaults, filterOf, GROUPS, groupOf, groupsOf, newFilter, queryOf, rowsOf, type LogRecord } from '../../../src/core/manage/log'
import { parseRoute, screensFor } from '../../../src/core/manage/route'
import { texts } from '../../../src/core/manage/texts'

const now = new Date(2026, 10, 22, 14, 5)
const record = (n: number, event: string, more: Partial<LogRecord> = {}): LogRecord => ({ n, event, time: new Date(now.getTime() + n * 1000).toISOString(), ...more })

describe('what is looked for', () => {
  it('is today at first, from midnight of this device', () => {
    expect(Object.fromEntries(new URLSearchParams(queryOf(newFilter(), undefined, now)))).toEqual({ from: new Date(2026, 10, 22).toISOString() })
  })
  it('may be a day, which ends when the next begins', () => {
    const f = { ...newFilter(), span: 'day' as const, day: '2026-11-30' }
    expect(bounds(f, now)).toEqual({ from: new Date(2026, 10, 30), until: new Date(2026, 11, 1) })
    expect(bounds({ ...f, span: 'yesterday' }, now)).toEqual({ from: new Date(2026, 10, 21), until: new Date(2026, 10, 22) })
    expect(bounds({ ...f, span: 'range', from: '2026-11-01T22:00', until: '' }, now)).toEqual({ from: new Date(2026, 10, 1, 22) })
  })
  it('names person, camera, area, reason and case, and the events of a group that the gateway knows', () => {
    const f = { ...newFilter(), span: 'all' as const, person: 'K1', camera: 'c', area: 'lang', reason: 'theft', number: ' 12/HS ', group: 'denied' as const }
    const q = new URLSearchParams(queryOf(f, ['view.denied', 'act.denied'], now, 77))
    expect(q.getAll('event')).toEqual(['view.denied', 'act.denied'])
    q.delete('event')
    expect(Object.fromEntries(q)).toEqual({ person: 'K1', camera: 'c', area: 'lang', reason: 'theft', case: '12/HS', after: '77' })
  })
  it('by a code is not bound to a time, however the code is written', () => {
    const q = new URLSearchParams(queryOf({ ...newFilter(), code: '4QX-7RT2' }, undefined, now))
    expect(Object.fromEntries(q)).toEqual({ view: '4QX7RT2' })
  })
  it('is faulty without a day, with an end before its beginning, or with half a code', () => {
    expect(filterFaults(newFilter())).toEqual({})
    expect(filterFaults({ ...newFilter(), span: 'day' })).toEqual({ day: 'day' })
    expect(filterFaults({ ...newFilter(), span: 'range', from: '2026-11-02T00:00', until: '2026-11-01T00:00' })).toEqual({ until: 'until' })
    expect(filterFaults({ ...newFilter(), code: '4QX-7R' })).toEqual({ code: 'code' })
  })
  it('of an unusual night reaches into the next morning', () => {
    const f = filterOf({ pattern: 'long night', subject: 'K1', name: 'An', day: '2026-11-30', camera: 'c', amount: 3, first: 1, last: '' })
    expect([f.span, f.from, f.until, f.person, f.camera]).toEqual(['range', '2026-11-30T18:00', '2026-12-01T12:00', 'K1', 'c'])
  })
})

describe('records', () => {
  it('of a view that ended are one row, at its beginning', () => {
    const rows = rowsOf([
      record(9, 'view.closed', { view: 'v1', duration: 65e9, detail: 'stopped' }),
      record(5, 'session.begun'),
      record(3, 'view.opened', { view: 'v1' }),
    ])
    expect(rows.map((r) => r.record.n)).toEqual([5, 3])
    expect(rows[1]!.view).toEqual({ began: now.getTime() + 3000, ended: now.getTime() + 9000, ms: 65_000, why: 'stopped' })
  })
  it('of a view whose other half is elsewhere are not lost', () => {
    const rows = rowsOf([record(9, 'view.closed', { view: 'v1', duration: 4e9 }), record(8, 'view.opened', { view: 'v2' }), record(7, 'view.opened')])
    expect(rows.map((r) => [r.record.n, r.view!.ms, r.view!.ended > 0])).toEqual([[9, 4000, true], [8, 0, false], [7, 0, false]])
    expect(rows[0]!.view!.began).toBe(now.getTime() + 5000)
  })
  it('lie under their days', () => {
    const late = { ...record(1, 'log.read'), time: new Date(2026, 10, 21, 23, 59).toISOString() }
    expect(byDay(rowsOf([record(3, 'log.read'), record(2, 'log.read'), late])).map((d) => d.rows.length)).toEqual([2, 1])
  })
  it('have a code where their view has a name of the new kind', () => {
    expect(codeOf('4qx7rt2m0000abcd')).toBe('4QX-7RT2')
    expect(codeOf('AbC_not-a-code')).toBe('')
    expect(codeOf(undefined)).toBe('')
  })
})

describe('events', () => {
  it('all have words in both languages, and belong to a group', () => {
    for (const group of GROUPS)
      for (const e of eventsOf(group, undefined)) {
        expect((texts.vi.logEvents as Record<string, string>)[e], e).toBeTruthy()
        expect((texts.en.logEvents as Record<string, string>)[e], e).toBeTruthy()
      }
    for (const e of Object.keys(texts.vi.logEvents)) expect(groupOf(e), e).toBeTruthy()
    expect(Object.keys(texts.en.logEvents)).toEqual(Object.keys(texts.vi.logEvents))
  })
  it('that this gateway does not have are not offered', () => {
    expect(groupsOf(['view.opened', 'log.read'])).toEqual(['views', 'log'])
  })
})

describe('the administration page', () => {
  it('shows an auditor the log alone, and the log to auditors only', () => {
    expect(screensFor({ audit: true })).toEqual(['log'])
    expect(screensFor({ administer: true })).toEqual(['cameras', 'onvif', 'health', 'now', 'areas', 'accounts', 'grants', 'households', 'invitations', 'portals', 'import'])
    expect(screensFor({ supervise: true, audit: true })).toContain('log')
    expect(screensFor({})).toEqual([])
    expect(parseRoute('#/log/17')).toEqual({ screen: 'log', id: '17', from: '' })
  })
})
