import type { Lang } from '../../core/i18n'
import { formatMetres } from '../../core/map/map-text'
import { roundMetres, type View } from '../../core/map/view'

/** Longer than this it is not, CSS pixels. */
const LONGEST = 110
/** It is set anew at most so often, ms: that costs a layout. */
const EVERY_MS = 120

/** How long a round number of metres is on the screen. */
export class Ruler {
  private scale = 0
  private lang: Lang | undefined
  private at = 0

  /** @param bar an element that has its text first, and its line second */
  constructor(private readonly bar: HTMLElement) {}

  /** @param resting the view stays as it is */
  lay(v: View, lang: Lang, resting: boolean): void {
    const now = performance.now()
    if ((v.scale === this.scale && lang === this.lang) || (!resting && now - this.at < EVERY_MS)) return
    this.scale = v.scale
    this.lang = lang
    this.at = now
    const metres = roundMetres(v.scale, LONGEST)
    const [text, line] = this.bar.children as unknown as [HTMLElement, HTMLElement]
    text.textContent = formatMetres(metres, lang)
    line.style.width = `${Math.round(metres * v.scale)}px`
  }
}
