/** What an outsider's link says before the pin. */
export interface Invitation {
  /** whom it is for */
  name: string
  until: string
  /** wrong pins that may still come */
  left: number
}

/** What the right pin brings. The token is kept in the page's memory only. */
export interface Admission extends Invitation {
  token: string
  camera: string
  /** the camera's name */
  title: string
}

/** The gateway's answer: a wrong pin, with how many may still come; a link that opens nothing; or no answer. */
export type Answer<T> = { kind: 'good'; doc: T } | { kind: 'pin'; left: number } | { kind: 'gone' } | { kind: 'busy' } | { kind: 'away' }

const AWAIT_MS = 10_000

/** Opens an outsider's share; see POST /api/v1/guest. */
export class GuestApi {
  constructor(private readonly fetch: (path: string, init: RequestInit) => Promise<Response>) {}

  look = (secret: string) => this.post<Invitation>({ secret })
  open = (secret: string, pin: string) => this.post<Admission>({ secret, pin })

  private async post<T>(body: object): Promise<Answer<T>> {
    try {
      const r = await this.fetch('../api/v1/guest', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        cache: 'no-store',
        credentials: 'omit',
        signal: AbortSignal.timeout(AWAIT_MS),
      })
      if (r.ok) return { kind: 'good', doc: (await r.json()) as T }
      if (r.status === 403) return { kind: 'pin', left: leftIn(await r.json().catch(() => undefined)) }
      if (r.status === 429 || r.status >= 500) return { kind: 'busy' }
      return { kind: 'gone' }
    } catch {
      return { kind: 'away' }
    }
  }
}

/** How many wrong pins may still come, out of the problem document. */
function leftIn(doc: unknown): number {
  const errors = (doc as { errors?: { field?: string; detail?: string }[] } | undefined)?.errors
  const n = Number(errors?.find((e) => e.field === 'left')?.detail)
  return Number.isInteger(n) && n >= 0 ? n : 0
}

/** The secret of a link's fragment; '' where there is none. */
export function guestSecret(hash: string): string {
  const s = hash.replace(/^#/, '')
  return /^[\w-]{16,100}$/.test(s) ? s : ''
}
