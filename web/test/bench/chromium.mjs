// What a viewer sees, measured in Chromium on the real page: first picture, switching, latency and freezes.
// Prints a table, and writes bin/bench/chromium.json. Cameras are warm; the phone is 390x844.
//   node web/test/bench/chromium.mjs [seconds of steady looking, 60 by default]
import { mkdir, writeFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { gateway, simulate, stop } from '../browser/programs.mjs'

const STEADY_S = Number(process.argv[2] ?? 60)
const FIRST = 20
const SWITCHES = 40
const CAMERAS = 6

const cameras = await simulate(CAMERAS)
const server = await gateway(
  Array.from({ length: CAMERAS }, (_, i) => ({ id: `cam${i}`, name: `Camera ${i}`, area: 'phuong-lang', port: cameras.port, index: i })),
)
const browser = await chromium.launch({
  executablePath: process.env.BROWSER ?? '/usr/bin/chromium',
  args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
})

/** Runs in the page, before all else: notes what is asked for and every picture that is drawn, with its scene. */
function probe() {
  const log = (window.probe = { asked: [], drawn: [], clocks: [], peers: [] })
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (text) {
    const m = JSON.parse(text)
    if (m.type === 'offer' || m.type === 'view') log.asked.push({ type: m.type, tile: m.tile ?? 0, camera: m.camera ?? m.tiles?.[0]?.camera, at: performance.now() })
    return send.call(this, text)
  }
  window.WebSocket = class extends WebSocket {
    constructor(...a) {
      super(...a)
      this.addEventListener('message', (e) => {
        const m = JSON.parse(e.data)
        if (m.type === 'clock' && m.tile === 0) log.clocks.push(m)
      })
    }
  }
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...a) {
      super(...a)
      log.peers.push(this)
    }
  }
  const canvas = new OffscreenCanvas(256, 16)
  const g = canvas.getContext('2d', { willReadFrequently: true })
  const scene = (v) => {
    const k = v.videoWidth / 1280
    g.drawImage(v, 0, v.videoHeight - 16 * k, 256 * k, 16 * k, 0, 0, 256, 16)
    const p = g.getImageData(0, 8, 256, 1).data
    const cell = (i) => p[(i * 16 + 8) * 4]
    const mid = (cell(0) + cell(1)) / 2
    let n = 0
    for (let i = 2; i < 6; i++) n = n * 2 + (cell(i) > mid ? 1 : 0)
    return n
  }
  const follow = (v) => {
    const drawn = (_, m) => {
      log.drawn.push({ at: m.presentationTime, rtp: m.rtpTimestamp, scene: scene(v) })
      v.requestVideoFrameCallback(drawn)
    }
    v.requestVideoFrameCallback(drawn)
  }
  const seen = new WeakSet()
  const original = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject')
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...original,
    set(stream) {
      if (!seen.has(this)) {
        seen.add(this)
        follow(this)
      }
      original.set.call(this, stream)
    },
  })
}

async function open() {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'vi-VN' })
  await context.addInitScript(probe)
  const page = await context.newPage()
  const began = Date.now()
  await page.goto(`${server.address}/#token=${server.token}&camera=cam0`, { waitUntil: 'commit' })
  await page.waitForFunction(() => window.probe.drawn.length > 0, null, { polling: 20 })
  return { context, page, began }
}

const quantile = (v, q) => [...v].sort((a, b) => a - b)[Math.round(q * (v.length - 1))]
const spread = (v) => ({ p50: quantile(v, 0.5), p95: quantile(v, 0.95), max: Math.max(...v), n: v.length })

