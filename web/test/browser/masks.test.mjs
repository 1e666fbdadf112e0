import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { tileIn } from './harness.mjs'
import { firstDay, setPassword, shot, signIn } from './office.mjs'

// An administrator hides parts of a camera's picture: by touch, by keys, while somebody else does, and never by accident.

const CAMERA = 'inventory/cameras/nga-tu'

/** A clerk on a phone, a camera, and what the API says of it. */
async function masked(use) {
  await firstDay(async ({ person, link, camera }) => {
    const page = await person({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
    await setPassword(page, link, { name: 'Trần Thị Bình', login: 'binh' })
    const origin = new URL(page.url()).origin
    await signIn(page, `${origin}/manage/`, 'binh')
    await page.getByText('Hãy thêm khu vực trước').waitFor()
    const put = async (path, data, headers = { 'If-None-Match': '*' }) => {
      const r = await page.context().request.put(`${origin}/api/v1/${path}`, { data, headers })
      assert.equal(r.status(), 204, await r.text())
    }
    const get = async () => {
      const r = await page.context().request.get(`${origin}/api/v1/${CAMERA}`)
      return { is: await r.json(), tag: r.headers().etag }
    }
    await put('inventory/areas/phuong-lang', { name: 'Phường Láng' })
    await put(CAMERA, { name: 'Ngã tư', area: 'phuong-lang', kind: 'public', main: `rtsp://${camera}/main` })
    await page.goto(`${origin}/manage/#/cameras/nga-tu`)
    await page.reload()
    await use({ page, put, get, masks: async () => (await get()).is.masks ?? [] })
  })
}

async function tapAt(page, ...places) {
  for (const [x, y] of places) {
    const box = await page.locator('mask-board').boundingBox()
    await page.touchscreen.tap(box.x + x * box.width, box.y + y * box.height)
  }
}

const near = (mask, want) => mask.length === want.length && mask.every(([x, y], i) => Math.abs(x - want[i][0]) < 0.02 && Math.abs(y - want[i][1]) < 0.03)
const button = (page, name) => page.getByRole('button', { name, exact: true })

async function open(page, name = 'Vẽ vùng che') {
  await button(page, name).tap()
  await page.getByRole('dialog', { name: /^Vùng che/ }).waitFor()
  // The picture's shape is the frame's: before it is there, or known not to come, nobody draws.
  await page.locator('mask-editor .note.wait').waitFor({ state: 'detached', timeout: 30_000 })
  await page.waitForFunction(() => {
    const find = (root, name) => root.querySelector(name) ?? [...root.querySelectorAll('*')].map((e) => e.shadowRoot && find(e.shadowRoot, name)).find(Boolean)
    const img = find(document, 'mask-editor').shadowRoot.querySelector('img')
    return !img || img.complete
  })
}

test('an administrator draws masks with a finger on a phone, and they are kept whatever else is saved', async () => {
  await masked(async ({ page, masks, get }) => {
    await page.getByText('Chưa che phần nào của hình.').waitFor()
    await open(page)
    await tapAt(page, [0.1, 0.2], [0.4, 0.2], [0.4, 0.6])
    assert.equal(await button(page, 'Lưu vùng che').isDisabled(), true, 'half an area is not left behind unseen')
    await button(page, 'Xong vùng này').tap()
    await tapAt(page, [0.9, 0.9])
    await button(page, 'Hoàn tác').tap()
    assert.deepEqual(await faults(page), [])
    await shot(page, 'masks')
    await button(page, 'Lưu vùng che').tap()
    await page.getByText('1 vùng, che khoảng').waitFor()
    assert.ok(near((await masks())[0], [[0.1, 0.2], [0.4, 0.2], [0.4, 0.6]]), JSON.stringify(await masks()))
    // The form beside it knows the new version, and sends no masks.
    await page.getByLabel('Tên camera').fill('Cổng chợ')
    await button(page, 'Lưu').tap()
    await page.getByText('Đã lưu').first().waitFor()
    assert.equal((await get()).is.name, 'Cổng chợ')
    assert.equal((await masks()).length, 1)
    await page.getByText('1 vùng, che khoảng').waitFor()
    // Lifting asks first, and a no leaves all as it is.
    await open(page, 'Sửa vùng che')
    await tapAt(page, [0.35, 0.3])
    await button(page, 'Xóa vùng 1').tap()
    await page.getByText('có phần đang được che sẽ lộ ra').first().waitFor()
    await button(page, 'Lưu vùng che').tap()
    await page.getByText('Gỡ hoặc thu nhỏ vùng che?').waitFor()
    assert.deepEqual(await faults(page), [])
    await button(page.locator('ask-dialog'), 'Thôi').tap()
    assert.equal((await masks()).length, 1)
    await button(page, 'Lưu vùng che').tap()
    await button(page, 'Gỡ và lưu').tap()
    await page.getByText('Chưa che phần nào của hình.').waitFor()
    assert.deepEqual(await masks(), [])
  })
})

test('masks are drawn by keys alone, and those that somebody else drew meanwhile are not lost', async () => {
  await masked(async ({ page, masks, put, get }) => {
    await open(page)
    await button(page, 'Thêm vùng').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Góc 1 của vùng 1' }).focus()
    for (const key of ['ArrowLeft', 'Shift+ArrowUp']) await page.keyboard.press(key)
    await page.getByRole('button', { name: 'Góc 3 của vùng 1' }).focus()
    await page.keyboard.press('Delete')
    const { is, tag } = await get()
    await put(CAMERA, { ...is, masks: [[[0, 0], [0.3, 0], [0, 0.3]]] }, { 'If-Match': tag })
    await button(page, 'Lưu vùng che').focus()
    await page.keyboard.press('Enter')
    await button(page, 'Ghi đè bằng bản của tôi').waitFor()
    assert.deepEqual(await faults(page), [])
    assert.deepEqual(await masks(), [[[0, 0], [0.3, 0], [0, 0.3]]], 'nothing is overwritten unasked')
    await button(page, 'Dùng bản hiện có').tap()
    await page.getByRole('button', { name: 'Góc 1 của vùng 1' }).waitFor()
    await button(page, 'Thêm vùng').tap()
    await button(page, 'Lưu vùng che').tap()
    await page.getByText('2 vùng, che khoảng').waitFor()
    const all = await masks()
    assert.deepEqual(all[0], [[0, 0], [0.3, 0], [0, 0.3]])
    assert.equal(all[1].length, 4)
  })
})

test('an administrator has the code of each view drawn into a camera’s pictures, and taken out again', async () => {
  await masked(async ({ page, get }) => {
    const looks = async () => {
      const views = await (await page.context().request.get(new URL('/api/v1/views', page.url()).href)).json()
      return views.views.map((v) => v.quality)
    }
    /** @param qualities that the officer's page is to be sent */
    const watches = async (officer, qualities) => {
      await officer.goto(new URL('/#camera=nga-tu', page.url()).href)
      await officer.reload()
      await tileIn(officer, 'nga-tu', ['live', 'weak'], 30_000)
      const sent = await looks()
      assert.ok(sent.length === 1 && qualities.includes(sent[0]), `it is sent ${sent}`)
    }
    const mark = async (on) => {
      await page.getByText('Tùy chọn khác').tap()
      await page.getByLabel('In mã lượt xem vào hình').setChecked(on)
      assert.deepEqual(await faults(page), [])
      await shot(page, `marked-${on}`)
      await button(page, 'Lưu').tap()
      await page.getByText('Đã lưu').first().waitFor()
      assert.equal((await get()).is.marked ?? false, on)
    }
    const officer = await page.context().newPage()
    await mark(true)
    await watches(officer, ['full', 'low'])
    await shot(officer, 'marked-live')
    await officer.goto('about:blank')
    await page.reload()
    await mark(false)
    await watches(officer, ['main', 'sub'])
    await officer.close()
  })
})
