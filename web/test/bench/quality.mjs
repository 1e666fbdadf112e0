// What a viewer sees whose link is cut from 4 to 0.6 Mbit/s and widened again, in Chromium on the real page: four pictures on a
// phone, and one large one. A UDP proxy between page and gateway is the narrow way. Prints what the gateway chose, and for how
// long the selected picture stood still.
//   node web/test/bench/quality.mjs [repeats, 3 by default]
import { loadavg } from 'node:os'
import { chromium } from 'playwright-core'
import { gateway, simulate, stop } from '../browser/programs.mjs'
import { wire } from '../browser/wire.mjs'

const REPEATS = Number(process.argv[2] ?? 3)
const WIDE = 4e6
const THIN = 0.6e6
const THIN_MS = 20_000
/** The pause between two pictures that counts as a freeze, ms. */
const FROZEN_MS = 500

const cameras = await simulate(4)
const server = await gateway(Array.from({ length: 4 }, (_, i) => ({ id: `cam${i}`, name: `Camera ${i}`, area: 'phuong-lang', port: cameras.port, index: i })))
const browser = await chromium.launch({ executablePath: process.env.BROWSER ?? '/usr/bin/chromium', args: ['--disable-background-networking', '--no-first-run'] })
const way = wire()

/** Runs in the page: notes every picture that a tile draws, and every change of what the tiles show. */
function watch(tile) {
  const video = document.querySelector('matthan-app').shadowRoot.querySelector(`camera-tile[data-tile="${tile}"]`).shadowRoot.querySelector('video')
  const log = (window.log = { drawn: [], ages: [], states: [] })
  let last = ''
  const drawn = () => {
    log.drawn.push(Date.now())
    video.requestVideoFrameCallback(drawn)
  }
  video.requestVideoFrameCallback(drawn)
  window.setInterval(() => {
    const { tiles } = window.matthan.diagnostics()
    log.ages.push([Date.now(), tiles[tile].ageMs])
    const now = tiles.filter((t) => t.camera).map((t) => `${t.state}:${t.stream}`).join(' ')
    if (now !== last) log.states.push([Date.now(), (last = now)])
  }, 50)
}

/** The longest pause, and the sum of those over FROZEN_MS, between two times. */
function freezes(drawn, from, to) {
  const gaps = drawn.map((at, i) => (i > 0 && at > from && drawn[i - 1] < to ? at - drawn[i - 1] : 0))
  return { worst: Math.max(0, ...gaps), frozen: gaps.filter((g) => g > FROZEN_MS).reduce((a, b) => a + b, 0) }
}

async function run(grid) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, serviceWorkers: 'block' })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    way.bits = Infinity
    await way.carry(page)
    await page.goto(`${server.address}/#token=${server.token}&camera=cam0`)
    await page.waitForFunction(() => window.matthan?.diagnostics().tiles[0].state === 'live')
    if (grid) await page.locator('nav .main').tap()
    const live = (n) => page.waitForFunction((n) => window.matthan.diagnostics().tiles.filter((t) => t.state === 'live').length === n, n)
    await live(grid ? 4 : 1)
    way.bits = WIDE
    await page.waitForTimeout(8000)
    const { active, tiles } = await page.evaluate(() => window.matthan.diagnostics())
    const best = tiles[active].stream
    await page.evaluate(watch, active)
    await page.waitForTimeout(2000)
    const cut = Date.now()
    way.bits = THIN
    await page.waitForTimeout(THIN_MS)
    const wide = Date.now()
    way.bits = WIDE
    await page
      .waitForFunction(([n, best, active]) => {
        const { tiles } = window.matthan.diagnostics()
        return tiles.filter((t) => t.state === 'live' || t.state === 'weak').length === n && tiles[active].stream === best
      }, [grid ? 4 : 1, best, active])
      .catch(() => undefined)
    const end = Date.now()
    await page.waitForTimeout(5000)
    const log = await page.evaluate(() => window.log)
    const states = log.states.filter(([at]) => at > cut)
    const age = (from, to) => Math.max(...log.ages.filter(([at, a]) => at > from && at < to && a !== null).map(([, a]) => a))
    return {
      early: log.states.filter(([at]) => at <= cut).map(([, s]) => s),
      down: freezes(log.drawn, cut, wide),
      up: freezes(log.drawn, wide, end + 5000),
      age: [age(cut, cut + 6000), age(cut + 10_000, wide)],
      first: states.length ? states[0][0] - cut : null,
      // Each of the others is a still that says so, or has room to be live.
      rested: states.find(([at, s]) => at < wide && s.split(' ').every((t, i) => i === active || /^(rest|live):/.test(t)) && /rest:/.test(s) === grid)?.[0] - cut,
      rest: Math.max(...states.filter(([at]) => at < wide).map(([, s]) => (s.match(/rest:/g) ?? []).length)),
      back: end - wide,
      states: states.map(([at, s]) => `${((at - cut) / 1000).toFixed(1)} ${s}`),
    }
  } finally {
    await context.close()
  }
}

try {
  for (const grid of process.env.ONE ? [false] : [true, false]) {
    console.log(`\n| ${grid ? 'four small pictures' : 'one large picture'}, ${WIDE / 1e6} → ${THIN / 1e6} → ${WIDE / 1e6} Mbit/s | others rest after, s (how many) | longest pause while thin, ms | frozen, ms | worst age at first / later, s | all back after, s | longest pause then, ms | load |\n| --- | --- | --- | --- | --- | --- | --- | --- |`)
    for (let i = 0; i < REPEATS; i++) {
      const r = await run(grid)
      const s = (ms) => (ms / 1000).toFixed(1)
      console.log(`| ${i + 1} | ${grid ? `${s(r.rested)} (${r.rest})` : '-'} | ${r.down.worst} | ${r.down.frozen} | ${r.age.map(s).join(' / ')} | ${s(r.back)} | ${r.up.worst} | ${loadavg()[0].toFixed(1)} |`)
      if (process.env.STATES) console.log(r.early.join('\n'), '\n--', r.states.join('\n'))
    }
  }
} finally {
  await browser.close()
  way.close()
  await server.close()
  await stop(cameras)
}
