// Builds the service worker, right after the viewer, whose files it lists. OUT names another folder than dist.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { defineConfig } from 'vite'

/** What the device keeps of the viewer, bytes as they lie there: an officer pays for them. */
const KEPT = 600_000

const hash = (body) => createHash('sha256').update(body).digest('base64')

/** The viewer's files, as they were built just before; a map of source lines is none, nor are types for other pages. */
function filesIn(dist) {
  const files = {}
  let bytes = 0
  for (const e of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!e.isFile() || e.name.startsWith('.') || e.name === 'sw.js' || e.name.endsWith('.map') || e.name.endsWith('.d.ts')) continue
    const path = join(e.parentPath, e.name)
    const body = readFileSync(path)
    const name = path.slice(dist.length + 1).replaceAll('\\', '/')
    // Only the phone's own screens show the icons: they ask for them once.
    if (name.startsWith('icons/')) continue
    bytes += body.length
    files[name === 'index.html' ? './' : name] = `sha256-${hash(body)}`
  }
  if (bytes > KEPT) throw new Error(`the viewer's files have ${bytes} bytes, ${KEPT} are to be kept on the device`)
  return Object.fromEntries(Object.entries(files).sort())
}

/** Puts the list of files into the worker. */
function list(root, outDir) {
  return {
    name: 'list',
    apply: 'build',
    config() {
      const dist = resolve(root, outDir)
      if (existsSync(join(dist, 'manage'))) throw new Error('build the worker right after the viewer, whose files it lists, and before the other pages')
      const files = filesIn(dist)
      // The page is kept with its headers, which web.go writes.
      const version = hash(JSON.stringify(files) + readFileSync(join(root, 'web.go'), 'utf8')).replace(/\W/g, '').slice(0, 12)
      return { define: { FILES: JSON.stringify(files), VERSION: JSON.stringify(version) } }
    },
  }
}

/** The service worker: one script without a hash in its name, as browsers look for a new one at the same address. */
const outDir = process.env.OUT ?? 'dist'

export default defineConfig({
  plugins: [list(import.meta.dirname, outDir)],
  build: {
    outDir,
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: { input: 'src/sw.ts', output: { entryFileNames: 'sw.js', format: 'iife' } },
  },
})
