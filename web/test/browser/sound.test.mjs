import assert from 'node:assert/strict'
import { after, test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { ready, shot } from './fingers.mjs'
import { diagnostics, tileIn, withPage } from './harness.mjs'
import { gateway, simulate, stop } from './programs.mjs'

// Cameras that are heard: a tone of 1 kHz for a tenth of a second at each whole second.

const CODINGS = ['pcmu', 'pcma', 'opus', 'aac']

/**
 * How far picture and sound may be from each other, ms, before something is wrong. 80 are wanted of G.711 and Opus, and kept
 * where the machine is not busy: see docs/performance.md. What is measured is printed.
 */
const APART = 450

let place

/** A gateway of its own, with a camera of each coding, whose sound is switched on, and one whose is not. */
function thePlace() {
  place ??= build()
  return place
}

async function build() {
  const cameras = await Promise.all(CODINGS.map((sound) => simulate(1, { options: ['--start-with-key', '--sound', sound] })))
  const list = CODINGS.map((id, i) => ({ id, name: `Ngã tư ${id}`, area: 'phuong-lang', port: cameras[i].port, index: 0, sound: true }))
  list.push({ id: 'off', name: 'Ngã tư im', area: 'phuong-lang', port: cameras[0].port, index: 0 })
  return { cameras, server: await gateway(list) }
}

after(async () => {
  const p = await place?.catch(() => undefined)
  if (!p) return
  await p.server.close()
  await Promise.all(p.cameras.map((c) => stop(c)))
})

/** Runs in the page: hears `n` tones, and tells their pitch, level and age, and how old the pictures were meanwhile. */
async function listenFor(n) {
  const { viewer } = document.querySelector('matthan-app')
  const context = new AudioContext({ latencyHint: 'interactive' })
  const analyser = new AnalyserNode(context, { fftSize: 4096, smoothingTimeConstant: 0 })
  context.createMediaStreamSource(new MediaStream([viewer.session.peer.pc.getReceivers().find((r) => r.track.kind === 'audio').track])).connect(analyser)
  const wave = new Float32Array(analyser.fftSize)
  const heard = []
  const pictures = []
  let quiet = false
  const began = performance.now()
  while (heard.length < n && performance.now() - began < 20_000) {
    await new Promise((done) => setTimeout(done, 5))
    analyser.getFloatTimeDomainData(wave)
    const now = Date.now()
    const at = wave.findIndex((s) => Math.abs(s) > 0.1)
    // What begins in the middle of what is looked at was not there before.
    if (at < 0) quiet = true
    else if (quiet && at < wave.length - 3000) {
      quiet = false
      const tone = wave.subarray(at, at + 2400)
      let crossings = 0
      for (let i = 1; i < tone.length; i++) if (tone[i - 1] < 0 && tone[i] >= 0) crossings++
      heard.push({
        pitch: (crossings * context.sampleRate) / tone.length,
        level: Math.sqrt(tone.reduce((sum, s) => sum + s * s, 0) / tone.length),
        age: (now - ((wave.length - at) * 1000) / context.sampleRate) % 1000,
      })
      pictures.push(viewer.session.tiles[viewer.tiles.active].lastAge)
    }
  }
  await context.close()
  return { heard, pictures }
}

const median = (all) => all.toSorted((a, b) => a - b)[all.length >> 1]
const lines = (page) => page.evaluate(() => window.connections.map((c) => c.getTransceivers().filter((t) => t.receiver.track.kind === 'audio').length))

for (const camera of CODINGS) {
  test(`a camera's ${camera} is heard when its button is pressed, in step with the picture`, async () => {
    const { server } = await thePlace()
    await withPage({ server, camera }, async (page) => {
      await tileIn(page, camera, ['live', 'weak'], 20_000)
      await ready(page)
      const button = page.getByRole('button', { name: 'Nghe tiếng' })
      await button.waitFor()
      assert.deepEqual(await lines(page), [0], 'nothing is asked for before')
      await button.tap()
      await page.getByRole('button', { name: 'Tắt tiếng' }).waitFor()
      await page.waitForFunction(() => document.querySelector('matthan-app').viewer.session.tiles.some((t) => t.heard))
      const { heard, pictures } = await page.evaluate(listenFor, 6)
      assert.equal(heard.length, 6, 'tones are heard')
      const late = median(heard.map((h) => h.age)) - median(pictures)
      const [pitch, level] = [median(heard.map((h) => h.pitch)), median(heard.map((h) => h.level))]
      assert.ok(Math.abs(pitch - 1000) < 40 && level > 0.2 && level < 0.5, JSON.stringify(heard))
      console.log(`# ${camera}: the sound is ${median(heard.map((h) => h.age)).toFixed(0)} ms old, the picture ${median(pictures).toFixed(0)}: ${late.toFixed(0)} ms apart`)
      assert.ok(Math.abs(late) < APART, `they are ${late.toFixed(0)} ms apart`)
      assert.ok((await diagnostics(page)).tiles.some((t) => t.camera === camera && t.state === 'live'))
      if (camera === 'pcmu') {
        await shot(page, 'sound-on')
        assert.deepEqual(await faults(page), [])
      }

      await page.getByRole('button', { name: 'Tắt tiếng' }).tap()
      await page.waitForFunction(() => document.querySelector('matthan-app').viewer.session.tiles.every((t) => !t.heard))
      await new Promise((done) => setTimeout(done, 300)) // what was on its way
      const before = await page.evaluate(packets)
      await new Promise((done) => setTimeout(done, 500))
      assert.equal(await page.evaluate(packets), before, 'nothing is sent any more')
    })
  })
}

/** Runs in the page: packets of sound so far. */
async function packets() {
  let n = 0
  for (const c of window.connections) (await c.getStats()).forEach((s) => s.type === 'inbound-rtp' && s.kind === 'audio' && (n += s.packetsReceived))
  return n
}

test('another camera is silent until its own button is pressed, and one that is not switched on has none', async () => {
  const { server } = await thePlace()
  await withPage({ server, camera: 'pcmu' }, async (page) => {
    await tileIn(page, 'pcmu', ['live', 'weak'], 20_000)
    await page.getByRole('button', { name: 'Nghe tiếng' }).tap()
    await page.waitForFunction(() => document.querySelector('matthan-app').viewer.session.tiles.some((t) => t.heard))
    await page.evaluate(() => (location.hash = '#camera=pcma'))
    await tileIn(page, 'pcma', ['live', 'weak'], 20_000)
    await page.getByRole('button', { name: 'Nghe tiếng' }).waitFor()
    await page.waitForFunction(() => document.querySelector('matthan-app').viewer.session.tiles.every((t) => !t.heard))
    await page.evaluate(() => (location.hash = '#camera=off'))
    await tileIn(page, 'off', ['live', 'weak'], 20_000)
    await page.locator('sound-button button').waitFor({ state: 'detached' })
  })
})
