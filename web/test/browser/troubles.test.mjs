// States that need a gateway of their own, or people who sign in: see states.test.mjs for the others.
import assert from 'node:assert/strict'
import { after, test } from './bounded.mjs'
import { hot } from './devices.mjs'
import { movingScene, tileIn as inTime, withPage } from './harness.mjs'
import { notLive, shoot, thumbs, veil } from './looks.mjs'
import { gateway, simulate, stop } from './programs.mjs'
import { password, theWards, withPeople } from './wards.mjs'

// A busy machine may take long; it is what comes that counts here.
const LONG_MS = 40_000
const tileIn = (page, camera, states) => inTime(page, camera, states, LONG_MS)

let town

/** Cameras with places: `ahead` has a clock an hour ahead, `far` is 1.7 s behind, `lost` answers nobody. */
async function theTown() {
  town ??= (async () => {
    const [steady, ahead, far, gone] = await Promise.all([
      simulate(2),
      simulate(1, { options: ['--clock-offset', '1h'] }),
      simulate(1, { options: ['--delay', '1700ms'] }),
      simulate(1),
    ])
    await stop(gone)
    const at = (id, name, port, position, index = 0) => ({ id, name, area: 'phuong-lang', port, index, position })
    const server = await gateway([
      at('near', 'Ngã tư Láng Hạ – Thái Hà', steady.port, [21.0126, 105.8169]),
      at('far', 'Tôn Đức Thắng – Cát Linh', far.port, [21.03, 105.83]),
      at('ahead', 'La Thành – Láng', ahead.port, [21.02, 105.81]),
      at('lost', 'Thái Hà – Hoàng Cầu', gone.port, [21.013, 105.8175]),
      at('other', 'Xã Đàn – Ô Chợ Dừa', steady.port, [21.05, 105.85], 1),
    ])
    return { server, programs: [steady, ahead, far] }
  })()
  return town
}

after(async () => {
  const t = await town?.catch(() => undefined)
  if (!t) return
  await t.server.close()
  await Promise.all(t.programs.map((p) => stop(p)))
})

const line = (page) => page.locator('.strip .line').innerText()
const lineIs = (page, wanted) =>
  page.waitForFunction((text) => new RegExp(text).test(document.querySelector('matthan-app').shadowRoot.querySelector('.strip .line').textContent), wanted.source, { timeout: LONG_MS })

test('a lost camera offers the nearest that gives a picture, which a tap opens', async () => {
  const { server } = await theTown()
  await withPage({ camera: 'lost', server }, async (page) => {
    await tileIn(page, 'lost', 'offline')
    await page.locator('tile-veil .instead').waitFor()
    const said = await veil(page)
    assert.match(said.title[0], /^Camera mất kết nối từ \d\d:\d\d$/)
    assert.deepEqual(said.buttons, ['Xem camera gần đó\nNgã tư Láng Hạ – Thái Hà'])
    assert.match(await line(page), /^(Tự thử lại sau \d+\ss|Đang thử lại)$/)
    await notLive(page)
    await thumbs(page)
    await shoot(page, 'lost')
    await page.locator('tile-veil .instead').tap()
    await tileIn(page, 'near', 'live')
  })
})

test('a picture that is 1.7 s old is amber, and says how old it is', async () => {
  const { server } = await theTown()
  await withPage({ camera: 'far', server }, async (page) => {
    await tileIn(page, 'far', 'weak')
    // The first second may hold pictures of the start.
    await lineIs(page, /^Mạng yếu · 1,[678]\d\ss$/)
    assert.equal(await page.locator('.strip .dot.weak').count(), 1)
    await shoot(page, 'weak')
  })
})

test('a camera whose clock is an hour ahead is live, with an age since it came to the gateway', async () => {
  const { server } = await theTown()
  await withPage({ camera: 'ahead', server }, async (page) => {
    await tileIn(page, 'ahead', 'live')
    await lineIs(page, /^Trực tiếp · ≈\s0,\d\d\ss từ cổng$/)
    const cut = await page.locator('.strip .line').evaluate((e) => e.scrollWidth > e.clientWidth)
    assert.equal(cut, false, 'all of it is to be read')
    await shoot(page, 'since-arrival')
  })
})

