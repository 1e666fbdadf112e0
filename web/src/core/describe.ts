import { formatAge, formatAgo, formatClock, textIn, type Lang, type Strings } from './i18n'
import type { TileView } from './state'

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
  /** the button is for stating a case, not for playing */
  asks?: true
}

/** Of a camera in a grid of stills. */
export function stillWords(s: Strings, still: number | undefined, now: number): Words {
  const short = still === undefined ? '' : formatClock(still, now)
  return { light: 'none', line: short && s.takenAt(short), short, spoken: '' }
}

/**
 * @param still Unix ms of the kept picture that is shown, if one is @param now Unix ms
 * @param closed why the camera's owner lets nobody see it, where the list says so
 */
export function describe(v: TileView, s: Strings, lang: Lang, still: number | undefined, now: number, closed = ''): Words {
  switch (v.kind) {
    case 'idle':
      return { light: 'none', line: '', short: '', spoken: '' }
    case 'opening': {
      const line = v.slow ? s.openingSlow : s.opening
      const w: Words = { light: 'ring', line, short: s.opening, spoken: s.opening }
      if (!v.own && still !== undefined) w.pill = s.takenAt(formatClock(still, now))
      return w
    }
    case 'live': {
      const age = formatAge(v.age, lang, v.approximate)
      return { light: 'live', line: s.live(age), short: age, spoken: s.liveWord }
    }
    case 'weak': {
      const line = s.weak(formatAge(v.age, lang, v.approximate))
      return { light: 'weak', line, short: line, spoken: s.weakWord }
    }
    case 'stale': {
      const pill = s.frozen(formatAgo(v.age, lang))
      return { light: 'stale', line: s.reconnecting, short: s.reconnecting, spoken: s.reconnecting, pill }
    }
    case 'offline': {
      const seconds = v.retryAt === undefined ? 0 : Math.ceil((v.retryAt - now) / 1000)
      const line = seconds > 0 ? s.retryIn(formatAgo(seconds * 1000, lang)) : s.retrying
      const since = v.since === undefined ? undefined : formatClock(v.since, now)
      return {
        light: 'offline',
        line,
        short: since ? s.since(since) : s.lost,
        spoken: since ? s.cameraLostSince(since) : s.cameraLost,
        icon: 'videoOff',
        title: since ? s.cameraLostSince(since) : s.cameraLost,
        note: textIn(v.text, lang),
      }
    }
    case 'nonet':
      return {
        light: 'idle',
        line: s.whenNetwork,
        short: s.noNetwork,
        spoken: s.noNetwork,
        icon: 'wifiOff',
        title: s.noNetwork,
      }
    case 'denied': {
      const owner = v.code === 'closed_by_owner'
      const asks = v.code === 'case_needed'
      const title = asks ? s.caseNeeded : owner ? closed || s.ownerNo : v.code ? s.unrecorded : s.denied
      const w: Words = { light: 'idle', line: title, short: title, spoken: title, icon: asks || owner ? 'house' : 'lock', title }
      return asks ? { ...w, button: s.openCase, asks } : { ...w, note: owner ? s.ownerNote : textIn(v.text, lang) }
    }
    case 'tap':
      return { light: 'idle', line: s.savingPower, short: s.tapToWatch, spoken: s.tapToWatch, button: s.tapToWatch }
  }
}
