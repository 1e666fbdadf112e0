import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { chief, doubleTap, drawn, drawnAs, fingers, hold, middle, open, ready, shot, times } from './fingers.mjs'
import { swipe, tileIn, withPage } from './harness.mjs'
import { withPeople } from './wards.mjs'

// The phone in the hand: fingers on the picture, and what is near the thumb.

test('a double tap magnifies twice where it was, and a second one shows the whole again', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', ['live', 'weak'])
    await ready(page)
    const { x, y, width } = await middle(page)
    await doubleTap(page, x + width / 4, y)
    await drawnAs(page, 1.99, 2.01)
    const v = await drawn(page)
    assert.ok(Math.abs(v.x + width / 4) < 2 && Math.abs(v.y) < 2, `what was under the finger stays there: ${JSON.stringify(v)}`)
    assert.equal(await times(page).innerText(), '2,0×')
    assert.equal(await page.locator('.app.theatre').count(), 0, 'full screen is its button’s')
    // The mark stays as it is, over the picture.
    const mark = await page.locator('camera-tile:not(.away) view-mark').evaluate((e) => e.getBoundingClientRect().width)
    assert.ok(Math.abs(mark - width) < 1, `the mark is ${mark} px wide`)
    await shot(page, 'hand-zoomed')
    await doubleTap(page, x, y)
    await drawnAs(page, 1, 1)
    assert.equal(await times(page).count(), 0)
  })
})

test('a pinch magnifies to six times, and the picture is moved only within its bounds', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', ['live', 'weak'])
    await ready(page)
    const { x, y, width, height } = await middle(page)
    await fingers(page, [[x - 30, y], [x + 30, y]], [[x - 72, y], [x + 72, y]])
    await drawnAs(page, 2.2, 2.6)
    // One finger moves the picture now, and no other camera comes.
    await fingers(page, [[x - 60, y]], [[x + 100, y]])
    const v = await drawn(page)
    assert.ok(v.x > 60, `moved: ${JSON.stringify(v)}`)
    assert.equal(new URL(page.url()).hash, '#camera=cam0')
    for (let i = 0; i < 4; i++) await fingers(page, [[x - 100, y - 60]], [[x + 140, y + 90]], { rest: 20 })
    const far = await drawn(page)
    const most = { x: (width * (far.scale - 1)) / 2, y: (height * (far.scale - 1)) / 2 }
    assert.ok(Math.abs(far.x - most.x) < 1.5 && Math.abs(far.y - most.y) < 1.5, `at the corner ${JSON.stringify(most)}: ${JSON.stringify(far)}`)
    for (let i = 0; i < 3; i++) await fingers(page, [[x - 20, y], [x + 20, y]], [[x - 150, y], [x + 150, y]], { rest: 20 })
    await drawnAs(page, 6, 6)
    await times(page).tap()
    await drawnAs(page, 1, 1)
    // Whole again, a swipe is a swipe.
    await swipe(page, -160)
    await page.waitForFunction(() => location.hash !== '#camera=cam0')
  })
})

test('a magnified picture is whole again with another camera', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', ['live', 'weak'])
    await page.locator('.strip .zoom').tap()
    await drawnAs(page, 2, 2)
    await page.locator('nav button').last().tap()
    await page.waitForFunction(() => location.hash !== '#camera=cam0')
    await drawnAs(page, 1, 1)
    await page.locator('picture-hand .times').waitFor({ state: 'detached' })
  })
})

