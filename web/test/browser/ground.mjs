// An operator's map for tests: a PMTiles archive of raster tiles, written here, so that what reads it is not what wrote it.
import { crc32, deflateSync, gzipSync } from 'node:zlib'

const SIZE = 256

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** A tile as PNG, of a palette. @param at (x, y) => the number of a colour */
export function png(palette, at) {
  const rows = Buffer.alloc((SIZE + 1) * SIZE)
  for (let y = 0; y < SIZE; y++) for (let x = 0; x < SIZE; x++) rows[y * (SIZE + 1) + 1 + x] = at(x, y)
  const head = Buffer.alloc(13)
  head.writeUInt32BE(SIZE, 0)
  head.writeUInt32BE(SIZE, 4)
  head.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The tile of a place, with its fraction. */
export function tileOf(lat, lng, z) {
  const rad = (lat * Math.PI) / 180
  return [((lng + 180) / 360) * 2 ** z, ((1 - Math.log(Math.tan(rad) + 1 / Math.cos(rad)) / Math.PI) / 2) * 2 ** z]
}

/** The number of a tile: levels after each other, each along a Hilbert curve. */
function numberOf(z, x, y) {
  let id = (4 ** z - 1) / 3
  for (let s = 2 ** z / 2; s >= 1; s /= 2) {
    const right = Math.floor(x / s) % 2
    const below = Math.floor(y / s) % 2
    id += s * s * ((3 * right) ^ below)
    if (below) continue
    if (right) [x, y] = [s - 1 - (x % s), s - 1 - (y % s)]
    ;[x, y] = [y % s, x % s]
  }
  return id
}

function varint(n) {
  const out = []
  for (; n > 127; n = Math.floor(n / 128)) out.push((n % 128) | 128)
  return [...out, n]
}

/**
 * An archive of all tiles around a place. @param area [west, south, east, north]
 * @param paint (tile's x, y with fractions at the finest level) => the number of a colour of the palette
 */
export function archive({ area, least, most, palette, paint, attribution = '' }) {
  const tiles = []
  for (let z = least; z <= most; z++) {
    const [left, top] = tileOf(area[3], area[0], z).map(Math.floor)
    const [right, bottom] = tileOf(area[1], area[2], z).map(Math.floor)
    const finer = 2 ** (most - z)
    for (let y = top; y <= bottom; y++)
      for (let x = left; x <= right; x++) tiles.push([numberOf(z, x, y), png(palette, (px, py) => paint((x + px / SIZE) * finer, (y + py / SIZE) * finer))])
  }
  tiles.sort((a, b) => a[0] - b[0])
  const directory = gzipSync(
    Buffer.from([
      ...varint(tiles.length),
      ...tiles.flatMap(([id], i) => varint(id - (tiles[i - 1]?.[0] ?? 0))),
      ...tiles.flatMap(() => [1]),
      ...tiles.flatMap(([, body]) => varint(body.length)),
      ...tiles.flatMap((_, i) => [i ? 0 : 1]),
    ]),
  )
  const parts = [directory, gzipSync(JSON.stringify({ attribution })), Buffer.alloc(0), Buffer.concat(tiles.map((t) => t[1]))]
  const head = Buffer.alloc(127)
  head.write('PMTiles\x03', 'latin1')
  let at = head.length
  for (const [i, part] of parts.entries()) {
    head.writeBigUInt64LE(BigInt(at), 8 + 16 * i)
    head.writeBigUInt64LE(BigInt(part.length), 16 + 16 * i)
    at += part.length
  }
  head.set([1, 2, 1, 2, least, most], 96)
  for (const [i, degrees] of area.entries()) head.writeInt32LE(Math.round(degrees * 1e7), 102 + 4 * i)
  return Buffer.concat([head, ...parts])
}
