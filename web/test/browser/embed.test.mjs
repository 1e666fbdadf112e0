import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { framePage, register, thePortal, tokenOf } from './portals.mjs'

// Cameras in the pages of another portal, which is of another origin.

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Runs `use(page)` with a page of a site; what the page and the frame complain of fails the test. */
async function withSite(p, site, path, content, use, { viewport = { width: 1280, height: 800 }, mute = /^Failed to load resource|WebSocket connection to/ } = {}) {
  const context = await p.browser.newContext({ viewport, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh' })
  const complaints = []
  try {
    await context.addInitScript(() => {
      window.violations = []
      window.peers = 0
      window.RTCPeerConnection = class extends window.RTCPeerConnection {
        constructor(...a) {
          super(...a)
          window.peers++
        }
      }
      document.addEventListener('securitypolicyviolation', (e) => window.violations.push(`${e.violatedDirective}: ${e.blockedURI}`))
    })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (e) => complaints.push(e.message))
    page.on('console', (m) => {
      if (m.type() === 'error' && !mute.test(m.text())) complaints.push(m.text())
    })
    site.pages.set(path, content)
    await page.goto(site.origin + path, { waitUntil: 'domcontentloaded' })
    await use(page)
    for (const f of page.frames()) if (!f.url().startsWith('chrome-error')) complaints.push(...(await f.evaluate(() => window.violations)))
  } finally {
    await context.close()
  }
  assert.deepEqual(complaints, [])
}

/** For eyes: SHOTS names a folder. */
async function shot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/embed-${name}.png` })
}

const inFrame = (page) => page.frameLocator('#camera')
const live = (where) => where.locator('camera-view .state.is-live').waitFor()
const frameOf = (page) => page.frames().find((f) => f.url().includes('/embed/'))

/** What axe finds wrong in a page or a frame, in words. The heading of a frame is the page's that it stands in. */
async function faults(where) {
  await where.evaluate(axe)
  const { violations } = await where.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  return violations.filter((v) => v.id !== 'page-has-heading-one').map((v) => `${v.id}: ${v.nodes.map((n) => n.target.flat().join(' ')).join(', ')}`)
}

/** Pictures that the video has drawn, and how long it was still, ms. */
async function watch(frame) {
  await frame.evaluate(() => {
    const video = document.querySelector('camera-view').shadowRoot.querySelector('camera-tile').shadowRoot.querySelector('video')
    window.seen = { pictures: 0, still: 0, last: performance.now(), sessions: 1, video }
    const drawn = (now) => {
      const s = window.seen
      s.pictures++
      s.still = Math.max(s.still, now - s.last)
      s.last = now
      video.requestVideoFrameCallback(drawn)
    }
    video.requestVideoFrameCallback(drawn)
  })
  return () =>
    frame.evaluate(() => {
      const video = document.querySelector('camera-view').shadowRoot.querySelector('camera-tile')?.shadowRoot.querySelector('video')
      return { pictures: window.seen.pictures, still: Math.max(window.seen.still, performance.now() - window.seen.last), same: video === window.seen.video }
    })
}

test('a frame in a portal plays, and its picture does not stop at renewals', async () => {
  const p = await thePortal()
  p.site.answer = () => tokenOf(p, { camera: 'cam0', officer: 'cb-renews', seconds: 3 })
  await withSite(p, p.site, '/frame', framePage(p, { style: 'width:662px;height:416px;margin:40px' }), async (page) => {
    await live(inFrame(page))
    assert.equal(await inFrame(page).locator('figcaption > b').innerText(), 'Ngã tư Láng Hạ – Thái Hà')
    const frame = frameOf(page)
    const count = await watch(frame)
    // Three lives of a token: without renewals there would be nothing to see.
    await page.waitForFunction(() => window.asked.filter((renew) => renew).length >= 5, undefined, { timeout: 20_000 })
    const { pictures, still, same } = await count()
    assert.ok(same, 'it is one look')
    assert.ok(pictures > 60, `${pictures} pictures in three lives of a token`)
    assert.ok(still < 1000, `the picture stood still for ${Math.round(still)} ms`)
    assert.deepEqual(await page.evaluate(() => window.asked.filter((renew) => !renew).length), 1)
    assert.equal(await frame.evaluate(() => window.peers), 1, 'no other connection was made')
    assert.match(await inFrame(page).locator('.state').innerText(), /^Trực tiếp · /)
    await shot(page, 'frame')
    assert.deepEqual(await faults(frame), [])
  })
})

test('a frame says that it ended when its portal is disabled while it plays', async () => {
  const p = await thePortal()
  await register(p, 'cong-khac', p.site.origin)
  p.site.answer = () => tokenOf(p, { portal: 'cong-khac', camera: 'cam1', seconds: 60 })
  await withSite(p, p.site, '/ends', framePage(p, { portal: 'cong-khac', camera: 'cam1', style: 'width:480px;height:300px' }), async (page) => {
    await live(inFrame(page))
    await shot(page, 'frame-480')
    await register(p, 'cong-khac', p.site.origin, { disabled: true })
    await inFrame(page).getByText('Lượt xem đã kết thúc', { exact: true }).first().waitFor()
    assert.equal(await inFrame(page).locator('video').count(), 0, 'nothing looks like a picture')
    const asked = await page.evaluate(() => window.asked.length)
    assert.ok(asked <= 3, `the page was asked for ${asked} tokens`)
    await shot(page, 'ended-480')
    assert.deepEqual(await faults(frameOf(page)), [])
  })
})

test('a frame says that its token was refused, and takes another', async () => {
  const p = await thePortal()
  const used = tokenOf(p, { camera: 'cam0', officer: 'cb-late', seconds: -5 })
  p.site.answer = () => used
  await withSite(p, p.site, '/refused', framePage(p), async (page) => {
    await inFrame(page).getByText('Mã xem không được chấp nhận', { exact: true }).first().waitFor()
    await shot(page, 'refused')
    assert.deepEqual(await faults(frameOf(page)), [])
    p.site.answer = () => tokenOf(p, { camera: 'cam0', officer: 'cb-late' })
    await inFrame(page).getByRole('button', { name: 'Xin mã khác' }).click()
    await live(inFrame(page))
  })
})

test('a frame whose page gives no token says so', async () => {
  const p = await thePortal()
  await withSite(p, p.site, '/silent', framePage(p, { hello: false }), async (page) => {
    await inFrame(page).getByText('Đang xin mã xem', { exact: true }).first().waitFor()
    await inFrame(page).getByText('Chưa nhận được mã xem', { exact: true }).first().waitFor()
    await shot(page, 'missing')
  })
})

test('a token behind the address of the frame plays, and leaves the address', async () => {
  const p = await thePortal()
  const content = framePage(p, { hello: false, camera: `cam0#t=${tokenOf(p, { camera: 'cam0', officer: 'cb-plain' })}` })
  await withSite(p, p.site, '/plain', content, async (page) => {
    await live(inFrame(page))
    assert.equal(await frameOf(page).evaluate(() => location.hash), '')
  })
})

