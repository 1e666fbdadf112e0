/** Portals of other agencies, in whose pages our cameras are seen. */

export interface PortalKey {
  kid: string
  /** 32 bytes of Ed25519, base64url */
  public: string
}

/** GET /api/v1/portals/{id} */
export interface Portal {
  id: string
  name: string
  origins: string[] | null
  keys?: PortalKey[] | null
  jwks?: string
  areas?: string[] | null
  cameras?: string[] | null
  kinds?: string[] | null
  disabled?: boolean
  viewers?: number
  /** a secret for the API was made */
  has_secret?: boolean
  by_name?: string
  made?: string
  /** what its tokens must name as aud: our own origin */
  audience?: string
}

/** What PUT takes; the id stands in the address. */
export interface PortalDocument {
  name: string
  origins: string[]
  keys: PortalKey[]
  jwks?: string
  areas: string[]
  cameras: string[]
  kinds: string[]
  viewers: number
  disabled?: boolean
}

/** Somebody who looks by a portal now. */
export interface PortalViewer {
  officer: string
  name?: string
  camera?: string
  area?: string
  since?: string
  until?: string
}

export interface PortalForm {
  id: string
  name: string
  /** one a line */
  origins: string
  keys: { kid: string; text: string }[]
  jwks: string
  areas: string[]
  cameras: string[]
  kinds: string[]
  viewers: string
  disabled: boolean
}

export const PORTAL_KINDS = ['public', 'office', 'institution', 'household'] as const
const MAX_VIEWERS = 10_000
/** Origins of a portal, and keys. */
export const MAX_LIST = 16
/** The gateway's own key has this name. */
const OWN_KID = 'matthan'

export const newPortal = (): PortalForm => ({
  id: '',
  name: '',
  origins: '',
  keys: [],
  jwks: '',
  areas: [],
  cameras: [],
  kinds: ['public'],
  viewers: '50',
  disabled: false,
})

export function formOfPortal(p: Portal): PortalForm {
  return {
    id: p.id,
    name: p.name,
    origins: (p.origins ?? []).join('\n'),
    keys: (p.keys ?? []).map((k) => ({ kid: k.kid, text: k.public })),
    jwks: p.jwks ?? '',
    areas: [...(p.areas ?? [])],
    cameras: [...(p.cameras ?? [])],
    kinds: [...(p.kinds ?? [])],
    viewers: String(p.viewers || 50),
    disabled: p.disabled ?? false,
  }
}

/** The origins of a text, one a line or divided by blanks and commas. */
export function originsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean).map(tidyOrigin))]
}

/** What people paste is an address of a page: its origin is meant. */
function tidyOrigin(text: string): string {
  try {
    const u = new URL(text)
    return u.origin === 'null' ? text : u.origin
  } catch {
    return text
  }
}

/** An exact origin as the gateway takes it: https, or http of this machine. */
export function goodOrigin(origin: string): boolean {
  try {
    const u = new URL(origin)
    if (u.origin !== origin) return false
    return u.protocol === 'https:' || (u.protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(u.hostname))
  } catch {
    return false
  }
}

export type KeyFault = 'missing' | 'private' | 'kind' | 'unreadable'

/** What begins the DER form of an Ed25519 public key, RFC 8410. */
const SPKI = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
const KEY_BYTES = 32

/** Reads an Ed25519 public key as PEM, JWK or base64: 32 bytes as base64url, or what is wrong with it. */
export function readKey(text: string): { key: string; kid?: string } | KeyFault {
  const t = text.trim()
  if (t === '') return 'missing'
  if (/PRIVATE KEY/.test(t)) return 'private'
  if (t.startsWith('{')) return readJWK(t)
  const pem = /-----BEGIN PUBLIC KEY-----([\s\S]*?)-----END PUBLIC KEY-----/.exec(t)
  if (!pem && /-----/.test(t)) return 'kind'
  const bytes = fromBase64(pem ? pem[1]! : t)
  if (!bytes) return 'unreadable'
  const spki = bytes.length === SPKI.length + KEY_BYTES && SPKI.every((b, i) => bytes[i] === b)
  if (spki) return { key: toBase64(bytes.slice(SPKI.length)) }
  if (pem) return 'kind'
  return bytes.length === KEY_BYTES ? { key: toBase64(bytes) } : 'unreadable'
}

function readJWK(text: string): { key: string; kid?: string } | KeyFault {
  let k: Record<string, unknown>
  try {
    k = JSON.parse(text) as Record<string, unknown>
  } catch {
    return 'unreadable'
  }
  if (k['d'] !== undefined) return 'private'
  if (k['kty'] !== 'OKP' || k['crv'] !== 'Ed25519') return 'kind'
  const bytes = typeof k['x'] === 'string' ? fromBase64(k['x']) : undefined
  if (bytes?.length !== KEY_BYTES) return 'unreadable'
  return { key: toBase64(bytes), ...(typeof k['kid'] === 'string' ? { kid: k['kid'] } : {}) }
}

