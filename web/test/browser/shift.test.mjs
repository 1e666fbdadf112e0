import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { password } from './accounts.mjs'
import { diagnostics, movingScene, PHONE, swipe, tileIn } from './harness.mjs'
import { choose, setPassword, signIn } from './office.mjs'
import { theWard } from './screened.mjs'
import { HERE } from '../screens/ward.mjs'

// Whole days, as people have them: each on a device of their own, with their own sign-in.

const DESK = { viewport: { width: 1280, height: 800 } }
const ANDROID = 'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36'
const HAND = { viewport: PHONE, isMobile: true, hasTouch: true, userAgent: ANDROID, geolocation: HERE, permissions: ['geolocation'] }

/** Runs `use(device, ward)`; device(options) is a page of a new browser. Whatever a page complains of fails the test. */
async function day(use) {
  const w = await theWard()
  const contexts = []
  const complaints = []
  const device = async (options) => {
    const context = await w.browser.newContext({ ignoreHTTPSErrors: true, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', colorScheme: 'dark', ...options })
    contexts.push(context)
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective}: ${e.blockedURI}`))
      window.peers = 0
      window.RTCPeerConnection = class extends window.RTCPeerConnection {
        constructor(...a) {
          super(...a)
          window.peers++
        }
      }
    })
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    page.on('pageerror', (e) => complaints.push(e.message))
    // What the gateway refuses, or a lost network, is an error of the browser's log, not of the page.
    page.on('console', (m) => m.type() === 'error' && !/^Failed to load resource|WebSocket connection to/.test(m.text()) && complaints.push(m.text()))
    return page
  }
  try {
    await use(device, w)
  } finally {
    for (const c of contexts) await c.close()
  }
  assert.deepEqual(complaints, [])
}

async function enter(page, origin, login) {
  await page.goto(origin)
  await page.getByRole('link', { name: 'Đăng nhập' }).tap()
  await page.getByLabel('Tên đăng nhập').fill(login)
  await page.getByLabel('Mật khẩu').fill(password)
  await page.getByRole('button', { name: 'Đăng nhập', exact: true }).tap()
  await page.locator('camera-list .row').first().waitFor()
}

/** Steps to the next camera, and waits until its state is known. @returns the state */
async function step(page, act) {
  const before = await page.evaluate(() => location.hash)
  await act()
  await page.waitForFunction((was) => location.hash !== was, before)
  const camera = (await page.evaluate(() => location.hash)).replace('#camera=', '')
  return (await tileIn(page, camera, ['live', 'weak', 'offline', 'denied'], 60_000)).state
}

/** The nearest camera, by the map and where the phone is. */
async function nearest(page) {
  await page.getByRole('button', { name: 'Bản đồ', exact: true }).tap()
  await page.getByRole('button', { name: 'Vị trí của tôi' }).tap()
  const spot = page.locator('camera-map .spots').getByRole('button', { name: /^Ngã tư Láng Hạ – Thái Hà/ })
  await page.locator('camera-map .spots button').first().waitFor({ state: 'attached' })
  await page.locator('camera-map .locate.on').waitFor()
  // Cameras that stand close to each other are one bubble until the map is near enough. Where it still flies, a step more would
  // be one too many.
  const apart = () => spot.waitFor({ state: 'attached', timeout: 3_000 }).then(() => true, () => false)
  for (let i = 0; i < 3 && !(await apart()); i++) await page.getByRole('button', { name: 'Phóng to', exact: true }).tap()
  await spot.press('Enter')
  const { camera } = await tileIn(page, 'lang-ha-thai-ha', ['live', 'weak'], 60_000)
  await page.getByRole('button', { name: 'Khu vực', exact: true }).tap()
  return camera
}

/** What the browser's switch alone does not do: WebRTC is cut off with the rest. */
async function without(page, w, use) {
  w.cameras.child.kill('SIGSTOP')
  await page.context().setOffline(true)
  try {
    await use()
  } finally {
    w.cameras.child.kill('SIGCONT')
    await page.context().setOffline(false)
  }
}

/** The page is behind another app, or the screen is off. */
const seen = (page, state) =>
  page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)

test('an officer’s shift: sign in, nearest, switch ten times, search, take a picture, lose the network, be away, be signed out', async () => {
  await day(async (device, w) => {
    const page = await device(HAND)
    await enter(page, w.origin, '268-114')
    assert.equal(await nearest(page), 'lang-ha-thai-ha')
    const { active } = await diagnostics(page)
    await movingScene(page, active)
    assert.equal(await page.getByRole('link', { name: /^Quản trị/ }).count(), 0)

    const states = []
    for (let i = 0; i < 10; i++) states.push(await step(page, i % 2 ? () => swipe(page, -160) : () => page.getByRole('button', { name: 'Sau', exact: true }).tap()))
    assert.ok(states.filter((s) => s === 'live' || s === 'weak').length >= 5, `${states}`)
    assert.equal(await page.evaluate(() => window.peers), 1, 'all on one connection')

    await page.getByRole('button', { name: 'Tìm', exact: true }).tap()
    await page.keyboard.type('hoang cau')
    await page.locator('camera-list .row').first().tap()
    await tileIn(page, 'thai-ha-hoang-cau', ['live', 'weak'], 60_000)
    assert.equal(await page.locator('header h1').innerText(), 'Thái Hà – Hoàng Cầu')

    const shutter = page.locator('nav picture-button button')
    const [file] = await Promise.all([page.waitForEvent('download'), shutter.tap()])
    assert.match(file.suggestedFilename(), /^thai-ha-hoang-cau-.*\.jpg$/)

    await without(page, w, () => tileIn(page, 'thai-ha-hoang-cau', 'nonet', 60_000))
    await tileIn(page, 'thai-ha-hoang-cau', ['live', 'weak'], 60_000)
    await movingScene(page, (await diagnostics(page)).active)

    await seen(page, 'hidden')
    await page.waitForFunction(() => window.matthan.diagnostics().tiles.every((t) => t.state === 'idle' || !t.camera))
    await seen(page, 'visible')
    await tileIn(page, 'thai-ha-hoang-cau', ['live', 'weak'], 60_000)

    // A colleague at the desk signs the phone out: no picture stays.
    const desk = await device(DESK)
    await signIn(desk, `${w.origin}/manage/`, 'quan-tri')
    await desk.getByText('Camera', { exact: true }).first().waitFor()
    await desk.goto(`${w.origin}/manage/#/accounts/268-114`)
    await desk.getByRole('button', { name: /^Đăng xuất .*Android/ }).click()
    await page.getByText('Phiên đã hết hạn').waitFor()
    assert.equal(await page.locator('camera-tile').count(), 0)
    assert.equal(await page.evaluate(async () => (await fetch('/api/v1/cameras')).status), 401)
  })
})

