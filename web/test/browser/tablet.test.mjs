import assert from 'node:assert/strict'
import { after, test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { diagnostics, movingScene, swipe, tileIn, withPage } from './harness.mjs'
import { gateway, simulate, stop } from './programs.mjs'
import { withPeople } from './wards.mjs'

const TABLET = { width: 1280, height: 800 }
const SLOW = 60_000
const NAMES = ['Láng Hạ – Thái Hà', 'Láng – Yên Lãng', 'Thái Hà – Hoàng Cầu', 'Nguyễn Chí Thanh – Láng', 'Vũ Ngọc Phan – Láng Hạ', 'Hoàng Cầu – Trần Quang Diệu', 'Ngõ 4 Thái Hà', 'Cầu 361 – Láng', 'Xã Đàn – Ô Chợ Dừa', 'Hào Nam – Vũ Thạnh']
// On a road to the north, 200 m apart.
const ROAD = NAMES.map((_, i) => [21.01 + i * 0.0018, 105.81])

let city

/** A gateway with ten cameras on a road, and one that is broken. */
async function theCity() {
  city ??= (async () => {
    const cameras = await simulate(NAMES.length)
    const all = NAMES.map((name, i) => ({ id: `t${i}`, name: `${i} ${name}`, area: 'phuong-lang', port: cameras.port, index: i, position: ROAD[i] }))
    const server = await gateway([...all, { id: 'broken', name: '91 Camera hỏng', area: 'phuong-lang', port: 1, index: 0 }])
    return { cameras, server }
  })()
  return city
}

after(async () => {
  const c = await city?.catch(() => undefined)
  if (!c) return
  await c.server.close()
  await stop(c.cameras)
})

/** Runs `use(page)` on a tablet's page, on its first camera. */
async function withTablet(use, options = {}) {
  const { server } = await theCity()
  await withPage({ camera: 't0', server, ...options, context: { viewport: TABLET, ...options.context } }, async (page) => {
    page.setDefaultTimeout(SLOW)
    await page.locator('.bar .shapes').waitFor()
    await tileIn(page, 't0', ['live', 'weak'], SLOW)
    await page.locator('camera-list .row').first().waitFor({ state: 'attached' })
    await use(page)
  })
}

const shape = (page, n) => page.locator('.shapes button').nth({ 1: 0, 4: 1, 6: 2, 9: 3 }[n]).tap()

/** Waits until so many tiles have pictures of their cameras; on a busy machine one or the other may be late just now. */
const moving = (page, n) =>
  page
    .waitForFunction((n) => window.matthan.diagnostics().tiles.filter((t) => ['live', 'weak', 'stale'].includes(t.state)).length === n, n, { timeout: SLOW, polling: 50 })
    .catch(async (e) => {
      throw new Error(`not ${n} tiles move: ${JSON.stringify((await diagnostics(page)).tiles.map((t) => [t.camera, t.state]))}`, { cause: e })
    })

/** The cameras of the page as they lie on the screen, row by row; '' for a place without one. */
const layout = (page) =>
  page.evaluate(() => {
    const root = document.querySelector('matthan-app').shadowRoot
    const at = [...root.querySelectorAll('camera-tile:not(.away), .hole')].map((t) => {
      const b = t.getBoundingClientRect()
      return { y: b.y, x: b.x, camera: t.dataset.tile ? window.matthan.diagnostics().tiles[t.dataset.tile].camera : '' }
    })
    return at.sort((a, b) => (Math.abs(a.y - b.y) > 8 ? a.y - b.y : a.x - b.x)).map((t) => t.camera)
  })

const untilLayout = (page, want) =>
  page.waitForFunction(
    (want) => {
      const root = document.querySelector('matthan-app').shadowRoot
      const tiles = window.matthan.diagnostics().tiles
      const at = [...root.querySelectorAll('camera-tile:not(.away), .hole')].map((t) => ({ order: Number(getComputedStyle(t).order), camera: t.dataset.tile ? tiles[t.dataset.tile].camera : '' }))
      return at.sort((a, b) => a.order - b.order).map((t) => t.camera).join() === want
    },
    want.join(),
    { timeout: SLOW },
  )

/** A finger, by the browser's own touch events. */
async function finger(page) {
  const client = await page.context().newCDPSession(page)
  const send = (type, ...touchPoints) => client.send('Input.dispatchTouchEvent', { type, touchPoints })
  return {
    down: (x, y) => send('touchStart', { x, y, id: 1 }),
    async move(from, to) {
      for (let i = 1; i <= 8; i++) await send('touchMove', { x: from.x + ((to.x - from.x) * i) / 8, y: from.y + ((to.y - from.y) * i) / 8, id: 1 })
    },
    async up() {
      await send('touchEnd')
      await client.detach()
    },
  }
}

async function middle(locator) {
  const b = await locator.boundingBox()
  return { x: b.x + b.width / 2, y: b.y + b.height / 2 }
}

const tileOf = async (page, camera) => page.locator(`camera-tile[data-tile="${(await diagnostics(page)).tiles.findIndex((t) => t.camera === camera)}"]`)

/** The device's position, with what a car's has: speed in m/s and heading. It is told again and again, as a device does. */
async function drive(page, latitude, longitude, speed, heading) {
  const client = (page.gps ??= await page.context().newCDPSession(page))
  const tell = () => client.send('Emulation.setGeolocationOverride', { latitude, longitude, accuracy: 5, altitude: 0, altitudeAccuracy: 1, heading, speed })
  clearInterval(page.telling)
  page.telling = setInterval(() => tell().catch(() => clearInterval(page.telling)), 1000)
  page.on('close', () => clearInterval(page.telling))
  await tell()
}

test('nine, six and four pictures come on one connection, and none that stays goes dark', async () => {
  await withTablet(async (page) => {
    await shape(page, 9)
    await moving(page, 9)
    assert.deepEqual(await layout(page), ['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7', 't8'])
    // Whatever the screen says of the first four from now on, and what they have drawn.
    await page.evaluate(() => {
      window.dark = []
      setInterval(() => {
        for (const t of window.matthan.diagnostics().tiles) if (['t0', 't1', 't2', 't3'].includes(t.camera) && ['opening', 'idle'].includes(t.state)) window.dark.push(t)
      }, 20)
    })
    const before = (await diagnostics(page)).tiles
    for (const n of [6, 4, 6, 9]) {
      await shape(page, n)
      await moving(page, n)
    }
    assert.deepEqual(await page.evaluate(() => window.dark), [])
    const now = (await diagnostics(page)).tiles
    for (const c of ['t0', 't1', 't2', 't3']) assert.equal(now.findIndex((t) => t.camera === c), before.findIndex((t) => t.camera === c), `${c} stays on its tile`)
    for (let i = 0; i < 9; i += 4) await movingScene(page, i)
    assert.equal(await page.evaluate(() => window.peers), 1)
    assert.deepEqual(await faults(page), [])
  })
})

test('the large tile of one with five has the large stream, the others the small one', async () => {
  await withTablet(async (page) => {
    await shape(page, 6)
    await moving(page, 6)
    await page.waitForFunction(() => {
      const tiles = window.matthan.diagnostics().tiles.filter((t) => t.camera)
      return tiles.length === 6 && tiles.every((t) => (t.camera === 't0' ? t.stream === 'main' && t.height === 720 : t.stream === 'sub' && t.height === 360))
    }, null, { timeout: SLOW })
    const large = await (await tileOf(page, 't0')).boundingBox()
    const small = await (await tileOf(page, 't5')).boundingBox()
    assert.ok(large.width > 1.9 * small.width && large.height > 1.9 * small.height, JSON.stringify([large, small]))
  })
})

test('a tile opens large and goes back to its page, and pages go by button, swipe and key', async () => {
  await withTablet(async (page) => {
    await shape(page, 4)
    await moving(page, 4)
    await page.locator('.pages button').last().tap()
    await untilLayout(page, ['t4', 't5', 't6', 't7'])
    await moving(page, 4)
    await (await tileOf(page, 't6')).locator('.open').tap()
    await page.waitForFunction(() => window.matthan.diagnostics().mode === 'single')
    await tileIn(page, 't6', ['live', 'weak'], SLOW)
    assert.equal(await page.locator('.bar h1').innerText(), `6 ${NAMES[6]}`)
    await page.locator('.rail button').first().tap()
    await untilLayout(page, ['t4', 't5', 't6', 't7'])
    await moving(page, 4)
    await swipe(page, 300)
    await untilLayout(page, ['t0', 't1', 't2', 't3'])
    await page.keyboard.press('ArrowLeft')
    await page.waitForFunction(() => window.matthan.diagnostics().tiles.some((t) => t.camera === 'broken'))
    // What is not on the page is not sent.
    assert.equal((await diagnostics(page)).tiles.filter((t) => t.camera).length, 3)
  })
})

test('tiles are moved by keys, and what happens is said', async () => {
  await withTablet(async (page) => {
    await shape(page, 4)
    await moving(page, 4)
    await page.locator('.bar .arrange').focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.dataset.cell === '0')
    assert.match(await page.locator('.cell').first().getAttribute('aria-label'), /^Ô 1: 0 Láng Hạ – Thái Hà\. Nhấn để nhấc lên$/)
    assert.deepEqual(await faults(page), [])
    await page.keyboard.press('Enter')
    await page.locator('.cell.held').waitFor()
    assert.match(await page.locator('.said').innerText(), /^Đã nhấc 0 Láng Hạ – Thái Hà/)
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => !document.querySelector('matthan-app').shadowRoot.querySelector('.cell.held'))
    assert.deepEqual(await layout(page), ['t0', 't1', 't2', 't3'])
    await page.keyboard.press(' ')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press(' ')
    await untilLayout(page, ['t3', 't1', 't2', 't0'])
    assert.equal(await page.locator('.said').innerText(), 'Đã đặt 0 Láng Hạ – Thái Hà vào ô 4.')
    await page.keyboard.press('Delete')
    await untilLayout(page, ['t3', 't1', 't2', ''])
    assert.equal(await page.locator('.hole').innerText(), 'Ô trống')
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => !document.querySelector('matthan-app').shadowRoot.querySelector('.arranging'))
    await moving(page, 3)
  })
})

