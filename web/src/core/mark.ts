import type { Mark } from './protocol'

const two = (n: number) => String(n).padStart(2, '0')

/** hh:mm:ss, where the phone is. @param at Unix ms */
export function timeOfDay(at: number): string {
  const d = new Date(at)
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
}

/** Who looks: the name, and the number where it says more than the name. */
export function markOwner(m: Mark): string {
  return m.number && m.number !== m.name ? `${m.name} · ${m.number}` : m.name
}

/** What lies over the picture, in two lines. @param at the gateway's clock, Unix ms */
export function markLines(m: Mark, at: number): [string, string] {
  return [markOwner(m), `${timeOfDay(at)} · ${m.code}`]
}

const WANDER_X = 5
const WANDER_Y = 5
const ROUND_X_S = 97
const ROUND_Y_S = 71

/**
 * How far the mark has wandered from its place, per cent of the picture: slowly,
 * so that it covers nothing for long, and no crop that is prepared once leaves it out.
 */
export function wander(at: number): { x: number; y: number } {
  const turn = (seconds: number) => Math.sin((at / 1000 / seconds) * 2 * Math.PI)
  return { x: WANDER_X * turn(ROUND_X_S), y: WANDER_Y * turn(ROUND_Y_S) }
}
