import { formatAgo, formatClock } from './format'
import type { Lang, Strings } from './i18n'
import { officerStrings } from './officer-text'
import type { TileView } from './state'
import { troubleWords, type About } from './trouble'
import type { Words } from './words'

/** What the viewer's page knows beside a tile that shows no live picture, and another portal's does not. */
export interface OfficerAbout extends About {
  giver: Giver
  /** the nearest camera that gives pictures */
  instead?: { id: string; name: string } | undefined
}

/** Who gives the right that is missing. */
export interface Giver {
  /** the camera's area, where the list has told it */
  area?: string
  /** one may ask for it here */
  ask: boolean
}

/** The words of what went wrong, and of what may be done about it; undefined where nothing did. @param now Unix ms */
export function officerWords(v: TileView, s: Strings, lang: Lang, now: number, about: OfficerAbout): Words | undefined {
  const t = officerStrings[lang]
  if ((v.kind === 'live' || v.kind === 'weak') && v.hot !== undefined) {
    const line = t.hotAt(t.perSecond(v.hot))
    return { light: 'weak', line, short: line, spoken: line }
  }
  if (v.kind === 'rest' && v.thin) {
    const w: Words = { light: 'weak', line: t.thin, short: t.thin, spoken: t.thin }
    return about.still === undefined ? w : { ...w, pill: s.frozen(formatAgo(Math.max(0, now - about.still), lang)) }
  }
  if (v.kind === 'rest') {
    const w: Words = { light: 'weak', line: t.hot, short: t.hot, spoken: t.resting }
    return about.still === undefined ? w : { ...w, pill: s.takenAt(formatClock(about.still, now)) }
  }
  const w = troubleWords(v, s, lang, now, about)
  const { instead, giver } = about
  if (w && v.kind === 'offline' && instead) return { ...w, instead: { camera: instead.id, label: t.instead, name: instead.name } }
  if (!w || v.kind !== 'denied' || v.code) return w
  // Of a camera that the list does not have nothing is told, not even that it is there.
  const { area, ask } = giver
  const here = area === undefined ? { note: `${w.note} ${t.givenThere}` } : { line: area, note: t.givenBy(area) }
  return { ...w, ...here, ...(ask && { button: t.askRight, asks: 'ask' as const, ...(area && { query: area }) }) }
}
