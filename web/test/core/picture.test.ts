import { describe, expect, it } from 'vitest'
import { commentOf, withComment } from '../../src/core/jpeg'
import { comment, fileName, margin, type Facts } from '../../src/core/picture'

const facts: Facts = {
  camera: 'Ngã tư Láng Hạ – Thái Hà',
  id: 'lang-ha-thai-ha',
  area: 'Phường Láng',
  at: new Date(2026, 10, 21, 23, 7, 5).getTime(),
  exact: true,
  mark: { code: '7KQ-2M4X', name: 'Lê Văn An', number: '268-114' },
}

/** A JPEG of one pixel's size: JFIF's segment, a quantization table's beginning, the scan. */
const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0x4a, 0x46, 0xff, 0xdb, 0, 3, 7, 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9])

describe('a comment in a JPEG', () => {
  it('is read back, letter by letter', () => {
    const text = comment(facts)
    expect(text).toContain('Ngã tư Láng Hạ – Thái Hà')
    expect(commentOf(withComment(jpeg, text))).toBe(text)
    expect(commentOf(jpeg)).toBeNull()
  })
  it('stands after the segments that must come first, and changes nothing else', () => {
    const out = withComment(jpeg, 'hi')
    expect([...out]).toEqual([...jpeg.subarray(0, 8), 0xff, 0xfe, 0, 4, 0x68, 0x69, ...jpeg.subarray(8)])
  })
  it('is no longer than a segment', () => {
    const out = withComment(jpeg, 'x'.repeat(70_000))
    expect(commentOf(out)).toHaveLength(65_533)
    expect([...out.subarray(-9)]).toEqual([...jpeg.subarray(-9)])
  })
  it('is for JPEGs only', () => {
    expect(() => withComment(new Uint8Array([0x89, 0x50]), 'x')).toThrow()
    expect(() => withComment(new Uint8Array(), 'x')).toThrow()
  })
})

describe('a picture that is taken away', () => {
  it('says in its margin what it is', () => {
    expect(margin(facts)).toEqual({
      camera: 'Ngã tư Láng Hạ – Thái Hà', place: 'Phường Láng · lang-ha-thai-ha', time: '23:07:05 21/11/2026', who: 'Lê Văn An · 268-114', code: '7KQ-2M4X',
    })
  })
  it('does not claim a time that no clock gave', () => {
    expect(margin({ ...facts, exact: false }).time).toBe('≈ 23:07:05 21/11/2026')
    expect(comment({ ...facts, exact: false })).toContain('(approximate)')
  })
  it('has a name that every system takes', () => {
    expect(fileName(facts)).toBe('nga-tu-lang-ha-thai-ha-20261121-230705-7KQ-2M4X.jpg')
    expect(fileName({ ...facts, camera: '../..//' })).toBe('camera-20261121-230705-7KQ-2M4X.jpg')
    expect(fileName({ ...facts, camera: 'a'.repeat(300) }).length).toBeLessThan(100)
  })
})
