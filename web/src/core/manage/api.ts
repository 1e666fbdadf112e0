import type { Text } from '../protocol'

export interface Fault {
  field?: string
  detail: string
}

/** A problem document (RFC 9457); code "network" where there was no answer. */
export interface Problem {
  status: number
  code: string
  text?: Text
  errors: Fault[]
}

export type Answer<T> = { ok: true; status: number; etag: string; value: T } | { ok: false; problem: Problem; body: unknown }

export interface Call {
  method?: string
  /** sent as JSON */
  body?: unknown
  /** sent as it is, of a type */
  raw?: { type: string; body: Blob | string }
  /** the version that is replaced; "" for something new; absent: no version is asked for */
  version?: string
  /** for the answer, in ms; absent: 20 s */
  wait?: number
  signal?: AbortSignal
}

const WAIT_MS = 20_000

/** The gateway's API, for a page of its own: who is signed in is in the cookie, or who it is a token says. */
export class Api {
  constructor(
    private readonly base: string,
    private readonly unauthorized: () => void,
    private readonly fetcher: typeof fetch = (input, init) => fetch(input, init),
    private readonly token = '',
  ) {}

  async get<T>(path: string, signal?: AbortSignal): Promise<Answer<T>> {
    return this.call<T>(path, signal ? { signal } : {})
  }

  async call<T>(path: string, c: Call = {}): Promise<Answer<T>> {
    const headers: Record<string, string> = {}
    if (c.raw) headers['Content-Type'] = c.raw.type
    else if (c.body !== undefined) headers['Content-Type'] = 'application/json'
    if (this.token) headers['Authorization'] = `Bearer ${this.token}`
    if (c.version === '') headers['If-None-Match'] = '*'
    else if (c.version !== undefined) headers['If-Match'] = c.version
    const limits = [AbortSignal.timeout(c.wait ?? WAIT_MS), ...(c.signal ? [c.signal] : [])]
    try {
      const r = await this.fetcher(this.base + path, {
        method: c.method ?? 'GET',
        headers,
        cache: 'no-store',
        credentials: this.token ? 'omit' : 'same-origin',
        signal: AbortSignal.any(limits),
        ...(c.raw ? { body: c.raw.body } : c.body !== undefined ? { body: JSON.stringify(c.body) } : {}),
      })
      if (r.status === 401) this.unauthorized()
      const body: unknown = /json/.test(r.headers.get('Content-Type') ?? '') ? await r.json() : undefined
      if (r.ok) return { ok: true, status: r.status, etag: r.headers.get('ETag') ?? '', value: body as T }
      return { ok: false, problem: problemOf(r.status, body), body }
    } catch {
      return { ok: false, problem: { status: 0, code: c.signal?.aborted ? 'aborted' : 'network', errors: [] }, body: undefined }
    }
  }
}

function problemOf(status: number, body: unknown): Problem {
  const b = (body ?? {}) as Partial<Problem>
  const p: Problem = { status, code: typeof b.code === 'string' ? b.code : String(status), errors: Array.isArray(b.errors) ? b.errors : [] }
  if (b.text) p.text = b.text
  return p
}

/** A path's part that holds an id. */
export const part = (id: string): string => encodeURIComponent(id)
