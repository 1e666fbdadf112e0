import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { cityCameras } from './city.mjs'
import { PHONE, diagnostics, theWorld, tileIn, withPage } from './harness.mjs'
import { faults, shot } from './office.mjs'
import { gateway } from './programs.mjs'
import { signIn, withPeople } from './wards.mjs'

// What is near the officer, and how a camera is found: on a phone whose position is set, moved and refused.

const LANG = { lat: 21.0126, lon: 105.8169 }
const M = 1 / 111_195
/** A position so many metres east and north of the crossroads. */
const at = (east, north, accuracy = 12) => ({
  latitude: LANG.lat + north * M,
  longitude: LANG.lon + (east * M) / Math.cos((LANG.lat * Math.PI) / 180),
  accuracy,
})
const point = (east, north) => {
  const p = at(east, north)
  return [p.latitude, p.longitude].map((n) => Number(n.toFixed(6)))
}
const SMALL = { width: 320, height: 640 }
const SIDE = { width: 844, height: 390 }
const DESK = { viewport: { width: 1280, height: 800 }, hasTouch: false, isMobile: false }

let server

/** Two wards along a street that leads north; one camera is gone, one has no position. */
async function street() {
  const { steady } = await theWorld()
  const place = (id, name, area, index, position, port = steady.port) => ({ id, name, area, port, index, position })
  server ??= gateway([
    place('south', 'Ngã tư Láng Hạ – Thái Hà', 'phuong-lang', 0, point(0, -900)),
    place('middle', 'Hoàng Cầu – La Thành', 'phuong-lang', 1, point(0, 300)),
    place('alley', 'Ngõ 4 Thái Hà', 'phuong-lang', 2, point(120, 0)),
    place('north', 'Xã Đàn – Ô Chợ Dừa', 'phuong-o-cho-dua', 3, point(0, 1500)),
    place('gone', 'Vũ Ngọc Phan – Láng Hạ', 'phuong-o-cho-dua', 0, point(-340, 40), 1),
    place('nowhere', 'Camera mới', 'phuong-o-cho-dua', 0),
  ])
  return server
}

after(async () => (await server?.catch(() => undefined))?.close())

/** A phone at a place that it may tell. */
const here = (position = at(0, 0), more = {}) => ({ geolocation: position, permissions: ['geolocation'], ...more })
const names = (page) => page.locator('near-list .row b').allInnerTexts()
const ways = (page) => page.locator('near-list .way > span:first-child').allInnerTexts()
const tab = (page, name) => page.locator('camera-list .seg').getByRole('button', { name })
const plain = (texts) => texts.map((t) => t.replaceAll('\u00a0', ' '))

/** A busy machine takes its time, ms. */
const PATIENCE = 30_000
const shows = (page, camera) => tileIn(page, camera, ['live', 'weak', 'stale'], PATIENCE)

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

