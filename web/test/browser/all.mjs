// The browser tests of make test. What fails is run once more by itself: a machine that others use too is late at times.
// It counts only if it fails again; that it failed at first is said at the end. Many failures are no lateness.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

const MANY = 6
/** For the process to end by itself after its last test, ms. */
const GRACE_MS = 20_000
/** For something to be heard of, ms: more than a test may take. */
const SILENCE_MS = 400_000
const file = resolve(import.meta.dirname, 'run.mjs')

/** Runs the tests of these names, or all. Resolves to the names of those that failed, and whether the run came to its end. */
async function run(names) {
  const env = names ? { ...process.env, TESTS: JSON.stringify(names) } : process.env
  const child = spawn(process.execPath, ['--test-reporter=tap', file], { stdio: ['ignore', 'pipe', 'inherit'], env })
  const ended = new Promise((done) => child.on('close', done))
  const failed = []
  let whole = false
  let last = ''
  const silent = setTimeout(() => {
    console.log(`# nothing was heard for ${SILENCE_MS / 1000} s after: ${last}`)
    child.kill('SIGKILL')
  }, SILENCE_MS)
  for await (const line of createInterface(child.stdout)) {
    console.log(line)
    silent.refresh()
    if (!/^ |^$/.test(line)) last = line
    const name = /^not ok \d+ - (.*)$/.exec(line)?.[1]
    if (name && !/# SKIP/.test(name)) failed.push(name.replace(/\\(.)/g, '$1'))
    if (/^# duration_ms/.test(line)) {
      whole = true
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref()
    }
  }
  clearTimeout(silent)
  await ended
  return { failed, whole }
}

const first = await run()
if (!first.whole || first.failed.length > MANY) process.exit(1)
if (first.failed.length === 0) process.exit(0)
console.log(`# ${first.failed.length} failed, and once more by themselves:`)
const second = await run(first.failed)
for (const name of first.failed) console.log(`# ${second.failed.includes(name) ? 'failed twice' : 'failed at first'}: ${name}`)
process.exit(second.whole && second.failed.length === 0 ? 0 : 1)
