/** Cameras that are offline for minutes, watched or not, as the API tells it. */

export interface NamedCamera {
  id: string
  name: string
  area: string
}

export interface Outage {
  state: 'offline' | 'unsteady' | 'network'
  /** Unix ms */
  since: number
  cause?: string
  /** of several cameras */
  host?: string
  /** all of the person's cameras at that host */
  whole: boolean
  count: number
  /** the first of them */
  cameras: NamedCamera[] | null
}

export interface OutageList {
  cameras: number
  /** the newest first */
  outages: Outage[] | null
  /** how the server that is told of them takes it, to who administers everything */
  telling?: { waiting: number; dropped: number; failing_since?: number; why?: string }
}

/** What helps against an outage, by its kind and cause. */
export type Help = 'network' | 'host' | 'power' | 'login' | 'reach' | 'wait' | 'look'

export function helpFor(o: Outage): Help {
  if (o.state === 'network') return 'network'
  if (o.state === 'unsteady') return 'wait'
  switch (o.cause) {
    case 'unreachable':
    case 'ended':
      return o.count > 1 && o.whole ? 'host' : 'power'
    case 'unauthorized':
      return 'login'
    case 'out_of_reach':
      return 'reach'
  }
  return 'look'
}
