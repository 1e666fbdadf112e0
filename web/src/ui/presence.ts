import { connection } from './connection'

/** A page that is hidden for this long is not looked at, ms. A hidden page's timers are up to a second late. */
export const HIDDEN_MS = 1500

/** Told of what has changed around the page. */
interface Around {
  /** The device is on a network again, or on none. */
  network(online: boolean): void
  /** From Wi-Fi to mobile data: the old way is gone although nobody says so. */
  rerouted(): void
  /** The page is about to be hidden: what is to be kept must be kept now. */
  leaving(): void
  /** Nobody has looked at the page for some time. */
  hidden(): void
  /** The page is looked at again. */
  shown(): void
}

/** Whether the device has a network, and the page somebody who looks at it. */
export class Presence {
  online = navigator.onLine
  private timer: number | undefined
  private type = connection()?.type

  constructor(private readonly around: Around) {}

  start(): void {
    window.addEventListener('online', () => this.network(true))
    window.addEventListener('offline', () => this.network(false))
    document.addEventListener('visibilitychange', () => this.visibility())
    // No timer runs in a page that the system puts to sleep.
    document.addEventListener('freeze', () => this.sleep())
    window.addEventListener('pagehide', () => this.sleep())
    connection()?.addEventListener?.('change', () => this.kind())
  }

  private network(online: boolean): void {
    this.online = online
    this.around.network(online)
  }

  private kind(): void {
    const type = connection()?.type
    if (type === this.type) return
    this.type = type
    if (type !== 'none' && this.online) this.around.rerouted()
  }

  private sleep(): void {
    clearTimeout(this.timer)
    this.around.hidden()
  }

  private visibility(): void {
    clearTimeout(this.timer)
    if (document.visibilityState === 'hidden') {
      this.around.leaving()
      this.timer = window.setTimeout(() => this.around.hidden(), HIDDEN_MS)
    } else this.around.shown()
  }
}
