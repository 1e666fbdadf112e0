import { readCase, type CaseReason } from './case'
import type { Text } from './protocol'
import type { MadeShare, Share, ShareOrder } from './share'

/** What a person may do beyond looking. */
export interface May {
  administer: boolean
  audit: boolean
  supervise: boolean
  emergency: boolean
  ask: boolean
  /** share some camera with outsiders */
  share_out: boolean
}

/** Who is signed in, as GET /api/v1/session says it. */
export interface Who {
  name: string
  key: string
  may: May
}

export type RequestState = 'open' | 'granted' | 'refused' | 'withdrawn'

/** A request for a right in an area for a time; see auth.Request. */
export interface Request {
  key: string
  name: string
  area: string
  area_name: string
  cameras?: string[]
  /** seconds from the answer on */
  for: number
  reason: string
  asked: string
  state: RequestState
  note?: string
  answered?: string
  /** one's own */
  mine: boolean
  /** may be answered now, by us */
  answer: boolean
}

/** A right; see auth.Grant. */
export interface Grant {
  key: string
  who: { role?: string; group?: string; person?: string }
  areas?: string[]
  cameras?: string[]
  from?: string
  until?: string
  reason?: string
  emergency?: boolean
  request?: string
}

/** What supervisors are told of. */
export interface Notice {
  key: string
  emergency: boolean
  name: string
  areas?: string[]
  cameras?: string[]
  area_names?: string[]
  reason: string
  at: string
  until?: string
}

/** A device on which one is signed in. */
export interface Device {
  id: string
  device: string
  created: string
  used: string
  end: string
  current: boolean
}

/** An area that may be asked for. */
export interface AreaHit {
  id: string
  name: string
  path: string
}

export interface Person {
  name: string
  roles: string[]
  areas: string[]
}

/** What is asked for: an area, or cameras of it. */
export interface Place {
  area?: string
  cameras?: string[]
}

/** An answer of the gateway that is a no; `text` says why, in its words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: Text | undefined,
  ) {
    super(`${status} ${code}`)
  }
}

/** Reads GET /api/v1/session; undefined for a link or nobody. What is missing is not permitted. */
export function readWho(doc: unknown): Who | undefined {
  const d = (doc ?? {}) as { known?: unknown; person?: unknown; name?: unknown; key?: unknown; may?: Partial<May> }
  if (d.known !== true || d.person !== true) return undefined
  const may = (what: keyof May) => d.may?.[what] === true
  return {
    name: typeof d.name === 'string' ? d.name : '',
    key: typeof d.key === 'string' ? d.key : '',
    may: { administer: may('administer'), audit: may('audit'), supervise: may('supervise'), emergency: may('emergency'), ask: may('ask'), share_out: may('share_out') },
  }
}

const AWAIT_MS = 10_000

/** The gateway's API for people (gateway/api), by the cookie of the page. */
export class PeopleApi {
  constructor(private readonly fetch: (path: string, init: RequestInit) => Promise<Response>) {}

  me = () => this.get<Person>('people/me')
  devices = async () => list<Device>(await this.get('people/me/sessions'), 'sessions')
  endDevice = (id: string) => this.send('DELETE', `people/me/sessions/${encodeURIComponent(id)}`)
  endOthers = () => this.send('DELETE', 'people/me/sessions')

  areas = async (q: string) => list<AreaHit>(await this.get(`requests/areas?q=${encodeURIComponent(q)}`), 'areas')
  requests = async () => list<Request>(await this.get('requests'), 'requests')
  ask = (place: Place, seconds: number, reason: string) =>
    this.send('POST', 'requests', { ...place, actions: ['view'], for: seconds, reason })
  withdraw = (key: string) => this.send('DELETE', `requests/${encodeURIComponent(key)}`)
  answer = (key: string, yes: boolean, note: string) =>
    this.send('POST', `requests/${encodeURIComponent(key)}/answer`, { yes, note })

  notices = async () => list<Notice>(await this.get('notices'), 'notices')
  grants = async () => list<Grant>(await this.get('grants'), 'grants')
  revoke = (key: string) => this.send('DELETE', `grants/${encodeURIComponent(key)}`)
  emergency = async (place: Place, seconds: number, reason: string) =>
    (await this.send('POST', 'emergency', { ...place, for: seconds, reason })) as { key: string; until: string }

  shares = async () => list<Share>(await this.get('shares'), 'shares')
  share = (order: ShareOrder) => this.send('POST', 'shares', order) as Promise<MadeShare>
  openShare = (secret: string) => this.send('POST', 'shares/open', { secret }) as Promise<Share>
  endShare = (key: string) => this.send('DELETE', `shares/${encodeURIComponent(key)}`)
  reasons = async () => (await this.get<CaseReason[] | null>('reasons')) ?? []
  /** undefined: none is open */
  openCase = async () => readCase(await this.get('case'))
  stateCase = (reason: string, number: string) => this.send('PUT', 'case', { reason, number })
  closeCase = () => this.send('DELETE', 'case')

  private get<T = unknown>(path: string): Promise<T> {
    return this.send('GET', path) as Promise<T>
  }

  private async send(method: string, path: string, body?: object): Promise<unknown> {
    const init: RequestInit = { method, cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(AWAIT_MS) }
    if (body) {
      init.headers = { 'Content-Type': 'application/json' }
      init.body = JSON.stringify(body)
    }
    const r = await this.fetch(`api/v1/${path}`, init)
    if (!r.ok) throw await refusal(r)
    return r.status === 204 ? undefined : await r.json()
  }
}

/** Reads a problem document (RFC 9457), or what a proxy says instead of one. */
async function refusal(r: Response): Promise<Refusal> {
  const p = (await r.json().catch(() => ({}))) as { code?: string; text?: Text }
  return new Refusal(r.status, p.code ?? '', p.text)
}

/** A list out of a document; Go writes an empty one as null now and then. */
function list<T>(doc: unknown, name: string): T[] {
  const l = (doc as Record<string, unknown> | null)?.[name]
  return Array.isArray(l) ? (l as T[]) : []
}
