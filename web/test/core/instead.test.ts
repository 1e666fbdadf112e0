import { expect, it } from 'vitest'
import type { Camera } from '../../src/core/cameras'
import { nearestWatchable } from '../../src/core/instead'

const camera = (id: string, o: Partial<Camera> = {}): Camera => ({ id, name: id, area: 'a', kind: 'public', ...o })
const at = (lat: number, lon: number) => ({ position: [lat, lon] as [number, number] })

it('the nearest that gives a picture is offered, whatever the list’s order', () => {
  const list = [camera('far', at(21.05, 105.8)), camera('out', at(21.0, 105.8)), camera('near', at(21.001, 105.8)), camera('dead', { ...at(21.0001, 105.8), state: 'offline' })]
  expect(nearestWatchable(list, list[1]!)?.id).toBe('near')
})
it('a degree of longitude is shorter than one of latitude', () => {
  const of = camera('of', at(21, 105.8))
  expect(nearestWatchable([of, camera('north', at(21.01, 105.8)), camera('east', at(21, 105.8105))], of)?.id).toBe('east')
})
it('a household’s camera that is closed or wants a case is no help', () => {
  const of = camera('of')
  expect(nearestWatchable([of, camera('closed', { closed: 'off' }), camera('case', { needs_case: true })], of)).toBeUndefined()
})
it('without places it is the next of the same area', () => {
  const list = [camera('first'), camera('of'), camera('other', { area: 'b' }), camera('next')]
  expect(nearestWatchable(list, list[1]!)?.id).toBe('next')
  expect(nearestWatchable(list.slice(0, 3), list[1]!)?.id).toBe('first')
})
it('alone there is nothing to offer', () => expect(nearestWatchable([camera('of')], camera('of'))).toBeUndefined())
