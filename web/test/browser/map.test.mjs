import assert from 'node:assert/strict'
import { after, test } from './bounded.mjs'
import { theWorld, tileIn, withPage } from './harness.mjs'
import { faults } from './faults.mjs'
import { shot } from './office.mjs'
import { gateway } from './programs.mjs'

// The map on a phone and on a desk, at a gateway whose cameras have positions.

const DESK = { viewport: { width: 1280, height: 800 }, hasTouch: false, isMobile: false }
/** 500 m north of the crossroads that is watched first */
const HERE = { latitude: 21.0171, longitude: 105.8169, accuracy: 20 }

let server

/** Eight places: a pole with two cameras, a camera that is gone, one without a position, the rest far from each other. */
async function town() {
  const { steady } = await theWorld()
  const place = (id, name, area, index, position, port = steady.port) => ({ id, name, area, port, index, position })
  server ??= gateway([
    place('cam0', 'Ngã tư Láng Hạ – Thái Hà', 'phuong-lang', 0, [21.0126, 105.8169]),
    place('cam1', 'La Thành – Láng', 'phuong-lang', 1, [21.0161, 105.8052]),
    place('cam2', 'Láng – Yên Lãng', 'phuong-lang', 2, [21.0102, 105.8124]),
    place('gone', 'Vũ Ngọc Phan – Láng Hạ', 'phuong-lang', 0, [21.0172, 105.8113], 1),
    place('pole-a', 'Đoàn Thị Điểm, hướng Bắc', 'phuong-o-cho-dua', 2, [21.0243, 105.8337]),
    place('pole-b', 'Đoàn Thị Điểm, hướng Nam', 'phuong-o-cho-dua', 3, [21.0243, 105.8337]),
    place('dua', 'Xã Đàn – Ô Chợ Dừa', 'phuong-o-cho-dua', 3, [21.0169, 105.8298]),
    place('nowhere', 'Camera mới', 'phuong-o-cho-dua', 0),
  ])
  return server
}

after(async () => (await server?.catch(() => undefined))?.close())

async function onMap(options, use) {
  await withPage({ camera: 'cam0', server: await town(), ...options }, async (page) => {
    await tileIn(page, 'cam0', 'live')
    await page.locator('camera-list .row').first().waitFor()
    await page.locator('camera-list .seg button').nth(3).click()
    await spot(page, 'Láng Hạ – Thái Hà').waitFor({ state: 'attached' })
    await use(page)
  })
}

/** What a screen reader finds on the map. */
function spot(page, name) {
  return page.locator('camera-map .spots').getByRole('button', { name })
}

/** Where an item is on the page, once the map rests. */
async function pointOf(page, id) {
  const p = await page.waitForFunction((id) => {
    const map = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('camera-map')
    const item = !map.moving && map.items.find((i) => i.cluster.points.some((p) => p.id === id))
    const box = map.getBoundingClientRect()
    return item ? { x: box.x + item.x, y: box.y + item.y, n: item.cluster.points.length } : undefined
  }, id)
  return p.jsonValue()
}

async function tapOn(page, id, many = 1) {
  const p = await pointOf(page, id)
  assert.equal(p.n, many, `${id} is drawn with ${p.n}`)
  if (page.viewportSize().width < 500) await page.touchscreen.tap(p.x, p.y)
  else await page.mouse.click(p.x, p.y)
}

/** How often the map has been drawn, and its scale. */
function state(page) {
  return page.locator('camera-map').evaluate((m) => ({ drawn: m.drawn, scale: m.board.view.scale, x: m.board.view.x, y: m.board.view.y, moving: m.moving }))
}

/** Waits until the map rests east of x, at a scale between these; a key's flight begins with the next frame. */
async function comesTo(page, { x = -Infinity, least = 0, most = Infinity }) {
  await page.waitForFunction(
    ([x, least, most]) => {
      const map = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('camera-map')
      const { view } = map.board
      return !map.moving && view.x > x && view.scale > least && view.scale < most
    },
    [x, least, most],
  )
}

async function rested(page) {
  await page.waitForFunction(() => {
    const map = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('camera-map')
    return !map.moving
  })
}

