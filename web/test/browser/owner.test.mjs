import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { PHONE, theWorld, tileIn } from './harness.mjs'
import { start, stop } from './programs.mjs'
import { settle, signIn } from './wards.mjs'

// A citizen lends a camera on a cheap phone, and switches it off while an officer looks. SHOTS names a folder for pictures of every screen.

/** No letter under 18 px, no button under 48, nothing wider than the phone. */
async function small(page) {
  return page.evaluate(() => {
    const found = []
    const walk = (root) => {
      for (const e of root.querySelectorAll('*')) {
        if (e.shadowRoot) walk(e.shadowRoot)
        const box = e.getBoundingClientRect()
        if (box.width === 0 || e.closest('svg')) continue
        const text = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
        const px = parseFloat(getComputedStyle(e).fontSize)
        if (text && px < 18 && e.localName !== 'option') found.push(`${e.localName} ${e.className}: ${px}px ${e.textContent.trim().slice(0, 30)}`)
        if (/^(button|a|select|summary)$/.test(e.localName) && box.height < 48) found.push(`${e.localName} is ${box.height} high: ${e.textContent.trim().slice(0, 30)}`)
      }
    }
    walk(document)
    if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`)
    return found
  })
}

let shots = 0

/** Looks at a screen as a whole. */
async function seen(page, name) {
  assert.deepEqual(await faults(page), [], name)
  assert.deepEqual(await small(page), [], name)
  if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `owner-${++shots}-${name}.png`), fullPage: true })
}

const frames = (page) => page.locator('camera-preview video').evaluate((v) => v.getVideoPlaybackQuality().totalVideoFrames)

/** A gateway with a ward, its administrator and an officer with a right and a case. */
async function ward(use) {
  const { browser, steady } = await theWorld()
  const dir = await mkdtemp(join(tmpdir(), 'matthan-owner-'))
  await writeFile(
    join(dir, 'm.yaml'),
    `http: ""\nhttps: "127.0.0.1:0"\ndata: ${JSON.stringify(join(dir, 'data'))}\nwebrtc: {udp: "127.0.0.1:0", tcp: "", addresses: [127.0.0.1]}
reach: {networks: [127.0.0.1/32], ports: [${steady.port}]}\n`,
  )
  const gateway = await start(['run', '--config', join(dir, 'm.yaml')], /^\s+(https:\/\/\S+\/id\/link\/\S+)$/)
  const origin = new URL(gateway.match[1]).origin
  const contexts = []
  const complaints = []
  const enter = async (options = {}) => {
    const c = await browser.newContext({ viewport: PHONE, isMobile: true, hasTouch: true, ignoreHTTPSErrors: true, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', ...options })
    contexts.push(c)
    await c.addInitScript(() => document.addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective}: ${e.blockedURI}`)))
    return c
  }
  const open = async (context, to) => {
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (e) => complaints.push(e.message))
    page.on('console', (m) => m.type() === 'error' && !/^Failed to load resource|WebSocket connection to/.test(m.text()) && complaints.push(m.text()))
    await page.goto(to, { waitUntil: 'domcontentloaded' })
    return page
  }
  const admin = await enter()
  await settle(admin, gateway.match[1], { login: 'quan-tri', name: 'Quản trị' })
  await signIn(admin, origin, 'quan-tri')
  const call = async (context, method, path, data, status) => {
    const r = await context.request.fetch(`${origin}/api/v1/${path}`, { method, ...(data ? { data } : {}) })
    assert.equal(r.status(), status, await r.text())
    return status === 204 ? undefined : r.json()
  }
  const area = await admin.request.put(`${origin}/api/v1/inventory/areas/phuong-lang`, { data: { name: 'Phường Láng' }, headers: { 'If-None-Match': '*' } })
  assert.equal(area.status(), 204)
  try {
    await use({ origin, enter, open, admin, call, gateway, camera: `rtsp://127.0.0.1:${steady.port}/cam0` })
    assert.deepEqual(complaints, []) // what a page still draws as it is closed, the browser takes for a ping
  } catch (e) {
    if (process.env.SHOTS) for (const p of contexts.flatMap((c) => c.pages())) await p.screenshot({ path: join(process.env.SHOTS, `owner-${++shots}-failed.png`) })
    throw e
  } finally {
    for (const c of contexts) await c.close()
    await stop(gateway)
    await rm(dir, { recursive: true, force: true })
  }
}

