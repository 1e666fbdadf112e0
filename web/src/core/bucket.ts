/** Holds the page below the gateway's limit of 20 messages a second after a burst of 60. */
export class Bucket {
  private tokens: number
  private at: number

  /** @param rate tokens a second @param burst tokens at the start and at most */
  constructor(
    private readonly rate: number,
    private readonly burst: number,
    now: number,
  ) {
    this.tokens = burst
    this.at = now
  }

  /** ms until n may be sent; 0 takes them. */
  take(n: number, now: number): number {
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.at) * this.rate) / 1000)
    this.at = now
    if (this.tokens >= n) {
      this.tokens -= n
      return 0
    }
    return Math.ceil(((n - this.tokens) / this.rate) * 1000)
  }
}
