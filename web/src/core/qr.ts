/*
 * QR codes (ISO/IEC 18004) of a link: bytes, error correction L, versions 1 to
 * 10, which is up to 271 bytes. What is drawn is black on white with a border
 * of four modules.
 */

/** Codewords of data and of correction in each block, and the number of blocks, at level L, by version. */
const BLOCKS: readonly [correction: number, blocks: number, data: number][] = [
  [7, 1, 19], [10, 1, 34], [15, 1, 55], [20, 1, 80], [26, 1, 108], [18, 2, 136], [20, 2, 156], [24, 2, 194], [30, 2, 232], [18, 4, 274],
]
const ALIGN: readonly (readonly number[])[] = [
  [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50],
]

/** Rows of modules, true is black; undefined where the text is too long. */
export function qr(text: string): boolean[][] | undefined {
  const bytes = new TextEncoder().encode(text)
  const version = BLOCKS.findIndex(([, , data], i) => bytes.length * 8 + 4 + (i < 9 ? 8 : 16) <= data * 8) + 1
  if (version === 0) return undefined
  const words = interleaved(encoded(bytes, version), version)
  let best: { modules: boolean[][]; penalty: number } | undefined
  for (let mask = 0; mask < 8; mask++) {
    const modules = drawn(words, version, mask)
    const n = penalty(modules)
    if (!best || n < best.penalty) best = { modules, penalty: n }
  }
  return best!.modules
}

/** The code as the path of an SVG whose view is size × size. */
export function qrPath(text: string): { size: number; path: string } | undefined {
  const m = qr(text)
  if (!m) return undefined
  let path = ''
  m.forEach((row, y) => row.forEach((on, x) => (path += on ? `M${x + 4} ${y + 4}h1v1h-1z` : '')))
  return { size: m.length + 8, path }
}

function encoded(bytes: Uint8Array, version: number): number[] {
  const capacity = BLOCKS[version - 1]![2]
  const bits: number[] = []
  const put = (value: number, n: number) => {
    for (let i = n - 1; i >= 0; i--) bits.push((value >> i) & 1)
  }
  put(4, 4)
  put(bytes.length, version < 10 ? 8 : 16)
  for (const b of bytes) put(b, 8)
  put(0, Math.min(4, capacity * 8 - bits.length))
  put(0, (8 - (bits.length % 8)) % 8)
  const out: number[] = []
  for (let i = 0; i < bits.length; i += 8) out.push(bits.slice(i, i + 8).reduce((n, b) => n * 2 + b, 0))
  for (let pad = 0xec; out.length < capacity; pad ^= 0xec ^ 0x11) out.push(pad)
  return out
}

/** Product in GF(256) modulo x⁸+x⁴+x³+x²+1. */
function times(a: number, b: number): number {
  let z = 0
  for (let i = 7; i >= 0; i--) {
    z = (z << 1) ^ ((z >> 7) * 0x11d)
    z ^= ((b >> i) & 1) * a
  }
  return z
}

function correction(data: readonly number[], degree: number): number[] {
  const divisor = Array<number>(degree).fill(0)
  divisor[degree - 1] = 1
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2)) {
    for (let j = 0; j < degree; j++) divisor[j] = times(divisor[j]!, root) ^ (divisor[j + 1] ?? 0)
  }
  const rest = Array<number>(degree).fill(0)
  for (const word of data) {
    const factor = word ^ rest.shift()!
    rest.push(0)
    divisor.forEach((d, i) => (rest[i]! ^= times(d, factor)))
  }
  return rest
}

/** The blocks' codewords, taken from each in turn; later blocks may hold one more. */
function interleaved(data: readonly number[], version: number): number[] {
  const [degree, count, total] = BLOCKS[version - 1]!
  const short = Math.floor(total / count)
  const blocks: { data: number[]; correction: number[] }[] = []
  for (let i = 0, at = 0; i < count; i++) {
    const n = short + (i >= count - (total % count) ? 1 : 0)
    const part = data.slice(at, at + n)
    blocks.push({ data: part, correction: correction(part, degree) })
    at += n
  }
  const out: number[] = []
  for (let i = 0; i <= short; i++) for (const b of blocks) if (i < b.data.length) out.push(b.data[i]!)
  for (let i = 0; i < degree; i++) for (const b of blocks) out.push(b.correction[i]!)
  return out
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

function drawn(words: readonly number[], version: number, mask: number): boolean[][] {
  const size = version * 4 + 17
  const m = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  const fixed = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  const set = (x: number, y: number, on: boolean) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return
    m[y]![x] = on
    fixed[y]![x] = true
  }
  patterns(set, size, version, mask)
  let i = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5 // the timing column is passed by
    for (let step = 0; step < size; step++) {
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step
        if (fixed[y]![x]) continue
        const on = i < words.length * 8 && ((words[i >> 3]! >> (7 - (i & 7))) & 1) === 1
        m[y]![x] = on !== MASKS[mask]!(x, y)
        i++
      }
    }
  }
  return m
}

/** All that is no data: finders, timing, alignment, format and version. */
function patterns(set: (x: number, y: number, on: boolean) => void, size: number, version: number, mask: number): void {
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0)
    set(i, 6, i % 2 === 0)
  }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) {
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) {
        const d = Math.max(Math.abs(dx), Math.abs(dy))
        set(cx + dx, cy + dy, d !== 2 && d !== 4)
      }
  }
  const at = ALIGN[version - 1]!
  const last = at.length - 1
  at.forEach((cx, i) =>
    at.forEach((cy, j) => {
      if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return // a finder is there
      for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1)
    }),
  )
  const format = remainder((1 << 3) | mask, 10, 0x537) ^ 0x5412 // level L is 1
  const bit = (n: number, i: number) => ((n >> i) & 1) === 1
  for (let i = 0; i < 15; i++) {
    const on = bit(format, i)
    if (i < 6) set(8, i, on)
    else if (i < 8) set(8, i + 1, on)
    else if (i === 8) set(7, 8, on)
    else set(14 - i, 8, on)
    if (i < 8) set(size - 1 - i, 8, on)
    else set(8, size - 15 + i, on)
  }
  set(8, size - 8, true)
  if (version < 7) return
  const v = remainder(version, 12, 0x1f25)
  for (let i = 0; i < 18; i++) {
    const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)]
    set(a, b, bit(v, i))
    set(b, a, bit(v, i))
  }
}

/** A value followed by its BCH code. */
function remainder(value: number, degree: number, polynomial: number): number {
  let r = value
  for (let i = 0; i < degree; i++) r = (r << 1) ^ ((r >> (degree - 1)) * polynomial)
  return (value << degree) | r
}

function penalty(m: boolean[][]): number {
  const size = m.length
  let n = 0
  let dark = 0
  const lines = [m, m.map((_, x) => m.map((row) => row[x]!))]
  for (const rows of lines)
    for (const row of rows) {
      const text = row.map((on) => (on ? '1' : '0')).join('')
      for (const run of text.match(/(.)\1{4,}/g) ?? []) n += run.length - 2
      for (let x = 0; x + 11 <= size; x++) {
        const part = text.slice(x, x + 11)
        if (part === '10111010000' || part === '00001011101') n += 40
      }
    }
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const on = m[y]![x]!
      if (on) dark++
      if (x > 0 && y > 0 && m[y - 1]![x] === on && m[y]![x - 1] === on && m[y - 1]![x - 1] === on) n += 3
    }
  return n + Math.floor(Math.abs((dark * 20) / (size * size) - 10)) * 10
}
