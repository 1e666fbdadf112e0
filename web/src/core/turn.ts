import type { Stick } from './protocol'

/** Asked for again so often, ms: a motion that is not stops after 600 ms. */
export const AGAIN_MS = 200
/** The middle of the pad, where a thumb rests without turning anything: a share of its radius. */
const STILL = 0.14

/** How fast to turn, each from -1 to 1 of the fastest: to the right, up, in. */
export interface Motion {
  pan: number
  tilt: number
  zoom: number
}

export const AT_REST: Motion = { pan: 0, tilt: 0, zoom: 0 }

/** What a thumb at x, y from the pad's middle asks for: slow near the middle, fast at the rim, the same way as the thumb. */
export function pushed(x: number, y: number, radius: number): Motion {
  const far = Math.min(1, Math.hypot(x, y) / radius)
  if (far < STILL) return AT_REST
  const fast = ((far - STILL) / (1 - STILL)) ** 2
  const turn = Math.atan2(y, x)
  return { pan: round(Math.cos(turn) * fast), tilt: round(-Math.sin(turn) * fast), zoom: 0 }
}

const round = (v: number): number => Math.round(v * 100) / 100 || 0

const keys: Record<string, Partial<Motion>> = {
  ArrowLeft: { pan: -1 },
  ArrowRight: { pan: 1 },
  ArrowUp: { tilt: 1 },
  ArrowDown: { tilt: -1 },
  '+': { zoom: 1 },
  '=': { zoom: 1 },
  '-': { zoom: -1 },
}

/** A key of the pad. */
export const isKey = (key: string): boolean => key in keys

/** What the keys that are down ask for, at half of the fastest: a key knows no more. */
export function keyed(down: Iterable<string>): Motion {
  const m = { ...AT_REST }
  for (const key of down) {
    const k = keys[key]
    if (!k) continue
    m.pan += (k.pan ?? 0) / 2
    m.tilt += (k.tilt ?? 0) / 2
    m.zoom += (k.zoom ?? 0) / 2
  }
  return m
}

export const rests = (m: Motion): boolean => m.pan === 0 && m.tilt === 0 && m.zoom === 0

/** What the page shows of a stick. */
export type StickView =
  | { kind: 'none' }
  /** somebody turns it, and this viewer may not */
  | { kind: 'watched'; holder: string }
  /** it may be taken, perhaps from somebody */
  | { kind: 'free'; holder: string }
  /** the camera is being reached */
  | { kind: 'reaching' }
  | { kind: 'mine'; presets: readonly { id: string; name: string }[] }
  | { kind: 'failed' }

export function stickView(s: Stick | undefined, camera: string): StickView {
  if (!s || s.camera !== camera || camera === '') return { kind: 'none' }
  if (s.mine) return s.failed ? { kind: 'failed' } : s.ready ? { kind: 'mine', presets: s.presets ?? [] } : { kind: 'reaching' }
  if (s.may) return s.failed ? { kind: 'failed' } : { kind: 'free', holder: s.holder ?? '' }
  return s.holder ? { kind: 'watched', holder: s.holder } : { kind: 'none' }
}
