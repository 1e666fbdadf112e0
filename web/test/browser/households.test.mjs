import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { movingScene, tileIn } from './harness.mjs'
import { faults } from './faults.mjs'
import { choose, firstDay, setPassword, shot, signIn } from './office.mjs'

// A citizen's camera: from the signed form to an officer's picture, and back.

const DESK = { width: 1280, height: 800 }
const PHONE = { isMobile: true, hasTouch: true }
const sheet = (page) => page.locator('people-sheet dialog')

/** Calls the API as who is signed in on a page. */
async function call(page, method, path, body, headers = {}) {
  return page.evaluate(
    async ([method, path, body, headers]) => {
      const init = { method, headers: { 'Content-Type': 'application/json', ...headers } }
      const r = await fetch(`/api/v1/${path}`, body === null ? { method } : { ...init, body: JSON.stringify(body) })
      const text = await r.text()
      return { status: r.status, body: text ? JSON.parse(text) : undefined }
    },
    [method, path, body ?? null, headers],
  )
}

/** What comes before the forms: an area, a street's camera, two households', and an officer with a right to both kinds. */
async function ward(clerk, officer, { link, at }) {
  await setPassword(clerk, link, { name: 'Trần Thị Bình', login: 'binh' })
  const origin = new URL(clerk.url()).origin
  await signIn(clerk, `${origin}/manage/`, 'binh')
  await clerk.getByText('Hãy thêm khu vực trước').waitFor()
  const put = async (path, body) => {
    const r = await call(clerk, 'PUT', path, body, { 'If-None-Match': '*' })
    assert.ok(r.status < 300, `${path}: ${r.status} ${JSON.stringify(r.body)}`)
    return r.body
  }
  await put('inventory/areas/phuong-lang', { id: 'phuong-lang', name: 'Phường Láng' })
  for (const [i, id, name, kind] of [
    [0, 'lang-ha', 'Ngã tư Láng Hạ – Thái Hà', 'public'],
    [1, 'nha-ba-tu', 'Nhà bà Tư, ngõ 4', 'household'],
    [2, 'nha-ong-sau', 'Nhà ông Sáu, ngõ 9', 'household'],
  ]) {
    await put(`inventory/cameras/${id}`, { id, name, area: 'phuong-lang', kind, main: `${at}/cam${i}/main`, sub: `${at}/cam${i}/sub` })
  }
  const account = { login: 'hung', name: 'Nguyễn Văn Hùng', roles: ['viewer'], areas: ['phuong-lang'] }
  const made = await put('accounts/hung', account)
  await setPassword(officer, made.link)
  await signIn(officer, `${origin}/`, 'hung')
  await tileIn(officer, 'lang-ha', ['live', 'weak'])
  const people = (await call(clerk, 'GET', 'people')).body.people
  const { key } = people.find((p) => p.name === account.name)
  const right = { who: { person: key }, actions: ['view'], areas: ['phuong-lang'], kinds: ['public', 'office', 'institution', 'household'] }
  assert.equal((await call(clerk, 'POST', 'grants', right)).status, 201)
  return { origin, put }
}

const row = (page, name) => page.locator('camera-list li', { hasText: name })

/** Enters what was signed, as a clerk does, on paper. */
async function enterForm(clerk, origin, name, owner) {
  await clerk.goto(`${origin}/manage/#/households`)
  await clerk.getByRole('link', { name }).click()
  await clerk.getByText('Cần có bản đồng ý của chủ nhà').waitFor()
  assert.deepEqual(await faults(clerk), [])
  await clerk.getByRole('button', { name: 'Nhập bản đồng ý giấy' }).click()
  await clerk.getByRole('button', { name: 'Lưu bản đồng ý' }).click()
  await clerk.getByText('Còn 3 mục cần sửa.').waitFor()
  assert.deepEqual(await faults(clerk), [])
  await clerk.getByLabel('Chủ camera').fill(owner)
  await clerk.getByLabel('Điện thoại hoặc địa chỉ').fill('0912 345 678')
  await clerk.getByLabel('Số của bản đồng ý giấy').fill('12/2026')
  await clerk.getByLabel('Trộm cắp').check()
  await clerk.getByLabel('Tìm người mất tích').check()
  await shot(clerk, 'consent-form')
  await clerk.getByRole('button', { name: 'Lưu bản đồng ý' }).click()
  await clerk.locator('.banner.good').getByText('Đang cho xem').waitFor()
  await clerk.getByText('Trộm cắp, cướp giật; Tìm người mất tích').waitFor()
  assert.deepEqual(await faults(clerk), [])
}

