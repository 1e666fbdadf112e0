import type { Text } from '../protocol'

/** One thing that the gateway found at a camera. */
export interface Finding {
  code: string
  severity: 'fault' | 'advice' | 'fine'
  says: Text
  do?: Text
  /** where in the camera's own menu */
  menu?: Text
}

/** What the gateway tells of a camera that it has examined. */
export interface CheckReport {
  make?: string
  playable: boolean
  verdict: Text
  findings: Finding[]
  main?: { url: string }
  sub?: { url: string }
}

/** Addresses that the form could take over: those that are other than what was typed, and hide nothing. */
export function proposals(report: CheckReport, typed: { main: string; sub: string }): { main?: string; sub?: string } {
  const good = (url: string | undefined, now: string) => (url && !url.includes('•') && url !== now.trim() ? url : undefined)
  const main = good(report.main?.url, typed.main)
  const sub = good(report.sub?.url, typed.sub)
  return { ...(main ? { main } : {}), ...(sub ? { sub } : {}) }
}

/** What is wrong or could be better, and what is fine. */
export function sorted(report: CheckReport): { open: Finding[]; fine: Finding[] } {
  return { open: report.findings.filter((f) => f.severity !== 'fine'), fine: report.findings.filter((f) => f.severity === 'fine') }
}
