// Nine pictures at once on a tablet of 1280x800: sub streams of nine cameras over one connection, in Chromium on this
// machine's cores. Frames a second of each tile over the time, against what its camera sends.
//   node web/test/bench/nine.mjs [seconds, 20 by default]
import { mkdir, writeFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { gateway, simulate, stop } from '../browser/programs.mjs'

const SECONDS = Number(process.argv[2] ?? 20)
const TILES = 9
/** A tile keeps its frame rate when it draws so much of what its camera sends. */
const KEPT = 0.9

const cameras = await simulate(TILES)
const server = await gateway(
  Array.from({ length: TILES }, (_, i) => ({ id: `cam${i}`, name: `Camera ${i}`, area: 'phuong-lang', port: cameras.port, index: i })),
)
const browser = await chromium.launch({
  executablePath: process.env.BROWSER ?? '/usr/bin/chromium',
  args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
})

/** What was received, decoded and drawn of each tile until now. */
function count() {
  const app = document.querySelector('matthan-app')
  const drawn = [...app.shadowRoot.querySelectorAll('camera-tile')].map((t) => t.shadowRoot.querySelector('video').getVideoPlaybackQuality())
  const tiles = window.matthan.diagnostics().tiles
  return window.connections.at(-1).getStats().then((report) => {
    const inbound = [...report.values()].filter((s) => s.type === 'inbound-rtp')
    return tiles.map((t, i) => ({
      camera: t.camera,
      width: t.width,
      height: t.height,
      received: inbound[i]?.framesReceived ?? 0,
      decoded: inbound[i]?.framesDecoded ?? 0,
      dropped: (inbound[i]?.framesDropped ?? 0) + drawn[i].droppedVideoFrames,
      freezes: inbound[i]?.freezeCount ?? 0,
      frozen: inbound[i]?.totalFreezesDuration ?? 0,
      bytes: inbound[i]?.bytesReceived ?? 0,
    }))
  })
}

try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, hasTouch: true, isMobile: true, locale: 'vi-VN', serviceWorkers: 'block' })
  await context.addInitScript(() => {
    localStorage.setItem('matthan.shape', '9')
    window.connections = []
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...a) {
        super(...a)
        window.connections.push(this)
      }
    }
  })
  const page = await context.newPage()
  await page.goto(`${server.address}/#token=${server.token}&camera=cam0`, { waitUntil: 'domcontentloaded' })
  await page.locator('.rail button').first().tap()
  await page.waitForFunction((n) => window.matthan.diagnostics().tiles.filter((t) => t.state === 'live').length === n, TILES, { timeout: 60_000 })
  await page.waitForTimeout(3000)
  const before = await page.evaluate(count)
  const began = performance.now()
  await page.waitForTimeout(SECONDS * 1000)
  const after = await page.evaluate(count)
  const seconds = (performance.now() - began) / 1000
  const tiles = after.map((a, i) => {
    const b = before[i]
    const rate = (key) => (a[key] - b[key]) / seconds
    return { camera: a.camera, size: `${a.width}x${a.height}`, sent: rate('received'), drawn: rate('decoded') - rate('dropped'), freezes: a.freezes - b.freezes, frozen: a.frozen - b.frozen, kbps: (rate('bytes') * 8) / 1000 }
  })
  console.log(`
| Chromium ${browser.version()}, nine tiles at 1280x800, ${seconds.toFixed(0)} s | picture | camera's frames/s | drawn frames/s | freezes | kb/s |
| --- | --- | --- | --- | --- | --- |
${tiles.map((t) => `| ${t.camera} | ${t.size} | ${t.sent.toFixed(1)} | ${t.drawn.toFixed(1)} | ${t.freezes} (${t.frozen.toFixed(1)} s) | ${t.kbps.toFixed(0)} |`).join('\n')}

all: ${tiles.reduce((n, t) => n + t.drawn, 0).toFixed(1)} frames/s, ${(tiles.reduce((n, t) => n + t.kbps, 0) / 1000).toFixed(2)} Mb/s, one connection
`)
  await mkdir('bin/bench', { recursive: true })
  await writeFile('bin/bench/nine.json', JSON.stringify({ seconds, tiles }, null, 2) + '\n')
  const slow = tiles.filter((t) => t.drawn < KEPT * t.sent)
  if (slow.length > 0 || tiles.length !== TILES) {
    console.log(`${slow.length} tiles do not keep their frame rate: ${slow.map((t) => t.camera).join(', ')}`)
    process.exitCode = 1
  }
} finally {
  await browser.close()
  await server.close()
  await stop(cameras)
}
