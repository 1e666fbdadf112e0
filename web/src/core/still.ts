import { Timer, type Env } from './env'

/** What the store needs of the world. */
export interface StillWorld extends Env {
  fetch(path: string, init: RequestInit): Promise<Response>
  /** an object URL, and its end */
  url(jpeg: Blob): string
  revoke(url: string): void
}

/** A picture that the gateway made. */
export interface Served {
  url: string
  /** when it was taken, Unix ms */
  at: number
}

export interface StillOptions {
  /** pixels: 160, 320, 480 or 640 */
  width?: number
  /** ms after which one that is shown is asked for again */
  every?: number
  token?: string
  base?: string
}

/** At once: the list fills evenly, and the live picture keeps its share of the link. */
const PARALLEL = 3
/** 25 KB each. Those that are shown are kept beyond it. */
const KEPT = 120
const WAIT_MS = 20_000
/** What stands for a picture that would move is asked for again after. */
const BRISK_MS = 5000
/** Without ffmpeg on the gateway nothing will come for long. */
const NONE_MS = 10 * 60_000
/** after an answer that says nothing of when to come back, and where nobody answers */
const AGAIN_MS = 30_000
const MOST_MS = 10 * 60_000

interface Entry {
  served?: Served
  etag: string
  /** not before this, by the page's clock */
  due: number
}

/**
 * Stills of cameras, fetched a few at a time, the first of those that are shown
 * first. Where the gateway has none, the frame that this page saw last stands in.
 */
export class StillStore<Seen extends { at: number }> {
  private readonly entries = new Map<string, Entry>()
  private readonly running = new Map<string, AbortController>()
  private shown: readonly string[] = []
  private brisk: readonly string[] = []
  private pausedUntil = 0
  private closed = false
  private readonly timer: Timer

  constructor(
    private readonly world: StillWorld,
    /** the last frame that this page has drawn of a camera */
    private readonly seen: (camera: string) => Seen | undefined,
    private readonly events: {
      /** another still, or none any more */
      changed(camera: string): void
    },
    private readonly options: StillOptions = {},
  ) {
    this.timer = new Timer(world, () => this.fill())
  }

  /** The newer of what the gateway served and what the page saw. */
  get(camera: string): Served | Seen | undefined {
    const served = this.entries.get(camera)?.served
    const seen = this.seen(camera)
    return served && (!seen || served.at > seen.at) ? served : seen
  }

  /** The cameras that are on the screen now; what was asked for others is given up. @param brisk those that stand for moving pictures */
  show(cameras: readonly string[], brisk: readonly string[] = []): void {
    if (this.closed) return
    this.shown = [...new Set([...brisk, ...cameras])]
    this.brisk = brisk
    const soon = this.world.now() + BRISK_MS
    for (const camera of brisk) {
      const entry = this.entries.get(camera)
      if (entry?.served && entry.due > soon) entry.due = soon
    }
    for (const [camera, fetching] of this.running) if (!this.shown.includes(camera)) fetching.abort()
    this.fill()
  }

  /** A camera that may not be seen any more. */
  forget(camera: string): void {
    this.running.get(camera)?.abort()
    const served = this.entries.get(camera)?.served
    this.entries.delete(camera)
    if (served) {
      this.world.revoke(served.url)
      this.events.changed(camera)
    }
  }

  /** All of them: somebody else signs in, or their rights are others. */
  clear(): void {
    for (const camera of [...this.entries.keys()]) this.forget(camera)
    for (const fetching of this.running.values()) fetching.abort()
    this.pausedUntil = 0
    this.fill()
  }

  close(): void {
    this.closed = true
    this.shown = []
    this.timer.clear()
    this.clear()
  }

