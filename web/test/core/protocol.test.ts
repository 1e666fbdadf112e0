import { expect, it } from 'vitest'
// The gateway's own examples of every message, which its tests hold to its types.
import gatewayExamples from '../../../signaling/testdata/messages.json'
import { parse } from '../../src/core/protocol'

const examples = gatewayExamples as unknown as Record<string, { type: string; t1?: number }>
const fromGateway = ['welcome', 'answer', 'tile', 'clock', 'cameras', 'notices', 'renewed', 'stick', 'sound', 'error', 'bye']
const said = Object.entries(examples).filter(([, m]) => fromGateway.includes(m.type) || m.t1 !== undefined)

it('there are examples of all that the gateway says', () => {
  expect(new Set(said.map(([, m]) => m.type))).toEqual(new Set([...fromGateway, 'time']))
})

it.each(said)('the page reads "%s"', (_, message) => {
  expect(parse(JSON.stringify(message))).toMatchObject(message)
})
