import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { PHONE, diagnostics, theWorld } from './harness.mjs'
import { faults } from './faults.mjs'
import { shot } from './office.mjs'
import { PATIENCE, at, here, onStreet, shows, street, tab } from './street.mjs'

// What is near the officer: on a phone whose position is set, moved and refused.

const SMALL = { width: 320, height: 640 }
const SIDE = { width: 844, height: 390 }
const DESK = { viewport: { width: 1280, height: 800 }, hasTouch: false, isMobile: false }

const names = (page) => page.locator('near-list ul:not(.end + ul) .row b').allInnerTexts()
const ways = (page) => page.locator('near-list .way > span:first-child').allInnerTexts()
const plain = (texts) => texts.map((t) => t.replaceAll('\u00a0', ' '))

/** Runs in the page, before all else: the moment that the first picture waits for a position lasts as long as the machine needs. */
function longMoment() {
  const { setTimeout } = window
  window.setTimeout = (f, ms, ...a) => setTimeout(f, ms === 900 ? 60_000 : ms, ...a)
}

/** Waits until the rows are these, from the top. */
async function rowsAre(page, wanted) {
  await page
    .waitForFunction((wanted) => {
      const list = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list')?.shadowRoot?.querySelector('near-list')
      const rows = [...(list?.shadowRoot?.querySelectorAll('.row b') ?? [])].map((b) => b.textContent)
      return JSON.stringify(rows.slice(0, wanted.length)) === JSON.stringify(wanted)
    }, wanted)
    .catch(async (e) => {
      throw new Error(`rows: ${JSON.stringify(await names(page))}`, { cause: e })
    })
}

/** Counts who follows the device's position; runs in the page, before all else. */
function countWatches() {
  window.watches = 0
  const { geolocation } = navigator
  const watch = geolocation.watchPosition.bind(geolocation)
  const clear = geolocation.clearWatch.bind(geolocation)
  geolocation.watchPosition = (...a) => (window.watches++, watch(...a))
  geolocation.clearWatch = (id) => (window.watches--, clear(id))
}

test('an officer who has allowed the position finds the nearest camera on, and those around by distance and direction', async () => {
  await onStreet({ context: here(), init: longMoment }, async (page) => {
    await shows(page, 'alley')
    await rowsAre(page, ['Ngõ 4 Thái Hà', 'Hoàng Cầu – La Thành', 'Vũ Ngọc Phan – Láng Hạ', 'Ngã tư Láng Hạ – Thái Hà', 'Xã Đàn – Ô Chợ Dừa'])
    assert.equal(await tab(page, 'Gần tôi').getAttribute('aria-pressed'), 'true')
    assert.deepEqual(plain(await ways(page)), ['120 m', '300 m', '340 m', '900 m', '1,5 km'])
    // Nothing says which way the phone faces: the points of the compass, no arrow that lies.
    assert.deepEqual(await page.locator('near-list .way em').allInnerTexts(), ['Đ', 'B', 'T', 'N', 'B'])
    assert.equal(await page.locator('near-list .end').innerText(), '1 camera chưa có vị trí')
    await page.locator('near-list .end + ul .row').waitFor()
    assert.deepEqual(await faults(page), [])
    await shot(page, 'near')
  })
})

