import type { Env } from '../core/env'
import { BrowserPeer } from '../core/peer'
import type { World } from '../core/session'
import { thin } from './connection'

/** The browser, as the core needs it. */
export const browser: Env = {
  now: () => performance.now(),
  random: Math.random,
  setTimeout: (f, ms) => window.setTimeout(f, ms),
  clearTimeout: (id) => window.clearTimeout(id),
}

/** What a session needs of the world; the gateway is at a URL, relative to the page's. */
export function worldOf(gateway: string, token: () => string): World {
  const at = new URL('ws', new URL(gateway, location.href))
  at.protocol = at.protocol.replace('http', 'ws')
  return { ...browser, socket: () => new WebSocket(at), peer: (n, ice) => new BrowserPeer(n, ice), token, thin }
}
