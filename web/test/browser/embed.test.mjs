import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { framePage, register, thePortal, tokenOf } from './portals.mjs'
import { faults, shot, withSite } from './sites.mjs'

// The frame in the pages of another portal, which is of another origin.

const inFrame = (page) => page.frameLocator('#camera')
const live = (where) => where.locator('camera-view .state:is(.is-live, .is-weak)').waitFor()
const frameOf = (page) => page.frames().find((f) => f.url().includes('/embed/'))

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
    assert.equal(await inFrame(page).locator('.head > b').innerText(), 'Ngã tư Láng Hạ – Thái Hà')
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

/** A page that answers the frame's own word, and begins to listen only after the frame has loaded. */
const latePage = (p, query) => ({
  policy: `frame-src ${p.address}`,
  html: `<!doctype html><html lang="vi"><title>Cổng</title><body style="margin:0;background:#eef0f4">
<iframe id="camera" title="Camera" src="${p.address}/embed/cong-quan/cam0${query}" allow="fullscreen" style="border:0;display:block;width:640px;height:400px"></iframe>
<script>
  window.said = []
  window.listen = () => addEventListener('message', (event) => {
    const frame = document.getElementById('camera')
    if (event.origin !== '${p.address}' || event.source !== frame.contentWindow || event.data.type !== 'matthan-ready') return
    const channel = new MessageChannel()
    window.port = channel.port1
    channel.port1.onmessage = async ({ data }) => {
      window.said.push(data)
      if (data.type !== 'token-please') return
      const answer = await fetch('/token', { method: 'POST' })
      if (answer.ok) channel.port1.postMessage({ type: 'token', token: (await answer.json()).token })
    }
    frame.contentWindow.postMessage({ type: 'matthan-hello' }, '${p.address}', [channel.port2])
  })
</script></body></html>`,
})

test('a page that listens late finds the frame, hears what it does, and has it pause', async () => {
  const p = await thePortal()
  p.site.answer = () => tokenOf(p, { camera: 'cam0', officer: 'cb-frame-late' })
  await withSite(p, p.site, '/late', latePage(p, '?lang=en&theme=light'), async (page) => {
    await inFrame(page).getByText('Asking for a token', { exact: true }).first().waitFor()
    await page.evaluate(() => window.listen())
    await live(inFrame(page))
    await page.waitForFunction(() => ['first-picture', 'stats'].every((type) => window.said.some((m) => m.type === type)))
    const said = await page.evaluate(() => window.said)
    const first = said.find((m) => m.type === 'first-picture')
    assert.ok(first.ms > 0 && first.width > 0, JSON.stringify(first))
    assert.deepEqual(said.filter((m) => m.type === 'camera-state').map((m) => m.state).some((s) => s === 'live' || s === 'weak'), true)
    await shot(page, 'frame-light')
    assert.deepEqual(await faults(frameOf(page)), [])
    await page.evaluate(() => window.port.postMessage({ type: 'pause' }))
    await page.waitForFunction(() => window.said.at(-1).state === 'paused')
    await page.evaluate(() => window.port.postMessage({ type: 'play' }))
    await page.waitForFunction(() => window.said.some((m) => m.state === 'paused') && window.said.filter((m) => m.type === 'first-picture').length === 2)
    await live(inFrame(page))
    assert.equal(await page.evaluate(() => window.said.filter((m) => m.type === 'token-please').length), 1, 'a pause takes no other token')
  })
})

test('a frame takes no hello from a page that is not around it', async () => {
  const p = await thePortal()
  p.site.answer = () => tokenOf(p, { camera: 'cam0', officer: 'cb-hello' })
  const page = latePage(p, '')
  // A frame of a stranger beside ours, which reaches ours and says hello before the page does.
  p.stranger.pages.set('/beside', { html: `<script>
    setInterval(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = ({ data }) => parent.postMessage({ stolen: data }, '*')
      parent.frames[0].postMessage({ type: 'matthan-hello' }, '*', [channel.port2])
      parent.postMessage({ tried: true }, '*')
    }, 50)
  </script>` })
  page.policy = `frame-src ${p.address} ${p.stranger.origin}`
  page.html = page.html.replace('</iframe>', `</iframe><iframe src="${p.stranger.origin}/beside" title="Khác"></iframe><script>
    window.tries = 0
    addEventListener('message', ({ data }) => {
      if (data.stolen) window.stolen = data.stolen
      if (data.tried) window.tries++
    })</script>`)
  await withSite(p, p.site, '/hello', page, async (page) => {
    await inFrame(page).getByText('Đang xin mã xem', { exact: true }).first().waitFor()
    await page.waitForFunction((n) => window.tries > n + 3, await page.evaluate(() => window.tries))
    assert.equal(await page.evaluate(() => window.stolen), undefined)
    await page.evaluate(() => window.listen())
    await live(inFrame(page))
    assert.equal(await page.evaluate(() => window.stolen), undefined)
  })
})
