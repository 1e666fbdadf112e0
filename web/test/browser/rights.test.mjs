import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { movingScene, tileIn } from './harness.mjs'
import { withPeople } from './wards.mjs'

// Two wards, Láng and Ô Chợ Dừa, and their people on real accounts.

const DESK = { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false }
const officer = (login) => ({ login, name: `Cán bộ ${login}`, roles: ['viewer'], areas: ['phuong-lang'] })
const chief = (login) => ({ login, name: `Chỉ huy ${login}`, roles: ['supervisor'], areas: ['phuong-o-cho-dua'], context: DESK })

const sheet = (page) => page.locator('people-sheet dialog')
const news = (page) => page.locator('people-float .news > span')
const rows = (page) => page.locator('camera-list .row b').allInnerTexts()

/** Opens one of the people's pages from the settings. */
async function open(page, title) {
  await page.getByRole('button', { name: 'Thêm', exact: true }).click()
  await page.locator('people-entries').getByText(title, { exact: true }).click()
  await sheet(page).locator('h2').waitFor()
}

/** Asks for the other ward, from a search that finds nothing. */
async function askByMissing(page) {
  await page.locator('nav .find').tap()
  await page.keyboard.type('o cho dua')
  await page.locator('people-hint').getByText('Xin xem khu vực khác').tap()
  await sheet(page).getByRole('button', { name: 'Phường Ô Chợ Dừa' }).tap()
  await sheet(page).getByRole('button', { name: 'Tai nạn giao thông' }).tap()
  await sheet(page).getByRole('button', { name: '30 phút' }).tap()
}

test('an officer asks for another ward, its supervisor is told without a reload, and allows', async () => {
  await withPeople([officer('an'), chief('em')], async (an, em) => {
    await askByMissing(an)
    assert.deepEqual(await faults(an), [])
    await sheet(an).getByRole('button', { name: 'Gửi yêu cầu' }).tap()
    await sheet(an).getByText('Đang chờ duyệt').waitFor()
    assert.deepEqual(await faults(an), [])

    await em.locator('people-badge i >> visible=true').getByText('1').waitFor()
    assert.match(await news(em).innerText(), /^Cán bộ an\s+xin xem Phường Ô Chợ Dừa$/)
    await em.locator('people-float .look').click()
    await sheet(em).getByText('Tai nạn giao thông').waitFor()
    assert.match(await sheet(em).locator('article').innerText(), /Cán bộ an\s+Phường Ô Chợ Dừa\s+Xin xem trong 30\sphút/)
    assert.deepEqual(await faults(em), [])
    await sheet(em).getByRole('button', { name: 'Cho phép' }).click()
    await sheet(em).getByText('Không có yêu cầu nào đang chờ.').waitFor()
    await em.locator('people-badge i >> visible=true').waitFor({ state: 'detached' })

    await sheet(an).getByText(/^Được xem đến \d\d:\d\d$/).waitFor()
    await an.keyboard.press('Escape')
    assert.match(await news(an).innerText(), /^Được xem Phường Ô Chợ Dừa đến \d\d:\d\d$/)
    // The search stands, and finds now.
    await an.locator('camera-list .row').first().waitFor()
    assert.deepEqual(await rows(an), ['Láng – Yên Lãng', 'Thái Hà – Hoàng Cầu'])
    await an.locator('camera-list .row').first().tap()
    await tileIn(an, 'cam3', 'live')
    await movingScene(an, 0)
  })
})