/** An officer who may look at citizens' cameras and works on a case, looking at one. */
async function officer({ origin, enter, open, admin, call }, camera) {
  const context = await enter({ colorScheme: 'dark' })
  const made = await call(admin, 'PUT', 'accounts/hung', { name: 'Nguyễn Văn Hùng', roles: ['viewer'], areas: [] }, 201)
  await settle(context, made.link, { login: 'hung', name: 'Nguyễn Văn Hùng' })
  await signIn(context, origin, 'hung')
  const { key } = await call(context, 'GET', 'session', undefined, 200)
  await call(admin, 'POST', 'grants', { who: { person: key }, actions: ['view'], cameras: [camera] }, 201)
  await call(context, 'PUT', 'case', { reason: 'missing', number: '12/2026' }, 204)
  const page = await open(context, `${origin}/#camera=${camera}`)
  await tileIn(page, camera, ['live', 'weak'])
  return page
}

/** Taps places of the picture, from 0 to 1. */
async function tapAt(page, ...places) {
  const box = await page.locator('mask-board').boundingBox()
  for (const [x, y] of places) await page.touchscreen.tap(box.x + x * box.width, box.y + y * box.height)
}

async function describeCamera(page, camera) {
  await page.getByRole('button', { name: 'Bắt đầu' }).tap()
  await page.getByRole('button', { name: 'Xem thử' }).tap()
  await page.getByText('Hãy chọn hiệu camera.').waitFor()
  await page.getByLabel('Camera hiệu gì?').selectOption({ label: 'Hiệu khác' })
  await page.getByLabel('Địa chỉ đầy đủ của camera').fill(`${camera}/nowhere`)
  await page.getByLabel('Mật khẩu của camera').fill('bi-mat-9')
  await seen(page, 'camera')
  await page.getByRole('button', { name: 'Xem thử' }).tap()
  await page.getByText('không có hình ở địa chỉ này').waitFor()
  await seen(page, 'no-picture')
  await page.getByRole('button', { name: 'Không có hình, sửa lại' }).tap()
  await page.getByLabel('Địa chỉ đầy đủ của camera').fill(`${camera}/main`)
  await page.getByRole('button', { name: 'Xem thử' }).tap()
  await page.getByText('Hình trực tiếp. Chỉ mình bạn đang thấy.').waitFor()
  const before = await frames(page)
  await page.waitForFunction((n) => {
    const at = document.querySelector('owner-app').shadowRoot.querySelector('invite-flow').shadowRoot.querySelector('camera-preview').shadowRoot.querySelector('video')
    return at.getVideoPlaybackQuality().totalVideoFrames > n + 10
  }, before)
  await seen(page, 'preview')
  await page.getByRole('button', { name: 'Đúng, đây là camera của tôi' }).tap()
}

async function drawMasks(page) {
  await page.getByText('Có chỗ nào không nên thấy?').waitFor()
  await tapAt(page, [0.2, 0.3], [0.5, 0.3])
  await page.getByText('Chạm thêm 1 góc nữa').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Không cần che' }).isDisabled(), true, 'half an area is not left behind unseen')
  await tapAt(page, [0.5, 0.7], [0.9, 0.9])
  await page.getByRole('button', { name: 'Lùi lại' }).tap()
  await page.getByRole('button', { name: 'Xong chỗ này' }).tap()
  await page.getByText('chưa ai xem được camera này').waitFor()
  await seen(page, 'masks')
  await page.getByRole('button', { name: 'Xóa vùng 1' }).tap()
  // The same again, done by a tap on its first corner.
  await tapAt(page, [0.2, 0.3], [0.5, 0.3], [0.5, 0.7], [0.2, 0.3])
  await page.getByRole('button', { name: 'Dùng các vùng này' }).waitFor()
}

