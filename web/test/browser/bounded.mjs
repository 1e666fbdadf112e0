// node:test, with an end to every test: a browser that answers no more would hold up the whole run, and nobody would learn
// which test it was in.
import { after as last, test as unbounded } from 'node:test'

/** The longest takes 40 s on two cores. */
const TEST_MS = 300_000
const AFTER_MS = 60_000

/** @param rest options, if any, and what the test does */
export function test(name, ...rest) {
  const [options, run] = rest.length > 1 ? rest : [{}, rest[0]]
  return unbounded(name, { timeout: TEST_MS, ...options }, run)
}

/** What is done after the last test, given up where it does not end: processes are killed when ours ends. */
export function after(done) {
  last(() => Promise.race([done(), new Promise((late) => setTimeout(late, AFTER_MS).unref())]))
}
