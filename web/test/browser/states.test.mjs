import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { movingScene, restartFrail, tileIn, withPage } from './harness.mjs'
import { notLive, shoot, thumbs } from './looks.mjs'
import { stop } from './programs.mjs'

test('a stream that is 800 ms behind shows an age of 0,8 s', async () => {
  await withPage({ camera: 'late' }, async (page) => {
    await tileIn(page, 'late', 'live')
    // The first second may hold pictures of the start.
    await page.waitForFunction(
      () => {
        const line = document.querySelector('matthan-app').shadowRoot.querySelector('.strip .line').textContent
        const age = Number(/(\d+,\d\d)/.exec(line)?.[1].replace(',', '.'))
        return age >= 0.7 && age <= 1
      },
      null,
      { timeout: 5000 },
    )
    assert.match(await page.locator('.strip .line').innerText(), /^Trực tiếp · \d,\d\d\ss$/, 'measured by the camera’s own clock')
  })
})

test('a camera that falls silent on an open socket is stale on the screen within 2 s', async () => {
  await withPage({ camera: 'frail' }, async (page, w) => {
    await tileIn(page, 'frail', 'live')
    await movingScene(page, 0)
    await page.evaluate(timeToStale)
    w.frail.child.kill('SIGSTOP')
    try {
      await page.waitForFunction(() => window.staleAfter !== undefined, null, { timeout: 6000 })
      const after = await page.evaluate(() => window.staleAfter)
      assert.ok(after < 2000, `stale ${after} ms after the last picture`)
      assert.match(await page.locator('camera-tile .pill').first().innerText(), /^Hình cách đây \d+\ss$/)
      assert.equal(await page.locator('.strip .line').innerText(), 'Đang nối lại')
      const filter = await page.locator('camera-tile[data-tile="0"] video').evaluate((v) => getComputedStyle(v).filter)
      assert.match(filter, /grayscale/)
      await notLive(page)
      await shoot(page, 'stale')
      assert.match(await page.locator('.app > p.sr[role=status]').first().innerText(), /Đang nối lại$/)
    } finally {
      w.frail.child.kill('SIGCONT')
    }
    await tileIn(page, 'frail', ['live', 'weak'], 15_000)
  })
})

test('a camera that is gone shows since when, and comes back by itself within 3 s', async () => {
  await withPage({ camera: 'frail' }, async (page, w) => {
    await tileIn(page, 'frail', ['live', 'weak'])
    await stop(w.frail, 'SIGKILL')
    try {
      await tileIn(page, 'frail', 'offline')
      const veil = page.locator('camera-tile[data-tile="0"] .mid')
      assert.match(await veil.locator('b').innerText(), /^Camera mất kết nối từ \d\d:\d\d$/)
      assert.notEqual(await veil.locator('small').innerText(), '')
      assert.match(await page.locator('.strip .line').innerText(), /^(Tự thử lại sau \d+\ss|Đang thử lại)$/)
      assert.match(await page.locator('.app > p.sr[role=status]').first().innerText(), /Camera mất kết nối từ/)
      await notLive(page)
      await thumbs(page)
      await shoot(page, 'offline')
    } finally {
      await restartFrail(w)
    }
    const back = Date.now()
    await tileIn(page, 'frail', ['live', 'weak'], 10_000)
    const took = Date.now() - back
    assert.ok(took < 3000, `live ${took} ms after the camera's return`)
    await movingScene(page, 0)
  })
})

test('a wrong token clears the screen and says to get a new link', async () => {
  await withPage({ token: 'not-the-token-of-this-gateway', failedLoads: true }, async (page) => {
    await page.locator('gate-screen h1').waitFor()
    assert.equal(await page.locator('gate-screen h1').innerText(), 'Liên kết không còn dùng được')
    assert.equal(await page.locator('camera-tile').count(), 0)
    assert.equal(await page.evaluate(() => sessionStorage.getItem('matthan.token')), null)
    assert.doesNotMatch(page.url(), /token/)
  })
})

test('without a link there is a field to paste one, which then opens', async () => {
  await withPage({ token: '' }, async (page, w) => {
    assert.equal(await page.locator('gate-screen h1').innerText(), 'Đăng nhập để xem camera')
    await page.locator('gate-screen input').fill('https://camera.example/')
    await page.locator('gate-screen button.go').tap()
    assert.match(await page.locator('gate-screen [role=alert]').innerText(), /Chưa thấy mã/)
    await page.locator('gate-screen input').fill(`${w.server.address}/#token=${w.server.token}&camera=cam1`)
    await page.locator('gate-screen button.go').tap()
    await tileIn(page, 'cam1', 'live')
    assert.equal(new URL(page.url()).hash, '#camera=cam1')
    await page.reload({ waitUntil: 'domcontentloaded' })
    await tileIn(page, 'cam1', 'live')
  })
})

for (const [camera, what] of [
  ['no-such-camera', 'an unknown camera'],
  ['other', 'a camera outside the rights'],
]) {
  test(`${what} is refused in words, without a picture`, async () => {
    await withPage({ camera }, async (page) => {
      await tileIn(page, camera, 'denied')
      const veil = page.locator('camera-tile[data-tile="0"] .mid')
      assert.equal(await veil.locator('b').innerText(), 'Chưa có quyền xem')
      assert.equal(await veil.locator('small').innerText(), 'Không có camera này, hoặc bạn chưa có quyền xem. Chỉ huy nơi có camera là người cấp quyền.')
      await notLive(page)
      await thumbs(page)
      await shoot(page, 'denied')
      assert.equal(await page.locator('camera-tile[data-tile="0"] camera-still').count(), 0)
      // The rest works: no dead end.
      await page.locator('camera-list .row').first().tap()
      await page.waitForFunction(() => window.matthan.diagnostics().tiles.some((t) => t.state === 'live' || t.state === 'weak'))
    })
  })
}

test('a phone without network says so, and opens again by itself', async () => {
  await withPage({ camera: 'frail', failedLoads: true }, async (page, w) => {
    await tileIn(page, 'frail', ['live', 'weak'])
    await page.waitForFunction(() => customElements.get('tile-veil')) // it cannot come later
    // The browser's switch leaves WebRTC alone; that no picture comes is the camera's part here.
    w.frail.child.kill('SIGSTOP')
    await page.context().setOffline(true)
    try {
      await tileIn(page, 'frail', 'nonet', 4000)
      assert.equal(await page.locator('camera-tile[data-tile="0"] .mid b').innerText(), 'Điện thoại không có mạng')
      assert.equal(await page.locator('.strip .line').innerText(), 'Tự mở lại khi có sóng')
      await notLive(page)
      await shoot(page, 'nonet')
    } finally {
      w.frail.child.kill('SIGCONT')
      await page.context().setOffline(false)
    }
    await tileIn(page, 'frail', ['live', 'weak'])
    assert.equal(await page.evaluate(() => window.peers), 1, 'ICE is restarted, the connection stays')
  })
})

/** Runs in the page: how long after the last drawn picture the tile was called stale. */
function timeToStale() {
  const host = document.querySelector('matthan-app').shadowRoot.querySelector('camera-tile[data-tile="0"]')
  const video = host.shadowRoot.querySelector('video')
  let last = performance.now()
  const drawn = () => {
    last = performance.now()
    video.requestVideoFrameCallback(drawn)
  }
  video.requestVideoFrameCallback(drawn)
  const look = setInterval(() => {
    if (!host.shadowRoot.querySelector('.v.stale')) return
    clearInterval(look)
    window.staleAfter = Math.round(performance.now() - last)
  }, 20)
}