test('a request is withdrawn by who asked, or refused with a word of why', async () => {
  await withPeople([officer('binh'), chief('giang')], async (binh, giang) => {
    const before = await rows(binh)
    await askByMissing(binh)
    await sheet(binh).getByRole('button', { name: 'Gửi yêu cầu' }).tap()
    await giang.locator('people-badge i >> visible=true').waitFor()
    await sheet(binh).getByRole('button', { name: /^Rút lại/ }).tap()
    await sheet(binh).getByText('Đã rút lại').waitFor()
    await giang.locator('people-badge i >> visible=true').waitFor({ state: 'detached' })

    await sheet(binh).getByRole('button', { name: 'Xin khu vực khác' }).tap()
    await sheet(binh).getByRole('button', { name: 'Phường Ô Chợ Dừa' }).tap()
    await sheet(binh).getByRole('button', { name: 'Gửi yêu cầu' }).tap()
    assert.match(await sheet(binh).getByRole('alert').innerText(), /Hãy nói rõ lý do: còn thiếu 10 chữ cái/)
    await sheet(binh).locator('textarea').fill('Xe tải gây tai nạn\nđang chạy về phía này')
    await sheet(binh).getByRole('button', { name: 'Gửi yêu cầu' }).tap()
    await open(giang, 'Chờ tôi duyệt')
    await sheet(giang).getByText('Xe tải gây tai nạn đang chạy về phía này').waitFor()
    await sheet(giang).getByLabel('Nhắn người xin').fill('Gọi trực ban 113')
    await sheet(giang).getByRole('button', { name: 'Từ chối' }).click()
    await sheet(binh).getByText('Bị từ chối').waitFor()
    await sheet(binh).getByText('“Gọi trực ban 113”').waitFor()
    await sheet(binh).getByRole('button', { name: 'Đóng' }).tap()
    await sheet(binh).waitFor({ state: 'hidden' })
    await binh.locator('camera-list .done').tap()
    assert.deepEqual(await rows(binh), before, 'no camera has come')
  })
})

test('a lost phone is signed out from another device, and its picture ends', async () => {
  const an = officer('dung')
  await withPeople([an, { ...an, context: DESK }], async (phone, desk) => {
    await tileIn(phone, 'cam1', 'live')
    await open(desk, 'Tài khoản của tôi')
    await sheet(desk).getByText('Máy này', { exact: true }).waitFor()
    assert.match(await sheet(desk).locator('.me').innerText(), /Cán bộ dung\s+Người xem\s+Phường Láng/)
    assert.deepEqual(await faults(desk), [])
    assert.equal(await sheet(desk).getByRole('button', { name: /^Đăng xuất .*Android/ }).count(), 1)
    await sheet(desk).getByRole('button', { name: /^Đăng xuất .*Android/ }).click()
    await sheet(desk).getByText('Hình trên máy đó tắt ngay.').waitFor()
    await sheet(desk).getByRole('group').getByRole('button', { name: 'Đăng xuất' }).click()
    await phone.locator('gate-screen h1').waitFor()
    assert.equal(await phone.locator('camera-tile').count(), 0)
    await sheet(desk).getByRole('button', { name: /Android/ }).waitFor({ state: 'detached' })
    await tileIn(desk, 'cam1', ['live', 'weak'])
  })
})