for (const [name, context] of Object.entries({ phone: {}, desk: DESK })) {
  test(`on a ${name} a tap on a camera of the map shows its picture, and the map stays`, async () => {
    await onMap({ context }, async (page) => {
      await tapOn(page, 'cam1')
      await tileIn(page, 'cam1', 'live')
      assert.equal(await page.locator('header h1').innerText(), 'La Thành – Láng')
      assert.equal(await spot(page, 'La Thành – Láng').getAttribute('aria-current'), 'true')
      assert.equal(await page.locator('camera-map .note').innerText(), '1 camera chưa có vị trí')
      assert.deepEqual(await faults(page), [])
      await shot(page, 'map')
    })
  })

  test(`on a ${name} cameras on one pole open as a list, and one of it is watched`, async () => {
    await onMap({ context }, async (page) => {
      await page.locator('camera-map .whole').click()
      // The bubble of the ward comes apart, but for the pole.
      await page.waitForFunction(() => {
        const map = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('camera-map')
        return !map.moving && map.items.some((i) => i.cluster.points.some((p) => p.id === 'pole-a'))
      })
      const { n } = await pointOf(page, 'pole-a')
      if (n > 2) await tapOn(page, 'pole-a', n)
      await tapOn(page, 'pole-a', 2)
      const list = page.getByRole('dialog', { name: '2 camera cùng một chỗ' })
      await list.waitFor()
      await page.keyboard.press('Escape')
      await list.waitFor({ state: 'hidden' })
      await page.waitForTimeout(400) // sooner it would be a double tap
      await tapOn(page, 'pole-a', 2)
      await list.waitFor()
      assert.deepEqual(await faults(page), [])
      await shot(page, 'map-pole')
      await list.getByRole('button', { name: 'hướng Nam' }).click()
      await tileIn(page, 'pole-b', 'live')
      await list.waitFor({ state: 'hidden' })
    })
  })
}

test('a bubble comes apart at a tap, and says how many of it are offline', async () => {
  await onMap({}, async (page) => {
    // It is known to be gone once somebody has looked.
    await page.evaluate(() => (location.hash = '#camera=gone'))
    await tileIn(page, 'gone', 'offline')
    await page.evaluate(() => (location.hash = '#camera=cam0'))
    await tileIn(page, 'cam0', 'live')
    await page.reload({ waitUntil: 'domcontentloaded' })
    await page.locator('camera-list .seg button').nth(3).click()
    await spot(page, 'Vũ Ngọc Phan').and(page.getByRole('button', { name: /Mất kết nối/ })).waitFor({ state: 'attached' })
    await page.locator('camera-map .pane').focus()
    for (let i = 0; i < 3; i++) await page.keyboard.press('-')
    await spot(page, /^\d camera, 1 mất kết nối$/).waitFor({ state: 'attached' })
    const before = await state(page)
    const { n } = await pointOf(page, 'gone')
    assert.ok(n > 1)
    await tapOn(page, 'gone', n)
    await page.waitForFunction((scale) => {
      const map = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('camera-map')
      return !map.moving && map.board.view.scale > scale
    }, before.scale)
    assert.ok((await pointOf(page, 'gone')).n < n)
  })
})

test('the map is walked by keys alone: arrows, plus and minus, Tab and Enter', async () => {
  await onMap({ context: DESK }, async (page) => {
    const pane = page.locator('camera-map .pane')
    await pane.focus()
    const start = await state(page)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('+')
    await comesTo(page, { x: start.x, least: 1.9 * start.scale })
    assert.match(page.url(), /camera=cam0/, 'the arrow did not change the picture')
    await page.keyboard.press('0')
    await comesTo(page, { most: start.scale }) // all of it
    // Past the bubbles to a camera that is not watched yet.
    let label = ''
    for (let i = 0; i < 8 && !/^(?!Ngã tư Láng Hạ).*, Xem được$/.test(label); i++) {
      await page.keyboard.press('Tab')
      label = await page.locator('camera-map .spots button:focus').getAttribute('aria-label')
    }
    assert.match(label, /, Xem được$/)
    assert.deepEqual(await faults(page), [])
    await page.keyboard.press('Enter')
    await page.waitForFunction((label) => label.startsWith(document.querySelector('matthan-app').shadowRoot.querySelector('h1').textContent), label)
  })
})

test('fingers pan and pinch the map, and a double tap comes nearer', async () => {
  await onMap({}, async (page) => {
    const box = await page.locator('camera-map').boundingBox()
    const [x, y] = [Math.round(box.x + 40), Math.round(box.y + 60)]
    const client = await page.context().newCDPSession(page)
    const touch = (type, ...points) => client.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) })
    const start = await state(page)
    await touch('touchStart', [x, y])
    for (let i = 1; i <= 4; i++) await touch('touchMove', [x + 20 * i, y + 10 * i])
    await page.waitForTimeout(150) // the finger rests: no flick
    await touch('touchEnd')
    const panned = await state(page)
    assert.ok(Math.abs((start.x - panned.x) * start.scale - 80) < 2, 'the ground goes with the finger')
    await touch('touchStart', [x, y], [x + 60, y])
    for (let i = 1; i <= 4; i++) await touch('touchMove', [x, y], [x + 60 + 15 * i, y])
    await touch('touchEnd')
    const pinched = await state(page)
    assert.ok(Math.abs(pinched.scale / panned.scale - 2) < 0.05, `twice as near: ${pinched.scale / panned.scale}`)
    await rested(page)
    const free = { x: box.x + 12, y: box.y + box.height - 60 }
    await page.touchscreen.tap(free.x, free.y)
    await page.touchscreen.tap(free.x, free.y)
    await page.waitForFunction((scale) => {
      const map = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('camera-map')
      return !map.moving && map.board.view.scale > 1.9 * scale
    }, pinched.scale)
  })
})

