import { expect, it } from 'vitest'
import type { Camera } from '../../src/core/cameras'
import { shownUnasked } from '../../src/core/household'

it('takes no still of a citizen’s camera that nobody asked for, nor of one that gives none', () => {
  const camera = (more: Partial<Camera>): Camera => ({ id: 'a', name: 'A', area: 'lang', kind: 'public', state: 'live', ...more }) as Camera
  expect(shownUnasked(camera({}))).toBe(true)
  for (const more of [{ kind: 'household' }, { state: 'offline' }, { needs_case: true }] as Partial<Camera>[]) expect(shownUnasked(camera(more))).toBe(false)
  expect(shownUnasked(undefined)).toBe(false)
})
