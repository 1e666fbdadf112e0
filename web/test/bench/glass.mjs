// Whether the age on the screen is the true one, in Chromium on the real page. The simulated camera writes down when it
// took each picture; the page reads from the pixels of what it draws which one that is. Between gateway and page packets
// wait for a while, each way; so do the messages of the socket, as on a slow link.
//   node web/test/bench/glass.mjs [seconds for each delay, 60 by default] [delays, ms: 0,100,300]
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { createServer, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { gateway, simulate, stop } from '../browser/programs.mjs'
import { wire } from '../browser/wire.mjs'

const SECONDS = Number(process.argv[2] ?? 60)
const DELAYS = (process.argv[3] ?? '0,100,300').split(',').map(Number)
/** Pictures in the clips' loops are at least so many, so that a place in the loop names one picture of the last seconds. */
const NEAR_MS = 8000

const way = wire()

/** The same delay for a TCP port of this machine. The gateway answers to its own name only, so requests are given that. */
async function tcp(port) {
  const open = new Set()
  const named = (b) => Buffer.from(b.toString('latin1').replaceAll(`127.0.0.1:${server.address().port}`, `127.0.0.1:${port}`), 'latin1')
  const server = createServer((front) => {
    const back = connect(port, '127.0.0.1')
    for (const [from, to] of [[front, back], [back, front]]) {
      open.add(from)
      from.setNoDelay(true)
      from.on('data', (b) => way.late(() => !to.destroyed && to.write(from === front ? named(b) : b)))
      from.on('error', () => to.destroy())
      from.on('close', () => way.late(() => to.destroy()))
    }
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { port: server.address().port, close: () => (server.close(), open.forEach((s) => s.destroy())) }
}

/** Runs in the page, before all else: notes what is drawn, and what the screen says meanwhile. */
function probe() {
  const log = (window.probe = { drawn: [], said: [] })
  const canvas = new OffscreenCanvas(256, 16)
  const g = canvas.getContext('2d', { willReadFrequently: true })
  const place = (v) => {
    const cell = v.videoWidth / 80
    g.drawImage(v, 0, v.videoHeight - cell, 16 * cell, cell, 0, 0, 256, 16)
    const p = g.getImageData(0, 8, 256, 1).data
    const level = (i) => p[(i * 16 + 8) * 4 + 1]
    const mid = (level(0) + level(1)) / 2
    if (level(0) - level(1) < 64) return -1
    let n = 0
    let ones = 0
    for (let i = 2; i < 16; i++) {
      const one = level(i) > mid ? 1 : 0
      n = n * 2 + one
      ones += one
    }
    return ones % 2 ? -1 : (n >> 1) & 0x1ff
  }
  const follow = (v) => {
    const drawn = (now, m) => {
      v.requestVideoFrameCallback(drawn)
      log.drawn.push({ at: performance.timeOrigin + Math.max(now, m.expectedDisplayTime), loop: place(v) })
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
  setInterval(() => {
    const text = document.querySelector('matthan-app')?.shadowRoot.querySelector('.strip .line')?.textContent ?? ''
    const number = /(\d+,\d\d)/.exec(text)?.[1]
    const tile = window.matthan?.diagnostics().tiles[0]
    if (number && tile) log.said.push({ at: performance.timeOrigin + performance.now(), text: 1000 * Number(number.replace(',', '.')), age: tile.ageMs })
  }, 250)
}

const quantile = (v, q) => [...v].sort((a, b) => a - b)[Math.round(q * (v.length - 1))]
const median = (v) => quantile(v, 0.5)

/** When each picture was taken, by its place in the loop: what the camera wrote down since an offset in its file. */
async function taken(file, from) {
  const handle = await open(file)
  const { size } = await handle.stat()
  const text = Buffer.alloc(size - from)
  await handle.read(text, 0, text.length, from)
  await handle.close()
  const places = new Map()
  for (const line of text.toString().split('\n').slice(1, -1)) {
    const p = JSON.parse(line)
    if (!places.has(p.loop)) places.set(p.loop, [])
    places.get(p.loop).push(Date.parse(p.captured) + Number(/\.\d{3}(\d{0,6})/.exec(p.captured)?.[1].padEnd(6, '0') ?? 0) / 1e6)
  }
  return places
}

/** The pictures' true ages, and how far what the screen said was off from those of the second before. */
function compare({ drawn, said }, places) {
  const ages = drawn.flatMap(({ at, loop }) => {
    const times = (places.get(loop) ?? []).filter((t) => t <= at && at - t < NEAR_MS)
    return times.length > 0 ? [{ at, age: at - Math.max(...times) }] : []
  })
  const off = []
  const offText = []
  for (const s of said) {
    // What is said now is made of the pictures of at most two seconds.
    const then = ages.filter((a) => a.at > s.at - 1500 && a.at <= s.at).map((a) => a.age)
    if (then.length < 10 || s.age === null) continue
    off.push(Math.abs(s.age - median(then)))
    offText.push(Math.abs(s.text - median(then)))
  }
  return { true: median(ages.map((a) => a.age)), pictures: ages.length, unread: drawn.filter((d) => d.loop < 0).length, off, offText }
}

const dir = await mkdtemp(join(tmpdir(), 'matthan-glass-'))
const log = join(dir, 'pictures.log')
const cameras = await simulate(1, { options: ['--log', log] })
const server = await gateway([{ id: 'cam0', name: 'Camera 0', area: 'phuong-lang', port: cameras.port, index: 0 }])
const browser = await chromium.launch({ executablePath: process.env.BROWSER ?? '/usr/bin/chromium', args: ['--disable-background-networking', '--no-first-run'] })
let front
const result = []
try {
  front = await tcp(Number(new URL(server.address).port))
  console.log('| link, each way, ms | true age, ms | the number is off by, ms: median / p95 / worst | what is written, ms: median / p95 / worst | pictures |\n| --- | --- | --- | --- | --- |')
  for (const delay of DELAYS) {
    way.delay = delay
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'vi-VN' })
    const page = await context.newPage()
    await way.carry(page)
    await page.addInitScript(probe)
    const handle = await open(log)
    const { size } = await handle.stat()
    await handle.close()
    await page.goto(`http://127.0.0.1:${front.port}/#token=${server.token}&camera=cam0`)
    await page.waitForFunction(() => window.probe.drawn.length > 50, null, { timeout: 30_000 }).catch(async (e) => {
      throw new Error(JSON.stringify(await page.evaluate(() => [window.matthan?.diagnostics(), document.body.innerText])), { cause: e })
    })
    // The clocks are compared in the first second.
    await page.waitForTimeout(3000)
    await page.evaluate(() => (window.probe.drawn.length = window.probe.said.length = 0))
    await page.waitForTimeout(SECONDS * 1000)
    const c = compare(await page.evaluate(() => window.probe), await taken(log, size))
    const row = (v) => `${median(v).toFixed(0)} / ${quantile(v, 0.95).toFixed(0)} / ${Math.max(...v).toFixed(0)}`
    console.log(`| ${delay} | ${c.true.toFixed(0)} | ${row(c.off)} | ${row(c.offText)} | ${c.pictures}${c.unread ? `, ${c.unread} not read` : ''} |`)
    result.push({ delay, true: c.true, off: { median: median(c.off), worst: Math.max(...c.off) }, written: { median: median(c.offText), worst: Math.max(...c.offText) } })
    await context.close()
  }
  await mkdir('bin/bench', { recursive: true })
  await writeFile('bin/bench/glass.json', JSON.stringify(result, null, 2) + '\n')
} finally {
  await browser.close()
  way.close()
  front?.close()
  await server.close()
  await stop(cameras)
  await rm(dir, { recursive: true, force: true })
}
