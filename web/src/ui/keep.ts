/** What this device remembers. Storage may be refused (private windows): then nothing is kept, and nothing breaks. */
function guarded<T>(f: () => T): T | undefined {
  try {
    return f()
  } catch {
    return undefined
  }
}

const prefix = 'matthan.'

export const keep = {
  /** for as long as the browser keeps it */
  get: (key: string): string | null => guarded(() => localStorage.getItem(prefix + key)) ?? null,
  set: (key: string, value: string): void => void guarded(() => localStorage.setItem(prefix + key, value)),
  /** for this tab only */
  getTab: (key: string): string | null => guarded(() => sessionStorage.getItem(prefix + key)) ?? null,
  setTab: (key: string, value: string): void => void guarded(() => sessionStorage.setItem(prefix + key, value)),
  removeTab: (key: string): void => void guarded(() => sessionStorage.removeItem(prefix + key)),
}

/** A list of camera ids, as kept. At most 200. */
export function readIds(text: string | null): string[] {
  const v = guarded(() => JSON.parse(text ?? '[]') as unknown)
  return Array.isArray(v) ? v.filter((x): x is string => typeof x === 'string').slice(0, 200) : []
}
