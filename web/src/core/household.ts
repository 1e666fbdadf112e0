import type { Camera } from './cameras'
import { formatClock } from './format'
import type { Strings } from './i18n'

/** Why a household's camera shows nothing now, in words; '' where its owner lets it be watched. @param now Unix ms */
export function closedWords(c: Camera | undefined, s: Strings, now: number): string {
  if (!c?.closed) return ''
  if (c.closed === 'off') return s.ownerOff
  if (c.closed !== 'hours') return s.ownerNo
  return c.closed_until ? s.outsideHoursUntil(formatClock(Date.parse(c.closed_until), now)) : s.outsideHours
}

/** A camera of which a list may fetch a still that nobody asked for. Each look at a household's is told to its owner: a list takes none. */
export function shownUnasked(c: Camera | undefined): boolean {
  return c !== undefined && c.kind !== 'household' && c.state !== 'offline' && !c.needs_case
}
