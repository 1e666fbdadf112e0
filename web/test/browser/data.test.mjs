import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { drawnAs, ready, shot } from './fingers.mjs'
import { diagnostics, tileIn, withPage } from './harness.mjs'

// What pictures take of the network in a day, and how little will do.

test('whoever saves data has the small stream, and a grid of stills that open on a tap', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', ['live', 'weak'])
    await page.locator('nav .last').tap()
    await page.getByRole('switch', { name: /^Tiết kiệm dữ liệu/ }).tap()
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => window.matthan.diagnostics().tiles[0].stream === 'sub')
    // Looking closely does not overrule it.
    await page.locator('.strip .zoom').tap()
    await drawnAs(page, 2, 2)
    await tileIn(page, 'cam0', ['live', 'weak'])
    assert.equal((await diagnostics(page)).tiles[0].stream, 'sub')
    await page.locator('nav .main').tap()
    await page.waitForFunction(() => window.matthan.diagnostics().mode === 'grid' && window.matthan.diagnostics().tiles.every((t) => t.state === 'idle'))
    assert.match(await page.locator('header p').innerText(), /ảnh tĩnh/)
    assert.match(await page.locator('camera-tile[data-tile="0"] .cap').innerText(), /\d\d:\d\d/)
    await page.waitForFunction(() => window.matthan.diagnostics().tiles.every((t) => (t.bitsPerSecond ?? 0) < 1000))
    await shot(page, 'hand-stills')
    assert.deepEqual(await faults(page), [])
    await page.locator('camera-tile .open').nth(1).tap()
    const { current } = await page.evaluate(() => ({ current: location.hash.replace('#camera=', '') }))
    await tileIn(page, current, ['live', 'weak'])
    // It is kept.
    await page.reload({ waitUntil: 'domcontentloaded' })
    await tileIn(page, current, ['live', 'weak'])
    await page.waitForFunction(() => window.matthan.diagnostics().tiles.some((t) => t.stream === 'sub'))
  })
})

test('the day’s data is shown against its budget, and said once at 80 and once at 100 per cent', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', ['live', 'weak'])
    const budget = page.getByRole('progressbar', { name: /hạn mức/ })
    assert.ok((await budget.evaluate((e) => e.value)) < 0.1)
    assert.match(await page.locator('footer .data').innerText(), /Hôm nay [\d,]+\sMB\s*1\sGB/)
    const used = (bytes) => async () => {
      // As on another morning: what was used is kept, and read when the page opens.
      await page.evaluate((bytes) => {
        const d = new Date()
        const two = (n) => String(n).padStart(2, '0')
        localStorage.setItem('matthan.usage', JSON.stringify({ ...JSON.parse(localStorage.getItem('matthan.usage')), day: `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`, bytes }))
        document.querySelector('matthan-app').viewer.meter.save = () => {}
      }, bytes)
      await page.reload({ waitUntil: 'domcontentloaded' })
      await tileIn(page, 'cam0', ['live', 'weak'])
      await ready(page)
    }
    await used(850e6)()
    const said = page.locator('data-notice p')
    await said.getByText(/Hôm nay đã dùng 8\d\d\sMB trong hạn mức 1\sGB/).waitFor()
    assert.ok(await page.locator('footer .data.near').count())
    await shot(page, 'hand-budget')
    assert.deepEqual(await faults(page), [])
    await used(900e6)()
    assert.equal(await said.count(), 0, 'said once')
    await used(1.2e9)()
    await said.getByText(/Đã hết hạn mức 1\sGB hôm nay. Hình vẫn chạy/).waitFor()
    await tileIn(page, 'cam0', ['live', 'weak'])
    await said.getByRole('button', { name: 'Tiết kiệm' }).tap()
    await page.waitForFunction(() => window.matthan.diagnostics().tiles[0].stream === 'sub')
    await page.locator('nav .last').tap()
    await page.locator('more-sheet .budget').getByRole('button', { name: 'Không' }).tap()
    await budget.waitFor({ state: 'detached' })
  })
})
