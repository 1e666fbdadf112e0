/** Who watches what now, as the API tells it. */

export interface OpenView {
  id: string
  camera: string
  camera_name: string
  area: string
  kind: string
  /** person, token, officer, guest, invited */
  way: string
  who: string
  number?: string
  portal?: string
  portal_name?: string
  device?: string
  where?: string
  /** Unix ms */
  since: number
  quality: string
  state: string
  width?: number
  height?: number
  reason?: string
  case?: string
}

/** The longest look first, so that a new one moves none of those above it. */
export const inOrder = (views: readonly OpenView[]): OpenView[] => [...views].sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))

/** How many look: one person may see several cameras. */
export const peopleIn = (views: readonly OpenView[]): number => new Set(views.map((v) => `${v.way} ${v.portal ?? ''} ${v.number ?? ''} ${v.who}`)).size

/** The least and the most that a reason may have. */
export const REASON = { least: 3, most: 200 } as const
