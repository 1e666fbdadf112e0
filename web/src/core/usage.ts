/** Data used in a day, bytes. */
export interface Usage {
  /** local day, 2026-11-21 */
  day: string
  bytes: number
  /** the part of the day's budget that was last spoken of, per cent */
  said?: number
}

/** Budgets of a day to choose from, bytes; 0 is none. */
export const BUDGETS = [0.5e9, 1e9, 2e9, 5e9, 0]
const USUAL = 1e9
/** Parts of it that are spoken of, per cent. */
const STEPS = [100, 80]

export function dayOf(d: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`
}

/** Adds to the day's sum; a new day starts at nothing. */
export function addUsage(u: Usage | undefined, bytes: number, day: string): Usage {
  return u?.day === day ? { ...u, bytes: u.bytes + bytes } : { day, bytes }
}

/** What was used on a day. */
export function usedOn(u: Usage | undefined, day: string): number {
  return u?.day === day ? u.bytes : 0
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

/** The budget that was kept, or the usual one. */
export function readBudget(text: string | null): number {
  return text === null ? USUAL : (BUDGETS.find((b) => String(b) === text) ?? USUAL)
}

/** How much of the budget is used, 0 to 1. */
export function share(bytes: number, budget: number): number {
  return budget > 0 ? Math.min(1, bytes / budget) : 0
}

/** The part of the budget, per cent, that is to be spoken of now; 0 for none. Each is said once a day. */
export function toSay(u: Usage | undefined, budget: number, day: string): number {
  if (budget <= 0) return 0
  const step = STEPS.find((s) => usedOn(u, day) * 100 >= s * budget) ?? 0
  return step > (u?.said ?? 0) ? step : 0
}
