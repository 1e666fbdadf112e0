import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { codesUntil, diagnostics, movingScene, swipe, tileIn, withPage } from './harness.mjs'

test('the picture of a camera moves, and says how old it is', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    const before = await tileIn(page, 'cam0', 'live')
    await movingScene(page, 0)
    await page.waitForFunction((n) => window.matthan.diagnostics().tiles[0].framesDecoded > n + 20, before.framesDecoded ?? 0)
    assert.match(await page.locator('.strip .line').innerText(), /^Trực tiếp · (≈\s)?\d+,\d\d\ss( từ cổng)?$/)
    await page.waitForFunction(() => /Mb\/s/.test(document.querySelector('matthan-app').shadowRoot.querySelector('.strip .q').textContent))
    assert.match(await page.locator('.strip .q').innerText(), /^\d+p\s\d+,\d\sMb\/s$/)
    assert.match(await page.locator('footer .data').innerText(), /Hôm nay [\d,]+\sMB/)
  })
})

test('pictures are ciphered with AES-GCM, not with the slower SHA-1 profile that a browser would take', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', 'live')
    const stats = await page.evaluate(async () => [...(await window.connections.at(-1).getStats()).values()])
    assert.equal(stats.find((s) => s.type === 'transport').srtpCipher, 'SRTP_AEAD_AES_128_GCM')
  })
})

test('the browser is done loading, whether a camera gives a picture or not', async () => {
  for (const camera of ['cam0', 'none']) {
    await withPage({ camera }, (page) => page.waitForLoadState('load', { timeout: 5000 }))
  }
})

test('three other cameras come on the same connection, by swipe and by button', async () => {
  await withPage({ camera: 'cam1' }, async (page) => {
    await tileIn(page, 'cam1', 'live')
    const tile = (await diagnostics(page)).active
    const scenes = [await movingScene(page, tile)]
    const steps = [
      () => swipe(page, -160),
      () => page.locator('nav button').last().tap(),
      () => page.locator('nav button').last().tap(),
      () => swipe(page, 160),
    ]
    const seen = ['cam1']
    for (const step of steps) {
      await step()
      await page.waitForFunction((last) => !location.hash.endsWith(`=${last}`), seen.at(-1))
      const camera = (await page.evaluate(() => location.hash)).replace('#camera=', '')
      seen.push(camera)
      await tileIn(page, camera, ['live', 'weak'])
      scenes.push(await movingScene(page, tile))
    }
    assert.equal(seen[4], seen[2], 'a swipe back goes back')
    assert.equal(scenes[4], scenes[2], 'and to the same picture')
    assert.deepEqual(seen.slice(0, 4), ['cam1', 'cam3', 'cam0', 'cam2'], 'in the order of the list')
    assert.equal(new Set(scenes).size, 4, `each its own picture: ${scenes}`)
    const d = await diagnostics(page)
    assert.equal(await page.evaluate(() => window.peers), 1)
    assert.equal(d.active, tile)
  })
})

test('a picture of the old camera never stands under the new name', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', 'live')
    const scene = { cam0: await movingScene(page, 0) }
    await page.evaluate(() => (location.hash = '#camera=cam1'))
    await tileIn(page, 'cam1', 'live')
    scene.cam1 = await movingScene(page, 0)
    assert.notEqual(scene.cam0, scene.cam1)
    // In the frame callbacks, so that no picture is missed: what is called live is read from the pixels at once.
    await page.evaluate(watchScenes)
    for (let i = 0; i < 12; i++) {
      await page.evaluate((c) => (location.hash = `#camera=${c}`), i % 2 ? 'cam1' : 'cam0')
      await page.waitForTimeout(i % 3 ? 40 : 500)
    }
    await tileIn(page, 'cam1', 'live')
    const seen = await page.evaluate(() => window.shownAsLive)
    assert.ok(seen.length > 5, `some pictures were live: ${seen.length}`)
    const wrong = seen.filter((s) => scene[s.camera] !== s.scene)
    assert.deepEqual(wrong, [])
  })
})

test('the grid shows four cameras, each its own and moving', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', 'live')
    await page.locator('nav .main').tap()
    await page.waitForFunction(() => window.matthan.diagnostics().tiles.every((t) => ['live', 'weak'].includes(t.state)))
    const d = await diagnostics(page)
    assert.equal(new Set(d.tiles.map((t) => t.camera)).size, 4)
    const scenes = []
    for (const tile of [0, 1, 2, 3]) scenes.push(await movingScene(page, tile))
    assert.equal(await page.evaluate(() => window.peers), 1)
    assert.equal(new Set(scenes).size, 4, `four scenes: ${scenes}`)
    // A tap on a tile makes it large, on the tile where it is.
    const third = d.tiles[2].camera
    await page.locator('camera-tile[data-tile="2"] .open').tap()
    await page.waitForFunction(() => window.matthan.diagnostics().mode === 'single')
    await tileIn(page, third, ['live', 'weak'])
    assert.equal((await diagnostics(page)).active, 2)
    await codesUntil(page, 2, (c) => c.length > 1)
    const others = (await diagnostics(page)).tiles.filter((t) => t.camera !== '')
    assert.equal(others.length, 1, 'unseen tiles cost no traffic')
  })
})

test('an unseen page stops its pictures, and has them at once when seen again', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', 'live')
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => window.seen ?? 'hidden' })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await page.waitForFunction(() => window.matthan.diagnostics().tiles[0].state === 'idle', null, { timeout: 6000 })
    await page.evaluate(() => {
      window.seen = 'visible'
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await tileIn(page, 'cam0', 'live')
    assert.equal(await page.evaluate(() => window.peers), 1)
  })
})

/** Runs in the page: notes the scene in every picture that is drawn while its tile is called live. */
function watchScenes() {
  window.shownAsLive = []
  const host = document.querySelector('matthan-app').shadowRoot.querySelector('camera-tile[data-tile="0"]')
  const video = host.shadowRoot.querySelector('video')
  const canvas = new OffscreenCanvas(256, 16)
  const g = canvas.getContext('2d', { willReadFrequently: true })
  const look = () => {
    video.requestVideoFrameCallback(look)
    const tile = window.matthan.diagnostics().tiles[0]
    if (tile.state !== 'live' && tile.state !== 'weak') return
    const cell = video.videoWidth / 80
    g.drawImage(video, 0, video.videoHeight - cell, 16 * cell, cell, 0, 0, 256, 16)
    const { data } = g.getImageData(0, 8, 256, 1)
    const bit = (i) => (data[4 * (16 * i + 8) + 1] > 128 ? 1 : 0)
    if (bit(0) !== 1 || bit(1) !== 0) return
    let ones = 0
    for (let i = 2; i < 16; i++) ones += bit(i)
    if (ones % 2) return
    window.shownAsLive.push({ camera: tile.camera, scene: bit(2) * 8 + bit(3) * 4 + bit(4) * 2 + bit(5) })
  }
  video.requestVideoFrameCallback(look)
}