try {
  // One looks all the time, so that the cameras are warm.
  const holder = await open()
  const first = []
  const fromOpening = []
  for (let i = 0; i < FIRST; i++) {
    const { context, page, began } = await open()
    const m = await page.evaluate(() => ({ asked: window.probe.asked[0].at, drawn: window.probe.drawn[0].at, origin: performance.timeOrigin }))
    first.push(m.drawn - m.asked)
    fromOpening.push(m.origin + m.drawn - began)
    await context.close()
  }

  // All cameras have been looked at within the linger, so the swipe finds them warm.
  const { page } = holder
  const next = page.getByRole('button', { name: 'Sau', exact: true })
  const wait = (n, camera) =>
    page.waitForFunction(([n, camera]) => {
      const p = window.probe
      const a = p.asked[n]
      return a && a.camera === camera && p.drawn.some((d) => d.at > a.at && d.scene === p.scenes?.[camera])
    }, [n, camera], { polling: 20, timeout: 10_000 })
  const where = () => page.evaluate(() => window.probe.asked.length)
  const scenes = {}
  for (let i = 1; i <= CAMERAS; i++) {
    const camera = `cam${i % CAMERAS}`
    await next.click()
    await page.waitForFunction((c) => window.matthan.diagnostics().tiles.some((t) => t.camera === c && t.state === 'live'), camera)
    scenes[camera] = await page.evaluate(() => window.probe.drawn.at(-1).scene)
  }
  await page.evaluate((s) => { window.probe.scenes = s }, scenes)
  const switching = []
  let at = 0
  for (let i = 0; i < SWITCHES; i++) {
    const camera = `cam${(at = (at + 1) % CAMERAS)}`
    const n = await where()
    await next.click()
    await wait(n, camera)
    switching.push(await page.evaluate(([n, camera]) => {
      const p = window.probe
      return p.drawn.find((d) => d.at > p.asked[n].at && d.scene === p.scenes[camera]).at - p.asked[n].at
    }, [n, camera]))
    await page.waitForTimeout(200 + Math.random() * 300)
  }

  const before = await page.evaluate(async () => {
    window.probe.drawn.length = 0
    window.probe.clocks.length = 0
    return stats()
    async function stats() {
      for (const s of (await window.probe.peers.at(-1).getStats()).values()) if (s.type === 'inbound-rtp' && s.framesDecoded > 0) return { freezes: s.freezeCount, frozen: s.totalFreezesDuration }
    }
  })
  await page.waitForTimeout(STEADY_S * 1000)
  const steady = await page.evaluate(async () => {
    const { drawn, clocks, peers } = window.probe
    const ages = []
    for (const d of drawn) {
      const c = clocks.findLast((c) => ((d.rtp - c.rtp) | 0) >= 0)
      if (c) ages.push(performance.timeOrigin + d.at - (c.captured + ((d.rtp - c.rtp) | 0) / 90))
    }
    const all = [...(await peers.at(-1).getStats()).values()]
    const inbound = all.filter((s) => s.type === 'inbound-rtp').reduce((a, b) => (b.framesDecoded > a.framesDecoded ? b : a))
    const transport = all.find((s) => s.type === 'transport')
    return { ages, freezes: inbound.freezeCount, frozen: inbound.totalFreezesDuration, srtp: transport.srtpCipher, dropped: inbound.framesDropped, decoded: inbound.framesDecoded, gaps: drawn.slice(1).map((d, i) => d.at - drawn[i].at) }
  })
  const result = {
    first: spread(first),
    fromOpening: spread(fromOpening),
    switching: spread(switching),
    latency: spread(steady.ages),
    longestGap: Math.max(...steady.gaps),
    freezes: steady.freezes - before.freezes,
    frozenSeconds: steady.frozen - before.frozen,
    seconds: STEADY_S,
    srtp: steady.srtp,
  }
  const ms = (s) => `${s.p50.toFixed(1)} / ${s.p95.toFixed(1)} / ${s.max.toFixed(1)}`
  console.log(`
| Chromium ${browser.version()}, the real page, warm cameras | p50 / p95 / max, ms |
| --- | --- |
| first picture drawn, after the offer is sent (n ${result.first.n}) | ${ms(result.first)} |
| first picture drawn, after the address is opened | ${ms(result.fromOpening)} |
| another camera drawn, after it is asked for (n ${result.switching.n}) | ${ms(result.switching)} |
| capture to drawing, ${STEADY_S} s | ${ms(result.latency)} |

freezes in ${STEADY_S} s: ${result.freezes}, ${result.frozenSeconds.toFixed(2)} s; longest gap ${result.longestGap.toFixed(0)} ms; SRTP ${result.srtp}
`)
  await mkdir('bin/bench', { recursive: true })
  await writeFile('bin/bench/chromium.json', JSON.stringify(result, null, 2) + '\n')
} finally {
  await browser.close()
  await server.close()
  await stop(cameras)
}
