/** A live camera that is shared for minutes, as who made it, opened it or supervises the place sees it. */
export interface Share {
  key: string
  camera: string
  /** of the camera */
  name: string
  area_name: string
  by_name: string
  /** whom it is for, by name */
  for: string
  outside: boolean
  note?: string
  made: string
  /** when it ended, where it has */
  until: string
  running: boolean
  opened: boolean
  /** the colleague who opened it, by name */
  opened_by?: string
  /** wrong pins */
  tries?: number
  mine: boolean
  /** we look by it */
  received: boolean
}

/** What is asked for. */
export interface ShareOrder {
  camera: string
  for: string
  minutes: number
  note?: string
  outside?: boolean
}

/** What is told of it, once. */
export interface MadeShare {
  key: string
  link: string
  pin?: string
  until: string
}

/** For how long one may share, minutes. */
export const SHARE_MINUTES = [15, 30, 60, 240]
export const MAX_SHARE_NAME = 100
export const MAX_SHARE_NOTE = 300
export const PIN_DIGITS = 6

/** The shares that are on, the newest first. @param now Unix ms */
export function runningShares(shares: readonly Share[], now: number): Share[] {
  return shares.filter((s) => s.running && Date.parse(s.until) > now)
}

/** What a colleague lets us see, of a camera. @param now Unix ms */
export function receivedShare(shares: readonly Share[], camera: string, now: number): Share | undefined {
  return runningShares(shares, now).find((s) => s.received && s.camera === camera)
}

/** Those by which we looked a moment ago, and no longer do. @param now Unix ms */
export function endedShares(before: readonly Share[], after: readonly Share[], now: number): Share[] {
  const on = new Set(runningShares(after, now).map((s) => s.key))
  return before.filter((s) => s.received && s.running && !on.has(s.key))
}

/** A pin in two groups, so that it can be read out: "862 261". */
export function pinWords(pin: string): string {
  return `${pin.slice(0, 3)}\u00a0${pin.slice(3)}`
}