async function sayWhen(page) {
  await page.getByText('Cho xem khi nào, để làm gì?').waitFor()
  assert.equal(await page.locator('input:checked').count(), 0, 'nothing is chosen beforehand')
  await page.getByRole('button', { name: 'Tiếp tục' }).tap()
  for (const text of ['Hãy chọn ít nhất một việc.', 'Hãy chọn lúc nào được xem.', 'Hãy chọn cho xem đến bao giờ.']) await page.getByText(text).waitFor()
  await page.getByLabel('Tìm người mất tích, đi lạc').check()
  await page.getByLabel('Trộm cắp, cướp giật').check()
  await page.getByLabel('Chỉ những giờ này').check()
  for (const day of ['Thứ hai', 'Thứ ba']) await page.getByLabel(day).check()
  await page.getByLabel('Từ', { exact: true }).selectOption('18:00')
  await page.getByLabel('Đến', { exact: true }).selectOption('06:00')
  await seen(page, 'use')
  await page.getByLabel('Cả ngày và đêm').check()
  await page.getByLabel('Đến khi tôi rút lại').check()
  await page.getByRole('button', { name: 'Tiếp tục' }).tap()
}

/** Agrees, and resolves to the private link. */
async function agree(page) {
  await page.getByText('91/2025/QH15').waitFor()
  assert.equal(await page.getByLabel('Tôi đã đọc và đồng ý').isChecked(), false)
  await page.getByLabel('Đặt tên cho camera').fill('Cổng nhà số 12 ngõ 36')
  await page.getByLabel('Họ và tên của bạn').fill('Nguyễn Thị Tư')
  await page.getByLabel('Số điện thoại của bạn').fill('0901 234 567')
  await page.getByRole('button', { name: 'Đồng ý cho xem' }).tap()
  await page.getByText('Hãy đọc, rồi đánh dấu').waitFor()
  await seen(page, 'agreement')
  await page.getByLabel('Tôi đã đọc và đồng ý').check()
  await page.getByRole('button', { name: 'Đồng ý cho xem' }).tap()
  await page.getByText('Xong rồi, cảm ơn bạn').waitFor()
  await page.getByRole('img', { name: 'Mã QR của trang riêng' }).waitFor()
  await seen(page, 'done')
  return page.locator('.url').innerText()
}

/** The whole of an invitation; masked: with what must not be seen. */
async function lend(w, page, masked) {
  await page.getByText('Cho phường xem camera của bạn').waitFor()
  await seen(page, 'welcome')
  await describeCamera(page, w.camera)
  await drawMasks(page)
  if (!masked) await page.getByRole('button', { name: 'Xóa vùng 1' }).tap()
  await page.getByRole('button', { name: masked ? 'Dùng các vùng này' : 'Không cần che' }).tap()
  await sayWhen(page)
  return agree(page)
}