test('looking closely brings the main stream, also to a phone that began with the small one', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    const sent = []
    page.on('websocket', (ws) => ws.on('framesent', (f) => sent.push(JSON.parse(String(f.payload)))))
    await page.reload({ waitUntil: 'domcontentloaded' })
    await tileIn(page, 'cam0', ['live', 'weak'])
    await ready(page)
    const asked = () => sent.filter((m) => m.type === 'view').map((m) => m.stream ?? 'auto')
    await page.locator('.strip .zoom').tap()
    await drawnAs(page, 2, 2)
    await tileIn(page, 'cam0', ['live', 'weak'])
    await page.waitForFunction(() => window.matthan.diagnostics().tiles[0].stream === 'main')
    assert.deepEqual(asked(), ['main'])
    await times(page).tap()
    await drawnAs(page, 1, 1)
    await page.waitForFunction(() => ['live', 'weak'].includes(window.matthan.diagnostics().tiles[0].state))
    const end = Date.now() + 5000
    while (asked().length < 2 && Date.now() < end) await page.waitForTimeout(50)
    assert.deepEqual(asked(), ['main', 'auto'])
  })
})

test('without fingers: wheel, keys and a button with a name magnify, and a tap brings a place to the middle', async () => {
  await withPage({ camera: 'cam0', context: { viewport: { width: 1280, height: 800 }, hasTouch: false, isMobile: false } }, async (page) => {
    await tileIn(page, 'cam0', ['live', 'weak'])
    await ready(page)
    const { x, y } = await middle(page)
    await page.mouse.move(x, y)
    await page.mouse.wheel(0, -400)
    await drawnAs(page, 1.9, 2.3)
    await page.locator('.stage').focus()
    await page.keyboard.press('0')
    await drawnAs(page, 1, 1)
    await page.keyboard.press('+')
    await drawnAs(page, 1.49, 1.51)
    await page.keyboard.press('+')
    await drawnAs(page, 2.24, 2.26)
    await page.keyboard.press('ArrowRight')
    assert.ok(Math.abs((await drawn(page)).x + 60) < 1, 'the arrows move the picture')
    assert.equal(new URL(page.url()).hash, '#camera=cam0', 'and not to another camera')
    await page.keyboard.press('-')
    await drawnAs(page, 1.49, 1.51)
    await page.keyboard.press('-')
    await drawnAs(page, 1, 1)
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => location.hash !== '#camera=cam0')
    const button = page.getByRole('button', { name: 'Phóng to hình' })
    for (const scale of [2, 4, 6]) {
      await button.click()
      await drawnAs(page, scale, scale)
    }
    await page.mouse.click(x + 90, y + 40)
    await page.waitForFunction(() => {
      const tile = document.querySelector('matthan-app').shadowRoot.querySelector('camera-tile:not(.away)')
      const m = new DOMMatrix(getComputedStyle(tile.shadowRoot.querySelector('video')).transform)
      return Math.abs(m.e + 90) < 2 && Math.abs(m.f + 40) < 2
    })
    await button.click()
    await drawnAs(page, 1, 1)
  })
})

