import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { test } from './bounded.mjs'
import { tileIn, withPage } from './harness.mjs'
import { gateway } from './programs.mjs'

// What cameras send, from a server that is not ours: each plays in a real browser, looked at by its pixels.

const run = promisify(execFile)
const SECONDS = 30

/** By name, which tells testdata/rtsp.py what is in the file: how ffmpeg makes it. */
const CLIPS = {
  'baseline-pcmu': '-c:v libx264 -preset veryfast -profile:v baseline -c:a pcm_mulaw -ar 8000',
  'main-pcma': '-c:v libx264 -preset veryfast -profile:v main -bf 0 -c:a pcm_alaw -ar 8000',
  'high-opus': '-c:v libx264 -preset veryfast -profile:v high -bf 0 -c:a libopus',
  'main-b': '-c:v libx264 -preset veryfast -profile:v main -bf 2 -an',
  'high-b': '-c:v libx264 -preset veryfast -profile:v high -bf 2 -an',
  'hevc-aac': '-c:v libx265 -preset veryfast -x265-params log-level=error:keyint=50 -c:a aac',
  'photos': '-c:v mjpeg -q:v 5 -huffman default -pix_fmt yuvj420p -an',
}
/** Those that a browser is sent as they come. */
const PASSED = ['baseline-pcmu', 'main-pcma', 'high-opus']

/** Makes the clips: red, green and blue quarters, one that grows dark and light again, and a tone. */
async function film(dir) {
  const colour = (c) => ['-f', 'lavfi', '-i', `color=${c}:320x180:r=25`]
  const quarters = '[3]hue=b=-5*mod(t\\,2)[w];[0][1]hstack[a];[2][w]hstack[b];[a][b]vstack,format=yuv420p;[4]volume=4'
  const files = []
  for (const [name, options] of Object.entries(CLIPS)) {
    const file = join(dir, `${name}.mkv`)
    files.push(file)
    const all = options.includes('-an') ? quarters.replace(/;\[4\].*/, '') : quarters
    await run('ffmpeg', ['-v', 'error', '-nostdin', ...['red', 'lime', 'blue', 'white'].flatMap(colour), '-f', 'lavfi', '-i', 'sine=1000:r=48000',
      '-filter_complex', all, '-t', String(SECONDS), '-g', '50', ...options.split(' '), file])
  }
  return files
}

async function serve(files) {
  const server = spawn('/usr/bin/python3', [join(import.meta.dirname, '../../../testdata/rtsp.py'), '-', '-', '-', '-', ...files], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((done) => server.on('close', done))
  const port = await new Promise((found, fail) => {
    createInterface(server.stdout).once('line', (ports) => found(ports.split(' ')[0]))
    server.on('close', (code) => fail(new Error(`the foreign server ended with ${code}`)))
  })
  return { port, end: () => (server.kill(), ended) }
}

/** The mean colours of the quarters of a tile's picture, and how wide it is. */
function quarters(page, tile) {
  return page.evaluate((tile) => {
    const host = document.querySelector('matthan-app').shadowRoot.querySelector(`camera-tile[data-tile="${tile}"]`)
    const video = host?.shadowRoot.querySelector('video')
    if (!video?.videoWidth) return null
    const g = new OffscreenCanvas(64, 36).getContext('2d', { willReadFrequently: true })
    g.drawImage(video, 0, 0, 64, 36)
    const mean = (x, y) => {
      const { data } = g.getImageData(x, y, 16, 8)
      return [0, 1, 2].map((c) => data.filter((_, i) => i % 4 === c).reduce((a, b) => a + b, 0) / 128)
    }
    return { width: video.videoWidth, is: [mean(8, 5), mean(40, 5), mean(8, 23), mean(40, 23)] }
  }, tile)
}

const near = (is, want) => is.every((v, i) => Math.abs(v - want[i]) < 60)

const gstreamer = await run('/usr/bin/python3', ['-c', "import gi; gi.require_version('GstRtspServer', '1.0')"]).then(() => false, () => 'needs gir1.2-gst-rtsp-server-1.0')

/** Runs in the page: the pitch and the level of what is heard, once it is the tone; what begins has gaps. */
async function tone() {
  const { viewer } = document.querySelector('matthan-app')
  const context = new AudioContext()
  const analyser = new AnalyserNode(context, { fftSize: 8192 })
  const { track } = viewer.session.peer.pc.getReceivers().find((r) => r.track.kind === 'audio')
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
  const wave = new Float32Array(analyser.fftSize)
  let heard = {}
  for (const end = performance.now() + 10_000; !(Math.abs(heard.pitch - 1000) < 40 && heard.level > 0.2) && performance.now() < end; ) {
    await new Promise((done) => setTimeout(done, 200))
    analyser.getFloatTimeDomainData(wave)
    let crossings = 0
    for (let i = 1; i < wave.length; i++) if (wave[i - 1] < 0 && wave[i] >= 0) crossings++
    heard = { pitch: (crossings * context.sampleRate) / wave.length, level: Math.sqrt(wave.reduce((sum, s) => sum + s * s, 0) / wave.length) }
  }
  await context.close()
  return heard
}

test('whatever a camera of others sends, its pictures are seen and its sound is heard', { skip: gstreamer }, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'matthan-codecs-'))
  const server = await serve(await film(dir))
  const cameras = Object.keys(CLIPS).map((name) => ({ id: name, name, area: 'phuong-lang', main: `rtsp://127.0.0.1:${server.port}/${name}`, sound: true }))
  const ours = await gateway(cameras)
  try {
    for (const name of Object.keys(CLIPS)) {
      await withPage({ server: ours, camera: name }, async (page) => {
        await tileIn(page, name, ['live', 'weak'], 20_000)
        const { active, tiles } = await page.evaluate(() => window.matthan.diagnostics())
        const greys = new Set()
        for (const end = Date.now() + 10_000; greys.size < 4 && Date.now() < end; ) {
          const q = await quarters(page, active)
          if (q) {
            for (const [i, want] of [[255, 0, 0], [0, 255, 0], [0, 0, 255]].entries()) assert.ok(near(q.is[i], want), `${name}: ${JSON.stringify(q)}`)
            greys.add(Math.round(q.is[3][1] / 24))
          }
          await page.waitForTimeout(100)
        }
        assert.ok(greys.size >= 4, `${name}: its pictures do not move`)
        assert.equal(tiles[active].stream, PASSED.includes(name) ? 'main' : 'full', name)
        if (CLIPS[name].includes('-an')) return
        await page.getByRole('button', { name: 'Nghe tiếng' }).tap()
        await page.waitForFunction(() => document.querySelector('matthan-app').viewer.session.tiles.some((t) => t.heard))
        const { pitch, level } = await page.evaluate(tone)
        assert.ok(Math.abs(pitch - 1000) < 40 && level > 0.2 && level < 0.5, `${name}: ${pitch} Hz, level ${level}`)
      })
    }
  } finally {
    await ours.close()
    await server.end()
    await rm(dir, { recursive: true, force: true })
  }
})