test('a finger that rests lifts a tile, and a camera of the list is dragged onto one', async () => {
  await withTablet(async (page) => {
    await shape(page, 4)
    await moving(page, 4)
    const [from, to] = [await middle(await tileOf(page, 't0')), await middle(await tileOf(page, 't3'))]
    const f = await finger(page)
    await f.down(from.x, from.y)
    await page.locator('.ghost').waitFor()
    assert.equal(await page.locator('.ghost').innerText(), `0 ${NAMES[0]}`)
    await f.move(from, to)
    await page.locator('.cell.over').waitFor({ state: 'attached' })
    await f.up()
    await untilLayout(page, ['t3', 't1', 't2', 't0'])
    assert.equal((await diagnostics(page)).mode, 'grid', 'the tap that ends a drag opens nothing')
    // The list is beside the grid while tiles are arranged.
    await page.locator('.bar .arrange').tap()
    const row = page.locator('camera-list li[data-camera="t7"] .row')
    await row.scrollIntoViewIfNeeded()
    const [a, b] = [await middle(row), await middle(page.locator('.cell').nth(1))]
    const g = await finger(page)
    await g.down(a.x, a.y)
    await page.locator('.ghost').waitFor()
    await g.move(a, b)
    await g.up()
    await untilLayout(page, ['t3', 't7', 't2', 't0'])
    // And by two taps.
    await page.locator('camera-list li[data-camera="t5"] .row').tap()
    assert.match(await page.locator('.bar .hint').innerText(), /^Đang giữ: 5 /)
    await page.locator('.cell').nth(2).tap()
    await untilLayout(page, ['t3', 't7', 't5', 't0'])
    await moving(page, 4)
  })
})

