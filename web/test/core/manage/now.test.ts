import { describe, expect, it } from 'vitest'
import { inOrder, peopleIn, type OpenView } from '../../../src/core/manage/now'

const view = (id: string, since: number, who = 'An', more: Partial<OpenView> = {}): OpenView => ({
  id, camera: 'c', camera_name: 'C', area: 'lang', kind: 'public', way: 'person', who, since, quality: 'main', state: 'live', ...more,
})

describe('open views', () => {
  it('stand so that a new one moves none of those above it', () => {
    const before = inOrder([view('b', 20), view('a', 10)])
    const after = inOrder([view('new', 30), view('a', 10), view('b', 20)])
    expect(after.slice(0, 2).map((v) => v.id)).toEqual(before.map((v) => v.id))
    expect(inOrder([view('b', 10), view('a', 10)]).map((v) => v.id)).toEqual(['a', 'b'])
  })
  it('of one person count one person, of two portals of the same name two', () => {
    expect(peopleIn([view('a', 1), view('b', 2), view('c', 3, 'Bình')])).toBe(2)
    expect(peopleIn([view('a', 1, 'An', { portal: 'x', way: 'officer' }), view('b', 1, 'An', { portal: 'y', way: 'officer' })])).toBe(2)
  })
})