test('distances, order and arrows follow the officer, and a swipe goes to the next nearest', async () => {
  await onStreet({ camera: 'alley', context: here() }, async (page) => {
    await rowsAre(page, ['Ngõ 4 Thái Hà', 'Hoàng Cầu – La Thành'])
    const face = (degrees) =>
      page.evaluate((alpha) => window.dispatchEvent(new DeviceOrientationEvent('deviceorientationabsolute', { absolute: true, alpha })), 360 - degrees)
    const arrow = (i) => page.locator('near-list .row').nth(i).locator('.way path').getAttribute('transform')
    await face(0)
    await page.locator('near-list .row').first().locator('.way path').waitFor()
    assert.equal(await arrow(0), 'rotate(90 12 12)', 'east, to the right of who faces north')
    await page.waitForTimeout(200) // the compass is not asked more often
    await face(90)
    await page.waitForFunction(() => {
      const list = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('near-list')
      return list.shadowRoot.querySelector('.way path')?.getAttribute('transform') === 'rotate(0 12 12)'
    })
    assert.match(await page.locator('near-list .row').first().innerText(), /phía trước/)
    await shot(page, 'near-arrows')
    await page.context().setGeolocation(at(0, 1300))
    await rowsAre(page, ['Xã Đàn – Ô Chợ Dừa', 'Hoàng Cầu – La Thành', 'Ngõ 4 Thái Hà'])
    assert.equal(plain(await ways(page))[0], '200 m')
    await shows(page, 'alley')
    await page.locator('near-list .row').first().tap()
    await shows(page, 'north')
    await page.keyboard.press('ArrowRight')
    await shows(page, 'middle')
  })
})

test('no row moves under a finger, and all come to their places when it has gone', async () => {
  await onStreet({ camera: 'alley', context: here() }, async (page) => {
    const before = ['Ngõ 4 Thái Hà', 'Hoàng Cầu – La Thành']
    await rowsAre(page, before)
    await page.locator('near-list .row').first().dispatchEvent('pointerdown')
    await page.context().setGeolocation(at(0, 1300))
    await page.waitForFunction(() => {
      const list = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('near-list')
      return list.shadowRoot.querySelector('.way').textContent.includes('1,3')
    })
    assert.deepEqual((await names(page)).slice(0, 2), before, 'the distance is another one, the row the same')
    await page.locator('near-list .row').first().dispatchEvent('pointerup')
    await rowsAre(page, ['Xã Đàn – Ô Chợ Dừa'])
  })
})

test('on the way the cameras ahead come first', async () => {
  await onStreet({ camera: 'alley', context: here(at(0, -400)) }, async (page) => {
    await rowsAre(page, ['Ngõ 4 Thái Hà'])
    assert.equal(await page.locator('near-list h2').count(), 0)
    // A phone that tells no speed: two positions tell it.
    await page.waitForTimeout(1500)
    await page.context().setGeolocation(at(0, -300))
    await rowsAre(page, ['Ngõ 4 Thái Hà', 'Vũ Ngọc Phan – Láng Hạ', 'Hoàng Cầu – La Thành', 'Xã Đàn – Ô Chợ Dừa', 'Ngã tư Láng Hạ – Thái Hà'])
    await page.locator('near-list h2').first().waitFor()
    assert.deepEqual(await page.locator('near-list h2').allInnerTexts(), ['Phía trước', 'Xung quanh'])
    await shot(page, 'near-ahead')
    assert.deepEqual(await faults(page), [])
  })
})

test('a poor position says how poor it is', async () => {
  await onStreet({ camera: 'alley', context: here(at(0, 0, 80)) }, async (page) => {
    await rowsAre(page, ['Ngõ 4 Thái Hà'])
    assert.equal((await page.locator('near-list .told').innerText()).replaceAll('\u00a0', ' ').trim(), 'Vị trí ±80 m')
    assert.equal(plain(await ways(page))[0], '≈ 120 m')
    await shot(page, 'near-poor')
  })
})

test('nobody is asked for the position before the tab is opened; a refusal says how to allow it, and is not for ever', async () => {
  await onStreet({ camera: 'alley', context: { permissions: [] } }, async (page) => {
    await shows(page, 'alley')
    await page.locator('area-tree .row').first().waitFor()
    assert.equal(await tab(page, 'Khu vực').getAttribute('aria-pressed'), 'true')
    await tab(page, 'Bản đồ').tap()
    await page.locator('camera-map .spots').waitFor({ state: 'attached' })
    await tab(page, 'Gần tôi').tap()
    const said = page.locator('near-list .none')
    await said.getByText('Máy chưa cho dùng vị trí').waitFor()
    assert.match(await said.innerText(), /Quyền/)
    const again = await said.getByRole('button', { name: 'Thử lại' }).boundingBox()
    assert.ok(again.height >= 48)
    assert.deepEqual(await faults(page), [])
    await shot(page, 'near-refused')
    await page.context().setGeolocation(at(0, 0))
    await page.context().grantPermissions(['geolocation'])
    // Who allows it in the browser's settings need not tell the page.
    await rowsAre(page, ['Ngõ 4 Thái Hà'])
  })
})