test('a layout is saved under a name on this device, and is there again', async () => {
  await withTablet(async (page) => {
    await shape(page, 6)
    await moving(page, 6)
    await page.locator('.bar .layouts').tap()
    await page.locator('tablet-layouts input').fill('Tuyến đêm')
    assert.deepEqual(await faults(page), [])
    await page.locator('tablet-layouts .do').tap()
    await page.locator('tablet-layouts .open').waitFor()
    await page.keyboard.press('Escape')
    await page.reload({ waitUntil: 'domcontentloaded' })
    await tileIn(page, 't0', ['live', 'weak'], SLOW)
    await shape(page, 4)
    await page.locator('.bar .layouts').tap()
    await page.locator('tablet-layouts .open').tap()
    await untilLayout(page, ['t0', 't1', 't2', 't3', 't4', 't5'])
    assert.equal(await page.locator('.bar h1').innerText(), 'Tuyến đêm')
    await moving(page, 6)
    await page.locator('.bar .layouts').tap()
    await page.locator('tablet-layouts .bin').tap()
    await page.locator('tablet-layouts .none').waitFor()
  })
})

const tabletOf = (login, name, role, ...areas) => ({ login, name, roles: [role], areas, context: { viewport: TABLET } })

test('a layout of the shift is on every tablet of the ward, without the cameras that are not theirs', async () => {
  const people = [tabletOf('truong-ca', 'Trưởng ca', 'supervisor', 'ha-noi'), tabletOf('tuan-tra', 'Tuần tra', 'viewer', 'phuong-lang')]
  await withPeople(people, async (chief, officer) => {
    await shape(chief, 4)
    await moving(chief, 4)
    await chief.locator('.bar .layouts').tap()
    await chief.locator('tablet-layouts select').selectOption({ label: 'Cả ca trực Phường Láng' })
    await chief.locator('tablet-layouts input').fill('Ca đêm')
    await chief.locator('tablet-layouts .do').tap()
    await chief.locator('tablet-layouts .open').waitFor()
    await officer.locator('.bar .shapes').waitFor()
    await shape(officer, 4)
    await officer.locator('.bar .layouts').tap()
    await officer.locator('tablet-layouts .open').tap()
    await moving(officer, 2)
    assert.equal(await officer.locator('.hole').count(), 2)
    assert.deepEqual(await officer.locator('.hole').allInnerTexts(), ['Không có quyền', 'Không có quyền'])
    assert.equal(await officer.locator('.bar h1').innerText(), 'Ca đêm')
    assert.deepEqual(await faults(officer), [])
    await officer.locator('.bar .layouts').tap()
    assert.equal(await officer.locator('tablet-layouts .bin').count(), 0, 'who may not write it is not offered to')
    const seen = await (await officer.context().request.get(new URL('/api/v1/layouts', officer.url()).href)).text()
    assert.ok(!/cam2|cam3/.test(seen), seen)
  })
})

