// How soon the picture is back after the network was gone, in Chromium on the real page. A UDP proxy between page and
// gateway drops everything for a while, or a share of the packets all the time.
//   node web/test/bench/outage.mjs [repeats, 5 by default]
import { chromium } from 'playwright-core'
import { gateway, simulate, stop } from '../browser/programs.mjs'
import { wire } from '../browser/wire.mjs'

const REPEATS = Number(process.argv[2] ?? 5)
const OUTAGES_MS = [200, 1000, 3000, 6000]
const LOSSES = [0.02, 0.05]
const LOSS_S = 20

const link = { gone: false, loss: 0, bytes: 0 }
const way = wire()
way.passes = (packet, toPage) => {
  if (toPage && !link.gone) link.bytes += packet.length
  return !link.gone && !(toPage && packet.length > 200 && Math.random() < link.loss)
}

/** Runs in the page, before all else: notes every picture that is drawn. */
function probe() {
  const log = (window.probe = { drawn: [], peers: [] })
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...a) {
      super(...a)
      log.peers.push(this)
    }
  }
  const follow = (v) => {
    const drawn = (_, m) => {
      log.drawn.push(performance.timeOrigin + m.presentationTime)
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

const cameras = await simulate(1)
const server = await gateway([{ id: 'cam0', name: 'Camera 0', area: 'phuong-lang', port: cameras.port, index: 0 }])
const browser = await chromium.launch({ executablePath: process.env.BROWSER ?? '/usr/bin/chromium', args: ['--disable-background-networking', '--no-first-run'] })
try {
  const page = await (await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })).newPage()
  await way.carry(page)
  await page.addInitScript(probe)
  await page.goto(`${server.address}/#token=${server.token}&camera=cam0`)
  await page.waitForFunction(() => window.probe.drawn.length > 50)

  console.log('| the network is gone for, s | the picture is back after, ms: median / worst | its stream in the second after |\n| --- | --- | --- |')
  for (const gone of OUTAGES_MS) {
    const back = []
    const burst = []
    for (let i = 0; i < REPEATS; i++) {
      link.gone = true
      await new Promise((r) => setTimeout(r, gone))
      link.gone = false
      const end = Date.now()
      const bytes = link.bytes
      setTimeout(() => burst.push(link.bytes - bytes), 1000)
      await page.waitForFunction((t) => window.probe.drawn.at(-1) > t, end, { polling: 20, timeout: 60_000 })
      back.push(await page.evaluate((t) => window.probe.drawn.find((d) => d > t) - t, end))
      await page.waitForTimeout(4000 + Math.random() * 4000)
    }
    back.sort((a, b) => a - b)
    burst.sort((a, b) => a - b)
    console.log(`| ${gone / 1000} | ${back[back.length >> 1].toFixed(0)} / ${back.at(-1).toFixed(0)} | ${((burst[burst.length >> 1] * 8) / 1e6).toFixed(1)} Mbit/s |`)
  }
  const stats = () =>
    page.evaluate(async () => {
      for (const s of (await window.probe.peers.at(-1).getStats()).values()) {
        if (s.type === 'inbound-rtp' && s.framesDecoded > 0) return { freezes: s.freezeCount, frozen: s.totalFreezesDuration, nack: s.nackCount, pli: s.pliCount, back: s.retransmittedPacketsReceived }
      }
    })
  console.log('\n| packets lost | freezes | frozen, s | NACKs | repaired | PLIs | stream |\n| --- | --- | --- | --- | --- | --- | --- |')
  for (const loss of LOSSES) {
    const before = await stats()
    const bytes = link.bytes
    link.loss = loss
    await page.waitForTimeout(LOSS_S * 1000)
    link.loss = 0
    const after = await stats()
    const d = (k) => after[k] - before[k]
    console.log(`| ${loss * 100} % for ${LOSS_S} s | ${d('freezes')} | ${d('frozen').toFixed(1)} | ${d('nack')} | ${d('back')} | ${d('pli')} | ${(((link.bytes - bytes) * 8) / 1e6 / LOSS_S).toFixed(1)} Mbit/s |`)
    await page.waitForTimeout(5000)
  }
} finally {
  await browser.close()
  way.close()
  await server.close()
  await stop(cameras)
}
