import { Timer, type Env } from './env'

/** The part of a token's life after which a fresh one is asked for. */
const RENEW_AT = 0.6
/** Without an answer it is asked for again after this part of its life. */
const AGAIN_AT = 0.12
/** Not sooner than this, ms: whoever issues tokens is not to be pressed. */
const LEAST_MS = 500
/** A token that was asked for and has not come by then will not come, ms. */
const ANSWER_MS = 10_000

/** How long a token is good, ms, by what it says of itself; undefined for one that says nothing. */
export function lifeOf(token: string): number | undefined {
  const parts = token.split('.')
  if (parts.length !== 3) return undefined
  try {
    const claims = JSON.parse(atob(parts[1]!.replace(/-/g, '+').replace(/_/g, '/'))) as { iat?: unknown; exp?: unknown }
    const life = (Number(claims.exp) - Number(claims.iat)) * 1000
    return life > 0 && Number.isFinite(life) ? life : undefined
  } catch {
    return undefined
  }
}

/** Who shows a picture by tokens. */
export interface Holder {
  /** A token is wanted; renew: to go on with what runs. */
  ask(renew: boolean): void
  /** A look begins with this token. */
  begin(token: string): void
  /** The look that runs goes on with it. */
  prolong(token: string): void
  /** No token came although one was asked for. */
  missing(): void
  /** A fresh token was not taken either. */
  refused(): void
}

/**
 * The tokens of one look. A token is for one use and holds for minutes, so a
 * fresh one is asked for at the start, before the last one ends, and when the
 * gateway has forgotten the look. One that it refuses is not answered with a
 * third: whoever issues tokens would be asked for ever.
 */
export class Pass {
  /** the newest */
  token = ''
  private life: number | undefined
  /** the last that was shown to the gateway: of a portal's it takes each once */
  private spent = ''
  private running = false
  /** the token is one that the gateway has not taken yet */
  private fresh = false
  private readonly again: Timer
  private readonly late: Timer

  constructor(
    env: Env,
    private readonly holder: Holder,
  ) {
    this.again = new Timer(env, () => this.renew())
    this.late = new Timer(env, () => this.holder.missing())
  }

  /** Begins to look: with the token that there is, or one that is asked for. */
  start(token = ''): void {
    this.stop()
    if (token && (token !== this.spent || lifeOf(token) === undefined)) this.take(token)
    else this.want()
  }

  stop(): void {
    this.again.clear()
    this.late.clear()
    this.running = this.fresh = false
    this.token = ''
  }

  /** A token has come. */
  take(token: string): void {
    if (!token || token === this.token) return
    this.late.clear()
    this.token = this.spent = token
    this.life = lifeOf(token)
    if (this.life === undefined) this.again.clear()
    // From when it came: the clocks of the two may differ by more than it lives.
    else this.again.set(Math.max(LEAST_MS, this.life * RENEW_AT))
    if (this.running) return this.holder.prolong(token)
    this.running = this.fresh = true
    this.holder.begin(token)
  }

  /** The gateway has let the look in. */
  taken(): void {
    this.fresh = false
  }

  /** A renewal's token was not taken; the look still runs on the one before. */
  declined(): void {
    if (this.running) this.soon()
  }

  /** The gateway ended the look for its token. */
  ended(): void {
    if (!this.running) return
    const refused = this.fresh
    this.stop()
    if (refused) this.holder.refused()
    else this.want()
  }

  private want(): void {
    this.late.set(ANSWER_MS)
    this.holder.ask(false)
  }

  private renew(): void {
    this.soon()
    this.holder.ask(true)
  }

  private soon(): void {
    if (this.life !== undefined) this.again.set(Math.max(LEAST_MS, this.life * AGAIN_AT))
  }
}
