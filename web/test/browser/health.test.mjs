import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { test } from './bounded.mjs'
import { tileIn } from './harness.mjs'
import { faults } from './faults.mjs'
import { firstDay, setPassword, shot, signIn } from './office.mjs'
import { theWards, withPeople } from './wards.mjs'

// Administrators see how their cameras do. SHOTS names a folder for pictures of the screens.

const DESK = { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false, colorScheme: 'light' }
const TABLET = { width: 820, height: 1180 }
const PHONE = { width: 390, height: 844 }
const officer = { login: 'hung-hong', name: 'Hoàng Minh Hồng', roles: ['viewer'], areas: ['phuong-lang'] }
const keeper = { login: 'quan-tri-lang', name: 'Trần Thị Bình', roles: ['administrator'], areas: ['phuong-lang'], context: DESK }
const other = { login: 'quan-tri-cho-dua', name: 'Đỗ Văn Khoa', roles: ['administrator'], areas: ['phuong-o-cho-dua'], context: DESK }

if (process.env.SHOTS) await mkdir(process.env.SHOTS, { recursive: true })

/** Nothing sticks out at the side. */
async function fits(page) {
  const [inner, scroll] = await page.evaluate(() => [innerWidth, document.scrollingElement.scrollWidth])
  assert.ok(scroll <= inner, `the page is ${scroll} px wide, the screen ${inner}`)
}

const there = '/api/v1/inventory/cameras/hong'

/** Runs `use` with a camera at an address that is not dialled: who looks at it finds it offline. */
async function withBroken(use) {
  const w = await theWards()
  const put = async (path, data) => {
    const r = await w.admin.request.put(w.origin + path, { data, headers: { 'If-None-Match': '*' } })
    assert.ok([204, 412].includes(r.status()), await r.text())
  }
  // Areas of the configuration file that the store has, too, so that a camera of the store may lie in them.
  await put('/api/v1/inventory/areas/ha-noi', { name: 'Hà Nội' })
  await put('/api/v1/inventory/areas/phuong-lang', { name: 'Phường Láng', parent: 'ha-noi' })
  await put(there, { name: 'Cổng chợ Láng Thượng', area: 'phuong-lang', kind: 'public', main: 'rtsp://127.0.0.1:9/hong' })
  try {
    await use()
  } finally {
    const version = (await w.admin.request.get(w.origin + there)).headers()['etag']
    if (version) await w.admin.request.delete(w.origin + there, { headers: { 'If-Match': version } })
  }
}

async function look(page, camera, state = ['live', 'weak']) {
  await page.goto(new URL(`/#camera=${camera}`, page.url()).href)
  await tileIn(page, camera, state)
}

async function open(page, where) {
  await page.goto(new URL(`/manage/#/${where}`, page.url()).href)
}

test('an administrator finds the camera that is offline first, and how the others did', async () => {
  await withBroken(() => withPeople([officer, keeper, other], async (hung, page, elsewhere) => {
    await look(hung, 'hong', 'offline')
    await look(hung, 'cam1')
    await look(hung, 'cam0')
    await open(page, 'health')
    await page.getByText('1 trong 3 camera mất kết nối').waitFor()
    const rows = page.locator('tbody tr')
    assert.match(await rows.first().innerText(), /Cổng chợ Láng Thượng[^]*Mất kết nối\s*từ \d\d:\d\d\s*Địa chỉ hoặc cổng chưa được phép gọi/)
    const live = rows.filter({ hasText: 'Ngã tư Láng Hạ – Thái Hà' })
    // What runs is measured within seconds, and the page shows it by itself.
    await live.getByText('1280×720').waitFor()
    await live.getByText(/\d,\d\sMb\/s/).waitFor()
    await live.getByText('100 % có hình').waitFor()
    await live.getByText('đang có người xem').waitFor()
    assert.match(await live.locator('.num').first().innerText(), /^\d+(,\d)?\s(ms|s)\s*95 %: /)
    await fits(page)
    await shot(page, 'health')
    assert.deepEqual(await faults(page), [])

    // What was measured stays when nobody looks any more, and a page without a picture leaves the machine to the rest.
    await open(hung, 'health')

    await page.getByRole('button', { name: /^Mất kết nối/ }).click()
    await live.waitFor({ state: 'detached' })
    assert.equal(await rows.count(), 1)
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Tải CSV' }).click()])
    const csv = await readFile(await file.path(), 'utf8')
    assert.match(csv, /^\ufeffCamera,Mã,Khu vực,Tình trạng,/)
    assert.match(csv, /\r\nCổng chợ Láng Thượng,hong,Phường Láng,Mất kết nối,2\d{3}-/)
    assert.equal(csv.trim().split('\r\n').length, 2)
    await page.getByRole('button', { name: /^Tất cả/ }).click()

    await live.getByRole('link').click()
    await page.getByRole('heading', { name: 'Hình đầu tiên' }).waitFor()
    await page.getByRole('img', { name: /^Hình đầu tiên: một nửa/ }).waitFor()
    await page.getByText('Không lần nào mất kết nối').waitFor()
    await page.locator('health-panel').getByText(/1280×720 · \d,\d\sMb\/s/).waitFor()
    await fits(page)
    await shot(page, 'health-camera')
    assert.deepEqual(await faults(page), [])
    await rows.filter({ hasText: 'Cổng chợ' }).getByRole('link').click()
    await page.getByText('chưa có lại').or(page.locator('health-panel').getByRole('cell', { name: /giây|phút/ })).first().waitFor()
    await shot(page, 'health-offline')

    await page.setViewportSize(TABLET)
    await page.getByRole('link', { name: 'Quay lại' }).click()
    await page.getByText('1 trong 3 camera mất kết nối').waitFor()
    await fits(page)
    await shot(page, 'health')
    assert.deepEqual(await faults(page), [])
    await live.getByRole('link').click()
    await page.getByRole('heading', { name: 'Luồng hình' }).waitFor()
    await fits(page)
    await shot(page, 'health-camera')
    assert.deepEqual(await faults(page), [])
    await page.setViewportSize(PHONE)
    await shot(page, 'health-camera')
    await page.getByRole('link', { name: 'Quay lại' }).click()
    await page.getByText('1 trong 3 camera mất kết nối').waitFor()
    await fits(page)
    await shot(page, 'health')
    assert.deepEqual(await faults(page), [])

    // Of another ward's cameras nobody is told.
    await open(elsewhere, 'health')
    await elsewhere.getByText(/trong 2 camera/).waitFor()
    assert.equal(await elsewhere.getByText('Phường Láng').count(), 0)
    await open(elsewhere, 'health/cam0')
    await elsewhere.getByText('Mục này không còn nữa').waitFor()
  }))
})