test('an officer states a case once, and every household that it covers opens; withdrawal ends it', async () => {
  await firstDay(async ({ person, link, at }) => {
    const clerk = await person({ viewport: DESK, isMobile: false, hasTouch: false })
    const officer = await person(PHONE)
    const { origin, put } = await ward(clerk, officer, { link, at })

    // Without the owner's word there is nothing to be had by any right.
    await row(officer, 'Nhà bà Tư').getByText('Chủ camera chưa cho xem').waitFor({ timeout: 20_000 })
    await row(officer, 'Nhà bà Tư').getByText('Hộ dân').waitFor()
    await shot(officer, 'list-closed')
    await row(officer, 'Nhà bà Tư').locator('.row').tap()
    await tileIn(officer, 'nha-ba-tu', 'denied')
    await shot(officer, 'tile-closed')
    assert.equal(await officer.locator('header h1').innerText(), 'Nhà bà Tư, ngõ 4')
    assert.equal(await sheet(officer).isVisible(), false, 'no case would open it')
    await row(officer, 'Láng Hạ').locator('.row').tap()

    await enterForm(clerk, origin, /Nhà bà Tư/, 'Phan Thị Tư')
    await put('inventory/cameras/nha-ong-sau/consent', { owner: 'Lê Văn Sáu', purposes: ['theft', 'fire'], document: '13/2026' })
    await clerk.reload()
    await shot(clerk, 'consent')

    // The first one asks; axe looks at what is asked.
    await row(officer, 'Nhà bà Tư').getByText('Chủ camera chưa cho xem').waitFor({ state: 'detached', timeout: 20_000 })
    await row(officer, 'Nhà bà Tư').locator('.row').tap()
    await sheet(officer).getByText('chủ camera thấy được').waitFor()
    await sheet(officer).getByRole('button', { name: 'Trộm cắp' }).waitFor()
    assert.deepEqual(await faults(officer), [])
    await shot(officer, 'case-sheet')
    await sheet(officer).getByRole('button', { name: 'Mở vụ việc' }).tap()
    await sheet(officer).getByText('Hãy chọn lý do.').waitFor()
    await sheet(officer).getByRole('button', { name: 'Trộm cắp' }).tap()
    await sheet(officer).getByLabel('Số vụ việc').fill('?')
    await sheet(officer).getByRole('button', { name: 'Mở vụ việc' }).tap()
    await sheet(officer).getByText('Số vụ việc gồm 3 đến 40').waitFor()
    assert.deepEqual(await faults(officer), [])
    await shot(officer, 'case-sheet-fault')
    await sheet(officer).getByLabel('Số vụ việc').fill('128/2026')
    await sheet(officer).getByRole('button', { name: 'Mở vụ việc' }).tap()
    await tileIn(officer, 'nha-ba-tu', ['live', 'weak'])
    await movingScene(officer, 0)
    assert.equal(await sheet(officer).isVisible(), false)

    // The second does not.
    const chip = officer.locator('people-float .case')
    assert.match(await chip.innerText(), /Trộm cắp, cướp giật · 128\/2026/)
    await shot(officer, 'case-open')
    await officer.setViewportSize({ width: 844, height: 390 })
    await officer.locator('main.theatre').waitFor()
    assert.deepEqual(await faults(officer), [])
    await shot(officer, 'case-lying')
    await officer.setViewportSize({ width: 1280, height: 800 })
    await officer.locator('main:not(.theatre)').waitFor()
    assert.deepEqual(await faults(officer), [])
    await shot(officer, 'case-open')
    await officer.setViewportSize({ width: 390, height: 844 })
    await row(officer, 'Nhà ông Sáu').locator('.row').tap()
    await tileIn(officer, 'nha-ong-sau', ['live', 'weak'])
    assert.equal(await sheet(officer).isVisible(), false)
    assert.deepEqual(await faults(officer), [])

    // Closed, and the pictures are gone at once.
    await chip.tap()
    await sheet(officer).getByText('Vụ việc đang mở').waitFor()
    assert.deepEqual(await faults(officer), [])
    await shot(officer, 'case-standing')
    await sheet(officer).getByRole('button', { name: 'Đóng vụ việc' }).tap()
    await tileIn(officer, 'nha-ong-sau', 'denied')
    await chip.waitFor({ state: 'detached' })
    await officer.locator('camera-tile .mid').getByText('Cần nêu vụ việc').waitFor()
    await shot(officer, 'case-needed')

    // From the tile itself, for another reason; the one household agreed to it, the other did not.
    await officer.locator('camera-tile').getByRole('button', { name: 'Nêu vụ việc' }).tap()
    await sheet(officer).getByRole('button', { name: 'Cháy, nổ' }).tap()
    await sheet(officer).getByLabel('Số vụ việc').fill('129/2026')
    await officer.keyboard.press('Enter')
    await tileIn(officer, 'nha-ong-sau', ['live', 'weak'])
    await row(officer, 'Nhà bà Tư').locator('.row').tap()
    await sheet(officer).getByText('không cho xem vì lý do “Cháy, nổ, cứu nạn”').waitFor()
    assert.deepEqual(await faults(officer), [])
    await shot(officer, 'case-not-covered')
    await officer.keyboard.press('Escape')
    await row(officer, 'Nhà ông Sáu').locator('.row').tap()
    await tileIn(officer, 'nha-ong-sau', ['live', 'weak'])

    await withdraw(clerk, origin)
    await tileIn(officer, 'nha-ong-sau', 'denied')
    await row(officer, 'Nhà ông Sáu').waitFor({ state: 'detached', timeout: 20_000 })
  })
})