test('the device is followed only while its list is looked at', async () => {
  await onStreet({ camera: 'alley', context: here() }, async (page) => {
    await rowsAre(page, ['Ngõ 4 Thái Hà'])
    await page.evaluate(countWatches)
    await tab(page, 'Yêu thích').tap()
    await page.waitForFunction(() => window.watches === -1)
    await tab(page, 'Gần tôi').tap()
    await page.waitForFunction(() => window.watches === 0)
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => window.seen ?? 'hidden' })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await page.waitForFunction(() => window.watches === -1)
    await page.evaluate(() => {
      window.seen = 'visible'
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await page.waitForFunction(() => window.watches === 0)
  })
})

test('a position that comes late does not take away what is watched', async () => {
  const late = () => {
    const watch = navigator.geolocation.watchPosition.bind(navigator.geolocation)
    navigator.geolocation.watchPosition = (good, bad, options) => {
      void new Promise((done) => (window.tellPosition = done)).then(() => watch(good, bad, options))
      return 1
    }
  }
  const w = await theWorld()
  const { browser } = w
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true, locale: 'vi-VN', ...here() })
  try {
    await context.addInitScript(late)
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE)
    const s = await street()
    await page.goto(`${s.address}/#token=${s.token}`, { waitUntil: 'domcontentloaded' })
    // A moment later the first of the list stands in.
    await page.waitForFunction(() => window.matthan?.diagnostics().tiles.some((t) => t.camera))
    const first = (await diagnostics(page)).tiles.find((t) => t.camera).camera
    assert.notEqual(first, 'alley', 'not the nearest: nobody knows it yet')
    await page.evaluate(() => window.tellPosition())
    await rowsAre(page, ['Ngõ 4 Thái Hà'])
    assert.equal((await diagnostics(page)).tiles.find((t) => t.camera).camera, first)
  } finally {
    await context.close()
  }
})

for (const [name, viewport] of Object.entries({ small: SMALL, phone: PHONE, side: SIDE }))
  test(`on a ${name} screen the four tabs have room for their words and for a thumb`, async () => {
    for (const lang of ['vi', 'en'])
      await onStreet({ camera: 'alley', lang, context: here(undefined, { viewport }) }, async (page) => {
        await shows(page, 'alley')
        if (viewport === SIDE) return
        await page.locator('near-list .row').first().waitFor()
        const tabs = await page.locator('camera-list .seg button').evaluateAll((all) =>
          all.map((b) => {
            const range = document.createRange()
            range.selectNodeContents(b)
            const text = range.getBoundingClientRect()
            const box = b.getBoundingClientRect()
            return { word: b.textContent.trim(), room: box.width - text.width, height: box.height, lines: range.getClientRects().length }
          }),
        )
        assert.equal(tabs.length, 4)
        for (const t of tabs) assert.ok(t.room >= 4 && t.height >= 48 && t.lines === 1, JSON.stringify(t))
        for (const row of await page.locator('near-list .row').all()) assert.ok((await row.boundingBox()).height >= 48)
        await shot(page, `near-${lang}`)
      })
  })

test('on a desk the list stands beside the picture, with its search', async () => {
  await onStreet({ camera: 'alley', context: here(undefined, DESK) }, async (page) => {
    await shows(page, 'alley')
    await rowsAre(page, ['Ngõ 4 Thái Hà'])
    assert.ok(await page.locator('camera-list input').isVisible())
    assert.deepEqual(await faults(page), [])
    await shot(page, 'near-desk')
  })
})
