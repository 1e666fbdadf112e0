import { describe, expect, it } from 'vitest'
import { Directory, type Camera } from '../../src/core/cameras'
import { Finder } from '../../src/core/find'

const areas = [
  { id: 'hn', name: 'Thành phố Hà Nội' },
  { id: 'lang', name: 'Phường Láng', parent: 'hn' },
  { id: 'dd', name: 'Phường Đống Đa', parent: 'hn' },
]
const camera = (id: string, name: string, area = 'lang'): Camera => ({ id, name, area, kind: 'public' })
const directory = new Directory(areas, [
  camera('c1', 'Ngã tư Láng Hạ – Thái Hà'),
  camera('c2', 'Ngõ 5 Trần Phú', 'dd'),
  camera('c3', 'Ngõ 52 Trần Phú', 'dd'),
  camera('c4', 'Ngõ 15 Trần Phú', 'dd'),
  camera('c5', 'Nguyễn Chí Thanh – Láng'),
  camera('c6', 'Đường Đê La Thành', 'dd'),
  camera('c7', 'P. Ô Chợ Dừa, NT Xã Đàn', 'dd'),
  camera('cam0142', 'Bệnh viện Nhi'),
  camera('c9', 'Lãng Yên', 'dd'),
])
const finder = new Finder()
finder.take(directory)
const ids = (q: string) => finder.find(q, 10).cameras.map((c) => c.id)

describe('Finder', () => {
  it.each([
    ['without accents', 'lang ha thai ha', 'c1'],
    ['in another order', 'thai ha lang', 'c1'],
    ['with accents', 'Láng Hạ', 'c1'],
    ['by first letters', 'lhth', 'c1'],
    ['by first letters of all words', 'ntlhth', 'c1'],
    ['by first letters with blanks', 'n c t', 'c5'],
    ['a whole number before longer ones', 'ngo 5 tran phu', 'c2'],
    ['in any order with a number', 'tran phu 52', 'c3'],
    ['a number that is written short', 'nga 4 thai ha', 'c1'],
    ['nt for ngã tư', 'nt lang ha', 'c1'],
    ['đg for đường', 'đg la thanh', 'c6'],
    ['dg for đường', 'dg la thanh', 'c6'],
    ['bv for bệnh viện', 'bv nhi', 'cam0142'],
    ['the long form of what the name has short', 'phuong o cho dua', 'c7'],
    ['the long form of NT in a name', 'nga tu xa dan', 'c7'],
    ['hẻm for ngõ', 'hem 15 tran phu', 'c4'],
    ['by code', 'cam0142', 'cam0142'],
    ['by the digits of a code', '142', 'cam0142'],
    ['in capitals and with commas', 'LÁNG HẠ, THÁI HÀ', 'c1'],
  ])('finds %s: %s', (_, q, first) => expect(ids(q)[0]).toBe(first))

  it('wants every word', () => expect(ids('lang xyz')).toEqual([]))
  it('puts the end of another number last', () => expect(ids('ngo 5 tran phu')).toEqual(['c2', 'c3', 'c4']))
  it('finds by area, and by p for its ward', () => {
    expect(ids('p lang').slice().sort()).toEqual(expect.arrayContaining(['c1', 'c5', 'cam0142']))
    expect(finder.find('ha noi', 3)).toMatchObject({ count: 9 })
    expect(finder.find('ha noi', 3).cameras).toHaveLength(3)
  })
  it('means the accents that somebody typed', () => {
    expect(ids('lãng')[0]).toBe('c9')
    expect(ids('láng').indexOf('c9')).toBeGreaterThan(ids('láng').indexOf('c5'))
  })
  it('prefers the ward that is watched, then what is near', () => {
    const far: Record<string, number> = { c2: 900, c3: 20, c4: 300 }
    const near = { distance: (c: Camera) => far[c.id] ?? 5000 }
    expect(finder.find('tran phu', 3, near).cameras.map((c) => c.id)).toEqual(['c3', 'c4', 'c2'])
    expect(finder.find('phuong', 1, { area: 'lang' }).cameras[0]?.area).toBe('lang')
  })
  it('finds nothing for blanks and signs, and all its life is bounded', () => {
    expect(finder.find(' – . ', 5)).toEqual({ cameras: [], count: 0 })
    expect(finder.find('lang '.repeat(5000), 5).count).toBeGreaterThan(0)
  })
  it('knows a camera that got another name', () => {
    const own = new Finder()
    own.take(directory)
    own.take(new Directory(areas, [camera('c1', 'Cầu Giấy')]))
    expect(own.find('cau giay', 5).count).toBe(1)
    expect(own.find('thai', 5).count).toBe(0)
  })
})