test('a page that is not its portal’s gets no frame', async () => {
  const p = await thePortal()
  p.stranger.answer = () => tokenOf(p, { camera: 'cam0', officer: 'cb-stranger' })
  await withSite(p, p.stranger, '/frame', framePage(p), async (page) => {
    const refused = page.waitForEvent('console', { predicate: (m) => /frame-ancestors/.test(m.text()) })
    await page.reload()
    await refused
    await page.waitForFunction(() => document.readyState === 'complete')
    assert.equal(await inFrame(page).locator('camera-view').count(), 0)
    assert.equal(await page.evaluate(() => window.asked), undefined, 'no token was asked for')
  }, { mute: /frame-ancestors|postMessage|Failed to load|WebSocket/ })
})

test('a frame alone in a window says where it belongs', async () => {
  const p = await thePortal()
  await withSite(p, { origin: p.address, pages: new Map() }, '/embed/cong-quan/cam0', undefined, async (page) => {
    await page.getByText('Hình này chỉ mở được trong cổng của bạn', { exact: true }).first().waitFor()
    await shot(page, 'alone')
  })
})

/** A portal's own page with the element in it, under a strict policy. */
const elementPage = (p, inside, script) => ({
  policy: `default-src 'none'; script-src ${p.address} 'nonce-of-the-test'; connect-src 'self' ${p.address} ${p.address.replace(/^http/, 'ws')}; style-src 'nonce-of-the-test'; require-trusted-types-for 'script'; trusted-types lit-html`,
  html: `<!doctype html><html lang="vi"><title>Cổng</title>
<style nonce="of-the-test">main{margin:16px;background:#eef0f4;display:grid;grid-template-columns:2fr 1fr;gap:16px;align-items:start}</style>
<main>${inside}</main>
<script nonce="of-the-test">${script}</script>
<script type="module" src="${p.address}/camera-view.js"></script></html>`,
})

test('the element plays in a plain page of a portal under a strict policy', async () => {
  const p = await thePortal()
  p.site.answer = (url) => tokenOf(p, { camera: url.split('/').pop(), officer: 'cb-element', seconds: 4 })
  const script = `
  addEventListener('tokenneeded', async (event) => {
    window.asked = [...(window.asked ?? []), event.detail.renew]
    const answer = await fetch('/token/' + event.target.getAttribute('camera'), { method: 'POST' })
    if (answer.ok) event.target.token = (await answer.json()).token
  }, true)
  addEventListener('state', (event) => (event.target.dataset.state = event.detail.state), true)`
  await withSite(p, p.site, '/element', elementPage(p, '<camera-view camera="cam0"></camera-view><camera-view camera="cam1" stream="sub"></camera-view>', script), async (page) => {
    await page.locator('camera-view[camera=cam0][data-state=live]').waitFor()
    await page.locator('camera-view[camera=cam1][data-state=live]').waitFor()
    await page.waitForFunction(() => window.asked.filter((renew) => renew).length >= 4)
    await page.locator('camera-view[camera=cam0][data-state=live]').waitFor()
    await shot(page, 'element')
    assert.deepEqual(await faults(page), [])
    // Moved to another place in the page, it goes on with a token of its own.
    const first = await page.evaluate(() => window.asked.filter((renew) => !renew).length)
    await page.evaluate(() => document.querySelector('main').append(document.querySelector('camera-view[camera=cam0]')))
    await page.waitForFunction((n) => window.asked.filter((renew) => !renew).length > n, first)
    await page.locator('camera-view[camera=cam0][data-state=live]').waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.evaluate(() => document.querySelector('style').sheet.cssRules[0].style.setProperty('grid-template-columns', '1fr'))
    await page.waitForTimeout(500)
    await shot(page, 'element-phone')
  })
})

test('the element plays with a tool’s token from an origin of the configuration', async () => {
  const p = await thePortal()
  const script = `document.querySelector('camera-view').token = ${JSON.stringify(p.secret)}`
  await withSite(p, p.stranger, '/tool', elementPage(p, '<camera-view camera="cam0" lang="en"></camera-view>', script), async (page) => {
    await live(page)
    assert.match(await page.locator('.state').innerText(), /^Live · /)
  })
})
