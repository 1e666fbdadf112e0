import { groundOf, type Ground } from '../../core/map/ground'
import type { Fetch } from './tiles'

const AWAIT_MS = 15_000

function asks(token: string, signal: AbortSignal): RequestInit {
  return { signal, credentials: token ? 'omit' : 'same-origin', ...(token ? { headers: { Authorization: `Bearer ${token}` } } : {}) }
}

/** The operator's own map, if there is one. Without an answer the map draws its own ground, and asks when it is opened the next time. */
export async function askGround(token: string): Promise<Ground | undefined> {
  try {
    const r = await fetch('/api/v1/map', asks(token, AbortSignal.timeout(AWAIT_MS)))
    return r.ok ? groundOf(await r.json()) : undefined
  } catch {
    return undefined
  }
}

export function tileFetch(token: () => string): Fetch {
  return async (address, signal) => {
    const r = await fetch(address, asks(token(), signal))
    return r.status === 200 ? r.blob() : undefined
  }
}
