import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { movingScene, PHONE, tileIn } from './harness.mjs'
import { password, withPeople } from './wards.mjs'

// A camera is shared with a colleague of another ward, and with the fire brigade.

const officer = (login) => ({ login, name: `Cán bộ ${login}`, roles: ['viewer'], areas: ['phuong-lang'] })
const colleague = (login) => ({ login, name: `Cán bộ ${login}`, roles: ['viewer'], areas: ['phuong-o-cho-dua'] })
const chief = (login) => ({ login, name: `Chỉ huy ${login}`, roles: ['supervisor'], areas: ['phuong-lang'] })

/** For eyes: SHOTS names a folder. */
async function shot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/share-${name}.png` })
}

const sheet = (page) => page.locator('people-sheet dialog')

async function open(page) {
  await page.locator('nav .last').tap()
  await page.locator('people-entries').getByText('Chia sẻ camera này', { exact: true }).tap()
  await sheet(page).locator('share-page .bar').waitFor()
}

/** Shares what is shown. @returns the link, and the pin of an outsider's */
async function share(page, name, outside) {
  await open(page)
  if (outside) await sheet(page).getByRole('button', { name: 'Người ngoài' }).tap()
  await sheet(page).getByLabel('Tên người được xem').fill(name)
  await sheet(page).getByRole('button', { name: '15 phút' }).tap()
  await shot(page, outside ? 'form-outside' : 'form')
  assert.deepEqual(await faults(page), [])
  await sheet(page).getByRole('button', { name: 'Tạo liên kết' }).tap()
  const url = await sheet(page).locator('.url').innerText()
  await shot(page, outside ? 'made-outside' : 'made')
  assert.deepEqual(await faults(page), [])
  return { url, pin: outside ? (await sheet(page).locator('.pinbox b').innerText()).replace(/\s/g, '') : '' }
}

/** Runs `use(page)` with the phone of somebody whom the gateway does not know. */
async function withStranger(page, url, use) {
  const context = await page.context().browser().newContext({
    viewport: PHONE, deviceScaleFactor: 1, hasTouch: true, isMobile: true, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', colorScheme: 'dark', ignoreHTTPSErrors: true,
  })
  const complaints = []
  try {
    await context.addInitScript(() => {
      window.violations = []
      document.addEventListener('securitypolicyviolation', (e) => window.violations.push(`${e.violatedDirective}: ${e.blockedURI}`))
    })
    const stranger = await context.newPage()
    stranger.setDefaultTimeout(20_000)
    stranger.on('pageerror', (e) => complaints.push(e.message))
    stranger.on('console', (m) => {
      if (m.type() === 'error' && !/^Failed to load resource|WebSocket connection to/.test(m.text())) complaints.push(m.text())
    })
    await stranger.goto(url, { waitUntil: 'domcontentloaded' })
    await use(stranger)
    complaints.push(...(await stranger.evaluate(() => window.violations)))
  } finally {
    await context.close()
  }
  assert.deepEqual(complaints, [])
}

test('an officer shares a camera with a colleague of another ward, and ends it', async () => {
  await withPeople([officer('minh'), colleague('nga'), colleague('oanh')], async (minh, nga, oanh) => {
    await tileIn(minh, 'cam1', 'live', 30_000)
    const { url } = await share(minh, 'Trung úy Nga', false)
    assert.match(url, /\/#share=[\w-]{43}$/)

    await nga.goto(url)
    await tileIn(nga, 'cam1', 'live', 30_000)
    await movingScene(nga, 0)
    assert.equal(new URL(nga.url()).hash, '#camera=cam1', 'the secret has left the address')
    assert.match(await nga.locator('main header p').innerText(), /^Cán bộ minh chia sẻ · đến \d\d:\d\d$/)
    assert.match(await nga.locator('people-float .news > span').innerText(), /^Được chia sẻ bởi Cán bộ minh, đến \d\d:\d\d$/)
    await shot(nga, 'received')
    assert.deepEqual(await faults(nga), [])

    // Passed on, it opens nothing.
    await oanh.goto(url)
    await oanh.locator('people-float .news').getByText('người khác đã mở').waitFor()
    assert.equal(await oanh.locator('camera-list').getByText('La Thành – Láng').count(), 0)

    await sheet(minh).getByRole('button', { name: 'Xong' }).tap()
    await sheet(minh).getByText('Cán bộ nga đã mở').waitFor()
    await shot(minh, 'running')
    assert.deepEqual(await faults(minh), [])
    await sheet(minh).getByRole('button', { name: 'Kết thúc chia sẻ cho Trung úy Nga' }).tap()
    await tileIn(nga, 'cam1', 'denied', 30_000)
    await nga.locator('people-float .news').getByText('Chia sẻ đã kết thúc').waitFor()
    await shot(nga, 'ended')
    await sheet(minh).locator('.on').waitFor({ state: 'detached' })
  })
})

test('a shared link waits for its colleague to sign in', async () => {
  await withPeople([officer('phuc'), colleague('quy')], async (phuc) => {
    await tileIn(phuc, 'cam1', 'live', 30_000)
    const { url } = await share(phuc, 'Quý', false)
    await withStranger(phuc, url, async (page) => {
      await page.locator('gate-screen .sign').tap()
      await page.locator('input[name=login]').fill('quy')
      await page.locator('input[name=password]').fill(password)
      await page.locator('input[name=password]').press('Enter')
      await tileIn(page, 'cam1', 'live', 30_000)
      assert.match(await page.locator('main header p').innerText(), /^Cán bộ phuc chia sẻ · đến/)
    })
  })
})

test('the fire brigade opens a camera with its pin, and sees its end', async () => {
  await withPeople([chief('son')], async (son) => {
    await tileIn(son, 'cam1', 'live', 30_000)
    const { url, pin } = await share(son, 'Đội PCCC Đống Đa', true)
    assert.match(url, /\/guest\/#[\w-]{43}$/)
    assert.match(pin, /^\d{6}$/)
    await withStranger(son, url, async (guest) => {
      await guest.getByText('Camera trực tiếp cho Đội PCCC Đống Đa').waitFor()
      await shot(guest, 'guest-pin')
      assert.deepEqual(await faults(guest), [])
      const type = async (digits) => {
        for (const d of digits) await guest.getByRole('button', { name: d, exact: true }).tap()
      }
      await type(pin === '111111' ? '222222' : '111111')
      await guest.getByText('Mã PIN không đúng. Còn 4 lần thử.').waitFor()
      await shot(guest, 'guest-wrong')
      await type(pin)
      await guest.locator('.state.is-live').waitFor()
      const time = () => guest.locator('video').evaluate((v) => v.currentTime)
      const before = await time()
      await guest.waitForFunction((t) => document.querySelector('guest-app').shadowRoot.querySelector('camera-tile').shadowRoot.querySelector('video').currentTime > t + 0.5, before)
      assert.match(await guest.locator('view-mark p').first().innerText(), /^Đội PCCC Đống Đa\n\d\d:\d\d:\d\d · [0-9A-Z]{3}-[0-9A-Z]{4}$/)
      assert.match(await guest.locator('.left b').innerText(), /^1[45]:\d\d$/)
      await shot(guest, 'guest-look')
      assert.deepEqual(await faults(guest), [])
      await guest.setViewportSize({ width: 844, height: 390 })
      await guest.waitForTimeout(300)
      await shot(guest, 'guest-look-side')
      assert.deepEqual(await faults(guest), [])
      await guest.setViewportSize(PHONE)

      // On a second phone, the first one's look ends.
      await withStranger(son, url, async (second) => {
        for (const d of pin) await second.getByRole('button', { name: d, exact: true }).tap()
        await second.locator('.state.is-live').waitFor()
        await guest.getByText('Hình đã mở trên máy khác.').waitFor()
        assert.equal(await guest.locator('video').count(), 0)
        await sheet(son).getByRole('button', { name: 'Xong' }).tap()
        await sheet(son).getByText('nhập sai PIN 1 lần').waitFor()
        await sheet(son).getByRole('button', { name: 'Kết thúc chia sẻ cho Đội PCCC Đống Đa' }).tap()
        await second.getByText('Chia sẻ đã kết thúc').waitFor()
        assert.equal(await second.locator('video').count(), 0)
        await shot(second, 'guest-over')
        assert.deepEqual(await faults(second), [])
      })
    })
    // From then on the link opens nothing.
    await withStranger(son, url, async (late) => {
      await late.getByText('Liên kết không còn dùng được').waitFor()
    })
  })
})