test('while a camera opens its last picture stands there, with its time', async () => {
  const { server } = await theTown()
  await withPage({ camera: 'near', server }, async (page) => {
    await tileIn(page, 'near', 'live')
    await page.evaluate(() => (location.hash = '#camera=other'))
    await tileIn(page, 'other', 'live')
    // A gateway that does not answer is an opening that lasts.
    server.child.kill('SIGSTOP')
    try {
      await page.evaluate(() => (location.hash = '#camera=near'))
      await tileIn(page, 'near', 'opening')
      assert.match(await page.locator('camera-tile .pill').first().innerText(), /^Ảnh lúc \d\d:\d\d$/)
      assert.equal(await line(page), 'Đang mở hình')
      assert.equal(await page.locator('.strip .ring').count(), 1)
      await notLive(page)
      await shoot(page, 'opening')
    } finally {
      server.child.kill('SIGCONT')
    }
    await tileIn(page, 'near', 'live')
    await movingScene(page, 0)
    assert.equal(await page.locator('camera-tile .pill').count(), 0)
  })
})

test('a phone that refuses to play wants one tap, and then plays all of a grid', async () => {
  const { server } = await theTown()
  await withPage({ server, token: '' }, async (page) => {
    await page.addInitScript(saving)
    await page.goto(`${server.address}/#token=${server.token}&camera=near`)
    await page.reload()
    await tileIn(page, 'near', 'tap')
    assert.equal(await line(page), 'Máy đang tiết kiệm pin')
    const said = await veil(page)
    assert.deepEqual(said.buttons, ['Chạm để xem'])
    await notLive(page)
    await thumbs(page)
    await shoot(page, 'tap')
    await page.locator('nav .main').tap()
    await tilesUntil(page, (tiles) => tiles.every((t) => t.state === 'tap'))
    await thumbs(page)
    await shoot(page, 'tap-grid')
    await page.locator('camera-tile[data-tile="0"] tile-veil button').tap()
    await tilesUntil(page, (tiles) => tiles.filter((t) => t.state === 'live' || t.state === 'weak').length >= 3)
  })
})

test('a device that drops its pictures is asked for less, says so once, and rests tiles of a grid', async () => {
  const { server } = await theTown()
  await withPage({ server, token: '' }, async (page) => {
    await page.addInitScript(hot)
    await page.goto(`${server.address}/#token=${server.token}&camera=near`)
    await page.reload()
    await tileIn(page, 'near', 'live')
    assert.equal((await tileIn(page, 'near', 'live')).stream, 'main')
    await page.evaluate(() => (window.hot = true))
    await page.waitForFunction(() => window.matthan.diagnostics().tiles[0].stream === 'sub', null, { timeout: LONG_MS })
    await lineIs(page, /^Máy nóng · \d+\shình\/s$/)
    assert.equal(await page.locator('.strip .dot.live').count(), 0)
    await shoot(page, 'hot')
    await page.waitForFunction(() => /^Trực tiếp/.test(document.querySelector('matthan-app').shadowRoot.querySelector('.strip .line').textContent), null, { timeout: LONG_MS })
    await page.locator('nav .main').tap()
    await page.waitForFunction(() => window.matthan.diagnostics().tiles.some((t) => t.state === 'rest'), null, { timeout: LONG_MS })
    const tiles = (await page.evaluate(() => window.matthan.diagnostics())).tiles
    assert.ok(tiles.some((t) => t.state === 'live' || t.state === 'weak'), 'the chosen one goes on')
    const resting = tiles.findIndex((t) => t.state === 'rest')
    assert.match(await page.locator(`camera-tile[data-tile="${resting}"] .cap span`).innerText(), /^Máy nóng$/)
    await notLive(page, resting)
    await shoot(page, 'rest')
  })
})

