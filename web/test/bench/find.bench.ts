// What a search among 3,000 cameras costs: npx vitest bench --run
import { bench, describe } from 'vitest'
import { Directory, type Camera } from '../../src/core/cameras'
import { Finder } from '../../src/core/find'

const streets = ['Láng Hạ', 'Thái Hà', 'Trần Phú', 'Nguyễn Chí Thanh', 'Xã Đàn', 'Tôn Đức Thắng', 'Đê La Thành', 'Hoàng Cầu', 'Giảng Võ', 'Kim Mã']
const areas = [{ id: 'hn', name: 'Thành phố Hà Nội' }, ...Array.from({ length: 40 }, (_, i) => ({ id: `w${i}`, name: `Phường ${streets[i % 10]} ${i}`, parent: 'hn' }))]
const name = (i: number) => (i % 3 ? `Ngã tư ${streets[i % 10]} – ${streets[(i * 7 + 3) % 10]}` : `Ngõ ${i % 200} ${streets[(i * 3) % 10]}`)
const cameras = Array.from({ length: 3000 }, (_, i): Camera => ({ id: `cam${i}`, name: name(i), area: `w${i % 40}`, kind: 'public' }))
const directory = new Directory(areas, cameras)
const finder = new Finder()
finder.take(directory)

describe('among 3,000 cameras', () => {
  for (const q of ['l', 'lang', 'lang ha thai ha', 'Láng Hạ', 'ngo 5 tran phu', 'nct', 'p lang ha', 'cam2999', 'zzzz']) {
    bench(`“${q}”`, () => void finder.find(q, 60, { area: 'w3', distance: (c) => c.id.length }), { time: 300 })
  }
  bench('a list is taken for the first time', () => new Finder().take(directory), { time: 500 })
})