/** Withdraws on an owner's behalf; the owner's link is made before, and shown once. */
async function withdraw(clerk, origin) {
  await clerk.goto(`${origin}/manage/#/households/nha-ong-sau`)
  await clerk.getByRole('button', { name: 'Tạo liên kết cho chủ nhà' }).click()
  await clerk.getByRole('alertdialog').getByRole('button', { name: 'Tạo liên kết cho chủ nhà' }).click()
  const card = clerk.getByRole('region', { name: 'Đưa liên kết này cho chủ nhà' })
  assert.match(await card.locator('.url').innerText(), /^https:\/\/\S+\/owner\/#\S{40,}$/)
  await card.getByRole('img').waitFor()
  assert.deepEqual(await faults(clerk), [])
  await shot(clerk, 'owner-link')
  await card.getByRole('button', { name: 'Tôi đã gửi' }).click()
  assert.doesNotMatch(await clerk.content(), /owner\/#\S{40}/)

  await clerk.getByRole('button', { name: 'Rút đồng ý' }).click()
  await clerk.locator('form').getByRole('button', { name: 'Rút đồng ý' }).click()
  await clerk.getByText('Hãy điền mục này.').waitFor()
  await clerk.getByLabel('Số đơn yêu cầu của chủ nhà').fill('45/2026')
  await shot(clerk, 'withdraw')
  assert.deepEqual(await faults(clerk), [])
  await clerk.locator('form').getByRole('button', { name: 'Rút đồng ý' }).click()
  await clerk.getByRole('alertdialog').getByRole('button', { name: 'Rút đồng ý' }).click()
  await clerk.getByText('Đã rút đồng ý, camera đã được gỡ').waitFor()
  await clerk.getByRole('link', { name: /Nhà ông Sáu/ }).waitFor({ state: 'detached' })
}

test('an invitation is made on a phone, its link is shown once, and it is revoked', async () => {
  await firstDay(async ({ person, link }) => {
    const clerk = await person({ ...PHONE, colorScheme: 'light' })
    await setPassword(clerk, link, { name: 'Trần Thị Bình', login: 'binh' })
    const origin = new URL(clerk.url()).origin
    await signIn(clerk, `${origin}/manage/`, 'binh')
    await clerk.getByText('Hãy thêm khu vực trước').waitFor()
    for (const name of ['Phường Láng', 'Phường Ô Chợ Dừa']) {
      const id = name === 'Phường Láng' ? 'phuong-lang' : 'o-cho-dua'
      assert.equal((await call(clerk, 'PUT', `inventory/areas/${id}`, { id, name }, { 'If-None-Match': '*' })).status, 204)
    }
    await clerk.reload()
    await clerk.getByRole('link', { name: 'Hộ dân' }).tap()
    await clerk.getByText('Chưa có camera nhà dân nào').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await shot(clerk, 'households-none')
    await clerk.getByRole('link', { name: 'Lời mời' }).tap()
    await clerk.getByText('Chưa có lời mời nào').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await clerk.getByRole('link', { name: 'Mời chủ nhà' }).tap()
    await clerk.getByRole('button', { name: 'Tạo lời mời' }).tap()
    await clerk.getByText('Hãy chọn khu vực.').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await choose(clerk, /^Camera sẽ thuộc khu vực/, 'Phường Láng')
    await clerk.getByLabel('Mời ai').fill('bà Phan Thị Tư')
    await clerk.getByLabel('Ghi chú cho mình').fill('số 12 ngõ 4')
    await clerk.getByLabel('3 ngày').check()
    await shot(clerk, 'invitation-form')
    await clerk.getByRole('button', { name: 'Tạo lời mời' }).tap()

    const card = clerk.getByRole('region', { name: 'Gửi lời mời này cho chủ nhà' })
    const url = await card.locator('.url').innerText()
    assert.match(url, /^https:\/\/\S+\/owner\/#i\.\S{26}$/)
    await card.getByText('Kính gửi bà Phan Thị Tư. Phường Láng mời').waitFor()
    await card.getByRole('img').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await shot(clerk, 'invitation-link')
    // It opens what it was made for.
    const owner = await person(PHONE)
    const asked = owner.waitForResponse((r) => r.url().endsWith('/api/v1/invitation'))
    await owner.goto(url)
    assert.equal((await asked).status(), 200)

    await card.getByRole('button', { name: 'Tôi đã gửi' }).tap()
    await clerk.getByRole('link', { name: /bà Phan Thị Tư.*Phường Láng · số 12 ngõ 4.*Đang chờ/s }).tap()
    assert.doesNotMatch(await clerk.content(), /owner\/#/)
    await clerk.locator('invitation-panel dd').getByText('Trần Thị Bình').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await shot(clerk, 'invitation')
    await clerk.getByRole('button', { name: 'Thu hồi lời mời' }).tap()
    await clerk.getByRole('alertdialog').getByRole('button', { name: 'Thu hồi lời mời' }).tap()
    await clerk.getByText('Chưa có lời mời nào').waitFor()
    assert.equal(await owner.evaluate(async (secret) => (await fetch('/api/v1/invitation', { headers: { Authorization: `Bearer ${secret}` } })).status, url.split('#')[1]), 401)
  })
})
