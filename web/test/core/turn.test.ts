import { describe, expect, test } from 'vitest'
import type { Stick } from '../../src/core/protocol'
import { AT_REST, keyed, pushed, rests, stickView } from '../../src/core/turn'

describe('a thumb on the stick', () => {
  test('rests in the middle, and is fast at the rim', () => {
    expect(pushed(3, -4, 68)).toEqual(AT_REST)
    expect(pushed(68, 0, 68)).toEqual({ pan: 1, tilt: 0, zoom: 0 })
    expect(pushed(0, -68, 68)).toEqual({ pan: 0, tilt: 1, zoom: 0 }) // up on the screen is up for the camera
    expect(pushed(-500, 0, 68)).toEqual({ pan: -1, tilt: 0, zoom: 0 })
  })
  test('is slow near the middle', () => {
    const { pan } = pushed(34, 0, 68)
    expect(pan).toBeGreaterThan(0.05)
    expect(pan).toBeLessThan(0.3)
  })
})

test('keys turn at half of the fastest, two at once across, and against each other not at all', () => {
  expect(keyed(['ArrowLeft', 'ArrowUp'])).toEqual({ pan: -0.5, tilt: 0.5, zoom: 0 })
  expect(keyed(['+'])).toEqual({ pan: 0, tilt: 0, zoom: 0.5 })
  expect(rests(keyed(['ArrowLeft', 'ArrowRight', 'q']))).toBe(true)
})

describe('what is shown of a stick', () => {
  const stick = (more: Partial<Stick>): Stick => ({ type: 'stick', tile: 0, camera: 'a', ...more })
  test.each([
    ['no word of it', undefined, { kind: 'none' }],
    ['another camera’s', stick({ camera: 'b', may: true }), { kind: 'none' }],
    ['nobody’s, to one who may not', stick({}), { kind: 'none' }],
    ['somebody’s, to one who may not', stick({ holder: 'An' }), { kind: 'watched', holder: 'An' }],
    ['nobody’s, to one who may', stick({ may: true, holder: '' }), { kind: 'free', holder: '' }],
    ['somebody’s, to one who may', stick({ may: true, holder: 'An' }), { kind: 'free', holder: 'An' }],
    ['one’s own before the camera answers', stick({ may: true, mine: true, holder: 'An' }), { kind: 'reaching' }],
    ['one’s own', stick({ may: true, mine: true, ready: true, presets: [{ id: '1', name: 'Cổng' }] }), { kind: 'mine', presets: [{ id: '1', name: 'Cổng' }] }],
    ['of a camera that does not answer', stick({ may: true, mine: true, failed: true }), { kind: 'failed' }],
  ])('%s', (_, s, want) => expect(stickView(s, 'a')).toEqual(want))
})
