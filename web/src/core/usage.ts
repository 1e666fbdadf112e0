/** Data used in a day, bytes. */
export interface Usage {
  /** local day, 2026-11-21 */
  day: string
  bytes: number
}

export function dayOf(d: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`
}

/** Adds to the day's sum; a new day starts at nothing. */
export function addUsage(u: Usage | undefined, bytes: number, day: string): Usage {
  return { day, bytes: (u?.day === day ? u.bytes : 0) + bytes }
}

/** Reads what was kept; anything else than a sum is nothing. */
export function readUsage(text: string | null): Usage | undefined {
  try {
    const u = JSON.parse(text ?? '') as Usage
    return typeof u.day === 'string' && Number.isFinite(u.bytes) && u.bytes >= 0 ? u : undefined
  } catch {
    return undefined
  }
}
