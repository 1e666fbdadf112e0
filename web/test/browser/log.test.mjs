import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { tileIn } from './harness.mjs'
import { withPeople } from './wards.mjs'

// An auditor reads who looked at what. SHOTS names a folder for pictures of the screens.

const DESK = { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false, colorScheme: 'light' }
const officer = { login: 'hung-log', name: 'Nguyễn Văn Hùng', roles: ['viewer'], areas: ['phuong-lang'] }
const auditor = { login: 'thanh-tra', name: 'Lê Thị Thanh Tra', roles: ['auditor'], areas: ['all'] }
const ward = { login: 'thanh-tra-chua', name: 'Phạm Văn Tra', roles: ['auditor'], areas: ['phuong-o-cho-dua'] }

async function shot(page, name) {
  if (!process.env.SHOTS) return
  await mkdir(process.env.SHOTS, { recursive: true })
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) })
}

/** Nothing sticks out at the side. */
async function fits(page) {
  const [inner, scroll] = await page.evaluate(() => [innerWidth, document.scrollingElement.scrollWidth])
  assert.ok(scroll <= inner, `the page is ${scroll} px wide, the screen ${inner}`)
}

async function looks(page) {
  await page.goto(new URL('/#camera=cam0', page.url()).href)
  await tileIn(page, 'cam0', ['live', 'weak'])
  await page.goto(new URL('/#camera=cam1', page.url()).href)
  await tileIn(page, 'cam1', ['live', 'weak'])
}

async function open(page, where = '') {
  await page.goto(new URL(`/manage/${where}`, page.url()).href)
  await page.getByRole('heading', { name: 'Nhật ký', exact: true }).waitFor()
}

test('on a phone an auditor finds a look, narrows the list down and takes the proof along', async () => {
  await withPeople([officer, auditor], async (hung, page) => {
    await looks(hung)
    await open(page)
    const row = page.getByRole('link', { name: /Nguyễn Văn Hùng.*Xem camera: Ngã tư Láng Hạ – Thái Hà.*Phường Láng/s })
    await row.first().waitFor()
    assert.equal(await page.getByRole('navigation').isVisible(), false, 'one screen needs no bar')
    await fits(page)
    await shot(page, 'log-phone')
    assert.deepEqual(await faults(page), [])

    await row.first().tap()
    await page.getByText('Thời lượng').waitFor()
    await page.getByText('vai trò Xem camera').waitFor()
    await shot(page, 'log-phone-record')
    assert.deepEqual(await faults(page), [])
    await page.getByRole('button', { name: 'Mọi lượt xem camera này' }).tap()
    await page.getByRole('button', { name: 'Bỏ Ngã tư Láng Hạ – Thái Hà' }).waitFor()
    await row.first().waitFor()
    assert.equal(await page.getByText('Xem camera: La Thành').count(), 0)

    await page.getByRole('button', { name: 'Lọc' }).tap()
    await page.getByRole('dialog', { name: 'Điều kiện lọc' }).waitFor()
    await shot(page, 'log-phone-filter')
    assert.deepEqual(await faults(page), [])
    await page.getByRole('button', { name: 'Bỏ hết điều kiện' }).tap()
    await page.getByRole('button', { name: /^Người/ }).tap()
    await page.getByRole('button', { name: 'Nguyễn Văn Hùng' }).tap()
    await page.getByText('Đăng nhập', { exact: true }).tap()
    await page.getByRole('button', { name: 'Xem kết quả' }).tap()
    await page.getByRole('link', { name: /Nguyễn Văn Hùng.*Đăng nhập/s }).first().waitFor()
    assert.equal(await row.count(), 0)

    // A code that half was typed of is not asked for.
    await page.getByRole('button', { name: 'Lọc' }).tap()
    await page.getByLabel(/^Mã trên hình/).fill('4QX')
    await page.getByRole('button', { name: 'Xem kết quả' }).tap()
    await page.getByText('Mã có 7 chữ và số.').waitFor()
    await page.getByLabel(/^Mã trên hình/).fill('4QX-7RT2')
    await page.getByRole('button', { name: 'Xem kết quả' }).tap()
    await page.getByText('Không có mục nào').waitFor()
    await shot(page, 'log-phone-none')

    await page.getByRole('link', { name: 'Bất thường' }).tap()
    await page.getByText(/Không có gì bất thường|Nên hỏi/).first().waitFor()
    await shot(page, 'log-phone-report')
    assert.deepEqual(await faults(page), [])
    await page.getByRole('link', { name: 'Quay lại' }).tap()
    await page.getByRole('link', { name: 'Kiểm chứng' }).tap()
    await page.getByText('Đã kiểm tra đến cuối').waitFor()
    await shot(page, 'log-phone-proof')
    assert.deepEqual(await faults(page), [])
    await fits(page)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Tải tệp để kiểm chứng' }).tap()])
    const text = await readFile(await download.path(), 'utf8')
    assert.match(text.split('\n')[0], /^\{"export":.*"sig":"/)
    assert.match(text, /"event":"log\.exported"/)
  })
})

test('at a desk the list stands beside the record, and an auditor of one ward sees no other', async () => {
  await withPeople([officer, { ...auditor, context: DESK }, { ...ward, context: DESK }], async (hung, page, other) => {
    await looks(hung)
    await open(page)
    const row = page.getByRole('link', { name: /Nguyễn Văn Hùng.*Xem camera: Ngã tư Láng Hạ – Thái Hà/s })
    await row.first().click()
    await page.getByText('Hà Nội › Phường Láng').waitFor()
    await fits(page)
    await shot(page, 'log-desk')
    assert.deepEqual(await faults(page), [])
    await page.getByRole('link', { name: 'Kiểm chứng' }).click()
    await page.getByText('Khóa công khai').waitFor()
    await shot(page, 'log-desk-proof')
    await page.getByRole('button', { name: 'Lọc' }).click()
    await page.getByRole('dialog', { name: 'Điều kiện lọc' }).waitFor()
    await shot(page, 'log-desk-filter')
    assert.deepEqual(await faults(page), [])

    await open(other)
    await other.getByText('Chọn một mục để xem chi tiết').waitFor()
    await other.getByText(/^\d+ mục/).waitFor()
    assert.equal(await other.getByText('Nguyễn Văn Hùng').count(), 0)
    await other.getByRole('link', { name: 'Kiểm chứng' }).click()
    await other.getByText('Chỉ người kiểm tra toàn bộ khu vực').waitFor()
    // What is administrators' is not an auditor's.
    await other.goto(new URL('/manage/#/accounts', other.url()).href)
    await other.getByRole('heading', { name: 'Nhật ký', exact: true }).waitFor()

    // An officer without the right gets the same as for any page that is not theirs.
    await hung.goto(new URL('/manage/#/log', hung.url()).href)
    await hung.getByText('Tài khoản này không có quyền quản trị').waitFor()
  })
})
