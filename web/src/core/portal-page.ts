/** What the frame and the page around it say to each other; see docs/embedding.md. */

export interface TokenPlease {
  type: 'token-please'
  /** to go on with what runs */
  renew: boolean
}

/** A token's bound, bytes; as the gateway's. */
const MAX_TOKEN = 4096

/** The origins that may talk to the frame, as the gateway wrote them into its page. */
export function originsOf(content: string): string[] {
  return content.split(' ').filter((o) => o !== '')
}

/** Portal and camera of the frame's address: /embed/{portal}/{camera}. */
export function cameraOf(path: string): string {
  const m = /\/embed\/[^/]+\/([^/]+)$/.exec(path)
  try {
    return m ? decodeURIComponent(m[1]!) : ''
  } catch {
    return ''
  }
}

/** The token behind the frame's address, for pages without a script. */
export function tokenOf(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('t') ?? ''
}

/** The hello of the page around the frame: from one of its portal's origins, with a port to talk over. */
export function greeted<P>(e: { origin: string; data: unknown; ports: readonly P[] }, origins: readonly string[]): P | undefined {
  const type = (e.data as { type?: unknown } | null)?.type
  return origins.includes(e.origin) && type === 'matthan-hello' ? e.ports[0] : undefined
}

/** The token of a message over the port; undefined for any other message. */
export function handed(data: unknown): string | undefined {
  const m = data as { type?: unknown; token?: unknown } | null
  const good = m?.type === 'token' && typeof m.token === 'string' && m.token !== '' && m.token.length <= MAX_TOKEN
  return good ? (m.token as string) : undefined
}
