/** Latitude and longitude in degrees, WGS 84. */
export type Position = [number, number]

/**
 * Reads what is copied from a map: "21.0126, 105.8169", also with decimal
 * commas, with blanks or with degree signs. In Viet Nam no latitude is a
 * longitude, so the two are put in order.
 */
export function parsePosition(text: string): Position | undefined {
  const t = text.replace(/[°()[\]]/g, ' ').trim()
  const m =
    /^(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)$/.exec(t) ?? /^(-?\d+(?:[.,]\d+)?)\s*(?:;|\s|,\s)\s*(-?\d+(?:[.,]\d+)?)$/.exec(t)
  if (!m) return undefined
  const [a, b] = [Number(m[1]!.replace(',', '.')), Number(m[2]!.replace(',', '.'))]
  if (inVietnam(b, a) && !inVietnam(a, b)) return [b, a]
  return Math.abs(a) <= 90 && Math.abs(b) <= 180 ? [a, b] : undefined
}

/** Roughly: the land, its islands and its sea. */
export function inVietnam(latitude: number, longitude: number): boolean {
  return latitude > 6 && latitude < 24 && longitude > 102 && longitude < 118
}

export function formatPosition(p: Position | undefined): string {
  return p ? p.map((n) => Number(n.toFixed(6))).join(', ') : ''
}
