
/** How often a page that stays open asks whether there is a new version. */
const ASK_MS = 3_600_000
const LOOK_MS = 1000

/** Trusted Types, where the browser has them. */
type Types = { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } } }

const files = () => (globalThis.caches ? caches.keys() : Promise.resolve([]))
const registration = () => navigator.serviceWorker?.getRegistration().catch(() => undefined)

/** The only script that may be registered: the page's policy asks for a name for that. */
function address(): string {
  const url = new URL('sw.js', document.baseURI).href
  const policy = (window as Types).trustedTypes?.createPolicy('matthan-shell', { createScriptURL: () => url })
  return policy?.createScriptURL(url) ?? url
}

/** Keeps the app's files on this device, and knows of a new version that waits. */
class Shell {
  private waits: ServiceWorker | undefined
  private known: ServiceWorkerRegistration | undefined
  private asked = 0
  private started = false
  private seen = () => false
  private changed = () => {}

  /** A new version is on the device, and waits for the app to be opened anew, or for take(). */
  get news(): boolean {
    return this.waits?.state === 'installed'
  }

  /** Begins once the first picture is seen: the line is the picture's until then. */
  start(seen: () => boolean, changed: () => void): void {
    this.seen = seen
    this.changed = changed
    if (this.started || !navigator.serviceWorker) return
    this.started = true
    const timer = window.setInterval(() => {
      if (!this.seen()) return
      clearInterval(timer)
      // Refused where the device does not trust our certificate: then the app needs the network, as before.
      this.keep().catch(() => undefined)
    }, LOOK_MS)
  }

  private async keep(): Promise<void> {
    const r = await navigator.serviceWorker.register(address(), { updateViaCache: 'none' })
    this.known = r
    this.asked = performance.now()
    this.wait(r.waiting)
    this.watch(r.installing)
    r.addEventListener('updatefound', () => this.watch(r.installing))
    document.addEventListener('visibilitychange', () => this.ask())
  }

  private watch(w: ServiceWorker | null): void {
    w?.addEventListener('statechange', () => w.state === 'installed' && this.wait(w))
  }

  private wait(w: ServiceWorker | null): void {
    // The very first one waits for nobody.
    if (!w || !this.known?.active) return
    this.waits = w
    this.changed()
  }

  private ask(): void {
    if (document.visibilityState === 'hidden' || performance.now() - this.asked < ASK_MS) return
    this.asked = performance.now()
    this.known?.update().catch(() => undefined)
  }

  /** Opens the page anew with the version that waits. */
  take(): void {
    const w = this.waits
    w?.addEventListener('statechange', () => w.state === 'activated' && location.reload())
    w?.postMessage('take over')
  }
}

export const shell = new Shell()

/** Opens the page anew as the gateway has it now, whatever version is on the device. */
export async function loadAnew(): Promise<void> {
  await (await registration())?.unregister().catch(() => false)
  location.reload()
}

/** Leaves nothing on this device: the next one who takes it is nobody we know. */
export async function leaveNothing(): Promise<void> {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith('matthan.')) localStorage.removeItem(key)
  } catch {
    // storage is refused: nothing was kept
  }
  await (await registration())?.unregister().catch(() => false)
  for (const name of await files().catch(() => [])) await caches.delete(name).catch(() => false)
}
