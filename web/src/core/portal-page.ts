/** What the frame and the page around it say to each other; see docs/embedding.md. */

/** What the frame says. */
export type Said =
  /** renew: to go on with what runs */
  | { type: 'token-please'; renew: boolean }
  /** what the element tells, by the name of its event and with its detail */
  | { type: 'camera-state' | 'first-picture' | 'stats' | 'session-expired' | 'camera-error'; [detail: string]: unknown }

/** A token's bound, bytes; as the gateway's. */
const MAX_TOKEN = 4096

/** The origins that may talk to the frame, as the gateway wrote them into its page. */
export function originsOf(content: string): string[] {
  return content.split(' ').filter((o) => o !== '')
}

/** Of them those that the page around may be of: one, where the browser tells which. */
export function around(origins: readonly string[], ancestors: ArrayLike<string> | undefined): string[] {
  return origins.filter((o) => !ancestors || o === ancestors[0])
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

/** How the frame is to look, by what stands behind its address; of each name one of these values, the first where none is said. */
const LOOKS = {
  lang: ['vi', 'en'],
  theme: ['dark', 'light', 'auto'],
  chrome: ['outside', 'overlay', 'none'],
  fit: ['contain', 'cover'],
  stream: ['auto', 'main', 'sub'],
}

/** The element's properties that the frame's address asks for. */
export function looksOf(search: string): { language: string; theme: string; chrome: string; fit: string; stream: string; controls: string } {
  const p = new URLSearchParams(search)
  const one = (name: keyof typeof LOOKS) => LOOKS[name].find((v) => v === p.get(name)) ?? LOOKS[name][0]!
  const controls = (p.get('controls') ?? '').slice(0, 80)
  return { language: one('lang'), theme: one('theme'), chrome: one('chrome'), fit: one('fit'), stream: one('stream'), controls }
}

/** The hello of the page around the frame: from one of its portal's origins, with a port to talk over. */
export function greeted<P>(e: { origin: string; data: unknown; ports: readonly P[] }, origins: readonly string[]): P | undefined {
  const type = (e.data as { type?: unknown } | null)?.type
  return origins.includes(e.origin) && type === 'matthan-hello' ? e.ports[0] : undefined
}

/** The token of a message over the port; undefined for any other message. */
export function heard(data: unknown): string | undefined {
  const m = data as { type?: unknown; token?: unknown } | null
  const good = m?.type === 'token' && typeof m.token === 'string' && m.token !== '' && m.token.length <= MAX_TOKEN
  return good ? (m.token as string) : undefined
}

/** What a message over the port asks the frame to do; undefined for any other message. */
export function asked(data: unknown): 'play' | 'pause' | undefined {
  const type = (data as { type?: unknown } | null)?.type
  return type === 'play' || type === 'pause' ? type : undefined
}