  /** Begins what is due and has room, and wakes for what is due next. */
  private fill(): void {
    this.timer.clear()
    if (this.closed) return
    const now = this.world.now()
    let next = Infinity
    for (const camera of this.shown) {
      if (this.running.has(camera)) continue
      const due = Math.max(this.pausedUntil, this.entries.get(camera)?.due ?? 0)
      if (due > now) next = Math.min(next, due)
      else if (this.running.size < PARALLEL) void this.fetch(camera)
      else return // the end of a running one comes here again
    }
    if (next < Infinity) this.timer.set(next - now)
  }

  private async fetch(camera: string): Promise<void> {
    const abort = new AbortController()
    this.running.set(camera, abort)
    const limit = new Timer(this.world, () => abort.abort('late'))
    limit.set(WAIT_MS)
    const entry = this.entries.get(camera)
    try {
      const r = await this.world.fetch(this.path(camera), {
        headers: {
          ...(entry?.served ? { 'If-None-Match': entry.etag } : {}),
          ...(this.options.token ? { Authorization: `Bearer ${this.options.token}` } : {}),
        },
        cache: 'no-store',
        credentials: this.options.token ? 'omit' : 'same-origin',
        signal: abort.signal,
      })
      const jpeg = r.status === 200 ? await r.blob() : undefined
      const code = r.ok || r.status === 304 ? '' : await codeOf(r)
      if (!abort.signal.aborted) this.take(camera, r, jpeg, code)
      else if (abort.signal.reason === 'late') this.later(camera, AGAIN_MS)
    } catch {
      // Given up, or nobody answers: only that is worth a pause.
      if (!abort.signal.aborted || abort.signal.reason === 'late') this.later(camera, AGAIN_MS)
    } finally {
      limit.clear()
      this.running.delete(camera)
      this.fill()
    }
  }

  /** Takes an answer. */
  private take(camera: string, r: Response, jpeg: Blob | undefined, code: string): void {
    const wait = Math.min(Math.max(Number(r.headers.get('Retry-After')) * 1000 || AGAIN_MS, 1000), MOST_MS)
    if (jpeg) {
      this.keep(camera, jpeg, r)
    } else if (r.status === 304) {
      this.later(camera, this.every(camera))
    } else if (r.status === 401 || r.status === 403 || r.status === 404) {
      this.forget(camera)
      this.later(camera, MOST_MS) // until what is shown changes: see clear
    } else if (code === 'no_stills') {
      this.pausedUntil = this.world.now() + NONE_MS
    } else if (r.status === 429 || code === 'busy') {
      this.pausedUntil = this.world.now() + wait
    } else {
      this.later(camera, Math.max(wait, AGAIN_MS))
    }
  }

  private keep(camera: string, jpeg: Blob, r: Response): void {
    const at = Date.parse(r.headers.get('Matthan-Captured') ?? '')
    if (!Number.isFinite(at)) {
      this.later(camera, AGAIN_MS) // a picture without its time is none
      return
    }
    const old = this.entries.get(camera)?.served
    this.entries.delete(camera) // the one kept last stands last
    this.entries.set(camera, { served: { url: this.world.url(jpeg), at }, etag: r.headers.get('ETag') ?? '', due: this.world.now() + this.every(camera) })
    if (old) this.world.revoke(old.url)
    for (const other of [...this.entries.keys()]) {
      if (this.entries.size <= KEPT) break
      if (!this.shown.includes(other)) this.forget(other)
    }
    this.events.changed(camera)
  }

  private later(camera: string, ms: number): void {
    const due = this.world.now() + ms
    const entry = this.entries.get(camera)
    if (entry) entry.due = due
    else this.entries.set(camera, { etag: '', due })
  }

  private every(camera: string): number {
    return this.brisk.includes(camera) ? BRISK_MS : (this.options.every ?? 30_000)
  }

  private path(camera: string): string {
    return `${this.options.base ?? ''}/api/v1/cameras/${encodeURIComponent(camera)}/still?width=${this.options.width ?? 320}`
  }
}

async function codeOf(r: Response): Promise<string> {
  const doc = (await r.json().catch(() => undefined)) as { code?: unknown } | undefined
  return typeof doc?.code === 'string' ? doc.code : ''
}
