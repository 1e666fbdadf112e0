import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { tileIn, withPage } from './harness.mjs'
import { wire } from './wire.mjs'

const languages = {
  vi: { live: /^Trực tiếp/, list: 'Khu vực', grid: 'Lưới 2×2', lang: 'vi' },
  en: { live: /^Live/, list: 'Areas', grid: 'Grid 2×2', lang: 'en' },
}

for (const [lang, words] of Object.entries(languages)) {
  test(`list, picture, grid and settings in ${lang} are accessible and keep to the Content-Security-Policy`, async () => {
    await withPage({ camera: 'cam0', lang }, async (page) => {
      await tileIn(page, 'cam0', 'live')
      await page.locator('camera-list .row').first().waitFor()
      assert.equal(await page.evaluate(() => document.documentElement.lang), words.lang)
      assert.match(await page.locator('.strip .line').innerText(), words.live)
      assert.match(await page.locator('camera-list .seg').innerText(), new RegExp(words.list))
      assert.deepEqual(await faults(page), [])
      await page.locator('nav .last').tap()
      await page.locator('more-sheet h2').waitFor()
      assert.deepEqual(await faults(page), [])
      await page.keyboard.press('Escape')
      await page.locator('nav .main').tap()
      await page.waitForFunction((t) => document.querySelector('matthan-app').shadowRoot.querySelector('h1').textContent === t, words.grid)
      assert.deepEqual(await faults(page), [])
    })
  })
}

test('the language is chosen on the page, and kept', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', 'live')
    await page.locator('nav .last').tap()
    await page.locator('more-sheet .seg button').last().tap()
    assert.equal(await page.locator('more-sheet h2').innerText(), 'Settings')
    await page.reload({ waitUntil: 'domcontentloaded' })
    await page.locator('nav .main').waitFor()
    assert.equal(await page.locator('nav .main').innerText(), 'Grid')
  })
})

test('a search without accents finds the camera, and a tap opens it', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', 'live')
    await page.locator('nav .find').tap()
    await page.keyboard.type('yen lang')
    await page.locator('found-list .row').waitFor()
    await page.locator('camera-list .row').tap()
    await tileIn(page, 'cam3', 'live')
    assert.equal(await page.locator('header h1').innerText(), 'Láng – Yên Lãng')
  })
})

test('favourites are kept on the device, and swiping goes through them', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', 'live')
    await page.locator('header .fav').tap()
    await page.evaluate(() => (location.hash = '#camera=cam2'))
    await tileIn(page, 'cam2', 'live')
    await page.locator('header .fav').tap()
    await page.reload({ waitUntil: 'domcontentloaded' })
    await tileIn(page, 'cam2', 'live')
    await page.locator('camera-list .seg').getByRole('button', { name: 'Yêu thích' }).tap()
    await page.locator('camera-list favourite-list .row').nth(1).waitFor()
    assert.equal(await page.locator('camera-list .row').count(), 2)
    await page.locator('nav button').last().tap()
    await tileIn(page, 'cam0', 'live')
  })
})

test('on a phone on its side the picture is whole, with the controls beside it', async () => {
  await withPage({ camera: 'cam0', context: { viewport: { width: 844, height: 390 } } }, async (page) => {
    await tileIn(page, 'cam0', 'live')
    const box = await page.locator('camera-tile[data-tile="0"] video').boundingBox()
    assert.ok(Math.abs(box.width / box.height - 16 / 9) < 0.02, `16:9: ${JSON.stringify(box)}`)
    assert.ok(box.height > 370 && box.y >= 0 && box.y + box.height <= 390.5, JSON.stringify(box))
    for (const button of await page.locator('.side button').all()) {
      const b = await button.boundingBox()
      assert.ok(b.width >= 48 && b.height >= 48, JSON.stringify(b))
      assert.ok(b.x + b.width <= box.x + 1 || b.x >= box.x + box.width - 1, 'beside the picture')
    }
    assert.deepEqual(await faults(page), [])
  })
})

test('on a phone on its side a weak network takes no room from the picture', async () => {
  await withPage({ camera: 'cam0', context: { viewport: { width: 844, height: 390 } } }, async (page) => {
    const way = wire()
    try {
      await way.carry(page)
      await page.reload()
      await tileIn(page, 'cam0', 'live')
      await page.locator('.stt.is-live').waitFor()
      const box = await page.locator('.stage').boundingBox()
      way.delay = 1800
      await tileIn(page, 'cam0', 'weak')
      await page.locator('.stt.is-weak').waitFor()
      assert.deepEqual(await page.locator('.stage').boundingBox(), box)
    } finally {
      way.close()
    }
  })
})

test('on a phone on its side the list is a tap away, without a keyboard over it', async () => {
  await withPage({ camera: 'cam0', context: { viewport: { width: 844, height: 390 } } }, async (page) => {
    await tileIn(page, 'cam0', 'live')
    await page.locator('.side .find').tap()
    const rows = page.locator('camera-list .row')
    await rows.nth(3).waitFor()
    assert.equal(await page.locator('camera-list input:focus').count(), 0)
    const list = await page.locator('camera-list .scroll').boundingBox()
    assert.ok(list.y < 80, `one row above the list: ${JSON.stringify(list)}`)
    await page.locator('camera-list .seg button').last().tap()
    await page.locator('camera-map').waitFor()
    await page.locator('camera-list .seg button').nth(2).tap()
    await page.locator('camera-list .row', { hasText: 'La Thành' }).tap()
    await tileIn(page, 'cam1', 'live')
    await page.locator('camera-list').waitFor({ state: 'hidden' })
    assert.deepEqual(await faults(page), [])
  })
})

test('keys go through the cameras, and f fills the screen', async () => {
  await withPage({ camera: 'cam0', context: { viewport: { width: 1280, height: 800 }, hasTouch: false, isMobile: false } }, async (page) => {
    await tileIn(page, 'cam0', 'live')
    await page.locator('camera-list .row').first().waitFor()
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => location.hash !== '#camera=cam0')
    await page.keyboard.press('ArrowLeft')
    await page.waitForFunction(() => location.hash === '#camera=cam0')
    await tileIn(page, 'cam0', 'live')
    assert.deepEqual(await faults(page), [])
    await page.locator('.stage').focus()
    await page.keyboard.press('f')
    await page.locator('.app.theatre').waitFor()
    await page.keyboard.press('f')
    await page.locator('.app:not(.theatre)').waitFor()
  })
})
