/** Text as it is compared in a search: without accents, in lower case ("Ngã tư Láng Hạ" > "nga tu lang ha"). */
export function fold(s: string): string {
  return s
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

/** First letters of the words: "Nguyễn Chí Thanh" > "nct". */
export function initials(s: string): string {
  return fold(s)
    .split(' ')
    .map((w) => w[0] ?? '')
    .join('')
}

/**
 * How well a folded query fits: 0 not at all, else the higher the better. All
 * words of the query must occur; the starts of words count more.
 */
export function score(query: string, text: string, short: string): number {
  if (query === '') return 1
  const compact = query.replaceAll(' ', '')
  let n = short.includes(compact) && compact.length > 1 ? 1 : 0
  const padded = ' ' + text
  let all = 0
  for (const w of query.split(' ')) {
    if (padded.includes(' ' + w)) all += 2
    else if (text.includes(w)) all += 1
    else return n
  }
  n += all
  if (padded.includes(' ' + query)) n += 2
  return n
}
