import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { cityCameras } from './city.mjs'
import { theWorld, tileIn, withPage } from './harness.mjs'
import { faults } from './faults.mjs'
import { shot } from './office.mjs'
import { gateway } from './programs.mjs'
import { PATIENCE, here, onStreet, shows, tab } from './street.mjs'
import { signIn, withPeople } from './wards.mjs'

// How a camera is found: by its area, among the favourites, by a search, and by its still.

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
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), [], 'nothing of who has left stays on the device')
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

      await page.locator('nav .find').tap()
      const took = []
      for (const query of ['n', 'nga tu so 12', 'so nga 299 tu', 'phuong 7 nga', 'nts']) {
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
  return [...root.querySelector('near-list').shadowRoot.querySelectorAll('li')].filter((li) => li.getBoundingClientRect().top < box.bottom).map((li) => li.dataset.camera)
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