test('an emergency is held for, brings the pictures with a countdown, and the supervisor ends it', async () => {
  await withPeople([officer('hoa'), chief('khanh')], async (hoa, khanh) => {
    await open(hoa, 'Xem khẩn cấp')
    await sheet(hoa).getByRole('button', { name: 'Phường Ô Chợ Dừa' }).tap()
    const hold = sheet(hoa).locator('hold-button button')
    await press(hoa, hold, 1700)
    assert.match(await sheet(hoa).getByRole('alert').innerText(), /còn thiếu 10 chữ cái/, 'nothing begins without a reason')
    await sheet(hoa).locator('textarea').fill('Cháy nhà ở ngõ 4')
    assert.deepEqual(await faults(hoa), [])
    await press(hoa, hold, 500)
    assert.equal(await hold.innerText(), 'Giữ để xem ngay', 'a short press does nothing')
    assert.equal(await hoa.locator('people-float .chip').count(), 0)
    const picture = await hoa.locator('.stage').boundingBox()
    await press(hoa, hold, 1700)
    await hoa.locator('people-float .chip').waitFor()
    assert.match(await hoa.locator('people-float .chip').innerText(), /^Khẩn cấp\s+(30:00|29:\d\d)$/)
    assert.deepEqual(await hoa.locator('.stage').boundingBox(), picture, 'the picture has not moved')
    // The first of the new cameras opens by itself.
    await tileIn(hoa, 'cam3', 'live')
    assert.equal(new URL(hoa.url()).hash, '#camera=cam3')
    assert.deepEqual(await faults(hoa), [])
    // On its side the phone has the chip beside the picture, not on it.
    await hoa.setViewportSize({ width: 844, height: 390 })
    await hoa.locator('.app.theatre').waitFor()
    const [chip, video] = [hoa.locator('people-float .chip'), hoa.locator('camera-tile:not(.away) video')]
    const [c, v] = [await chip.boundingBox(), await video.boundingBox()]
    assert.ok(c.x >= v.x + v.width - 1 && c.height >= 48 && c.width >= 48, JSON.stringify([c, v]))
    assert.deepEqual(await faults(hoa), [])
    await hoa.setViewportSize({ width: 390, height: 844 })
    const left = await hoa.locator('people-float .chip span').innerText()
    await hoa.waitForFunction((was) => chip() !== was && /^29:/.test(chip()), left)

    await hoa.locator('people-float .news').waitFor({ state: 'detached' })

    await khanh.locator('people-badge i >> visible=true').getByText('1').waitFor()
    await open(khanh, 'Chờ tôi duyệt')
    await sheet(khanh).getByText('Cháy nhà ở ngõ 4').waitFor()
    assert.deepEqual(await faults(khanh), [])
    await sheet(khanh).getByRole('button', { name: 'Kết thúc' }).click()
    await sheet(khanh).getByRole('button', { name: 'Kết thúc' }).last().click()
    await tileIn(hoa, 'cam3', 'denied')
    await hoa.locator('people-float .chip').waitFor({ state: 'detached' })
  }, { init: () => (window.chip = () => document.querySelector('matthan-app').shadowRoot.querySelector('people-float').shadowRoot.querySelector('.chip span').textContent) })
})

test('by keyboard an emergency takes two presses, and Escape and the back button give the focus back', async () => {
  await withPeople([{ ...officer('lan'), context: { ...DESK, reducedMotion: 'reduce' } }], async (page) => {
    const focused = () => page.evaluate(() => document.activeElement.shadowRoot.activeElement?.className)
    await open(page, 'Xem khẩn cấp')
    assert.equal(await sheet(page).evaluate((d) => getComputedStyle(d).animationName), 'none', 'no motion where none is wanted')
    await page.keyboard.press('Escape')
    await sheet(page).waitFor({ state: 'hidden' })
    assert.equal(await focused(), 'more')
    await open(page, 'Xem khẩn cấp')
    await page.goBack()
    await sheet(page).waitFor({ state: 'hidden' })
    assert.equal(await focused(), 'more')
    assert.equal(new URL(page.url()).pathname, '/')

    await open(page, 'Xem khẩn cấp')
    await sheet(page).getByRole('button', { name: 'Mã camera' }).click()
    await sheet(page).getByLabel('Mã camera').fill('cam3')
    await sheet(page).getByRole('button', { name: 'Tìm người mất tích' }).click()
    await sheet(page).locator('hold-button button').focus()
    await page.keyboard.press('Enter')
    assert.equal(await sheet(page).locator('hold-button button').innerText(), 'Bấm lần nữa để xác nhận')
    await page.keyboard.press('Enter')
    await page.locator('people-float .chip').waitFor()
    await tileIn(page, 'cam3', 'live')
    // Ended by who began it.
    await page.locator('people-float .chip').click()
    await sheet(page).getByRole('button', { name: 'Kết thúc sớm' }).click()
    await page.locator('people-float .chip').waitFor({ state: 'detached' })
    await tileIn(page, 'cam3', 'denied')
  })
})

/** A finger, or the mouse, that rests on a button for a time. */
async function press(page, button, ms) {
  const box = await button.boundingBox()
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.waitForTimeout(ms)
  await page.mouse.up()
}