/** A camera, as the clerk enters it. */
async function addCamera(desk, w, name) {
  await desk.goto(`${w.origin}/manage/#/cameras/+`)
  await desk.getByLabel('Tên camera').fill(name)
  await choose(desk, /^Khu vực Chọn/, 'Phường Ô Chợ Dừa')
  await desk.getByLabel('Địa chỉ RTSP (luồng chính)').fill(`rtsp://127.0.0.1:${w.cameras.port}/cam5/main`)
  await desk.getByRole('button', { name: 'Lưu' }).click()
  await desk.waitForURL(/#\/cameras\/cho-kham-thien$/)
}

/** An account for one area. @returns the link for its owner */
async function addAccount(desk, w, name) {
  await desk.goto(`${w.origin}/manage/#/accounts/+`)
  await desk.getByLabel('Họ và tên').fill(name)
  await choose(desk, /^Ở khu vực nào/, 'Phường Ô Chợ Dừa')
  await desk.getByRole('button', { name: 'Lưu' }).click()
  const link = await desk.locator('link-card .url').innerText()
  await desk.getByRole('button', { name: 'Tôi đã gửi' }).click()
  return link
}

test('an administrator’s day: a camera and an account are added, watched by, locked, read of in the log, and taken away', async () => {
  await day(async (device, w) => {
    const desk = await device(DESK)
    await signIn(desk, `${w.origin}/manage/`, 'quan-tri')
    await desk.getByRole('link', { name: /Vũ Ngọc Phan/ }).waitFor()
    await addCamera(desk, w, 'Chợ Khâm Thiên')
    const link = await addAccount(desk, w, 'Vũ Thị Mai')

    const phone = await device(HAND)
    await setPassword(phone, link)
    await enter(phone, w.origin, 'maivt')
    await phone.locator('camera-list .row', { hasText: 'Chợ Khâm Thiên' }).tap()
    await tileIn(phone, 'cho-kham-thien', ['live', 'weak'], 60_000)
    assert.equal(await phone.locator('camera-list').getByText('Láng Hạ').count(), 0, 'of the other ward nothing')

    await desk.goto(`${w.origin}/manage/#/accounts/maivt`)
    await desk.reload() // who has signed in since has a person's page
    await desk.getByRole('button', { name: 'Khóa người này' }).click()
    await desk.getByLabel('Lý do khóa').fill('Chuyển công tác')
    await desk.getByRole('button', { name: 'Khóa người này' }).click()
    await phone.getByText('Phiên đã hết hạn').waitFor()

    const auditor = await device(DESK)
    await signIn(auditor, `${w.origin}/manage/`, 'thanh-tra')
    await auditor.getByRole('link', { name: /Vũ Thị Mai.*Xem camera: Chợ Khâm Thiên/s }).first().waitFor()
    await auditor.getByRole('link', { name: /Trần Thị Bình/ }).first().waitFor()

    await desk.goto(`${w.origin}/manage/#/cameras/cho-kham-thien`)
    await desk.getByRole('button', { name: 'Xóa' }).click()
    await desk.getByRole('alertdialog').getByRole('button', { name: 'Xóa' }).click()
    await desk.getByRole('link', { name: /Chợ Khâm Thiên/ }).waitFor({ state: 'detached' })
    await desk.getByRole('button', { name: 'Cài đặt' }).click()
    await desk.getByRole('button', { name: 'Đăng xuất' }).click()
    await desk.getByText('Đăng nhập để xem camera').waitFor()
  })
})