test('a tour goes on by itself, is paused by a touch, and leaves out a camera that is offline', async () => {
  await withTablet(async (page) => {
    await shape(page, 4)
    await moving(page, 4)
    // The broken one is known to be offline once somebody has looked at it.
    await page.keyboard.press('ArrowLeft')
    await page.locator('camera-list li[data-camera="broken"].off').waitFor({ state: 'attached', timeout: SLOW })
    await page.locator('.rail button').nth(4).tap()
    await page.locator('tablet-tours .pick button', { hasText: 'Toàn bộ danh sách' }).tap()
    await page.locator('tablet-tours .times button').first().tap()
    assert.deepEqual(await faults(page), [])
    await page.evaluate(() => {
      window.stops = []
      setInterval(() => {
        const stop = window.matthan.diagnostics().tiles.map((t) => t.camera).filter(Boolean).sort().join()
        if (stop !== window.stops.at(-1)) window.stops.push(stop)
      }, 20)
    })
    await page.locator('tablet-tours .acts .do').tap()
    await page.waitForFunction(() => /^Còn [1-5]\ss$/.test(document.querySelector('matthan-app').shadowRoot.querySelector('.bar .tour b')?.textContent ?? ''), null, { timeout: SLOW })
    await page.waitForFunction(() => window.stops.filter((s) => s === 't0,t1,t2,t3').length >= 2, null, { timeout: SLOW })
    const stops = await page.evaluate(() => window.stops)
    assert.equal(stops.slice(stops.indexOf('t0,t1,t2,t3')).slice(0, 4).join(' '), 't0,t1,t2,t3 t4,t5,t6,t7 t8,t9 t0,t1,t2,t3')
    // A finger on the picture: it stays.
    const at = await middle(page.locator('camera-tile:not(.away)').first())
    const f = await finger(page)
    await f.down(at.x, at.y)
    await f.move(at, { x: at.x + 30, y: at.y })
    await f.up()
    await page.locator('.bar .tour.paused').waitFor()
    const stays = await page.evaluate(() => window.stops.length)
    await page.waitForTimeout(6000)
    assert.equal(await page.evaluate(() => window.stops.length), stays)
    await page.locator('.bar .tour button').first().tap()
    await page.waitForFunction((n) => window.stops.length > n, stays, { timeout: SLOW })
    await page.locator('.bar .tour button').last().tap()
    await page.locator('.bar .tour').waitFor({ state: 'detached' })
  })
})

