import type { Text } from './protocol'
import type { Tile } from './tile'

/** No new picture for this long, ms, while there should be one: stale. */
export const STALE_MS = 1200
/** Age from which the network is called weak, and below which it is well again, ms. */
export const WEAK_MS = 1500
export const WELL_MS = 1300
/** An opening that takes longer says so, ms. */
export const SLOW_MS = 5000

/**
 * Why somebody who has the right does not see the picture: the audit log cannot
 * be written, a household wants a case, its owner lets nobody see it now, or an
 * administrator ended the look.
 */
const REASONS = ['unrecorded', 'case_needed', 'closed_by_owner', 'view_ended'] as const
type Reason = (typeof REASONS)[number]

/** What a tile shows. */
export type TileView =
  | { kind: 'idle' }
  /** own: the video element already holds a picture of this camera; slow: over SLOW_MS */
  | { kind: 'opening'; own: boolean; slow: boolean }
  | { kind: 'live' | 'weak'; age: number; approximate: boolean }
  /** age: of the picture on the screen, ms; network: our socket is down too */
  | { kind: 'stale'; age: number; network: boolean }
  | { kind: 'offline'; own: boolean; since: number | undefined; retryAt: number | undefined; text: Text | undefined }
  | { kind: 'nonet'; own: boolean }
  /** code: where it is not for want of a right */
  | { kind: 'denied'; text: Text | undefined; code?: Reason }
  | { kind: 'tap'; own: boolean }

/** What surrounds the tiles. */
export interface Surroundings {
  /** navigator.onLine */
  online: boolean
  /** the socket is open and welcomed */
  connected: boolean
  /** the browser refused to play */
  refused: boolean
  /** page clock since when the page is visible, ms: before, no picture is drawn */
  visibleAt: number
}

/** What to show, by what is known now. @param before the last answer, for hysteresis */
export function tileView(t: Tile, s: Surroundings, now: number, before?: TileView): TileView {
  if (t.camera === '') return { kind: 'idle' }
  const m = t.message
  if (m?.state === 'denied') {
    const code = REASONS.find((r) => r === m.code)
    return { kind: 'denied', text: m.text, ...(code && { code }) }
  }
  const own = t.own !== undefined
  if (s.refused) return { kind: 'tap', own }
  const gone = m?.state === 'offline'
  const quiet = t.own ? now - Math.max(t.own.at, s.visibleAt) : Infinity
  if (!gone && quiet <= STALE_MS) return moving(t, before)
  if (!s.online) return { kind: 'nonet', own }
  if (gone) return { kind: 'offline', own, since: m.since, retryAt: m.retry_at, text: m.text }
  if (t.own) return { kind: 'stale', age: (t.lastAge ?? 0) + now - t.own.at, network: !s.connected }
  return { kind: 'opening', own, slow: now - Math.max(t.viewedAt, s.visibleAt) > SLOW_MS }
}

function moving(t: Tile, before: TileView | undefined): TileView {
  const age = t.meter.value
  // Without a measured age nothing is called live.
  if (age === undefined) return { kind: 'opening', own: true, slow: false }
  const weak = age > (before?.kind === 'weak' ? WELL_MS : WEAK_MS)
  return { kind: weak ? 'weak' : 'live', age, approximate: t.source === 'arrival' }
}

/** What a stalled picture asks for, when neither socket nor gateway tell of a fault. */
export type Cure = 'none' | 'restart' | 'renew'

/**
 * Decides how to wake pictures that should come and do not: after 6 s an ICE
 * restart (the gateway itself calls a camera silent after 5), after 12 s a new
 * peer, and so on every 12 s.
 * @param stalledFor ms @param lastCure ms since the last cure
 */
export function cure(stalledFor: number, lastCure: number): Cure {
  if (stalledFor < 6000 || lastCure < 6000) return 'none'
  return stalledFor < 12_000 ? 'restart' : lastCure < 12_000 ? 'none' : 'renew'
}
