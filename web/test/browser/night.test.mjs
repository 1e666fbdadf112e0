import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { chief, hold, open, ready, shot } from './fingers.mjs'
import { PHONE, tileIn, withPage } from './harness.mjs'
import { withPeople } from './wards.mjs'

// What the page looks like: by night, in the sun, and as the device has it.

const LYING = { width: 844, height: 390 }

test('red at night has no other light, and a picture that is taken away keeps its colours', async () => {
  await withPeople([chief], async (page) => {
    await page.goto(new URL('/#camera=cam0', page.url()).href)
    await tileIn(page, 'cam0', ['live', 'weak'])
    await page.locator('nav picture-button button[aria-disabled=false]').waitFor()
    const before = await lightOf(page, PHONE)
    // Anything over 1 is bluer or greener than red; by red light it is 0.45 at most.
    assert.ok(before.other > 2, `by day there is other light: ${JSON.stringify(before)}`)
    await hold(page)
    await page.getByRole('switch', { name: /^Đỏ ban đêm/ }).tap()
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'red')
    assert.equal(await page.locator('meta[name=theme-color]').getAttribute('content'), '#000000')
    assert.deepEqual(await faults(page), [])
    await page.keyboard.press('Escape')
    await open(page, 'quick-menu').waitFor({ state: 'hidden' })
    for (const [name, size] of [['hand-red', PHONE], ['hand-red-lying', LYING]]) {
      await page.setViewportSize(size)
      await page.locator(size === LYING ? '.side picture-button button' : 'nav picture-button button').waitFor()
      await shot(page, name)
      const light = await lightOf(page, size)
      assert.ok(light.red > 120 && light.other <= 0.45, `${name}: ${JSON.stringify(light)}`)
    }
    await page.setViewportSize(PHONE)
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('nav picture-button button').tap()])
    const colours = await coloursOf(page, await readFile(await download.path()))
    assert.ok(colours > 0.3, `${colours} of the saved picture has green and blue`)
    // The switch leads back to what was before, and what is chosen is kept.
    await page.reload({ waitUntil: 'domcontentloaded' })
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'red')
    await tileIn(page, 'cam0', ['live', 'weak'])
    await ready(page)
    await hold(page)
    await page.getByRole('switch', { name: /^Đỏ ban đêm/ }).tap()
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
  })
})

/** The strongest light on the screen: of red, and how much of another colour there is to the red of the same place, at the brightest places. */
async function lightOf(page, { width, height }) {
  const png = (await page.screenshot()).toString('base64')
  return page.evaluate(
    async ([png, width, height]) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (c) => c.charCodeAt(0))], { type: 'image/png' }))
      const g = new OffscreenCanvas(width, height).getContext('2d')
      g.drawImage(bitmap, 0, 0, width, height)
      const { data } = g.getImageData(0, 0, width, height)
      let red = 0
      let other = 0
      for (let i = 0; i < data.length; i += 4) {
        red = Math.max(red, data[i])
        // What is nearly black gives no light.
        if (Math.max(data[i], data[i + 1], data[i + 2]) > 32) other = Math.max(other, Math.max(data[i + 1], data[i + 2]) / Math.max(1, data[i]))
      }
      return { red, other }
    },
    [png, width, height],
  )
}

/** How much of a JPEG has green or blue in it, 0 to 1. */
function coloursOf(page, file) {
  return page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: 'image/jpeg' }))
    const g = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    g.drawImage(bitmap, 0, 0)
    // Without the white margin below.
    const { data } = g.getImageData(0, 0, bitmap.width, Math.round(bitmap.height * 0.85))
    let n = 0
    for (let i = 0; i < data.length; i += 4) if (Math.max(data[i + 1], data[i + 2]) > 60) n++
    return (4 * n) / data.length
  }, file.toString('base64'))
}

test('the theme is there before the page is drawn, and the list, picture and settings are read in each', async () => {
  for (const theme of ['light', 'red']) {
    await withPage({ camera: 'cam0' }, async (page) => {
      await tileIn(page, 'cam0', ['live', 'weak'])
      await page.locator('nav .last').tap()
      await page.locator(`more-sheet [data-theme=${theme}]`).tap()
      await page.waitForFunction((t) => document.documentElement.dataset.theme === t, theme)
      assert.deepEqual(await faults(page), [], `settings in ${theme}`)
      await shot(page, `hand-settings-${theme}`)
      await page.addInitScript(() => {
        window.firstThemes = []
        const look = () => {
          if (document.querySelector('matthan-app')?.shadowRoot) window.firstThemes.push(document.documentElement.dataset.theme)
          if (window.firstThemes.length < 3) requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      })
      await page.reload({ waitUntil: 'domcontentloaded' })
      await page.waitForFunction(() => window.firstThemes?.length === 3)
      assert.deepEqual(await page.evaluate(() => window.firstThemes), [theme, theme, theme])
      await tileIn(page, 'cam0', ['live', 'weak'])
      await page.locator('camera-list .row').first().waitFor()
      assert.deepEqual(await faults(page), [], `list and picture in ${theme}`)
      await page.locator('nav .main').tap()
      await page.locator('.app.grid').waitFor()
      await shot(page, `hand-grid-${theme}`)
      assert.deepEqual(await faults(page), [], `grid in ${theme}`)
    })
  }
})

test('a theme as the device has it changes with the device', async () => {
  await withPage({ camera: 'cam0' }, async (page) => {
    await tileIn(page, 'cam0', ['live', 'weak'])
    await page.locator('nav .last').tap()
    await page.locator('more-sheet [data-theme=auto]').tap()
    await page.emulateMedia({ colorScheme: 'light' })
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'light')
    assert.equal(await page.locator('meta[name=theme-color]').getAttribute('content'), '#eef1f5')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
  })
})
