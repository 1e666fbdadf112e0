/** Longest text of one comment: the segment's length has two bytes and counts itself. */
const MAX_COMMENT = 0xffff - 2

/**
 * The JPEG with a comment (ITU-T T.81 section B.2.4.5), in UTF-8, after its start
 * and what must come directly after it: JFIF's and Exif's own segments.
 */
export function withComment(jpeg: Uint8Array<ArrayBuffer>, text: string): Uint8Array<ArrayBuffer> {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) throw new Error('this is no JPEG')
  let at = 2
  while (jpeg[at] === 0xff && jpeg[at + 1]! >= 0xe0 && jpeg[at + 1]! <= 0xe1) at += 2 + ((jpeg[at + 2]! << 8) | jpeg[at + 3]!)
  const words = new TextEncoder().encode(text).slice(0, MAX_COMMENT)
  const out = new Uint8Array(jpeg.length + 4 + words.length)
  out.set(jpeg.subarray(0, at))
  out.set([0xff, 0xfe, (words.length + 2) >> 8, (words.length + 2) & 0xff], at)
  out.set(words, at + 4)
  out.set(jpeg.subarray(at), at + 4 + words.length)
  return out
}

/** A JPEG's first comment, or null. */
export function commentOf(jpeg: Uint8Array): string | null {
  for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xda; ) {
    const length = (jpeg[at + 2]! << 8) | jpeg[at + 3]!
    if (jpeg[at + 1] === 0xfe) return new TextDecoder().decode(jpeg.subarray(at + 4, at + 2 + length))
    at += 2 + length
  }
  return null
}
