import type { Text } from './protocol'
import type { Tile } from './tile'

/** No new picture for this long, ms, while there should be one: stale. */
export const STALE_MS = 1200
/** Age from which the network is called weak, and below which it is well again, ms. */
export const WEAK_MS = 1500
export const WELL_MS = 1300
/** An opening that takes longer says so, ms. */
export const SLOW_MS = 5000
/** The share of packets lost from which the network is called weak, and below which it is well again. */
export const WEAK_LOSS = 0.05
export const WELL_LOSS = 0.02

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
  /** hot: the device is spared, and this many pictures a second are left; said for a moment */
  | { kind: 'live' | 'weak'; age: number; approximate: boolean; hot?: number }
  /** the device cannot play it beside the others, or thin: the link has no room for it. A still stands for it */
  | { kind: 'rest'; thin?: true }
  /** age: of the picture on the screen, ms; network: our socket is down too */
  | { kind: 'stale'; age: number; network: boolean }
  /** unable: the camera plays, and this device does not decode it */
  | { kind: 'offline'; own: boolean; since: number | undefined; retryAt: number | undefined; text: Text | undefined; unable?: boolean }
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
  /** share of the tile's packets that were lost of late */
  loss?: number
  /** pictures a second, while it is said that the device is spared */
  hot?: number
}

/** What to show, by what is known now. @param before the last answer, for hysteresis */
export function tileView(t: Tile, s: Surroundings, now: number, before?: TileView): TileView {
  if (t.rested) return { kind: 'rest' }
  if (t.camera === '') return { kind: 'idle' }
  const m = t.message
  if (m?.state === 'denied') {
    const code = REASONS.find((r) => r === m.code)
    return { kind: 'denied', text: m.text, ...(code && { code }) }
  }
  const own = !!t.own
  if (s.refused) return { kind: 'tap', own }
  const gone = m?.state === 'offline'
  if (m?.state === 'held' && s.online) return { kind: 'rest', thin: true } // whatever was on its way
  if (!gone && t.own && now - Math.max(t.own.at, s.visibleAt) <= STALE_MS) return moving(t, s, before)
  if (!s.online) return { kind: 'nonet', own }
  if (gone) return { kind: 'offline', own, since: m.since, retryAt: m.retry_at, text: m.text, unable: m.code === 'codec' && !m.retry_at }
  if (t.own) return { kind: 'stale', age: (t.lastAge ?? 0) + now - t.own.at, network: !s.connected }
  return { kind: 'opening', own, slow: now - Math.max(t.viewedAt, s.visibleAt) > SLOW_MS }
}

function moving(t: Tile, s: Surroundings, before: TileView | undefined): TileView {
  const age = t.meter.value
  // Without a measured age nothing is called live.
  if (age === undefined) return { kind: 'opening', own: true, slow: false }
  const was = before?.kind === 'weak'
  const weak = age > (was ? WELL_MS : WEAK_MS) || (s.loss ?? 0) > (was ? WELL_LOSS : WEAK_LOSS)
  const view = { kind: weak ? ('weak' as const) : ('live' as const), age, approximate: t.source === 'arrival' }
  return s.hot === undefined ? view : { ...view, hot: s.hot }
}

/** What a stalled picture asks for, when neither socket nor gateway tell of a fault. */
export type Cure = 'none' | 'restart' | 'renew'

/** For this long after the page is seen again, ms, the way is thought to be what is at fault. */
const RETURN_MS = 10_000

/**
 * Decides how to wake pictures that should come and do not: after 6 s an ICE
 * restart (the gateway itself calls a camera silent after 5), after 12 s a new
 * peer, and so on every 12 s. A page that was away for long is not that patient:
 * its way has mostly been closed behind it.
 * @param stalledFor ms @param lastCure ms since the last cure @param seenFor ms since the page came back
 */
export function cure(stalledFor: number, lastCure: number, seenFor = Infinity): Cure {
  if (seenFor < RETURN_MS) {
    if (stalledFor < 1500 || lastCure < 1500) return 'none'
    return lastCure > seenFor ? 'restart' : stalledFor >= 4000 && lastCure > 2400 ? 'renew' : 'none'
  }
  if (stalledFor < 6000 || lastCure < 6000) return 'none'
  return stalledFor < 12_000 ? 'restart' : lastCure < 12_000 ? 'none' : 'renew'
}
