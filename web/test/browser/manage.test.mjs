import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { movingScene, tileIn } from './harness.mjs'
import { faults } from './faults.mjs'
import { choose, firstDay, setPassword, signIn } from './office.mjs'

// A commune's first day: from the printed link to an officer who watches, by clicks alone.

const DESK = { width: 1440, height: 900 }

async function addArea(page, name) {
  await page.goto(new URL('/manage/#/areas/+', page.url()).href)
  await page.getByLabel('Tên khu vực').fill(name)
  await page.getByRole('button', { name: 'Lưu' }).click()
  await page.getByRole('link', { name, exact: true }).waitFor()
}

/** Makes a viewer's account for one area; resolves to its link. */
async function addAccount(page, name, area) {
  await page.goto(new URL('/manage/#/accounts/+', page.url()).href)
  await page.getByLabel('Họ và tên').fill(name)
  await choose(page, /^Ở khu vực nào/, area)
  await page.getByRole('button', { name: 'Lưu' }).click()
  const card = page.getByRole('region', { name: 'Gửi liên kết này cho người dùng' })
  const link = await card.locator('.url').innerText()
  assert.match(link, /^https:\/\/\S+\/id\/link\/\S+$/)
  await card.getByRole('img').waitFor()
  assert.deepEqual(await faults(page), [])
  await card.getByRole('button', { name: 'Tôi đã gửi' }).click()
  await card.waitFor({ state: 'hidden' })
  assert.doesNotMatch(await page.content(), /id\/link/)
  return link
}