async function onStreet(options, use) {
  await withPage({ server: await street(), ...options }, async (page) => {
    page.setDefaultTimeout(PATIENCE)
    await use(page)
  })
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

test('the areas open and close, say what is in them, and are as somebody left them', async () => {
  await onStreet({ camera: 'gone' }, async (page) => {
    await tileIn(page, 'gone', 'offline', PATIENCE)
    await page.evaluate(() => (location.hash = '#camera=alley'))
    await shows(page, 'alley')
    await page.reload({ waitUntil: 'domcontentloaded' })
    const ward = (name) => page.locator('area-tree').getByRole('button', { name: new RegExp(`^${name}`) })
    await ward('Phường Ô Chợ Dừa').waitFor()
    assert.match(await ward('Phường Ô Chợ Dừa').innerText(), /3\s+1 mất kết nối/)
    assert.match(await ward('Phường Láng').innerText(), /3$/)
    assert.equal(await page.locator('area-tree .row').count(), 6)
    assert.deepEqual(await faults(page), [])
    await shot(page, 'areas')
    await ward('Phường Láng').tap()
    await page.waitForFunction(() => document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('area-tree').shadowRoot.querySelectorAll('.row').length === 3)
    await page.reload({ waitUntil: 'domcontentloaded' })
    await ward('Phường Láng').waitFor()
    assert.equal(await ward('Phường Láng').getAttribute('aria-expanded'), 'false')
    assert.equal(await page.locator('area-tree .row').count(), 3)
  })
})

test('favourites are put in order by buttons and by dragging, and stay so', async () => {
  await onStreet({ camera: 'alley' }, async (page) => {
    await page.locator('area-tree .row').first().waitFor()
    for (const name of ['Ngõ 4 Thái Hà', 'Hoàng Cầu – La Thành', 'Xã Đàn – Ô Chợ Dừa']) await page.getByRole('button', { name: `Thêm vào yêu thích: ${name}` }).tap()
    await tab(page, 'Yêu thích').tap()
    const order = () => page.locator('favourite-list b').allInnerTexts()
    await page.locator('favourite-list .row').nth(2).waitFor()
    assert.deepEqual(await order(), ['Ngõ 4 Thái Hà', 'Hoàng Cầu – La Thành', 'Xã Đàn – Ô Chợ Dừa'])
    await page.getByRole('button', { name: 'Sắp xếp' }).tap()
    await page.getByRole('button', { name: 'Đưa lên: Xã Đàn' }).tap()
    assert.deepEqual(await order(), ['Ngõ 4 Thái Hà', 'Xã Đàn – Ô Chợ Dừa', 'Hoàng Cầu – La Thành'])
    assert.match(await page.locator('favourite-list [role=status]').innerText(), /^Xã Đàn – Ô Chợ Dừa: vị trí 2 trên 3$/)
    await shot(page, 'favourites-order')
    const grip = await page.locator('favourite-list .grip').first().boundingBox()
    const last = await page.locator('favourite-list .grip').last().boundingBox()
    await page.mouse.move(grip.x + 24, grip.y + 24)
    await page.mouse.down()
    await page.mouse.move(last.x + 24, last.y + 20, { steps: 6 })
    await page.mouse.up()
    assert.deepEqual(await order(), ['Xã Đàn – Ô Chợ Dừa', 'Hoàng Cầu – La Thành', 'Ngõ 4 Thái Hà'])
    assert.deepEqual(await faults(page), [])
    await page.getByRole('button', { name: 'Xong' }).tap()
    await page.reload({ waitUntil: 'domcontentloaded' })
    await tab(page, 'Yêu thích').tap()
    await page.locator('favourite-list .row').nth(2).waitFor()
    assert.deepEqual(await order(), ['Xã Đàn – Ô Chợ Dừa', 'Hoàng Cầu – La Thành', 'Ngõ 4 Thái Hà'])
  })
})

test('who signs out and in again finds their favourites and the camera that they watched last; a colleague on the same phone does not', async () => {
  const officer = (login) => ({ login, name: `Cán bộ ${login}`, roles: ['viewer'], areas: ['phuong-lang'] })
  await withPeople([officer('gan'), officer('xa')], async (page, other) => {
    const origin = new URL(page.url()).origin
    const stars = () => page.locator('favourite-list b').allInnerTexts()
    const leave = async () => {
      await page.locator('nav .last').tap()
      await page.getByRole('button', { name: /^Đăng xuất/ }).last().tap()
      await page.getByText('Đăng nhập để xem camera').waitFor()
    }
    const enter = async (login) => {
      await signIn(page.context(), origin, login)
      await page.goto(`${origin}/`, { waitUntil: 'domcontentloaded' })
      await page.locator('area-tree .row').first().waitFor()
    }
    await page.getByRole('button', { name: 'Thêm vào yêu thích: La Thành – Láng' }).tap()
    await tab(page, 'Yêu thích').tap()
    await page.locator('favourite-list .row').waitFor()
    assert.deepEqual(await stars(), ['La Thành – Láng'])

    // The app is closed, and opened again.
    await page.evaluate(() => (location.hash = '#camera=cam1'))
    await shows(page, 'cam1')
    const next = await page.context().newPage()
    await next.goto(`${origin}/`, { waitUntil: 'domcontentloaded' })
    await tileIn(next, 'cam1', ['opening', 'live', 'weak'], PATIENCE)
    await next.close()

    await page.reload({ waitUntil: 'domcontentloaded' })
    await page.locator('area-tree .row').first().waitFor()
    await leave()
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['matthan.people.favourites'])
    await enter('xa')
    assert.equal(await page.getByRole('button', { name: /^Bỏ khỏi yêu thích: / }).count(), 0)
    await leave()
    await enter('gan')
    await tab(page, 'Yêu thích').tap()
    await page.locator('favourite-list .row').waitFor()
    assert.deepEqual(await stars(), ['La Thành – Láng'])
    await other.locator('nav .main').waitFor()
  })
})

