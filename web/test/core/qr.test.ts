import { expect, it } from 'vitest'
import { qr, qrPath } from '../../src/core/qr'

const at = (m: boolean[][], x: number, y: number) => (m[y]![x] ? 1 : 0)

/**
 * Reads a code back as a phone does, from its modules alone: the mask out of
 * the format, the zigzag, the blocks; for codes of one block and two.
 */
function read(m: boolean[][], blocks: number[][]): string {
  const size = m.length
  let format = 0
  for (let i = 14; i >= 9; i--) format = format * 2 + at(m, 14 - i, 8)
  format = format * 2 + at(m, 7, 8)
  format = format * 2 + at(m, 8, 8)
  format = format * 2 + at(m, 8, 7)
  for (let i = 5; i >= 0; i--) format = format * 2 + at(m, 8, i)
  const mask = ((format ^ 0x5412) >> 10) & 7
  expect((format ^ 0x5412) >> 13, 'error correction L').toBe(1)
  const flip = [
    (x: number, y: number) => (x + y) % 2, (_: number, y: number) => y % 2, (x: number) => x % 3, (x: number, y: number) => (x + y) % 3,
    (x: number, y: number) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x: number, y: number) => ((x * y) % 2) + ((x * y) % 3),
    (x: number, y: number) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x: number, y: number) => (((x + y) % 2) + ((x * y) % 3)) % 2,
  ][mask]!
  const version = (size - 17) / 4
  const centre = size - 7
  const taken = (x: number, y: number) =>
    (x < 9 && y < 9) || (x >= size - 8 && y < 9) || (x < 9 && y >= size - 8) || x === 6 || y === 6 ||
    (version > 1 && Math.abs(x - centre) <= 2 && Math.abs(y - centre) <= 2)
  const bits: number[] = []
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right--
    for (let i = 0; i < size; i++)
      for (const x of [right, right - 1]) {
        const y = up ? size - 1 - i : i
        if (!taken(x, y)) bits.push(at(m, x, y) ^ (flip(x, y) === 0 ? 1 : 0))
      }
  }
  const words = Array.from({ length: Math.floor(bits.length / 8) }, (_, i) => bits.slice(8 * i, 8 * i + 8).reduce((n, b) => 2 * n + b, 0))
  const parts = blocks.map((): number[] => [])
  let next = 0
  for (let i = 0; i < Math.max(...blocks.map((b) => b[0]!)); i++) blocks.forEach((b, j) => i < b[0]! && parts[j]!.push(words[next++]!))
  const data = parts.flat()
  expect(data[0]! >> 4, 'byte mode').toBe(4)
  const length = ((data[0]! & 15) << 4) | (data[1]! >> 4)
  const bytes = Array.from({ length }, (_, i) => ((data[i + 1]! & 15) << 4) | (data[i + 2]! >> 4))
  return new TextDecoder().decode(new Uint8Array(bytes))
}

it('codes are read back from their modules', () => {
  const link = 'https://localhost:8443/id/link/54TD7YHVBLTGDRYRXT2QQTPF7V.REB36CPQ7Y2HSFSJQAX6APLLY66N4L6G3PXMISFGHUS6NA2U'
  expect(read(qr(link)!, [[108]])).toBe(link)
  expect(read(qr('Mắt thần')!, [[19]])).toBe('Mắt thần')
  expect(read(qr('a'.repeat(120))!, [[68], [68]])).toBe('a'.repeat(120))
})

it('codes of the gateway’s own encoder (rsc.io/qr) are read by the same reader', () => {
  const rows =
    '1fcfb7f 1047a41 175375d 174c15d 174635d 104af41 1fd557f 1d800 1df7cc4 a11c61 1448177 10b29a2 1fe3f6b d11ce9 16cdda7 8bbcd2 177bdf8 1111b 1fd4b5b 1051f19 17539fa 174c3bc 1759691 1057f9a 1fd59e3'
  const modules = rows.split(' ').map((row) => [...parseInt(row, 16).toString(2).padStart(25, '0')].map((c) => c === '1'))
  expect(read(modules, [[34]])).toBe('https://10.1.2.3:8443/id/link/A')
  expect(read(qr('https://10.1.2.3:8443/id/link/A')!, [[34]])).toBe('https://10.1.2.3:8443/id/link/A')
})

it('what is too long for a phone to scan has no code', () => {
  expect(qr('a'.repeat(271))?.length).toBe(57)
  expect(qr('a'.repeat(272))).toBeUndefined()
  expect(qrPath('')!.size).toBe(29)
})