test('a tour with the car shows the cameras that come next', async () => {
  await withTablet(async (page) => {
    await drive(page, ROAD[2][0] + 0.0005, ROAD[2][1], 0, 0)
    await shape(page, 4)
    await moving(page, 4)
    await page.locator('.rail button').nth(4).tap()
    await page.locator('tablet-tours .pick button', { hasText: 'Theo xe' }).tap()
    await page.locator('tablet-tours .acts .do').tap()
    await page.waitForFunction(() => ['t3', 't4', 't5', 't6'].every((c) => window.matthan.diagnostics().tiles.some((t) => t.camera === c)), null, { timeout: SLOW })
    await drive(page, ROAD[3][0] + 0.0005, ROAD[3][1], 2, 0)
    await page.waitForFunction(() => ['t4', 't5', 't6', 't7'].every((c) => window.matthan.diagnostics().tiles.some((t) => t.camera === c)), null, { timeout: SLOW })
    assert.ok(!(await layout(page)).includes('t3'), 'what is behind is seen no more')
    await drive(page, ROAD[3][0] + 0.0005, ROAD[3][1], 2, 180)
    await page.waitForFunction(() => ['t0', 't1', 't2', 't3'].every((c) => window.matthan.diagnostics().tiles.some((t) => t.camera === c)), null, { timeout: SLOW })
  }, { context: { permissions: ['geolocation'], geolocation: { latitude: 21, longitude: 105.81 } } })
})