test('a search goes without accents, in any order, by first letters and short forms', async () => {
  await onStreet({ camera: 'alley' }, async (page) => {
    await page.locator('area-tree .row').first().waitFor()
    await page.locator('nav .find').tap()
    for (const [query, name] of [
      ['thai ha lang', 'Ngã tư Láng Hạ – Thái Hà'],
      ['n4 lang ha', 'Ngã tư Láng Hạ – Thái Hà'],
      ['hclt', 'Hoàng Cầu – La Thành'],
      ['p o cho dua xa dan', 'Xã Đàn – Ô Chợ Dừa'],
      ['Ngõ 4', 'Ngõ 4 Thái Hà'],
    ]) {
      await page.locator('camera-list input').fill(query)
      await page.waitForFunction((name) => document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('found-list')?.shadowRoot.querySelector('.row b')?.textContent === name, name)
    }
    await shot(page, 'search')
    assert.deepEqual(await faults(page), [])
    await page.locator('found-list .row').first().tap()
    await shows(page, 'alley')
    assert.equal(await page.locator('camera-list .find').isVisible(), false)
  })
})

test('in a city of 3,000 cameras a search answers while one types, and only rows on the screen ask for stills, a few at a time', async () => {
  const { steady } = await theWorld()
  const city = await gateway(cityCameras(steady.port))
  try {
    await withPage({ camera: 'cam0', server: city, context: here({ latitude: 21.02, longitude: 105.83, accuracy: 15 }) }, async (page) => {
      page.setDefaultTimeout(PATIENCE)
      const asked = new Set()
      let open = 0
      let most = 0
      await page.route('**/api/v1/cameras/*/still?*', async (route) => {
        asked.add(/cameras\/([^/]+)\/still/.exec(route.request().url())[1])
        most = Math.max(most, ++open)
        await route.continue().catch(() => undefined)
        open--
      })
      await shows(page, 'cam0')
      await page.waitForFunction(inNear, 50)
      await page.locator('near-list camera-still img').first().waitFor()
      const onScreen = await page.evaluate(visibleRows)
      const others = [...asked].filter((id) => !onScreen.includes(id))
      assert.ok(onScreen.length < 12 && asked.size > 0 && others.length <= 6, `on the screen ${onScreen}, asked ${[...asked]}`)
      assert.ok(most <= 3, `${most} at a time`)
      await shot(page, 'near-city')

      await page.locator('nav .find').tap()
      const took = []
      for (const query of ['n', 'nga tu so 12', 'so nga 299 tu', 'phuong 7 nga', 'ntso2999']) {
        took.push(await page.evaluate(typed, query))
        await page.locator('found-list .row').first().waitFor()
      }
      console.log(`from a letter to its rows among 3,000 cameras: ${took.map((ms) => ms.toFixed(0)).join(', ')} ms`)
      await shot(page, 'search-city')
    })
  } finally {
    await city.close()
  }
})

/** In the page: whether so many rows are listed. */
function inNear(rows) {
  const list = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list')?.shadowRoot?.querySelector('near-list')
  return list?.shadowRoot?.querySelectorAll('.row').length === rows
}

/** In the page: ids of the rows of which something is seen. */
function visibleRows() {
  const root = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot
  const box = root.querySelector('.scroll').getBoundingClientRect()
  return [...root.querySelector('near-list').shadowRoot.querySelectorAll('li')].filter((li) => li.getBoundingClientRect().top < box.bottom).map((li) => li.dataset.id)
}

/** In the page: types a query. Resolves to how long its rows took, ms. */
async function typed(query) {
  const list = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list')
  const input = list.shadowRoot.querySelector('input')
  const begun = performance.now()
  input.value = query
  input.dispatchEvent(new Event('input'))
  await list.updateComplete
  await list.shadowRoot.querySelector('found-list').updateComplete
  return performance.now() - begun
}

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
