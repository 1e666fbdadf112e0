// node:test, with an end to every test: a browser that answers no more would hold up the whole run, and nobody would learn
// which test it was in.
import { after as last, test as unbounded } from 'node:test'

/** The longest takes 40 s on two cores. */
const TEST_MS = 300_000
const AFTER_MS = 60_000

/** The names of the tests to run, as JSON; without it all. Node's own pattern skips what does not match, and takes a first test
 *  that is skipped for the end of all: what is done after the last is done then, and what is opened later is never closed. */
const only = process.env.TESTS ? new Set(JSON.parse(process.env.TESTS)) : undefined

/** @param rest options, if any, and what the test does */
export function test(name, ...rest) {
  if (only && !only.has(name)) return undefined
  const [options, run] = rest.length > 1 ? rest : [{}, rest[0]]
  return unbounded(name, { timeout: TEST_MS, ...options }, run)
}

/** What is done after the last test, given up where it does not end: processes are killed when ours ends. */
export function after(done) {
  last(() => Promise.race([done(), new Promise((late) => setTimeout(late, AFTER_MS).unref())]))
}
