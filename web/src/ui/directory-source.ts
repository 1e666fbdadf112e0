import { Directory, type Area, type Camera } from '../core/cameras'

const EVERY_MS = 15_000
const AGAIN_MS = 3000

/** Fetches the list of cameras, again and again while it is wanted; what has not changed is not sent. */
export class DirectorySource {
  directory: Directory | undefined
  /** the last try failed; what was fetched before still stands */
  failed = false
  private etag = ''
  private timer: number | undefined
  private run: AbortController | undefined

  constructor(
    private readonly token: () => string,
    private readonly changed: () => void,
    private readonly unauthorized: () => void,
  ) {}

  /** Fetches now, and from then on every 15 s. */
  start(): void {
    this.stop()
    const run = new AbortController()
    this.run = run
    void this.fetch(run.signal).then((ok) => {
      if (run.signal.aborted) return
      this.timer = window.setTimeout(() => this.start(), ok ? EVERY_MS : AGAIN_MS)
    })
  }

  /** Forgets what was fetched: another token may see other cameras. */
  reset(): void {
    this.stop()
    this.directory = undefined
    this.failed = false
    this.etag = ''
  }

  stop(): void {
    this.run?.abort()
    this.run = undefined
    clearTimeout(this.timer)
  }

  private async fetch(signal: AbortSignal): Promise<boolean> {
    try {
      const headers: Record<string, string> = {}
      if (this.token()) headers['Authorization'] = `Bearer ${this.token()}`
      if (this.etag) headers['If-None-Match'] = this.etag
      const r = await fetch('api/v1/cameras', { headers, signal, cache: 'no-store', credentials: this.token() ? 'omit' : 'same-origin' })
      if (signal.aborted) return false
      if (r.status === 401) {
        this.unauthorized()
        return false
      }
      if (r.status !== 304) {
        if (!r.ok) throw new Error(String(r.status))
        const body = (await r.json()) as { areas?: Area[] | null; cameras?: Camera[] | null }
        this.directory = new Directory(body.areas ?? [], body.cameras ?? [])
        this.etag = r.headers.get('ETag') ?? ''
      }
      this.failed = false
    } catch {
      if (signal.aborted) return false
      this.failed = true
    }
    this.changed()
    return !this.failed
  }
}