test('a clerk adds an area, a camera and two officers; the one of the area watches, the other learns nothing', async () => {
  await firstDay(async ({ person, link, camera }) => {
    const clerk = await person({ viewport: DESK })
    await setPassword(clerk, link, { name: 'Trần Thị Bình', login: 'binh' })
    const origin = new URL(clerk.url()).origin
    await signIn(clerk, `${origin}/manage/`, 'binh')
    await clerk.getByText('Hãy thêm khu vực trước').waitFor()
    assert.deepEqual(await faults(clerk), [])

    await addArea(clerk, 'Phường Láng')
    await addArea(clerk, 'Phường Ô Chợ Dừa')
    assert.deepEqual(await faults(clerk), [])

    // A camera, by the address as its manual has it: with the password in it.
    await clerk.goto(`${origin}/manage/#/cameras/+`)
    await clerk.getByRole('button', { name: 'Lưu' }).click()
    await clerk.getByText('Còn 4 mục cần sửa.').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await clerk.getByLabel('Tên camera').fill('Ngã tư Láng Hạ – Thái Hà')
    assert.equal(await clerk.getByLabel('Mã', { exact: true }).inputValue(), 'nga-tu-lang-ha-thai-ha')
    await choose(clerk, /^Khu vực Chọn/, 'Phường Láng')
    const main = clerk.getByLabel('Địa chỉ RTSP (luồng chính)')
    await main.fill(`rtsp://admin:bi-mat-9@${camera}/main`)
    await main.blur()
    assert.equal(await main.inputValue(), `rtsp://${camera}/main`)
    assert.equal(await clerk.getByLabel('Mật khẩu của camera').inputValue(), 'bi-mat-9')
    await clerk.getByRole('button', { name: 'Điền theo luồng chính' }).click()
    assert.equal(await clerk.getByLabel(/luồng phụ/).inputValue(), `rtsp://${camera}/sub`)
    await clerk.getByRole('button', { name: 'Lưu' }).click()
    await clerk.getByRole('link', { name: /Ngã tư Láng Hạ – Thái Hà/ }).waitFor()
    await clerk.waitForURL(/#\/cameras\/nga-tu-lang-ha-thai-ha$/)
    await clerk.getByPlaceholder('Để trống: giữ như cũ').waitFor()
    assert.doesNotMatch(await clerk.content(), /bi-mat-9/)

    const links = [await addAccount(clerk, 'Nguyễn Văn Hùng', 'Phường Láng'), await addAccount(clerk, 'Phạm Thị Lan', 'Phường Ô Chợ Dừa')]

    const officer = await person({ isMobile: true, hasTouch: true })
    await setPassword(officer, links[0])
    await signIn(officer, `${origin}/`, 'hungnv')
    await tileIn(officer, 'nga-tu-lang-ha-thai-ha', ['live', 'weak'])
    await movingScene(officer, 0)
    await officer.locator('nav .last').tap()
    assert.equal(await officer.getByRole('link', { name: /^Quản trị/ }).count(), 0)

    const stranger = await person({ isMobile: true, hasTouch: true })
    await setPassword(stranger, links[1])
    await signIn(stranger, `${origin}/#camera=nga-tu-lang-ha-thai-ha`, 'lanpt')
    await stranger.getByText('Chưa có camera nào cho bạn xem').waitFor()
    const told = await stranger.evaluate(async () => {
      const ask = async (path) => {
        const r = await fetch(path)
        return [r.status, await r.text()]
      }
      return [await ask('/api/v1/cameras/nga-tu-lang-ha-thai-ha'), await ask('/api/v1/cameras/khong-co'), (await ask('/api/v1/cameras'))[1]]
    })
    assert.deepEqual(told[0], told[1], 'the same answer as for a camera that is not there')
    assert.doesNotMatch(told[2], /Láng|lang/)
    await stranger.goto(`${origin}/manage/`)
    await stranger.getByText('Tài khoản này không có quyền quản trị').waitFor()
    assert.deepEqual(await faults(stranger), [])

    // The clerk sees who watches from where, and why; the way to the cameras and back is one tap.
    await clerk.goto(`${origin}/manage/#/accounts/hungnv`)
    await clerk.reload()
    await clerk.getByText('Vai trò Xem camera').waitFor()
    await clerk.getByText('Chrome, ').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await clerk.getByRole('button', { name: 'Tạo liên kết đặt mật khẩu' }).click()
    assert.match(await clerk.locator('link-card .url').innerText(), /\/id\/link\//)
    await clerk.getByRole('button', { name: 'Tôi đã gửi' }).click()
    await clerk.getByRole('button', { name: /^Đăng xuất Chrome/ }).click()
    await officer.getByText('Phiên đã hết hạn').waitFor()
    await clerk.getByText('Không có thiết bị nào đang đăng nhập').waitFor()
    await clerk.getByRole('button', { name: 'Khóa người này' }).click()
    await clerk.getByRole('button', { name: 'Khóa người này' }).click()
    await clerk.getByText('Hãy ghi lý do').waitFor()
    await clerk.getByLabel('Lý do khóa').fill('Chuyển công tác')
    await clerk.getByRole('button', { name: 'Khóa người này' }).click()
    await clerk.getByText('Bị khóa: Chuyển công tác').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await clerk.getByRole('button', { name: 'Mở khóa' }).click()
    await clerk.getByRole('button', { name: 'Khóa người này' }).waitFor()
    await clerk.getByRole('link', { name: 'Xem camera', exact: true }).click()
    await tileIn(clerk, 'nga-tu-lang-ha-thai-ha', ['live', 'weak'])
    await clerk.getByRole('button', { name: 'Thêm', exact: true }).click()
    await clerk.getByRole('link', { name: /^Quản trị/ }).click()
    await clerk.getByText('Có hình').waitFor()
  })
})

test('a camera begins in the only area, however late the areas are told', async () => {
  await firstDay(async ({ person, link }) => {
    const clerk = await person({ viewport: DESK })
    await setPassword(clerk, link, { name: 'Trần Thị Bình', login: 'binh' })
    const origin = new URL(clerk.url()).origin
    await signIn(clerk, `${origin}/manage/`, 'binh')
    await clerk.getByText('Hãy thêm khu vực trước').waitFor()
    await addArea(clerk, 'Phường Láng')
    await clerk.goto(`${origin}/manage/#/cameras/+`)
    // Later than anything else that the page asks for as it opens.
    await clerk.route('**/api/v1/inventory/areas', (route) => setTimeout(() => void route.continue(), 500))
    await clerk.reload()
    await clerk.getByRole('button', { name: 'Lưu' }).click()
    await clerk.getByText('Còn 3 mục cần sửa.').waitFor()
    await clerk.getByRole('button', { name: /^Khu vực Phường Láng/ }).waitFor()
  })
})

test('on a phone a sheet is imported, two clerks collide, and what was typed is not lost', async () => {
  await firstDay(async ({ person, link, camera }) => {
    const clerk = await person({ isMobile: true, hasTouch: true, colorScheme: 'light' })
    await setPassword(clerk, link, { name: 'Trần Thị Bình', login: 'binh' })
    const origin = new URL(clerk.url()).origin
    await signIn(clerk, `${origin}/manage/#/import`, 'binh')
    await clerk.locator('input[type=file]').waitFor({ state: 'attached' }) // signed in, and there
    await clerk.goto(`${origin}/manage/#/cameras`)
    await clerk.getByRole('button', { name: 'Thêm', exact: true }).tap()
    assert.deepEqual(await faults(clerk), [])
    await clerk.getByRole('dialog').getByRole('link', { name: 'Nhập tệp' }).tap()
    const sheet = (rows) => ({ name: 'camera.csv', mimeType: 'text/csv', buffer: Buffer.from(['Tên camera,Khu vực,Loại,Luồng chính', ...rows].join('\n')) })
    const rows = [`La Thành,Hà Nội / Phường Láng,công cộng,rtsp://${camera}/main`, 'Cổng chợ,Hà Nội / Phường Láng,cong cong,http://sai']
    await clerk.locator('input[type=file]').setInputFiles(sheet(rows))
    await clerk.getByText('cột D (Luồng chính): địa chỉ phải bắt đầu bằng rtsp://').waitFor()
    assert.deepEqual(await faults(clerk), [])
    assert.ok(await clerk.getByRole('button', { name: 'Nhập 3 thay đổi' }).isDisabled())
    await clerk.getByLabel('Bỏ qua các dòng bị từ chối').check()
    await clerk.getByRole('button', { name: 'Nhập 3 thay đổi' }).tap()
    await clerk.locator('.banner.good').waitFor()

    await clerk.getByRole('link', { name: 'Camera', exact: true }).tap()
    await clerk.getByRole('link', { name: /La Thành/ }).tap()
    await clerk.getByLabel('Tên camera').fill('La Thành – Láng')
    // Meanwhile somebody else has saved it.
    const stored = await clerk.evaluate(async () => {
      const at = '/api/v1/inventory/cameras/la-thanh'
      const r = await fetch(at)
      const body = JSON.stringify({ ...(await r.json()), name: 'Đê La Thành' })
      return (await fetch(at, { method: 'PUT', body, headers: { 'Content-Type': 'application/json', 'If-Match': r.headers.get('ETag') } })).status
    })
    assert.equal(stored, 204)
    await clerk.getByRole('button', { name: 'Lưu' }).tap()
    await clerk.getByText('Người khác vừa sửa mục này').waitFor()
    await clerk.getByText('Hiện có: Đê La Thành').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await clerk.getByRole('link', { name: 'Quay lại' }).tap()
    await clerk.getByText('Bỏ những thay đổi chưa lưu?').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await clerk.getByRole('button', { name: 'Tiếp tục sửa' }).tap()
    await clerk.getByRole('button', { name: 'Ghi đè bằng bản của tôi' }).tap()
    await clerk.getByText('Đã lưu').first().waitFor()
    await clerk.getByRole('link', { name: 'Quay lại' }).tap()
    await clerk.getByRole('link', { name: /La Thành – Láng/ }).waitFor()
    assert.deepEqual(await faults(clerk), [])

    // A right for the night patrol, given and taken back.
    await addAccount(clerk, 'Nguyễn Văn Hùng', 'Phường Láng')
    await clerk.goto(`${origin}/manage/#/grants/+`)
    await choose(clerk, /^Người được cấp/, 'Nguyễn Văn Hùng')
    await choose(clerk, /^Ở đâu/, 'Hà Nội')
    await clerk.getByLabel('Chỉ trong những giờ nhất định').check()
    await clerk.getByLabel('Từ giờ').fill('22:00')
    await clerk.getByLabel('Đến giờ').fill('05:00')
    await clerk.getByText('Qua đêm').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await clerk.getByRole('button', { name: 'Cấp quyền', exact: true }).tap()
    await clerk.getByRole('link', { name: /Nguyễn Văn Hùng.*22:00–05:00/s }).tap()
    await clerk.getByRole('button', { name: 'Thu hồi' }).tap()
    await clerk.getByRole('alertdialog').getByRole('button', { name: 'Thu hồi' }).tap()
    await clerk.getByText('Chưa cấp quyền riêng nào').waitFor()
    assert.deepEqual(await faults(clerk), [])
  })
})