test('who loses the right to a camera is told who gives it, and asks from there', async () => {
  const login = 'mat-quyen'
  const w = await theWards()
  await withPeople([{ login, name: 'Cán bộ Lan', roles: ['viewer'], areas: ['phuong-lang'] }], async (page) => {
    // Whichever is first in the list.
    await page.waitForFunction(() => window.matthan.diagnostics().tiles.some((t) => t.state === 'live' || t.state === 'weak'), null, { timeout: LONG_MS })
    const { camera } = (await page.evaluate(() => window.matthan.diagnostics())).tiles.find((t) => t.camera)
    const before = await w.admin.request.get(`${w.origin}/api/v1/accounts/${login}`)
    const r = await w.admin.request.put(`${w.origin}/api/v1/accounts/${login}`, {
      data: { login, name: 'Cán bộ Lan', roles: ['viewer'], areas: ['phuong-o-cho-dua'] },
      headers: before.headers().etag ? { 'If-Match': before.headers().etag } : {},
    })
    assert.ok(r.ok(), await r.text())
    await tileIn(page, camera, 'denied')
    const said = await veil(page)
    assert.deepEqual(said, { title: ['Chưa có quyền xem'], note: ['Chỉ huy Phường Láng là người cấp quyền.'], buttons: ['Gửi yêu cầu'] })
    assert.equal(await line(page), 'Phường Láng')
    assert.equal(await page.locator('camera-tile[data-tile="0"] .still').count(), 0, 'no picture of a camera outside the rights')
    await notLive(page)
    await thumbs(page)
    await shoot(page, 'no-right')
    await page.locator('tile-veil button').tap()
    await page.locator('people-sheet dialog').getByRole('button', { name: 'Phường Láng' }).waitFor()
  })
})

test('a session that ended keeps the camera: signed in again, one is back at the same picture', async () => {
  const login = 'het-phien'
  await withPeople([{ login, name: 'Cán bộ Minh', roles: ['viewer'], areas: ['phuong-lang'] }], async (page) => {
    await page.evaluate(() => (location.hash = '#camera=cam1'))
    await tileIn(page, 'cam1', ['live', 'weak'])
    await page.context().clearCookies()
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await page.locator('gate-screen h1').waitFor()
    assert.equal(await page.locator('gate-screen h1').innerText(), 'Phiên đã hết hạn')
    assert.match(await page.locator('gate-screen p').first().innerText(), /đăng nhập xong sẽ về đúng La Thành – Láng\.$/)
    assert.equal(await page.locator('camera-tile').count(), 0)
    await shoot(page, 'expired')
    await page.getByRole('link', { name: 'Đăng nhập lại' }).tap()
    await page.getByLabel('Tên đăng nhập').fill(login)
    await page.getByLabel('Mật khẩu').fill(password)
    await page.getByRole('button', { name: 'Đăng nhập', exact: true }).tap()
    await tileIn(page, 'cam1', ['live', 'weak'])
    assert.equal(new URL(page.url()).hash, '#camera=cam1')
  })
})

/** Looks at the tiles until `good` says yes of them, within LONG_MS. */
async function tilesUntil(page, good) {
  const end = Date.now() + LONG_MS
  for (;;) {
    const { tiles } = await page.evaluate(() => window.matthan.diagnostics())
    if (good(tiles)) return
    if (Date.now() > end) throw new Error(JSON.stringify(tiles.map((t) => [t.camera, t.state])))
    await page.waitForTimeout(100)
  }
}

/** Runs in the page, before all else: as an iPhone that saves power, it plays nothing before a tap. */
function saving() {
  const play = HTMLMediaElement.prototype.play
  HTMLMediaElement.prototype.play = function () {
    if (navigator.userActivation.isActive) return play.call(this)
    this.autoplay = false
    this.pause()
    return Promise.reject(new DOMException('not without a tap', 'NotAllowedError'))
  }
  Object.defineProperty(HTMLMediaElement.prototype, 'autoplay', { get: () => false, set() {} })
}
