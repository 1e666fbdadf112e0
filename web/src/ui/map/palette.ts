/** The colours of a map: the page's own tokens, as they are now. A canvas knows no custom properties. */
export interface Palette {
  ground: string
  line: string
  bubble: string
  text: string
  quiet: string
  faint: string
  accent: string
  warn: string
  bad: string
  /** a hull on the ground */
  hull: string
  mood: Mood
}

/** What light the page is made for: an operator's own map is darkened by it. */
export type Mood = 'light' | 'dark' | 'red'

/** So much of a hull is its colour, the rest is what lies under it. */
export const SHADE = 0.085

type RGB = readonly [number, number, number]

export function readPalette(host: Element): Palette {
  const style = getComputedStyle(host)
  const token = (name: string) => style.getPropertyValue(name).trim() || style.color
  const [ground, text, accent] = [token('--map-ground'), token('--tx'), token('--ac')]
  const [under, ink, over] = parts([ground, text, accent])
  const mixed = under.map((n, i) => Math.round(n + (over[i]! - n) * SHADE))
  return {
    ground,
    line: token('--map-line'),
    bubble: token('--s3'),
    text,
    quiet: token('--t2'),
    faint: token('--t3'),
    accent,
    warn: token('--warn'),
    bad: token('--bad'),
    hull: `rgb(${mixed.join(' ')})`,
    mood: moodOf(under, ink),
  }
}

/** By the colours themselves: however the page names its themes. */
function moodOf(ground: RGB, ink: RGB): Mood {
  const [r, g, b] = ink
  if (r > 2 * Math.max(g, b)) return 'red'
  return ground[0] + ground[1] + ground[2] > 3 * 128 ? 'light' : 'dark'
}

/** Colours in whatever words of CSS, as numbers. */
function parts(colours: readonly [string, string, string]): [RGB, RGB, RGB] {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
  const g = canvas.getContext('2d', { willReadFrequently: true })
  const [a, b, c] = colours.map((colour): RGB => {
    if (!g) return [0, 0, 0]
    g.fillStyle = colour
    g.fillRect(0, 0, 1, 1)
    const [red, green, blue] = g.getImageData(0, 0, 1, 1).data
    return [red!, green!, blue!]
  })
  return [a!, b!, c!]
}

/** Calls when the page's colours may have become others: night, daylight, forced colours. @returns how to stop */
export function watchColours(changed: () => void): () => void {
  const root = new MutationObserver(changed)
  root.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'style', 'data-theme'] })
  const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((q) => matchMedia(q))
  for (const q of queries) q.addEventListener('change', changed)
  return () => {
    root.disconnect()
    for (const q of queries) q.removeEventListener('change', changed)
  }
}
