// One gateway, four kinds of cameras and one browser for all tests, started when first asked for.
import assert from 'node:assert/strict'
import { after } from './bounded.mjs'
import { chromium } from 'playwright-core'
import { gateway, simulate, stop } from './programs.mjs'

export const PHONE = { width: 390, height: 844 }
const executablePath = process.env.BROWSER ?? '/usr/bin/chromium'

let world

/** The cameras: cam0 to cam3 always run; `frail` is there to be stopped, `late` is 800 ms behind, `other` is not ours. */
export function theWorld() {
  world ??= build()
  return world
}

async function build() {
  const [steady, frail, late] = await Promise.all([
    simulate(4, { options: ['--onvif', '127.0.0.1:0'] }),
    simulate(1, { options: ['--start-with-key'] }),
    simulate(1, { options: ['--delay', '800ms'] }),
  ])
  const names = ['Ngã tư Láng Hạ – Thái Hà', 'La Thành – Láng', 'Thái Hà – Hoàng Cầu', 'Láng – Yên Lãng']
  const cameras = names.map((name, i) => ({ id: `cam${i}`, name, area: 'phuong-lang', port: steady.port, index: i }))
  cameras.push(
    { id: 'frail', name: 'Xã Đàn – Ô Chợ Dừa', area: 'phuong-o-cho-dua', port: frail.port, index: 0 },
    { id: 'late', name: 'Tôn Đức Thắng – Cát Linh', area: 'phuong-o-cho-dua', port: late.port, index: 0 },
    { id: 'other', name: 'Đường của nơi khác', area: 'noi-khac', port: steady.port, index: 0 },
  )
  const [server, browser] = await Promise.all([
    gateway(cameras),
    chromium.launch({
      executablePath,
      args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    }),
  ])
  // Where a page is not looked at as an installed app, it is not one: each test would fetch its files, and none trusts our certificate.
  const newContext = browser.newContext.bind(browser)
  browser.newContext = (options) => newContext({ serviceWorkers: 'block', ...options })
  return { steady, frail, late, server, browser, cameras }
}

after(async () => {
  if (!world) return
  const w = await world.catch(() => undefined)
  if (!w) return
  await w.browser.close()
  await w.server.close()
  await Promise.all([w.steady, w.frail, w.late].map((p) => stop(p)))
})

/** Brings the frail camera back, on its port. */
export async function restartFrail(w) {
  w.frail = await simulate(1, { port: w.frail.port, options: ['--start-with-key'] })
}

/**
 * Runs `use(page, world)` with a phone's page. Whatever the page complains of
 * fails the test: errors, and breaches of its Content-Security-Policy.
 * options.server is another gateway than the usual one, options.init runs in the page before all else.
 */
export async function withPage(options, use) {
  const w = await theWorld()
  const context = await w.browser.newContext({
    viewport: PHONE,
    deviceScaleFactor: 1,
    hasTouch: true,
    isMobile: true,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    colorScheme: 'dark',
    ...options.context,
  })
  const complaints = []
  try {
    if (options.lang) await context.addInitScript((l) => localStorage.setItem('matthan.lang', l), options.lang)
    await context.addInitScript(countPeers)
    if (options.init) await context.addInitScript(options.init)
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    page.on('pageerror', (e) => complaints.push(e.message))
    page.on('console', (m) => {
      // A refused token or a lost network is an error of the browser's log, not of the page.
      const failedLoad = /^Failed to load resource|WebSocket connection to/.test(m.text())
      // What a page that is being left still draws, the browser takes for a ping.
      if (/^Connecting to 'blob:/.test(m.text())) return
      // A camera that gives no picture has no still either, nor has a gateway without ffmpeg.
      if (failedLoad && /\/still\?/.test(m.location().url)) return
      if (m.type() === 'error' && !(options.failedLoads && failedLoad)) complaints.push(m.text())
    })
    const server = options.server ?? w.server
    const token = options.token ?? server.token
    const camera = options.camera ? `&camera=${options.camera}` : ''
    await page.goto(`${server.address}/${token ? `#token=${token}${camera}` : ''}`, { waitUntil: 'domcontentloaded' })
    await use(page, w)
    complaints.push(...(await page.evaluate(() => window.violations)))
  } finally {
    await context.close()
  }
  assert.deepEqual(complaints, [])
}

/** Runs in the page, before all else. */
function countPeers() {
  window.violations = []
  document.addEventListener('securitypolicyviolation', (e) => window.violations.push(`${e.violatedDirective}: ${e.blockedURI}`))
  window.peers = 0
  window.connections = []
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...a) {
      super(...a)
      window.peers++
      window.connections.push(this)
    }
  }
}

