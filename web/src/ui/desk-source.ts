import type { Desk } from '../core/desk'

/** The first picture has the line to itself for so long, ms. */
const AFTER_MS = 1200

/** Brings the people's screens, once somebody is signed in. Whoever comes by a link never fetches them. */
export class DeskSource {
  desk: Desk | undefined
  /** changes when the desk does */
  stamp = 0
  private doc: unknown
  private timer: number | undefined

  constructor(
    private readonly clock: () => number,
    private readonly changed: () => void,
    private readonly rights: () => void,
  ) {}

  /** @param doc the answer of GET /api/v1/session */
  start(doc: unknown): void {
    this.doc = doc
    this.timer = window.setTimeout(() => void this.load(), AFTER_MS)
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = this.doc = undefined
    this.desk?.close()
    this.desk = undefined
  }

  /** Something is new, or may be. */
  refresh(): void {
    if (this.desk) this.desk.refresh()
    // What was not to be had is tried again.
    else if (this.doc && !this.timer) void this.load()
    void this.desk?.cases.load()
  }

  /** Brings them now, for who asks for one. */
  async now(): Promise<void> {
    clearTimeout(this.timer)
    if (this.doc && !this.desk) await this.load()
  }

  /** Opens a colleague's share; see Desk. */
  async openShare(secret: string): Promise<string | undefined> {
    await this.load()
    return this.desk?.openShare(secret)
  }

  private async load(): Promise<void> {
    const { doc } = this
    this.timer = undefined
    const m = await import('./people').catch(() => undefined)
    if (!m || doc !== this.doc || this.desk) return
    const changed = () => {
      this.stamp++
      this.changed()
    }
    this.desk = m.openDesk(doc, this.clock, changed, this.rights)
    changed()
  }
}
