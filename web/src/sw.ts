/*
 * Keeps the viewer's own files on the device, so that it opens without network and without waiting for it. Nothing else
 * goes in or out here: no answer of the API, no picture, no token, no other page. What is kept is the same for everybody.
 */
declare const self: ServiceWorkerGlobalScope

/** The viewer's files, each with its hash; the page itself is './'. Put in by the build: see vite.worker.mjs. */
declare const FILES: Record<string, string>
declare const VERSION: string

const PREFIX = 'matthan-shell-'
const CACHE = PREFIX + VERSION
const scope = new URL('./', self.location.href)
const files = new Map(Object.entries(FILES).map(([name, hash]) => [new URL(name, scope).href, hash]))

/** The kept file that answers a request, if one does. */
function fileOf(r: Request): string | undefined {
  if (r.method !== 'GET') return undefined
  const url = new URL(r.url)
  // What stands behind the question mark is for the page: one file answers them all.
  if (r.mode === 'navigate') return url.origin === scope.origin && url.pathname === scope.pathname ? scope.href : undefined
  return url.href !== scope.href && files.has(url.href) ? url.href : undefined
}

/** All files or none: one that is not of this version, as in the moment of an update, is refused by its hash. */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE)
  await cache.addAll(
    [...files].map(([url, integrity]) => {
      // The names of assets hold their hash: what the page has just loaded is not loaded again.
      const fresh = !url.startsWith(`${scope.href}assets/`)
      return new Request(url, { integrity, credentials: 'omit', redirect: 'error', ...(fresh ? { cache: 'no-cache' as const } : {}) })
    }),
  )
}

/** Forgets earlier versions; another window may still need the files of the one before. */
async function tidy(): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (windows.length > 1) return
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name)
}

async function kept(url: string, request: Request): Promise<Response> {
  const own = await caches.match(url, { cacheName: CACHE }) // to open it would make it again on a device that has just forgotten it
  // Another window may be of the version before. The browser may have thrown the files away: then the network has them.
  return own ?? (url === scope.href ? undefined : await caches.match(url)) ?? fetch(request)
}

self.addEventListener('install', (e) => {
  // These never need the worker, which would have to be woken for them.
  const network = ['api/*', 'auth/*', 'id/*', 'manage/*', 'owner/*', 'guest/*', 'embed/*', 'whep/*']
  type Router = { addRoutes?: (r: unknown[]) => Promise<void> }
  void (e as Router).addRoutes?.(
    network.map((p) => ({ condition: { urlPattern: { pathname: scope.pathname + p } }, source: 'network' })),
  )?.catch(() => undefined)
  e.waitUntil(fill())
})

self.addEventListener('activate', (e) => e.waitUntil(tidy()))

self.addEventListener('fetch', (e) => {
  const url = fileOf(e.request)
  if (url !== undefined) e.respondWith(kept(url, e.request))
})

// The user agreed to the new version, which else waits until no window has the one before.
self.addEventListener('message', (e) => {
  if (e.data === 'take over') e.waitUntil(self.skipWaiting())
})

export {}
