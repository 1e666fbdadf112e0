/** What the core needs of the world, so that tests can give it another one. */
export interface Env {
  /** the page's clock, ms; runs on evenly, its zero means nothing */
  now(): number
  /** 0 to 1 */
  random(): number
  setTimeout(f: () => void, ms: number): number
  clearTimeout(id: number): void
}

/** A timer that is set at most once, and can be set again. */
export class Timer {
  private id: number | undefined

  constructor(
    private readonly env: Env,
    private readonly f: () => void,
  ) {}

  /** Fires once after ms, instead of any earlier time. */
  set(ms: number): void {
    this.clear()
    this.id = this.env.setTimeout(() => {
      this.id = undefined
      this.f()
    }, ms)
  }

  clear(): void {
    if (this.id !== undefined) this.env.clearTimeout(this.id)
    this.id = undefined
  }

  get running(): boolean {
    return this.id !== undefined
  }
}
