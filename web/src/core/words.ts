import { formatAge, formatAgo, formatClock } from './format'
import type { Lang } from './i18n'
import type { TileView } from './state'
import type { TileStrings } from './tile-text'

/** A tile's state in words. */
export interface Words {
  /** which light stands before the line: a dot of that class, or a turning ring */
  light: 'ring' | 'none' | 'live' | 'weak' | 'stale' | 'offline' | 'idle'
  /** the line under the picture, and its short form for the grid */
  line: string
  short: string
  /** without the ticking number, for announcing a change */
  spoken: string
  /** over the picture */
  pill?: string
  icon?: 'videoOff' | 'wifiOff' | 'lock' | 'house'
  title?: string
  note?: string
  button?: string
  /** the button is for stating a case or asking for the right, not for playing */
  asks?: 'case' | 'ask'
  /** what the form for it begins with */
  query?: string
  /** another camera, which may be looked at meanwhile */
  instead?: { camera: string; label: string; name: string }
}

/**
 * The words of what every look goes through. What goes wrong has its own, which
 * may come later: until then it opens.
 * @param still Unix ms of the kept picture that is shown, if one is @param now Unix ms
 */
export function calmWords(v: TileView, s: TileStrings, lang: Lang, still: number | undefined, now: number): Words {
  if (v.kind === 'idle') return { light: 'none', line: '', short: '', spoken: '' }
  if (v.kind === 'live' || v.kind === 'weak') {
    const age = formatAge(v.age, lang, v.approximate)
    // From where it counts belongs to a number that stands for less than it seems to.
    const whole = v.approximate ? `${age} ${s.sinceGateway}` : age
    if (v.kind === 'weak') return { light: 'weak', line: s.weak(whole), short: s.weak(age), spoken: s.weakWord }
    return { light: 'live', line: s.live(whole), short: age, spoken: v.approximate ? `${s.liveWord}, ${s.sinceGateway}` : s.liveWord }
  }
  if (v.kind === 'stale') {
    const pill = s.frozen(formatAgo(v.age, lang))
    return { light: 'stale', line: s.reconnecting, short: s.reconnecting, spoken: s.reconnecting, pill }
  }
  // Without a network nothing comes later.
  if (v.kind === 'nonet') return { light: 'idle', line: s.noNetwork, short: s.noNetwork, spoken: s.noNetwork }
  const line = v.kind === 'opening' && v.slow ? s.openingSlow : s.opening
  const w: Words = { light: 'ring', line, short: s.opening, spoken: s.opening }
  return (v.kind === 'opening' && v.own) || still === undefined ? w : { ...w, pill: s.takenAt(formatClock(still, now)) }
}

/** Of a camera in a grid of stills. */
export function stillWords(s: TileStrings, still: number | undefined, now: number): Words {
  const short = still === undefined ? '' : formatClock(still, now)
  return { light: 'none', line: short && s.takenAt(short), short, spoken: '' }
}
