import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { theWard } from './screened.mjs'
import { open } from '../screens/walk.mjs'
import { shows, watched } from '../screens/steps.mjs'

// What stands over a picture, measured in pixels: axe cannot see what lies behind it.

/** WCAG 2.2, 1.4.3: text. */
const TEXT = 4.5
/** The watermark is there to be found, not to be read across: an eye sees an edge from here on. */
const MARK = 1.25

/** In a tile: a style that holds until it is taken out again. */
function dress(page, css) {
  return page.evaluate((css) => {
    const tile = document.querySelector('matthan-app').shadowRoot.querySelector('camera-tile:not(.away)')
    const parts = [...tile.shadowRoot.querySelectorAll('view-mark, tile-veil')]
    const roots = [tile, ...parts].map((e) => e.shadowRoot)
    for (const root of roots) {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(css)
      root.adoptedStyleSheets = [...root.adoptedStyleSheets.filter((s) => !s.measuring), Object.assign(sheet, { measuring: true })]
    }
  }, css)
}

/** Runs in a page: the contrast of every pixel that two screenshots differ in, by WCAG's formula, the lowest first. */
async function contrasts([one, other, inside]) {
  const pixels = async (base64) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: 'image/png' }))
    const g = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    g.drawImage(bitmap, 0, 0)
    return g.getImageData(0, 0, bitmap.width, bitmap.height).data
  }
  const linear = (v) => (v <= 10 ? v / 3294 : ((v / 255 + 0.055) / 1.055) ** 2.4)
  const light = (d, i) => 0.2126 * linear(d[i]) + 0.7152 * linear(d[i + 1]) + 0.0722 * linear(d[i + 2])
  const [a, b] = [await pixels(one), await pixels(other)]
  const found = []
  let most = 0
  for (let i = 0; i < a.length; i += 4) {
    const d = Math.abs(a[i] - b[i]) + Math.abs(a[i + 1] - b[i + 1]) + Math.abs(a[i + 2] - b[i + 2])
    if (d === 0) continue
    most = Math.max(most, d)
    const [x, y] = [light(a, i), light(b, i)]
    found.push([d, (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)])
  }
  // The edges of letters are half background: what counts is their inside.
  return found.filter(([d]) => d > most * inside).map(([, c]) => c).sort((x, y) => x - y)
}

/**
 * The contrast that nine of ten pixels of a thing's letters have.
 * @param hidden the style without them
 * @param inside how much of the greatest difference a pixel has that counts as a letter's inside
 */
async function over(page, target, hidden, inside) {
  // One picture for both looks.
  await page.evaluate(() => document.querySelector('matthan-app').shadowRoot.querySelector('camera-tile:not(.away)').shadowRoot.querySelector('video').pause())
  const box = await target.boundingBox()
  const shot = async (style) => {
    await dress(page, `* { animation: none !important; transition: none !important } ${style}`)
    return (await page.screenshot({ clip: box })).toString('base64')
  }
  // A picture that was on its way when the video was paused may still be drawn.
  let there, gone
  for (let i = 0; i < 5; i++) {
    there = await shot('')
    gone = await shot(hidden)
    if (there === (await shot(''))) break
  }
  await dress(page, '')
  const all = await page.evaluate(contrasts, [there, gone, inside])
  assert.ok(all.length > 20, `${all.length} pixels of it differ`)
  return all[Math.floor(all.length / 10)]
}

const tile = (page, inner) => page.locator(`camera-tile:not(.away) ${inner}`).first()

/** Looks at a camera as the officer, in all themes that there are. */
async function looking(camera, use, themes = ['dark', 'light', 'red']) {
  const w = await theWard()
  const told = { held: false } // the gateway's word that a camera is gone would end the state that is measured
  const go = async (page) => {
    await page.routeWebSocket(/\/ws/, (ws) => {
      const server = ws.connectToServer()
      server.onMessage((m) => told.held && JSON.parse(m).type === 'tile' || ws.send(m))
    })
    await page.reload()
    await watched(page, camera, [])
  }
  await open(w, { who: 'officer', at: `/#camera=${camera}`, themes, go }, (page, { theme }) => use(page, theme, w, told))
}

for (const camera of ['lang-ha-thai-ha', 'thai-ha-hoang-cau', 'lang-yen-lang', 'ubnd-phuong']) {
  test(`the watermark can be seen on the picture of ${camera}`, async () => {
    await looking(camera, async (page, theme) => {
      const got = await over(page, tile(page, '.v'), 'p { visibility: hidden }', 0.7)
      assert.ok(got >= MARK, `${theme}: ${got.toFixed(2)}`)
    })
  })
}

test('what is said over a picture that stands still can be read on it', async () => {
  const wrong = []
  await looking('lang-ha-thai-ha', async (page, theme, w, told) => {
    const read = async (what, inner) => {
      const got = await over(page, tile(page, inner), `${inner} { color: transparent !important } ${inner} * { visibility: hidden }`, 0.9)
      if (got < TEXT) wrong.push(`${theme}: ${what} has ${got.toFixed(2)}`)
    }
    told.held = true
    w.cameras.child.kill('SIGSTOP')
    try {
      await shows(page, 'lang-ha-thai-ha', 'stale')
      await read('the age', '.pill')
      await page.context().setOffline(true)
      await shows(page, 'lang-ha-thai-ha', 'nonet')
      await read('“no network”', '.mid b')
    } finally {
      told.held = false
      w.cameras.child.kill('SIGCONT')
      await page.context().setOffline(false)
    }
    await page.evaluate(() => document.querySelector('matthan-app').shadowRoot.querySelector('camera-tile:not(.away)').shadowRoot.querySelector('video').play())
    await shows(page, 'lang-ha-thai-ha')
  })
  assert.deepEqual(wrong, [])
})
