import type { Stream } from './protocol'

/** What can be chosen for the large picture: the gateway's choice, the small stream, the camera's full one. */
export const QUALITIES = ['auto', 'sub', 'main'] as const satisfies readonly Stream[]

export function readQuality(kept: string | null): Stream {
  return QUALITIES.find((q) => q === kept) ?? 'auto'
}

/**
 * The stream to ask for. Saving data stands above all; what somebody chose is not
 * overruled by looking closely.
 */
export function streamFor(chosen: Stream, saving: boolean, close: boolean): Stream {
  if (saving) return 'sub'
  return chosen === 'auto' && close ? 'main' : chosen
}