test('a finger that rests on the picture has the quick menu, and a swipe has not', async () => {
  await withPage({ camera: 'cam0', context: { permissions: ['clipboard-read', 'clipboard-write'] } }, async (page, w) => {
    await tileIn(page, 'cam0', ['live', 'weak'])
    await ready(page)
    await hold(page)
    const menu = open(page, 'quick-menu')
    assert.equal(await menu.locator('h2').innerText(), 'Ngã tư Láng Hạ – Thái Hà\nPhường Láng')
    assert.deepEqual(await faults(page), [])
    await shot(page, 'hand-menu')
    for (const b of await menu.locator('button').all()) {
      const { width, height } = await b.boundingBox()
      assert.ok(width >= 48 && height >= 48, `${await b.innerText()}: ${width} x ${height}`)
    }
    await menu.getByRole('button', { name: 'Thêm vào yêu thích' }).tap()
    await menu.getByRole('button', { name: 'Bỏ khỏi yêu thích' }).waitFor()
    assert.equal(await page.locator('header .fav').getAttribute('aria-pressed'), 'true')
    await menu.getByRole('button', { name: /^Chép liên kết/ }).tap()
    await menu.getByText('Đã chép').first().waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${w.server.address}/#camera=cam0`, 'a link without the token')
    await menu.getByRole('button', { name: 'Chép thông tin kỹ thuật' }).tap()
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('{'))
    const told = await page.evaluate(() => navigator.clipboard.readText())
    assert.equal(JSON.parse(told).tiles[0].camera, 'cam0')
    assert.ok(!told.includes(w.server.token))
    // Who opened a link shares nothing, and takes no picture away.
    assert.equal(await menu.getByRole('button', { name: /Chia sẻ|Chụp/ }).count(), 0)
    await menu.getByRole('button', { name: 'Tiết kiệm' }).tap()
    await page.waitForFunction(() => window.matthan.diagnostics().tiles[0].stream === 'sub')
    await menu.getByRole('button', { name: 'Nét' }).tap()
    await page.waitForFunction(() => window.matthan.diagnostics().tiles[0].stream === 'main')
    await page.keyboard.press('Escape')
    await menu.waitFor({ state: 'hidden' })
    assert.equal(new URL(page.url()).hash, '#camera=cam0')
    await swipe(page, -160)
    await page.waitForFunction(() => location.hash !== '#camera=cam0')
    assert.equal(await menu.count(), 0)
    // The menu key asks for the same.
    await page.locator('.stage').focus()
    await page.keyboard.press('ContextMenu')
    await menu.waitFor()
    // No callout and no marked text under a finger of an iPhone.
    const stage = await page.locator('.stage').evaluate((e) => getComputedStyle(e).userSelect)
    assert.equal(stage, 'none')
  })
})

test('what is done most lies in the lowest 96 px, in targets for gloves, and the taken picture’s button does not move it', async () => {
  for (const width of [390, 360]) {
    await withPeople([{ ...chief, context: { viewport: { width, height: 800 } } }], async (page) => {
      await page.goto(new URL('/#camera=cam0', page.url()).href)
      await tileIn(page, 'cam0', ['live', 'weak'])
      await page.locator('nav picture-button button').waitFor()
      for (const name of [/^Lưới/, /^Chụp ảnh/, /^Thêm$/, /^Trước$/, /^Sau$/]) {
        const b = await page.locator('nav').getByRole('button', { name }).boundingBox()
        assert.ok(b.height >= 58 && b.width >= 48, `${name}: ${JSON.stringify(b)}`)
        assert.ok(b.y >= 800 - 96 && b.x >= 0 && b.x + b.width <= width, `${name}: ${JSON.stringify(b)}`)
      }
      // All of the state and the rate is read beside the buttons.
      const cut = await page.locator('.strip .line').evaluate((e) => e.scrollWidth - e.clientWidth)
      assert.ok(cut <= 0, `the state is cut by ${cut} px at ${width}`)
      await shot(page, `hand-${width}`)
    })
  }
})

test('a phone on its side reaches settings and account, and zoom and picture stand beside the picture', async () => {
  await withPeople([chief], async (page) => {
    await page.setViewportSize({ width: 740, height: 360 })
    await page.goto(new URL('/#camera=cam0', page.url()).href)
    await tileIn(page, 'cam0', ['live', 'weak'])
    await page.locator('.side picture-button button').waitFor()
    for (const b of await page.locator('.side button').all()) {
      const box = await b.boundingBox()
      assert.ok(box.width >= 58 && box.height >= 58 && box.y >= 0 && box.y + box.height <= 360.5, JSON.stringify(box))
    }
    await shot(page, 'hand-lying')
    await page.locator('.side .last').tap()
    await open(page, 'more-sheet').waitFor()
    assert.deepEqual(await faults(page), [])
    await shot(page, 'hand-lying-settings')
    await page.locator('more-sheet').getByRole('button', { name: /Tài khoản/ }).tap()
    await open(page, 'people-sheet').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.side .zoom').tap()
    await drawnAs(page, 2, 2)
    assert.deepEqual(await faults(page), [])
  })
})
