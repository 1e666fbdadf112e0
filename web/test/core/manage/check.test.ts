import { expect, test } from 'vitest'
import { proposals, sorted, type CheckReport } from '../../../src/core/manage/check'

const words = { vi: 'x', en: 'x' }
const report: CheckReport = {
  playable: true,
  verdict: words,
  findings: [
    { code: 'gop_long', severity: 'advice', says: words, do: words },
    { code: 'reached', severity: 'fine', says: words },
  ],
  main: { url: 'rtsp://10.0.0.1/stream1' },
  sub: { url: 'rtsp://10.0.0.1/stream2' },
}

test('addresses that were found are proposed where they are other than what was typed', () => {
  expect(proposals(report, { main: ' rtsp://10.0.0.1/stream1 ', sub: '' })).toEqual({ sub: 'rtsp://10.0.0.1/stream2' })
  expect(proposals(report, { main: 'rtsp://10.0.0.1/', sub: 'rtsp://10.0.0.1/stream2' })).toEqual({ main: 'rtsp://10.0.0.1/stream1' })
  const { main: _main, sub: _sub, ...bare } = report
  expect(proposals(bare, { main: 'rtsp://10.0.0.1/', sub: '' })).toEqual({})
})

test('an address that hides a secret is not proposed', () => {
  expect(proposals({ ...report, sub: { url: 'rtsp://10.0.0.1/user=•••' } }, { main: 'rtsp://10.0.0.1/stream1', sub: '' })).toEqual({})
})

test('what is fine stands apart', () => {
  const { open, fine } = sorted(report)
  expect([open.map((f) => f.code), fine.map((f) => f.code)]).toEqual([['gop_long'], ['reached']])
})
