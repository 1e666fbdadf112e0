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
}

export function readPalette(host: Element): Palette {
  const style = getComputedStyle(host)
  const token = (name: string) => style.getPropertyValue(name).trim() || style.color
  return {
    ground: token('--map-ground'),
    line: token('--map-line'),
    bubble: token('--s3'),
    text: token('--tx'),
    quiet: token('--t2'),
    faint: token('--t3'),
    accent: token('--ac'),
    warn: token('--warn'),
    bad: token('--bad'),
  }
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