test('a map that rests is not drawn again while the picture beside it moves', async () => {
  await onMap({}, async (page) => {
    await rested(page)
    await page.waitForTimeout(400)
    const before = (await state(page)).drawn
    await page.waitForTimeout(1500)
    const after = (await state(page)).drawn
    assert.ok(after - before <= 1, `drawn ${after - before} times in 1.5 s`)
  })
})

test('the way to the officer is shown when it is asked for, and says so where the device does not tell', async () => {
  await onMap({ context: { geolocation: HERE, permissions: ['geolocation'] } }, async (page) => {
    const before = await state(page)
    await page.locator('camera-map .locate').tap()
    await page.waitForFunction((y) => {
      const map = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('camera-map')
      return !map.moving && map.board.view.y !== y
    }, before.y)
    assert.ok(await page.locator('camera-map .locate.on').isVisible())
    await shot(page, 'map-here')
    // The dot goes with the device.
    await rested(page)
    const dot = () => page.locator('camera-map .me .dot').boundingBox()
    const { x } = await dot()
    await page.context().setGeolocation({ ...HERE, longitude: HERE.longitude + 0.001 })
    await page.waitForFunction((x) => {
      const map = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('camera-map')
      return map.shadowRoot.querySelector('.me .dot').getBoundingClientRect().x > x + 20
    }, x)
  })
  await onMap({ context: { permissions: [] } }, async (page) => {
    await page.locator('camera-map .locate').tap()
    await page.locator('camera-map .note.bad').waitFor()
    assert.match(await page.locator('camera-map .note').innerText(), /vị trí/)
    assert.deepEqual(await faults(page), [])
  })
})

test('a position that somebody else follows is shown where it is, and turns without the map being drawn again', async () => {
  await onMap({ context: { permissions: [] } }, async (page) => {
    const map = page.locator('camera-map')
    await map.evaluate((m) => (m.here = { lat: 21.0131, lon: 105.8129, accuracy: 60, heading: 90 }))
    await page.locator('camera-map .me .cone').waitFor()
    await rested(page)
    const dot = await page.locator('camera-map .me .dot').boundingBox()
    const want = await map.evaluate((m) => {
      const box = m.getBoundingClientRect()
      const { view } = m.board
      const s = m.terrain.mercator.toSpot([21.0131, 105.8129])
      return { x: box.x + (s.x - view.x) * view.scale + view.width / 2, y: box.y + (s.y - view.y) * view.scale + view.height / 2 }
    })
    assert.ok(Math.hypot(dot.x + dot.width / 2 - want.x, dot.y + dot.height / 2 - want.y) < 1.5, JSON.stringify([dot, want]))
    assert.equal(await page.locator('camera-map .note.bad').count(), 0, 'the map has not asked the device')
    await page.waitForFunction(() => {
      const map = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('camera-map')
      return !map.board.sheets.busy && !map.board.frame
    })
    const before = (await state(page)).drawn
    await map.evaluate((m) => (m.here = { ...m.here, heading: 135 }))
    await page.waitForFunction(() => {
      const map = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('camera-map')
      return map.shadowRoot.querySelector('.cone').style.transform === 'rotate(135deg)' && !map.board.sheets.busy && !map.board.frame
    })
    assert.equal((await state(page)).drawn, before)
    await shot(page, 'map-heading')
    await map.evaluate((m) => (m.here = undefined))
    await page.locator('camera-map .me').waitFor({ state: 'hidden' })
  })
})

test('nothing moves by itself where the officer wants it calm', async () => {
  await onMap({ context: { reducedMotion: 'reduce' } }, async (page) => {
    const before = await state(page)
    await page.locator('camera-map').getByRole('button', { name: 'Phóng to' }).tap()
    const after = await state(page)
    assert.ok(Math.abs(after.scale / before.scale - 2) < 1e-6, 'at once')
  })
})

test('the map comes only when it is opened, and a search goes back to the list', async () => {
  await withPage({ camera: 'cam0', server: await town() }, async (page) => {
    const chunks = []
    page.on('request', (r) => /camera-map/.test(r.url()) && chunks.push(r.url()))
    await tileIn(page, 'cam0', 'live')
    await page.waitForTimeout(2000) // whatever else comes by itself is there
    assert.deepEqual(chunks, [])
    await page.locator('camera-list .seg button').nth(3).tap()
    await spot(page, 'La Thành – Láng').waitFor({ state: 'attached' })
    assert.equal(chunks.length, 1)
    await page.locator('nav .find').tap()
    await page.keyboard.type('xa dan')
    await page.locator('found-list .row').tap()
    await tileIn(page, 'dua', 'live')
    // The map is there again, and has followed.
    await spot(page, 'Xã Đàn – Ô Chợ Dừa').waitFor({ state: 'attached' })
  })
})
