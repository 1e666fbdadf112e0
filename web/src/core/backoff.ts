const FIRST_MS = 300
const LAST_MS = 8000
const JITTER = 0.3

/**
 * The wait before reconnecting, in ms: 0.3, 0.6, 1.2 ... 8 s, each ±30 %.
 * @param attempt 0 for the first try after a break
 * @param random 0 to 1
 */
export function backoff(attempt: number, random: number): number {
  const base = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(Math.max(attempt, 0), 10))
  return Math.round(base * (1 - JITTER + 2 * JITTER * random))
}
