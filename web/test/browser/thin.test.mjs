import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { diagnostics, movingScene, tileIn, withPage } from './harness.mjs'
import { notLive, shoot } from './looks.mjs'
import { wire } from './wire.mjs'

// What an officer sees whose link becomes thin: one picture goes on, the others are stills and say so.

const LONG_MS = 40_000
/** A tile that draws nothing for so long, ms, has frozen. The bench measures it on a calm machine. */
const FROZEN_MS = 4000

const moving = (t) => t.state === 'live' || t.state === 'weak'

test('on a link cut from 4 to 0.6 Mbit/s the selected picture goes on, the others are stills, and all come back', async () => {
  const way = wire()
  try {
    await withPage({ camera: 'cam0' }, async (page) => {
      await way.carry(page)
      await page.reload({ waitUntil: 'domcontentloaded' })
      await tileIn(page, 'cam0', ['live', 'weak'])
      await page.locator('nav .main').tap()
      const until = (good, what) =>
        page.waitForFunction(good, null, { timeout: LONG_MS, polling: 100 }).catch(async (e) => {
          throw new Error(`${what}: ${JSON.stringify((await diagnostics(page)).tiles.map((t) => [t.camera, t.state, t.stream, t.bitsPerSecond, t.loss]))}`, { cause: e })
        })
      const all = () => window.matthan.diagnostics().tiles.filter((t) => t.state === 'live' || t.state === 'weak').length === 4
      way.bits = 4e6
      await until(all, 'four pictures')
      const { active } = await diagnostics(page)
      await page.evaluate(watchGaps, active)
      way.bits = 0.6e6
      await until(() => window.matthan.diagnostics().tiles.filter((t) => t.state === 'rest').length >= 2, 'the others rest')
      const { tiles } = await diagnostics(page)
      assert.ok(moving(tiles[active]) || tiles[active].state === 'stale', `the selected one goes on: ${tiles[active].state}`)
      const resting = tiles.findIndex((t) => t.state === 'rest')
      await page.waitForFunction(
        (i) => /mạng yếu/.test(document.querySelector('matthan-app').shadowRoot.querySelector(`camera-tile[data-tile="${i}"]`).shadowRoot.querySelector('.cap span').textContent),
        resting,
      )
      assert.equal(await page.locator(`camera-tile[data-tile="${resting}"] .cap span`).innerText(), 'Ảnh chụp – mạng yếu')
      assert.match(await page.locator(`camera-tile[data-tile="${resting}"] .pill`).innerText(), /^Hình cách đây /)
      await notLive(page, resting)
      await shoot(page, 'thin')
      await tileIn(page, tiles[active].camera, ['live', 'weak'])
      await movingScene(page, active)
      way.bits = 4e6
      await until(all, 'all come back')
      const worst = await page.evaluate(() => window.worstGap)
      assert.ok(worst < FROZEN_MS, `the selected picture stood still for ${worst} ms`)
    })
  } finally {
    way.close()
  }
})

/** Runs in the page: notes the longest time between two drawn pictures of a tile. */
function watchGaps(tile) {
  const host = document.querySelector('matthan-app').shadowRoot.querySelector(`camera-tile[data-tile="${tile}"]`)
  const video = host.shadowRoot.querySelector('video')
  window.worstGap = 0
  let last = performance.now()
  const drawn = () => {
    const now = performance.now()
    window.worstGap = Math.max(window.worstGap, Math.round(now - last))
    last = now
    video.requestVideoFrameCallback(drawn)
  }
  video.requestVideoFrameCallback(drawn)
}
