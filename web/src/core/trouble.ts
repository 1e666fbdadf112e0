import { formatAgo, formatClock, textIn } from './format'
import type { Lang } from './i18n'
import type { TileView } from './state'
import type { TileStrings } from './tile-text'
import { troubleStrings, type TroubleStrings } from './trouble-text'
import type { Words } from './words'

/** What is known beside a tile that shows no live picture. */
export interface About {
  /** Unix ms of the kept picture that is shown, if one is */
  still?: number | undefined
  /** why the camera's owner lets nobody see it, where the list says so */
  closed?: string
}

/** The words of what went wrong; undefined where nothing did. @param now Unix ms */
export function troubleWords(v: TileView, s: TileStrings, lang: Lang, now: number, about: About): Words | undefined {
  const t = troubleStrings[lang]
  switch (v.kind) {
    case 'offline':
      return offline(v, t, lang, now)
    case 'nonet':
      return { light: 'idle', line: t.whenNetwork, short: s.noNetwork, spoken: s.noNetwork, icon: 'wifiOff', title: s.noNetwork }
    case 'denied':
      return denied(v, s, t, lang, about)
    case 'tap':
      return { light: 'idle', line: t.savingPower, short: s.tapToWatch, spoken: s.tapToWatch, button: s.tapToWatch }
    default:
      return undefined
  }
}

function offline(v: Extract<TileView, { kind: 'offline' }>, t: TroubleStrings, lang: Lang, now: number): Words {
  const seconds = Math.ceil(((v.retryAt ?? 0) - now) / 1000)
  const since = v.since && formatClock(v.since, now)
  const title = v.unable ? t.unable : since ? t.cameraLostSince(since) : t.cameraLost
  return {
    light: v.unable ? 'idle' : 'offline',
    line: v.unable ? title : seconds > 0 ? t.retryIn(formatAgo(seconds * 1000, lang)) : t.retrying,
    short: since && !v.unable ? t.since(since) : title,
    spoken: title,
    icon: 'videoOff',
    title,
    note: textIn(v.text, lang),
  }
}

function denied(v: Extract<TileView, { kind: 'denied' }>, s: TileStrings, t: TroubleStrings, lang: Lang, { closed }: About): Words {
  const owner = v.code === 'closed_by_owner'
  const needsCase = v.code === 'case_needed'
  const title = needsCase ? s.caseNeeded : owner ? closed || s.ownerNo : v.code === 'view_ended' ? t.viewEnded : v.code ? t.unrecorded : t.denied
  const w: Words = { light: 'idle', line: title, short: title, spoken: title, icon: needsCase || owner ? 'house' : 'lock', title }
  if (needsCase) return { ...w, button: t.openCase, asks: 'case' }
  return { ...w, note: owner ? t.ownerNote : textIn(v.text, lang) }
}
