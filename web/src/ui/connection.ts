export interface Connection extends EventTarget {
  type?: string
  effectiveType?: string
  saveData?: boolean
}

/** The Network Information API, where there is one. */
export function connection(): Connection | undefined {
  return (navigator as Navigator & { connection?: Connection }).connection
}

/** The link is thin, or a mobile one: start with small streams. */
export function thin(): boolean {
  const c = connection()
  return c !== undefined && (c.saveData === true || c.type === 'cellular' || /2g|3g/.test(c.effectiveType ?? ''))
}
