import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** Takes the blanks out of the templates and styles that lie in the sources: a tenth of the page's bytes. */
const tighten: Plugin = {
  name: 'tighten',
  enforce: 'pre',
  apply: 'build',
  transform(code, id) {
    if (!/\/src\/(ui|manage|owner|guest|element)\/[\w/-]+\.ts$/.test(id)) return null
    const styles = code.replace(/css`[^`$]*`/g, (css) =>
      css
        .replace(/\/\*.*?\*\//gs, '')
        .replace(/\s+/g, ' ')
        .replace(/([{};:,]) /g, '$1')
        .replace(/ ([{}])/g, '$1')
        .replace(/;}/g, '}'),
    )
    return { code: styles.replace(/\n\s+/g, '\n'), map: null }
  },
}

/** One chunk that is fetched later, without styles, needs no helper to fetch it. */
const plain: Plugin = {
  name: 'plain-import',
  enforce: 'pre',
  apply: 'build',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (fetch) => fetch()' : null),
}

/** Bytes as the gateway sends them. */
const packed = (code: string): number => gzipSync(code, { level: 9 }).byteLength

/** What the page loads before its first picture. */
const FIRST_LOAD = 34_500

/** Fails the build when the first load has grown: it is what an officer on a weak link waits for. */
const budget: Plugin = {
  name: 'budget',
  apply: 'build',
  async generateBundle(_, bundle) {
    const seen = new Set<string>()
    const sent = async (name: string): Promise<number> => {
      const chunk = bundle[name]
      if (seen.has(name) || chunk?.type !== 'chunk') return 0
      seen.add(name)
      let bytes = packed(chunk.code)
      for (const i of chunk.imports) bytes += await sent(i)
      return bytes
    }
    const page = Object.values(bundle).find((c) => c.type === 'chunk' && c.isEntry && c.name === 'index')
    const bytes = page ? await sent(page.fileName) : Infinity
    if (bytes > FIRST_LOAD) this.error(`the viewer's scripts have ${bytes} bytes, ${FIRST_LOAD} are allowed: fetch later what the first picture does not need`)
  },
}

/** What a page of another portal loads for <camera-view>: under 25,000 bytes as the gateway packs it, which is not as tight. */
const ELEMENT_LOAD = 24_900

const elementBudget: Plugin = {
  name: 'element-budget',
  apply: 'build',
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((c) => c.type === 'chunk')
    if (chunks.length !== 1) this.error(`<camera-view> is built as ${chunks.length} files: a page of another portal loads one`)
    const bytes = packed(chunks[0]!.code)
    if (bytes > ELEMENT_LOAD) this.error(`<camera-view> has ${bytes} bytes, ${ELEMENT_LOAD} are allowed`)
  },
}

/** One module, at an address that stays: other portals' pages name it. */
const element = {
  plugins: [tighten, elementBudget],
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2022',
    modulePreload: false as const,
    rolldownOptions: { input: 'src/element/camera-view.ts', output: { entryFileNames: 'camera-view.js' } },
  },
}

/** The pages beside the viewer, by the mode that builds each. */
const PAGES = ['manage', 'owner', 'guest', 'embed']

/**
 * Pages that are built one after the other (the viewer first, then each of PAGES
 * by its mode), so that none waits for a file that it shares with another, and
 * the viewer has no byte of what administrators, owners and guests need.
 */
export default defineConfig(({ mode }) => {
  if (mode === 'element') return element
  const beside = PAGES.includes(mode)
  return {
    // The frame's address has portal and camera in it.
    base: mode === 'embed' ? '/' : './',
    plugins: beside ? [tighten] : [tighten, plain, budget],
    build: {
      outDir: 'dist',
      emptyOutDir: !beside,
      copyPublicDir: !beside,
      rolldownOptions: { input: beside ? `${mode}/index.html` : 'index.html' },
      target: 'es2022',
      // The preload helper is an inline script in spirit and buys nothing for one chunk.
      modulePreload: false,
      // Everything is a file: the page's Content-Security-Policy has no data: for scripts or styles.
      assetsInlineLimit: 0,
    },
    test: {
      include: ['test/core/**/*.test.ts', 'test/types/*.test.mjs'],
      environment: 'node',
      // Its colours are tested.
      css: { include: [/src\/style\.css/] },
    },
  }
})
