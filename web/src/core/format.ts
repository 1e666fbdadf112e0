import type { Lang } from './i18n'
import type { Text } from './protocol'

const locale: Record<Lang, string> = { vi: 'vi-VN', en: 'en-GB' }
const numbers = new Map<string, Intl.NumberFormat>()

function decimal(n: number, lang: Lang, digits: number): string {
  const key = lang + digits
  let f = numbers.get(key)
  if (!f) {
    f = new Intl.NumberFormat(locale[lang], { minimumFractionDigits: digits, maximumFractionDigits: digits })
    numbers.set(key, f)
  }
  return f.format(n)
}

/* Numbers and their units never part at the end of a line: U+00A0. */

/** Ages are told in steps of this, ms: tenths alone would take all of the 50 ms that they may be wrong by. */
const AGE_STEP = 50

/** A live picture's age: "0,40 s"; "≈ 0,40 s" where the camera's own delay is not known. Never nothing: 0,05 s at least. */
export function formatAge(ms: number, lang: Lang, approximate = false): string {
  const age = Math.max(Math.round(ms / AGE_STEP), 1) * AGE_STEP
  return `${approximate ? '≈\u00a0' : ''}${decimal(age / 1000, lang, 2)}\u00a0s`
}

/** A time gone by, in whole units: "6 s", "2 phút", "3 giờ". Never less than 1 s. */
export function formatAgo(ms: number, lang: Lang): string {
  const s = Math.max(1, Math.floor(ms / 1000))
  if (s < 60) return `${s}\u00a0s`
  const min = Math.floor(s / 60)
  if (min < 60) return lang === 'vi' ? `${min}\u00a0phút` : `${min}\u00a0min`
  const h = Math.floor(min / 60)
  return lang === 'vi' ? `${h}\u00a0giờ` : `${h}\u00a0h`
}

const two = (n: number) => String(n).padStart(2, '0')

/** Time of day in 24 hours, with the date when it is not today: "22:10", "20/11 22:10". */
export function formatClock(unixMs: number, nowUnixMs: number): string {
  const d = new Date(unixMs)
  const time = `${two(d.getHours())}:${two(d.getMinutes())}`
  if (d.toDateString() === new Date(nowUnixMs).toDateString()) return time
  return `${two(d.getDate())}/${two(d.getMonth() + 1)} ${time}`
}

/** "1,1 Mb/s" */
export function formatRate(bitsPerSecond: number, lang: Lang): string {
  return `${decimal(bitsPerSecond / 1e6, lang, 1)}\u00a0Mb/s`
}

/** "184 MB", "1,2 GB" */
export function formatSize(bytes: number, lang: Lang): string {
  if (bytes < 999.5e6) return `${decimal(bytes / 1e6, lang, bytes < 9.95e6 ? 1 : 0)}\u00a0MB`
  return `${decimal(bytes / 1e9, lang, 1)}\u00a0GB`
}

/** A daily budget, as it is spoken of: "500 MB", "1 GB" */
export function formatBudget(bytes: number, lang: Lang): string {
  return formatSize(bytes, lang).replace(/[,.]0/, '')
}

export function textIn(t: Text | undefined, lang: Lang): string {
  return t?.[lang] ?? t?.vi ?? ''
}