test('an owner lends a camera by invitation, switches it off while an officer looks, and withdraws', async () => {
  await ward(async (w) => {
    const { link } = await w.call(w.admin, 'POST', 'invitations', { area: 'phuong-lang', name: 'Bà Tư', days: 3 }, 201)
    const page = await w.open(await w.enter(), link)
    const mine = await lend(w, page, false)
    assert.match(mine, /^https:\/\/\S+\/owner\/#[\w-]{20,}$/)
    assert.equal(page.url(), mine, 'the used invitation is out of the address')

    await page.getByRole('button', { name: 'Mở trang của tôi' }).tap()
    await page.getByText('Camera đang bật').waitFor()
    await page.getByText('Hôm nay chưa có ai xem').waitFor()
    await page.getByText('bạn xem thử').first().waitFor()
    const { invitations } = await w.call(w.admin, 'GET', 'invitations', undefined, 200)
    const looking = await officer(w, invitations[0].camera)
    await page.getByText('Hôm nay 1 lượt xem').waitFor()
    await page.getByText('đang xem, tìm người mất tích').waitFor()
    assert.doesNotMatch(await page.locator('main').innerText(), /Hùng|12\/2026/)
    await seen(page, 'on')

    const tapped = Date.now()
    await page.getByRole('button', { name: 'Tắt camera ngay' }).tap()
    await tileIn(looking, invitations[0].camera, ['denied'])
    assert.ok(Date.now() - tapped < 2000, `${Date.now() - tapped} ms`)
    await page.getByText('Bạn đã tắt camera').waitFor()
    await page.getByText('dưới 1 phút, tìm người mất tích').waitFor()
    await seen(page, 'off')

    await page.getByRole('button', { name: 'Bật lại camera' }).tap()
    await page.getByText('Camera đang bật').waitFor()
    await page.getByRole('button', { name: 'Đổi giờ cho xem' }).tap()
    await page.getByLabel('Chỉ những giờ này').check()
    const yesterday = ['Chủ nhật', 'Thứ hai', 'Thứ ba', 'Thứ tư', 'Thứ năm', 'Thứ sáu', 'Thứ bảy'][(new Date(Date.now() + 7 * 3_600_000).getUTCDay() + 5) % 7]
    await page.getByLabel(yesterday).check()
    await page.getByLabel('Từ', { exact: true }).selectOption('08:00')
    await page.getByLabel('Đến', { exact: true }).selectOption('09:00')
    await seen(page, 'hours')
    await page.getByRole('button', { name: 'Lưu giờ' }).tap()
    await page.getByText('Ngoài giờ cho xem').waitFor()

    await page.getByRole('button', { name: 'Rút lại, không cho xem nữa' }).tap()
    await seen(page, 'withdraw')
    await page.getByRole('button', { name: 'Không, giữ nguyên' }).tap()
    await page.getByRole('button', { name: 'Rút lại, không cho xem nữa' }).tap()
    await page.getByRole('button', { name: 'Rút lại', exact: true }).tap()
    await page.getByText('Bạn đã rút lại').waitFor()
    await seen(page, 'withdrawn')
    assert.equal(await page.getByRole('button', { name: /Tắt camera|Bật lại/ }).count(), 0)

    // The bookmark leads here again; the invitation nowhere.
    await page.reload()
    await page.getByText('Bạn đã rút lại').waitFor()
    const used = await w.open(await w.enter(), link)
    await used.getByText('Liên kết này không còn dùng được').waitFor()
    await seen(used, 'used')
    for (const secret of [link, mine].map((l) => l.split('#')[1])) assert.ok(!w.gateway.lines.some((l) => l.includes(secret)), 'a secret in the log')
  })
})

/** Draws one more area on the owner's page, which shows no picture, and takes all away again. */
async function ownerDraws(w, page, camera) {
  const masks = async () => (await w.call(w.admin, 'GET', `inventory/cameras/${camera}/consent`, undefined, 200)).masks ?? []
  await page.getByText('Bạn che 1 chỗ.').waitFor()
  await page.getByRole('button', { name: 'Sửa chỗ được che' }).tap()
  await page.getByText('Che chỗ nào?').waitFor()
  assert.equal(await page.locator('camera-preview, owner-masks img').count(), 0, 'who holds the link may not live there')
  assert.equal(await page.getByRole('button', { name: 'Lưu chỗ được che' }).isDisabled(), true)
  await tapAt(page, [0.7, 0.1], [0.9, 0.1], [0.9, 0.4])
  await page.getByRole('button', { name: 'Xong chỗ này' }).tap()
  await seen(page, 'own-masks')
  await page.getByRole('button', { name: 'Lưu chỗ được che' }).tap()
  await page.getByText('Đã lưu chỗ được che.').waitFor()
  await page.getByText('Bạn che 2 chỗ.').waitFor()
  assert.equal((await masks()).length, 2)
  // What the ward draws beside it is shown, and stays.
  const inventory = `${w.origin}/api/v1/inventory/cameras/${camera}`
  const got = await w.admin.request.get(inventory)
  const put = await w.admin.request.put(inventory, { data: { ...(await got.json()), masks: [[[0, 1], [0.2, 1], [0, 0.7]]] }, headers: { 'If-Match': got.headers().etag } })
  assert.equal(put.status(), 204, await put.text())
  await page.getByText('Người quản lý che thêm 1 chỗ.').waitFor()
  await page.getByRole('button', { name: 'Sửa chỗ được che' }).tap()
  await page.getByText('Người quản lý che 1 chỗ (viền chấm)').waitFor()
  // The owner's other phone is quicker: nothing of that is lost.
  const other = { was: await masks(), masks: [...(await masks()), [{ x: 0, y: 0 }, { x: 0.1, y: 0 }, { x: 0, y: 0.1 }]] }
  const by = { Authorization: `Bearer ${page.url().split('#')[1]}` }
  const told = page.waitForResponse(async (r) => r.url().endsWith('/api/v1/owner') && r.status() === 200 && (await r.json()).masks.length === 3)
  assert.equal((await page.context().request.put(`${w.origin}/api/v1/owner/masks`, { data: other, headers: by })).status(), 204)
  await told
  await page.getByRole('button', { name: 'Xóa vùng 1' }).tap()
  await page.getByRole('button', { name: 'Lưu chỗ được che' }).tap()
  await page.getByText('Chỗ che vừa được sửa ở máy khác').waitFor()
  await page.getByRole('button', { name: 'Quay lại' }).tap()
  await page.getByRole('button', { name: 'Sửa chỗ được che' }).tap()
  // A picture to draw upon stays on the phone.
  const sent = []
  page.on('request', (r) => r.method() !== 'GET' && sent.push(r.url()))
  const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  await page.locator('owner-masks input[type=file]').setInputFiles({ name: 'anh.png', mimeType: 'image/png', buffer: Buffer.from(dot, 'base64') })
  await page.getByText('Ảnh này không giống hình camera').waitFor()
  await seen(page, 'own-masks-photo')
  assert.deepEqual(sent, [])
  for (let left = 3; left > 0; left--) await page.getByRole('button', { name: 'Xóa vùng 1' }).tap()
  await page.getByText('có chỗ đang được che sẽ hiện ra').waitFor()
  await page.getByRole('button', { name: 'Lưu chỗ được che' }).tap()
  await page.getByText('Camera đang bật').waitFor()
  assert.deepEqual(await masks(), [])
  assert.equal((await (await w.admin.request.get(inventory)).json()).masks.length, 1)
}

test('a camera with something to hide is lent with that hidden, and its owner draws what else is', async () => {
  await ward(async (w) => {
    const { link } = await w.call(w.admin, 'POST', 'invitations', { area: 'phuong-lang', days: 3 }, 201)
    const page = await w.open(await w.enter(), link)
    await lend(w, page, true)
    await page.getByRole('button', { name: 'Mở trang của tôi' }).tap()
    await page.getByText('Camera đang bật').waitFor()
    const { invitations } = await w.call(w.admin, 'GET', 'invitations', undefined, 200)
    const { masks, state } = await w.call(w.admin, 'GET', `inventory/cameras/${invitations[0].camera}/consent`, undefined, 200)
    assert.equal(state, 'open')
    assert.equal(masks.length, 1)
    assert.ok(masks[0].every((p, i) => Math.abs(p.x - [0.2, 0.5, 0.5][i]) < 0.02 && Math.abs(p.y - [0.3, 0.3, 0.7][i]) < 0.02), JSON.stringify(masks))
    await ownerDraws(w, page, invitations[0].camera)
  })
})