/** What the page says of itself. */
export function diagnostics(page) {
  return page.evaluate(() => window.matthan.diagnostics())
}

/** The tile that shows a camera, once it is in a state. */
export async function tileIn(page, camera, states, timeout = 10_000) {
  const wanted = [states].flat()
  const handle = await page
    .waitForFunction(
      ([camera, wanted]) => window.matthan?.diagnostics().tiles.find((t) => t.camera === camera && wanted.includes(t.state)),
      [camera, wanted],
      { timeout, polling: 50 },
    )
    .catch(async (e) => {
      throw new Error(`${camera} is not ${wanted.join(' or ')}: ${JSON.stringify(await diagnostics(page), null, 1)}`, { cause: e })
    })
  return handle.jsonValue()
}

/**
 * The code in the pixels of a tile's picture: {scene, number}, or null where
 * there is none. See the package gateway/simulate: 16 cells in the bottom left
 * corner, each an eightieth of the picture wide.
 */
export function readCode(page, tile) {
  return page.evaluate((tile) => {
    const host = document.querySelector('matthan-app').shadowRoot.querySelector(`camera-tile[data-tile="${tile}"]`)
    const video = host?.shadowRoot.querySelector('video')
    if (!video?.videoWidth) return null
    const { videoWidth: width, videoHeight: height } = video
    const cell = width / 80
    const canvas = new OffscreenCanvas(16 * cell, cell)
    const g = canvas.getContext('2d', { willReadFrequently: true })
    g.drawImage(video, 0, height - cell, 16 * cell, cell, 0, 0, 16 * cell, cell)
    const { data } = g.getImageData(0, 0, canvas.width, canvas.height)
    const level = (i) => {
      const from = Math.ceil(cell / 4)
      const to = Math.floor(cell - cell / 4)
      let sum = 0
      for (let y = from; y < to; y++) for (let x = from; x < to; x++) sum += data[4 * (y * canvas.width + i * cell + x) + 1]
      return sum / (to - from) ** 2
    }
    const [white, black] = [level(0), level(1)]
    if (white - black < 64) return null
    let bits = 0
    let ones = 0
    for (let i = 2; i < 16; i++) {
      const one = level(i) > (white + black) / 2 ? 1 : 0
      bits = bits * 2 + one
      ones += one
    }
    return ones % 2 ? null : { scene: bits >> 10, number: (bits >> 1) & 0x1ff }
  }, tile)
}

/** Reads codes until `good` says yes of them, within 5 s. */
export async function codesUntil(page, tile, good) {
  const seen = []
  const end = Date.now() + 5000
  while (Date.now() < end) {
    const code = await readCode(page, tile)
    if (code) seen.push(code)
    if (good(seen)) return seen
    await page.waitForTimeout(60)
  }
  throw new Error(`codes of tile ${tile}: ${JSON.stringify(seen)}`)
}

/** The scene on a tile, and that its pictures move. */
export async function movingScene(page, tile) {
  const seen = await codesUntil(page, tile, (c) => new Set(c.map((x) => x.number)).size >= 3)
  const scenes = new Set(seen.map((c) => c.scene))
  assert.equal(scenes.size, 1, `one scene on tile ${tile}: ${JSON.stringify(seen)}`)
  return seen[0].scene
}

/** A swipe over the picture, as a finger does it. */
export async function swipe(page, dx) {
  const box = await page.locator('.stage').boundingBox()
  const y = Math.round(box.y + box.height / 2)
  const x = Math.round(box.x + box.width / 2 - dx / 2)
  const client = await page.context().newCDPSession(page)
  const at = (px) => [{ x: px, y, id: 1 }]
  await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(x) })
  for (let i = 1; i <= 5; i++) {
    await page.waitForTimeout(16)
    await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(x + (dx * i) / 5) })
  }
  // The finger rests before it leaves: after a flick the browser swallows a tap that follows at once.
  await page.waitForTimeout(100)
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await client.detach()
}
