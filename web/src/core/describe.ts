import type { Lang } from './i18n'
import type { TileView } from './state'
import type { TileStrings } from './tile-text'
import { troubleWords, type About } from './trouble'
import { calmWords, type Words } from './words'

export type { Words } from './words'

/** A tile's state in words, whatever it is. @param now Unix ms */
export function describe(v: TileView, s: TileStrings, lang: Lang, now: number, about: About = {}): Words {
  return troubleWords(v, s, lang, now, about) ?? calmWords(v, s, lang, about.still, now)
}
