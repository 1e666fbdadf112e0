/** Keeps the screen on while a live picture is looked at. */
export class WakeLock {
  private lock: WakeLockSentinel | undefined
  private asked = false

  /** Called often; the browser drops the lock by itself whenever the page is hidden. */
  want(on: boolean): void {
    if (!on) {
      void this.lock?.release().catch(() => undefined)
      this.lock = undefined
      return
    }
    if (this.asked || (this.lock && !this.lock.released) || document.visibilityState !== 'visible') return
    this.asked = true
    navigator.wakeLock
      ?.request('screen')
      .then((l) => (this.lock = l))
      // Refused, as with an empty battery: the screen goes off as it would anyway.
      .catch(() => undefined)
      .finally(() => (this.asked = false))
  }
}
