// What axe finds wrong with a page at rest.
import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const REST_MS = 5_000

/** Waits until nothing is pressed or moves to its place: a button that is being pressed is paler, and a sheet that rises too. */
async function rest(where) {
  // A tap's press is drawn a moment after it.
  await where.evaluate(() => (window.calm = 0))
  await where
    .waitForFunction(
      () => {
        // A shadow tree's animations are its own root's, not the document's.
        const roots = (root) => [root, ...[...root.querySelectorAll('*')].flatMap((e) => (e.shadowRoot ? roots(e.shadowRoot) : []))]
        // What goes on for ever, or for seconds as the watermark does, is no part of an answer to a tap.
        const still = (a) => a.playState !== 'running' || a.effect?.getComputedTiming().endTime >= 1000
        const now = !document.querySelector(':active') && roots(document).every((r) => r.getAnimations().every(still))
        window.calm = now ? window.calm + 1 : 0
        return window.calm > 8
      },
      null,
      { timeout: REST_MS },
    )
    .catch(() => {}) // what never rests is looked at as it is
}

/** What WCAG 2.2 AA and axe's own good practice find wrong with a page or a frame: axe's own words. */
export async function violations(where) {
  await where.evaluate(axe)
  await rest(where)
  return (await where.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))).violations
}

/** The same, in a line each. */
export async function faults(where) {
  return (await violations(where)).map((v) => `${v.id}: ${v.nodes.map((n) => n.target.flat().join(' ')).join(', ')}`)
}
