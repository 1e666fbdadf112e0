// A made-up city for maps: 3,000 cameras in 40 wards around the middle of one, the same at each call.

/** A number from 0 to 1 after another, the same row at each start (mulberry32). */
function row(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** @param port of the simulated cameras; all show the same one, since a map asks none for a picture */
export function cityCameras(port, count = 3000, wards = 40) {
  const next = row(7)
  const middles = Array.from({ length: wards }, () => [21.02 + (next() - 0.5) * 0.16, 105.83 + (next() - 0.5) * 0.2])
  return Array.from({ length: count }, (_, i) => {
    const [lat, lng] = middles[i % wards]
    const position = [lat + (next() + next() - 1) * 0.012, lng + (next() + next() - 1) * 0.013].map((n) => n.toFixed(6))
    return { id: `cam${i}`, name: `Ngã tư số ${i}`, area: `phuong-${i % wards}`, port, index: 0, position }
  })
}