function fromBase64(text: string): Uint8Array | undefined {
  const t = text.replace(/\s+/g, '').replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '')
  if (!/^[A-Za-z0-9+/]+$/.test(t)) return undefined
  try {
    return Uint8Array.from(atob(t), (c) => c.charCodeAt(0))
  } catch {
    return undefined
  }
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

export type PortalFault = 'missing' | 'id' | 'origins' | 'keys' | 'jwks' | 'where' | 'kinds' | 'viewers' | 'kid' | 'long'
export type PortalField = 'name' | 'id' | 'origins' | 'jwks' | 'where' | 'kinds' | 'viewers'

export interface PortalFaults {
  fields: Partial<Record<PortalField, PortalFault>>
  /** by the key's place in the list */
  keys: Partial<Record<number, PortalFault | KeyFault>>
}

/** What the page can say by itself. A portal without a key of its own has its tokens made by the gateway. */
export function checkPortal(f: PortalForm): PortalFaults {
  const fields: PortalFaults['fields'] = {}
  const keys: PortalFaults['keys'] = {}
  const name = f.name.trim()
  if (name === '') fields.name = 'missing'
  else if (new TextEncoder().encode(name).length > 100) fields.name = 'long'
  if (!/^[a-z0-9-]{1,40}$/.test(f.id)) fields.id = 'id'
  const origins = originsOf(f.origins)
  if (origins.length === 0) fields.origins = 'missing'
  else if (origins.length > MAX_LIST) fields.origins = 'long'
  else if (!origins.every(goodOrigin)) fields.origins = 'origins'
  if (f.jwks.trim() !== '' && !/^https:\/\/[^\s@]+$/.test(f.jwks.trim())) fields.jwks = 'jwks'
  if (f.areas.length + f.cameras.length === 0) fields.where = 'where'
  if (f.areas.length > 0 && f.kinds.length === 0) fields.kinds = 'kinds'
  const viewers = Number(f.viewers)
  if (!Number.isInteger(viewers) || viewers < 1 || viewers > MAX_VIEWERS) fields.viewers = 'viewers'
  f.keys.forEach((k, i) => {
    const read = readKey(k.text)
    if (typeof read === 'string') keys[i] = read
    else if (!goodKid(k.kid.trim()) || f.keys.some((o, j) => j < i && o.kid.trim() === k.kid.trim())) keys[i] = 'kid'
  })
  return { fields, keys }
}

function goodKid(kid: string): boolean {
  return /^[A-Za-z0-9._-]{1,64}$/.test(kid) && kid !== OWN_KID
}

/** The document to send: of a form without faults. */
export function portalDocument(f: PortalForm): PortalDocument {
  const keys = f.keys.flatMap((k) => {
    const read = readKey(k.text)
    return typeof read === 'string' ? [] : [{ kid: k.kid.trim(), public: read.key }]
  })
  return {
    name: f.name.trim(),
    origins: originsOf(f.origins),
    keys,
    ...(f.jwks.trim() && { jwks: f.jwks.trim() }),
    areas: f.areas.includes('all') ? ['all'] : [...f.areas],
    cameras: [...f.cameras],
    kinds: PORTAL_KINDS.filter((k) => f.kinds.includes(k)),
    viewers: Number(f.viewers),
    ...(f.disabled && { disabled: true }),
  }
}

/** What a portal's developer puts into the page. @param gateway our origin */
export function snippet(gateway: string, portal: string, camera: string): string {
  return `<iframe id="camera" src="${gateway}/embed/${portal}/${camera}"
  title="Camera" allow="fullscreen" style="border:0;width:100%;aspect-ratio:16/10"></iframe>
<script>
  const frame = document.getElementById('camera')
  frame.addEventListener('load', () => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = async (e) => {
      if (e.data.type !== 'token-please') return
      const answer = await fetch('/token', { method: 'POST' }) // your server's
      if (answer.ok) port1.postMessage({ type: 'token', token: (await answer.json()).token })
    }
    frame.contentWindow.postMessage({ type: 'matthan-hello' }, '${gateway}', [port2])
  })
</script>`
}

/** What its backend asks us for, where it signs no tokens itself. */
export function tokenCall(gateway: string, origin: string, camera: string): string {
  return `curl -X POST ${gateway}/api/v1/embed-tokens \\
  -H "Authorization: Bearer $PORTAL_SECRET" -H "Content-Type: application/json" \\
  -d '{"sub":"officer-268114","name":"Nguyễn Văn An","cam":"${camera}","org":"${origin}"}'`
}