test('who watches what is told at once, a look is ended with a reason, and the page of whom it was says so', async () => {
  await withPeople([officer, keeper, other], async (hung, page, elsewhere) => {
    await look(hung, 'cam0')
    await open(page, 'now')
    const row = page.getByRole('listitem').filter({ hasText: 'Hoàng Minh Hồng' })
    await row.getByText('Ngã tư Láng Hạ – Thái Hà').waitFor()
    await row.getByText('mạng nội bộ').waitFor()
    await row.getByText(/hình (lớn|nhỏ) · \d+×\d+/).waitFor()
    await fits(page)
    await shot(page, 'now')
    assert.deepEqual(await faults(page), [])
    // The list follows by itself.
    await look(hung, 'cam1')
    await row.getByText('La Thành – Láng').waitFor()
    await row.getByText('Ngã tư Láng Hạ – Thái Hà').waitFor({ state: 'detached' })
    // Who administers another ward is told of nobody.
    await open(elsewhere, 'now')
    await elsewhere.getByRole('heading', { name: 'Không ai đang xem camera của bạn' }).waitFor()
    assert.equal(await elsewhere.getByText('Hoàng Minh Hồng').count(), 0)

    await page.setViewportSize(TABLET)
    await shot(page, 'now')
    assert.deepEqual(await faults(page), [])
    await page.setViewportSize(PHONE)
    await fits(page)
    await shot(page, 'now')
    await page.setViewportSize({ width: 844, height: 390 })
    await fits(page)
    await shot(page, 'now')
    await page.setViewportSize(DESK.viewport)
    await row.getByRole('button', { name: /^Ngắt lượt xem La Thành/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Ngắt' }).click()
    await dialog.getByText('Hãy ghi lý do.').waitFor()
    await shot(page, 'now-end')
    assert.deepEqual(await faults(page), [])
    await dialog.getByLabel('Lý do ngắt').fill('Hết ca trực')
    await dialog.getByRole('button', { name: 'Ngắt' }).click()
    await row.waitFor({ state: 'detached' })
    await hung.getByText('Quản trị viên đã ngắt').first().waitFor()
    await shot(hung, 'now-ended')
    const w = await theWards()
    const log = await w.admin.request.get(`${w.origin}/api/v1/views`)
    assert.equal((await log.json()).views.filter((v) => v.camera === 'cam1').length, 0)
  })
})

test('a camera is seen before it is saved, and several are moved and removed at once', async () => {
  await firstDay(async ({ person, link, at }) => {
    const clerk = await person({ viewport: DESK.viewport, colorScheme: 'light' })
    await setPassword(clerk, link, { name: 'Trần Thị Bình', login: 'binh' })
    const origin = new URL(clerk.url()).origin
    await signIn(clerk, `${origin}/manage/`, 'binh')
    await clerk.getByText('Hãy thêm khu vực trước').waitFor()
    const put = (path, body) =>
      clerk.evaluate(
        async ([path, body]) => (await fetch(`/api/v1/inventory/${path}`, { method: 'PUT', headers: { 'Content-Type': 'application/json', 'If-None-Match': '*' }, body: JSON.stringify(body) })).status,
        [path, body],
      )
    assert.equal(await put('areas/phuong-lang', { name: 'Phường Láng' }), 204)

    await clerk.goto(`${origin}/manage/#/cameras/+`)
    await clerk.reload()
    await clerk.getByLabel('Tên camera').fill('Ngã tư Láng Hạ')
    const trial = clerk.getByRole('button', { name: 'Xem thử', exact: true })
    await trial.click()
    await clerk.getByText('Hãy điền mục này.').waitFor()
    await clerk.getByLabel(/luồng chính/).fill(`${at}/khong-co/main`)
    await trial.click()
    await clerk.getByText('Chưa có hình: camera không có luồng này').waitFor()
    await clerk.getByLabel(/luồng chính/).fill(`${at}/cam0/main`)
    await trial.click()
    await clerk.getByText('Có hình. Nếu đúng nơi cần xem').waitFor()
    await clerk.getByLabel('Hình xem thử').scrollIntoViewIfNeeded()
    assert.ok(await clerk.getByLabel('Hình xem thử').evaluate((v) => v.videoWidth > 0))
    await shot(clerk, 'trial')
    assert.deepEqual(await faults(clerk), [])
    // A citizen's camera is not looked at before its owner agrees.
    await clerk.getByRole('radio', { name: /^Nhà dân/ }).check()
    await clerk.getByLabel('Hình xem thử').waitFor({ state: 'detached' })
    assert.equal(await trial.count(), 0)
    await clerk.getByRole('radio', { name: /^Công cộng/ }).check()
    await clerk.getByRole('button', { name: 'Lưu' }).click()
    await clerk.getByText('Đã lưu').first().waitFor()
    assert.equal(await clerk.evaluate(async () => (await (await fetch('/api/v1/cameras')).json()).cameras.length), 1)

    assert.equal(await put('areas/phuong-o-cho-dua', { name: 'Phường Ô Chợ Dừa' }), 204)
    for (const n of [1, 2, 3]) {
      assert.equal(await put(`cameras/cong-${n}`, { name: `Cổng chợ ${n}`, area: 'phuong-lang', kind: 'public', main: `${at}/cam${n}/main` }), 204)
    }
    await clerk.goto(`${origin}/manage/#/cameras`)
    await clerk.reload()
    await clerk.getByRole('button', { name: 'Chọn nhiều' }).click()
    await clerk.getByRole('checkbox', { name: /Cổng chợ 1/ }).check()
    await clerk.getByRole('checkbox', { name: /Cổng chợ 2/ }).check()
    await clerk.getByText('Đã chọn 2 camera').waitFor()
    await shot(clerk, 'bulk')
    assert.deepEqual(await faults(clerk), [])
    await clerk.getByRole('button', { name: 'Chuyển khu vực' }).click()
    await clerk.getByRole('heading', { name: 'Chuyển 2 camera sang khu vực khác' }).waitFor()
    assert.deepEqual(await faults(clerk), [])
    await clerk.locator('camera-bulk dialog item-picker').getByRole('button').first().click()
    await clerk.getByRole('button', { name: /Phường Ô Chợ Dừa/ }).click()
    await shot(clerk, 'bulk-move')
    await clerk.getByRole('button', { name: 'Chuyển khu vực' }).last().click()
    await clerk.getByText('Xong 2 camera').waitFor()
    const moved = clerk.getByRole('listitem').filter({ hasText: 'Cổng chợ 1' })
    await moved.getByText('Phường Ô Chợ Dừa').waitFor()

    await clerk.setViewportSize(TABLET)
    await clerk.getByRole('checkbox', { name: /Cổng chợ 3/ }).check()
    await clerk.getByRole('checkbox', { name: /Cổng chợ 1/ }).check()
    await shot(clerk, 'bulk')
    await clerk.getByRole('button', { name: 'Xóa', exact: true }).click()
    await clerk.getByLabel('Gõ số 2 để xác nhận').fill('3')
    await clerk.locator('camera-bulk dialog').getByRole('button', { name: 'Xóa' }).click()
    await clerk.getByText('Hãy gõ đúng số 2.').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await clerk.getByLabel('Gõ số 2 để xác nhận').fill('2')
    await clerk.locator('camera-bulk dialog').getByRole('button', { name: 'Xóa' }).click()
    await clerk.getByText('Xong 2 camera').waitFor()
    await moved.waitFor({ state: 'detached' })
    await clerk.getByRole('checkbox', { name: /Cổng chợ 2/ }).waitFor()
    await clerk.setViewportSize(PHONE)
    await fits(clerk)
    await shot(clerk, 'bulk')
  })
})
