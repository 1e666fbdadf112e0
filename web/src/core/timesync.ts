/** Quick pings at the start, then one in a while. */
const QUICK = 5
const QUICK_MS = 120
const SLOW_MS = 10_000
/** Samples kept: five minutes of them, so that a drifting clock is followed. */
const KEEP = 30

/**
 * The offset between the page's clock and the gateway's, from round trips. Of
 * all samples the one with the shortest round trip is believed: its error is at
 * most half of that trip.
 */
export class TimeSync {
  private samples: { offset: number; rtt: number }[] = []
  private sent = 0

  /** Takes an answer. @param t0 page, ms @param t1 gateway, Unix ms @param now page, ms */
  answer(t0: number, t1: number, now: number): void {
    const rtt = now - t0
    if (!(rtt >= 0) || rtt > 30_000) return
    this.samples.push({ offset: t1 - (t0 + now) / 2, rtt })
    if (this.samples.length > KEEP) this.samples.shift()
  }

  /** ms from now to the next ping; called once for each ping that is sent. */
  nextDelay(): number {
    this.sent++
    return this.sent < QUICK ? QUICK_MS : SLOW_MS
  }

  /** Starts anew: for a new socket, and after a sleep, in which page clocks may stand still. */
  restart(forget: boolean): void {
    this.sent = 0
    if (forget) this.samples = []
  }

  private get best() {
    let best: { offset: number; rtt: number } | undefined
    // The newest of equals: >=, as the list is in order of time.
    for (const s of this.samples) if (!best || best.rtt >= s.rtt) best = s
    return best
  }

  /** Gateway minus page, ms; undefined until measured. */
  get offset(): number | undefined {
    return this.best?.offset
  }

  /** The shortest round trip, ms. */
  get rtt(): number | undefined {
    return this.best?.rtt
  }
}
