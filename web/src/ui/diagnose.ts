import type { Session } from '../core/session'
import type { TileView } from '../core/state'

/** What a session does, in numbers. @param wall the page's zero, Unix ms */
export function diagnose<T extends object>(s: Session | undefined, views: TileView[], placed: string[], screen: T, wall: number) {
  return {
    connected: s?.connected ?? false,
    peer: s?.peerState ?? 'closed',
    clockOffsetMs: s?.offset === undefined ? null : Math.round(s.offset - wall),
    rttMs: s?.rtt === undefined ? null : Math.round(s.rtt),
    ...screen,
    tiles: views.map((v, i) => ({
      camera: placed[i],
      state: v.kind,
      ageMs: 'age' in v ? Math.round(v.age) : null,
      stream: s?.tiles[i]?.message?.stream ?? null,
      width: s?.tiles[i]?.own?.width ?? null,
      height: s?.tiles[i]?.own?.height ?? null,
      ...s?.last[i],
      ...s?.rates[i],
    })),
    browser: navigator.userAgent,
  }
}
