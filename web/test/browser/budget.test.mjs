import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { PHONE, theWorld, tileIn } from './harness.mjs'

// What an officer on a weak link waits for, as it comes over the line. The build has its own bounds: vite.config.ts.

/** All scripts of the viewer's start, the list's too: bytes as they are sent, without headers. */
const SHELL = 60_000
/** What is fetched ahead once there is a picture, and nobody needs until it is asked for or something goes wrong. */
const AHEAD = /assets\/(more-sheet|sheet-style|gate-screen|picture-button|picture-hand|theatre|care-kit|trouble-icons)-/
/** <camera-view> for the pages of other portals. */
const ELEMENT = 25_000

/** A phone's page and what it is sent: {url: bytes}. `hold` names addresses that wait for good. */
async function opened(path, use, hold) {
  const w = await theWorld()
  const context = await w.browser.newContext({ viewport: PHONE, isMobile: true, hasTouch: true })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    const sent = {}
    const cdp = await context.newCDPSession(page)
    await cdp.send('Network.enable')
    const urls = new Map()
    cdp.on('Network.responseReceived', ({ requestId, response }) => urls.set(requestId, { url: response.url, head: response.encodedDataLength }))
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const { url, head } = urls.get(requestId) ?? { url: 'x:x', head: 0 }
      sent[new URL(url).pathname] = encodedDataLength - head
    })
    if (hold) await page.route(hold, () => {})
    await page.goto(`${w.server.address}${path}`, { waitUntil: 'domcontentloaded' })
    await use(page, sent, w)
  } finally {
    await context.close()
  }
}

const scripts = (sent) => Object.entries(sent).filter(([path]) => path.endsWith('.js'))

test('the scripts of the viewer’s start, with the list, have less than 60 KB', async () => {
  const { server } = await theWorld()
  await opened(
    `/#token=${server.token}&camera=cam0`,
    async (page, sent) => {
      await tileIn(page, 'cam0', ['live', 'weak'], 60_000)
      await page.locator('camera-list .row').first().waitFor()
      const all = scripts(sent)
      const bytes = all.reduce((sum, [, n]) => sum + n, 0)
      assert.ok(all.length >= 3, JSON.stringify(all))
      assert.ok(bytes < SHELL, `${bytes} bytes: ${JSON.stringify(all)}`)
    },
    AHEAD,
  )
})

test('the first picture does not wait for the list of cameras', async () => {
  const { server } = await theWorld()
  await opened(
    `/#token=${server.token}&camera=cam0`,
    async (page) => {
      await tileIn(page, 'cam0', ['live', 'weak'], 60_000)
      assert.equal(await page.locator('camera-list .row').count(), 0, 'the list is still on its way')
      assert.ok(await page.locator('nav .main').isVisible())
    },
    '**/api/v1/cameras',
  )
})

test('<camera-view> has less than 25 KB', async () => {
  await opened('/camera-view.js', async (page, sent) => {
    await page.waitForLoadState('networkidle')
    const bytes = sent['/camera-view.js']
    assert.ok(bytes > 5000 && bytes < ELEMENT, `${bytes} bytes`)
  })
})