test('from 10 km/h on there is only what a glance can take, until the passenger says who they are', async () => {
  await withTablet(async (page) => {
    await shape(page, 6)
    await moving(page, 6)
    await drive(page, 21.01, 105.81, 2, 0)
    await page.locator('.bar .car b', { hasText: '7 km/h' }).waitFor()
    await drive(page, 21.0101, 105.81, 8.9, 0)
    await page.locator('.app.drive .drivebar').waitFor()
    await page.locator('.drivebar h1', { hasText: '32 km/h' }).waitFor()
    await moving(page, 4)
    for (const gone of ['.rail', '.bar', '.sheet', 'camera-rail', 'footer', 'header']) assert.ok(!(await page.locator(gone).first().isVisible()), gone)
    for (const button of await page.locator('.drivebar button').all()) {
      const b = await button.boundingBox()
      assert.ok(b.width >= 62 && b.height >= 62, JSON.stringify(b))
    }
    const sizes = await page.evaluate(() => {
      const root = document.querySelector('matthan-app').shadowRoot
      const texts = [...root.querySelectorAll('.drivebar h1, .drivebar b, .drivebar span')]
      for (const t of root.querySelectorAll('camera-tile:not(.away)')) texts.push(...t.shadowRoot.querySelectorAll('.cap b, .cap span'))
      return texts.filter((t) => t.textContent.trim()).map((t) => [t.textContent.trim(), parseFloat(getComputedStyle(t).fontSize)])
    })
    assert.ok(sizes.length >= 8 && sizes.every(([, px]) => px >= 18), JSON.stringify(sizes))
    assert.deepEqual(await faults(page), [])
    await (await tileOf(page, 't2')).locator('.open').tap()
    await tileIn(page, 't2', ['live', 'weak'], SLOW)
    assert.match(await page.locator('.drivebar .what').innerText(), /^2 Thái Hà – Hoàng Cầu/)
    await page.locator('.drivebar .big.wide').first().tap()
    await moving(page, 4)
    await page.locator('.passenger').tap()
    await page.locator('.app.s6:not(.drive)').waitFor()
    await drive(page, 21.0102, 105.81, 9, 0)
    await page.locator('.bar .car b', { hasText: '32 km/h' }).waitFor()
    assert.equal(await page.locator('.app.drive').count(), 0)
    await moving(page, 6)
  }, { context: { permissions: ['geolocation'], geolocation: { latitude: 21, longitude: 105.81 } } })
})

test('tiles that are not on the screen are not asked for, and come when they are', async () => {
  await withTablet(async (page) => {
    await shape(page, 9)
    await moving(page, 9)
    // As on a page that is scrolled: the third row is below the screen.
    const down = (px) => page.evaluate((px) => (document.querySelector('matthan-app').shadowRoot.querySelector('.tiles').style.translate = `0 ${px}px`), px)
    await down(420)
    const idle = await page.waitForFunction(() => {
      const hidden = window.matthan.diagnostics().tiles.filter((t) => t.camera && t.state === 'idle')
      return hidden.length > 0 && hidden.length < 9 && hidden
    }, null, { timeout: SLOW })
    const hidden = (await idle.jsonValue()).map((t) => t.camera)
    const bytes = async () => (await diagnostics(page)).tiles.map((t) => ({ camera: t.camera, bytes: t.bytes, hidden: hidden.includes(t.camera) }))
    // What was on its way has come.
    await page.waitForTimeout(2500)
    const before = await bytes()
    await page.waitForFunction((b) => window.matthan.diagnostics().tiles.some((t, i) => t.bytes > b[i].bytes + 20_000), before, { timeout: SLOW })
    const now = await bytes()
    for (const [i, t] of now.entries()) if (t.hidden) assert.equal(t.bytes, before[i].bytes, `${t.camera} is not seen, and is sent`)
    assert.equal(hidden.length, 3)
    await down(0)
    await moving(page, 9)
  })
})

test('a phone has four tiles, and fetches nothing of the tablet', async () => {
  const { server } = await theCity()
  await withPage({ camera: 't0', server }, async (page) => {
    await tileIn(page, 't0', ['live', 'weak'], SLOW)
    assert.equal((await diagnostics(page)).tiles.length, 4)
    await page.waitForTimeout(2500)
    const fetched = await page.evaluate(() => performance.getEntriesByType('resource').map((r) => r.name))
    assert.deepEqual(fetched.filter((f) => /tablet/.test(f)), [])
    assert.equal(await page.locator('.rail, .bar').count(), 0)
  })
})
