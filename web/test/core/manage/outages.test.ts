import { expect, test } from 'vitest'
import { helpFor, type Outage } from '../../../src/core/manage/outages'

const outage = (o: Partial<Outage>): Outage => ({ state: 'offline', since: 1, whole: false, count: 1, cameras: [], ...o })

test('what helps follows from what is gone, and why', () => {
  expect(helpFor(outage({ state: 'network', cause: 'unreachable' }))).toBe('network')
  expect(helpFor(outage({ state: 'unsteady', cause: 'unauthorized' }))).toBe('wait')
  expect(helpFor(outage({ cause: 'unreachable', whole: true }))).toBe('power')
  expect(helpFor(outage({ cause: 'unreachable', whole: true, count: 16 }))).toBe('host')
  expect(helpFor(outage({ cause: 'ended', count: 3 }))).toBe('power')
  expect(helpFor(outage({ cause: 'unauthorized', count: 16, whole: true }))).toBe('login')
  expect(helpFor(outage({ cause: 'out_of_reach' }))).toBe('reach')
  expect(helpFor(outage({ cause: 'silent' }))).toBe('look')
  expect(helpFor(outage({}))).toBe('look')
})
