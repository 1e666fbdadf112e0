// Fingers on a phone's page, and what the tests of the hand look at. SHOTS names a folder for pictures of the screens.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

export const chief = { login: '268-114', name: 'Lê Văn An', roles: ['supervisor'], areas: ['phuong-lang'] }

export async function shot(page, name) {
  if (!process.env.SHOTS) return
  await mkdir(process.env.SHOTS, { recursive: true })
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) })
}

/** The hand comes after the first picture. */
export const ready = (page) => page.waitForFunction(() => customElements.get('picture-hand') !== undefined, null, { timeout: 30_000 })

/** How the large picture is drawn: {scale, x, y}. */
export const drawn = (page) =>
  page.evaluate(() => {
    const tile = document.querySelector('matthan-app').shadowRoot.querySelector('camera-tile:not(.away)')
    const m = new DOMMatrix(getComputedStyle(tile.shadowRoot.querySelector('video')).transform)
    return { scale: m.a, x: m.e, y: m.f }
  })

export const drawnAs = (page, least, most) =>
  page.waitForFunction(
    ([least, most]) => {
      const tile = document.querySelector('matthan-app').shadowRoot.querySelector('camera-tile:not(.away)')
      const { a } = new DOMMatrix(getComputedStyle(tile.shadowRoot.querySelector('video')).transform)
      return a >= least && a <= most
    },
    [least, most],
  )

export const times = (page) => page.locator('picture-hand .times')

/** Fingers that go from places to places, each [x, y]; they rest before they leave. */
export async function fingers(page, from, to, { rest = 100 } = {}) {
  const client = await page.context().newCDPSession(page)
  const at = (k) => from.map(([x, y], id) => ({ x: x + (to[id][0] - x) * k, y: y + (to[id][1] - y) * k, id }))
  // None waits for the one before to be answered: on a slow machine the fingers would rest, and want the menu.
  const sent = [client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) })]
  for (let i = 1; i <= 6; i++) {
    sent.push(client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(i / 6) }))
    await page.waitForTimeout(16)
  }
  await Promise.all(sent)
  await page.waitForTimeout(rest)
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await client.detach()
}

/** The middle of the picture. */
export async function middle(page) {
  const b = await page.locator('.stage').boundingBox()
  return { x: b.x + b.width / 2, y: b.y + b.height / 2, ...{ width: b.width, height: b.height } }
}

/** Two taps 140 ms apart, whatever the machine takes for them. */
export async function doubleTap(page, x, y) {
  const client = await page.context().newCDPSession(page)
  const now = Date.now() / 1000
  const touch = (type, after, touchPoints = []) => client.send('Input.dispatchTouchEvent', { type, touchPoints, timestamp: now + after })
  for (const at of [0, 0.14]) {
    await touch('touchStart', at, [{ x, y, id: 1 }])
    await touch('touchEnd', at + 0.05)
  }
  await client.detach()
}

/** Rests a finger on the picture until the menu is there. */
export async function hold(page) {
  const { x, y } = await middle(page)
  const client = await page.context().newCDPSession(page)
  await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y, id: 1 }] })
  await page.locator('quick-menu dialog[open]').waitFor()
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await client.detach()
}

export const open = (page, sheet) => page.locator(`${sheet} dialog[open]`)
