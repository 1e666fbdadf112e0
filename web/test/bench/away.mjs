// How soon an unseen page costs nothing, and how soon its picture is back when it is looked at again, in Chromium on the
// real page. A UDP proxy between page and gateway sees what still flows.
//   node web/test/bench/away.mjs [times, 20 by default]
import { chromium } from 'playwright-core'
import { gateway, simulate, stop } from '../browser/programs.mjs'
import { wire } from '../browser/wire.mjs'

const TIMES = Number(process.argv[2] ?? 20)
/** A picture's packets are larger than this; those of the connection's upkeep are not. */
const MEDIA_BYTES = 300

/** when a picture's packet last came by */
let media = 0
const way = wire()
way.passes = (packet, toPage) => {
  if (toPage && packet.length > MEDIA_BYTES) media = Date.now()
  return true
}

/** Runs in the page, before all else. */
function probe() {
  window.drawn = []
  window.sight = 'visible'
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => window.sight })
  // What the tile calls the camera's own picture, when it was drawn.
  setInterval(() => {
    const t = window.matthan?.diagnostics().tiles[0]
    window.state = t?.state
    if (t?.state === 'live' || t?.state === 'weak') window.drawn.push(Date.now())
  }, 10)
}

const cameras = await simulate(1)
const server = await gateway([{ id: 'cam0', name: 'Camera 0', area: 'phuong-lang', port: cameras.port, index: 0 }])
const browser = await chromium.launch({ executablePath: process.env.BROWSER ?? '/usr/bin/chromium', args: ['--disable-background-networking', '--no-first-run'] })
try {
  const page = await (await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })).newPage()
  await way.carry(page)
  await page.addInitScript(probe)
  await page.goto(`${server.address}/#token=${server.token}&camera=cam0`)
  await page.waitForFunction(() => window.drawn.length > 50)
  const see = (sight) =>
    page.evaluate((s) => {
      window.sight = s
      document.dispatchEvent(new Event('visibilitychange'))
      return Date.now()
    }, sight)
  const quiet = []
  const back = []
  for (let i = 0; i < TIMES; i++) {
    const hidden = await see('hidden')
    await page.waitForFunction(() => window.state === 'idle', null, { timeout: 10_000 })
    // Half of them are away for longer than the gateway would hold a camera by itself.
    await page.waitForTimeout(i % 2 ? 1000 : 18_000)
    quiet.push(media - hidden)
    const seen = await see('visible')
    await page.waitForFunction((t) => window.drawn.at(-1) >= t, seen, { polling: 20, timeout: 30_000 })
    back.push((await page.evaluate((t) => window.drawn.find((d) => d >= t), seen)) - seen)
    await page.waitForTimeout(1000)
  }
  const row = (v) => [...v].sort((a, b) => a - b).filter((_, i, s) => i === s.length >> 1 || i === s.length - 1).map(Math.round).join(' / ')
  console.log(`| ${TIMES} times | ms: median / worst |\n| --- | --- |\n| hidden, until the last packet of a picture | ${row(quiet)} |\n| seen again, until a live picture is drawn | ${row(back)} |`)
} finally {
  await browser.close()
  way.close()
  await server.close()
  await stop(cameras)
}
