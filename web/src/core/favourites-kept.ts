import { MOST_FAVOURITES, type Change } from './favourites'

const AGAIN_MS = 5000
const WITHIN_MS = 10_000
/** Another device may have been quicker so often in a row. */
const TRIES = 4

export interface KeptWorld {
  fetch(path: string, init: RequestInit): Promise<Response>
  /** @returns how to stop it */
  after(ms: number, f: () => void): () => void
}

/** A person's favourites at the gateway. Without network what was done here waits. */
export class Kept {
  private ids: readonly string[] = []
  /** of what the gateway keeps; undefined while that is not known */
  private version: string | undefined
  /** what was done here, and is not at the gateway yet */
  private readonly pending: Change[] = []
  private sending: Promise<void> | undefined
  private stop: (() => void) | undefined
  /** nothing more is asked: the session has ended, or somebody else looks */
  closed = false

  /** @param learnt what the gateway keeps, with what was done here */
  constructor(
    private readonly world: KeptWorld,
    private readonly learnt: (ids: readonly string[]) => void,
  ) {}

  close(): void {
    this.closed = true
    this.stop?.()
  }

  do(change: Change): void {
    this.pending.push(change)
    void this.send()
  }

  /** Learns what the gateway keeps, and brings it what was done here. */
  send(): Promise<void> {
    this.sending ??= this.sendAll().finally(() => (this.sending = undefined))
    return this.sending
  }

  private async sendAll(): Promise<void> {
    this.stop?.()
    const settled = await this.settle().catch(() => false)
    if (!settled && !this.closed) this.stop = this.world.after(AGAIN_MS, () => void this.send())
  }

  /** @returns whether there is nothing to try again */
  private async settle(): Promise<boolean> {
    let tries = 0
    while (!this.closed) {
      // Whose session has ended asks no more.
      if (this.version === undefined && !(await this.load())) return this.closed
      const doing = [...this.pending]
      if (doing.length === 0) return true
      const cameras = doing.reduce<string[]>((ids, change) => change(ids), [...this.ids])
      const match: Record<string, string> = this.version ? { 'If-Match': this.version } : { 'If-None-Match': '*' }
      const r = await this.ask('PUT', { 'Content-Type': 'application/json', ...match }, JSON.stringify({ cameras }))
      if (r.status >= 500 || r.status === 429) return false
      this.version = r.ok ? (r.headers.get('ETag') ?? undefined) : undefined
      if (r.ok) this.ids = cameras
      // What another device did comes first; what the gateway will not have, a camera that is gone, is let go of.
      if (r.status !== 412) this.pending.splice(0, doing.length)
      else if (++tries === TRIES) return false
    }
    return true
  }

  private async load(): Promise<boolean> {
    const r = await this.ask('GET')
    this.closed ||= r.status === 401
    const doc = (r.ok ? await r.json() : {}) as { cameras?: unknown; version?: unknown }
    if (this.closed || !Array.isArray(doc.cameras)) return false
    this.ids = doc.cameras.filter((c): c is string => typeof c === 'string').slice(0, MOST_FAVOURITES)
    this.version = typeof doc.version === 'string' ? doc.version : ''
    this.learnt(this.pending.reduce((ids, change) => change(ids), [...this.ids]))
    return true
  }

  private ask(method: string, headers: Record<string, string> = {}, body: string | null = null): Promise<Response> {
    return this.world.fetch('api/v1/favourites', { method, headers, body, cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(WITHIN_MS) })
  }
}
