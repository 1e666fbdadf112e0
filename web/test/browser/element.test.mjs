import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { endOfficer, thePortal, tokenOf } from './portals.mjs'
import { faults, shot, withSite } from './sites.mjs'

// <camera-view> in a portal's own page, plain: what a page sets, calls and hears, and what its officers press.

const NONCE = 'of-the-test'

/** A portal's own page with the element in it, under a strict policy. */
const elementPage = (p, inside, script = '', css = '') => ({
  policy: `default-src 'none'; script-src ${p.address} 'nonce-${NONCE}'; connect-src 'self' ${p.address} ${p.address.replace(/^http/, 'ws')}; style-src 'nonce-${NONCE}'; require-trusted-types-for 'script'; trusted-types lit-html`,
  html: `<!doctype html><html lang="vi"><title>Cổng</title><meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="${NONCE}">body{margin:0;background:#eef0f4}main{margin:16px;display:flex;flex-wrap:wrap;gap:16px;align-items:start}${css}</style>
<main>${inside}</main>
<script nonce="${NONCE}">
  window.heard = []
  addEventListener('token-needed', async (event) => {
    window.asked = [...(window.asked ?? []), event.detail.renew]
    const { target } = event
    const answer = await fetch('/token/' + (target.dataset.token ?? target.getAttribute('camera')), { method: 'POST' })
    if (answer.ok) target.token = (await answer.json()).token
  })
  addEventListener('camera-state', (event) => (event.target.dataset.state = event.detail.state))
  for (const type of ['first-picture', 'stats', 'session-expired', 'camera-error'])
    addEventListener(type, (event) => window.heard.push({ type, camera: event.target.camera, ...event.detail }))
  ${script}
</script>
<script type="module" src="${p.address}/camera-view.js"></script></html>`,
})

/** Answers with a token for the camera that the page's script names. */
function issue(p, officer, seconds = 120) {
  p.site.answer = (url) => {
    const camera = url.split('/').pop()
    return camera === 'late' ? tokenOf(p, { camera: 'cam0', officer, seconds: -5 }) : tokenOf(p, { camera, officer, seconds })
  }
}

/** Live on a machine that has time; a picture that is late runs too. */
const RUNS = 'live weak'

const states = (state) => (state === 'live' ? RUNS : state).split(' ')
const at = (page, state, camera = 'cam0') => page.locator(states(state).map((s) => `camera-view[camera=${camera}][data-state=${s}]`).join()).first().waitFor()
const inside = (page) => page.evaluate(() => document.querySelector('camera-view').shadowRoot.activeElement?.className ?? '')

test('the element plays in a plain page of a portal under a strict policy', async () => {
  const p = await thePortal()
  issue(p, 'cb-element', 8)
  const css = 'main{display:grid;grid-template-columns:2fr 1fr}'
  await withSite(p, p.site, '/element', elementPage(p, '<camera-view camera="cam0"></camera-view><camera-view camera="cam1" stream="sub" theme="light"></camera-view>', '', css), async (page) => {
    await at(page, 'live')
    await at(page, 'live', 'cam1')
    await page.waitForFunction(() => window.asked.filter((renew) => renew).length >= 4)
    await at(page, 'live')
    const heard = await page.evaluate(() => window.heard)
    assert.equal(heard.filter((e) => e.type === 'first-picture').length, 2, 'one first picture each, whatever was renewed')
    const stats = heard.filter((e) => e.type === 'stats' && e.camera === 'cam1').at(-1)
    assert.ok(stats.bitsPerSecond > 0 && stats.framesPerSecond > 0 && stats.age > 0 && stats.width > stats.height, JSON.stringify(stats))
    assert.deepEqual(heard.filter((e) => !['first-picture', 'stats'].includes(e.type)), [])
    await shot(page, 'element')
    assert.deepEqual(await faults(page), [])
    await page.setViewportSize({ width: 390, height: 844 })
    await page.evaluate(() => document.querySelector('style').sheet.insertRule('main{grid-template-columns:1fr!important}', 2))
    await shot(page, 'element-phone')
  })
})

test('the element plays with a tool’s token from an origin of the configuration', async () => {
  const p = await thePortal()
  const script = `document.querySelector('camera-view').token = ${JSON.stringify(p.secret)}`
  await withSite(p, p.stranger, '/tool', elementPage(p, '<camera-view camera="cam0" lang="en"></camera-view>', script), async (page) => {
    await at(page, 'live')
    assert.match(await page.locator('.state').innerText(), /^Live · /)
    assert.equal(await page.evaluate(() => document.body.innerHTML.includes(document.querySelector('camera-view').token)), true, 'only the test’s own script holds it')
    assert.equal(await page.locator('camera-view').getAttribute('token'), null)
  })
})

test('a pause holds the picture, has no more of it sent, and goes on without another token', async () => {
  const p = await thePortal()
  issue(p, 'cb-pause')
  await withSite(p, p.site, '/pause', elementPage(p, '<camera-view camera="cam0"></camera-view>', '', 'camera-view{width:640px}'), async (page) => {
    await at(page, 'live')
    await page.getByRole('button', { name: 'Tạm dừng' }).click()
    await at(page, 'paused')
    await page.locator('.held .pill').getByText(/^Hình lúc \d\d:\d\d:\d\d$/).waitFor()
    // The picture is still there, under the name of who took it, and no byte more comes.
    assert.equal(await page.locator('camera-tile .cover').count(), 0)
    assert.match(await page.locator('view-mark p').first().innerText(), /cb-pause/)
    assert.equal(await page.locator('camera-view').getAttribute('paused'), '')
    const count = () =>
      page.evaluate(async () => {
        const stats = await window.connections[0].deref().getStats()
        return [...stats.values()].find((s) => s.type === 'inbound-rtp')?.packetsReceived
      })
    let [before, after] = [-1, -2]
    for (const end = Date.now() + 10_000; before !== after && Date.now() < end; await page.waitForTimeout(500)) [before, after] = [after, await count()]
    assert.equal(before, after, 'packets still come')
    await shot(page, 'paused')
    assert.deepEqual(await faults(page), [])
    await page.evaluate(() => document.querySelector('camera-view').play())
    await at(page, 'live')
    assert.deepEqual(await page.evaluate(() => [window.asked.length, window.peers, window.heard.filter((e) => e.type === 'first-picture').length]), [1, 1, 2])
  })
})

test('an element that begins paused asks for nothing until somebody wants to see', async () => {
  const p = await thePortal()
  issue(p, 'cb-waits')
  await withSite(p, p.site, '/waits', elementPage(p, '<camera-view camera="cam0" paused></camera-view>', '', 'camera-view{width:480px}'), async (page) => {
    await at(page, 'paused')
    assert.deepEqual(await page.evaluate(() => [window.asked, window.peers]), [undefined, 0])
    assert.deepEqual(await faults(page), [])
    await page.getByRole('button', { name: 'Xem hình' }).click()
    await at(page, 'live')
  })
})

test('bars over the picture are there for a pointer, for the keyboard, and while it does not run', async () => {
  const p = await thePortal()
  issue(p, 'cb-overlay')
  await withSite(p, p.site, '/overlay', elementPage(p, '<camera-view camera="cam0" chrome="overlay"></camera-view>', '', 'camera-view{width:640px}'), async (page) => {
    await at(page, 'live')
    const opacity = (is) => page.waitForFunction((is) => ['.head', '.bar'].every((s) => getComputedStyle(document.querySelector('camera-view').shadowRoot.querySelector(s)).opacity === is), is)
    await page.mouse.move(1000, 700)
    await opacity('0')
    await page.locator('camera-view').hover()
    await opacity('1')
    await page.mouse.move(1000, 700)
    await opacity('0')
    await page.keyboard.press('Tab')
    await opacity('1')
    await shot(page, 'overlay')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await opacity('1')
    await page.evaluate(() => document.querySelector('camera-view').shadowRoot.activeElement.blur())
    await opacity('0')
    await page.evaluate(() => document.querySelector('camera-view').pause())
    await opacity('1')
  })
})

test('a look that its portal ends says so to the page, and begins again when the page wants it', async () => {
  const p = await thePortal()
  issue(p, 'cb-ends')
  await withSite(p, p.site, '/expires', elementPage(p, '<camera-view camera="cam0" lang="en"></camera-view>', '', 'camera-view{width:640px}'), async (page) => {
    await at(page, 'live')
    p.site.answer = undefined
    await endOfficer(p, 'cb-ends')
    await at(page, 'ended')
    await page.waitForFunction(() => window.heard.some((e) => e.type === 'session-expired'))
    assert.equal(await page.locator('video').count(), 0, 'nothing looks like a picture')
    await shot(page, 'ended')
    assert.deepEqual(await faults(page), [])
    // A token that was issued before the end is void, also to the gateway's second.
    await page.waitForFunction((then) => Date.now() > then + 1500, await page.evaluate(() => Date.now()))
    issue(p, 'cb-ends')
    await page.evaluate(() => document.querySelector('camera-view').play())
    await at(page, 'live')
  })
})

test('a page that gives no token, or fails to, has an element that says so', async () => {
  const p = await thePortal()
  const script = `document.querySelector('camera-view').getToken = () => { window.called = (window.called ?? 0) + 1; return Promise.reject(new Error('signed out')) }`
  await withSite(p, p.site, '/no-token', elementPage(p, '<camera-view camera="cam0"></camera-view>', script, 'camera-view{width:640px}'), async (page) => {
    await at(page, 'missing')
    assert.deepEqual(await page.evaluate(() => [window.called, window.asked, window.peers]), [1, undefined, 0])
    await page.getByRole('button', { name: 'Xin mã khác' }).click()
    await page.waitForFunction(() => window.called === 2)
  })
})

test('the keys work with the focus inside and only there, and trap nobody', async () => {
  const p = await thePortal()
  issue(p, 'cb-keys')
  const content = elementPage(p, '<button id="before">A</button><camera-view camera="cam0"></camera-view><button id="behind">B</button>', '', 'camera-view{width:640px}')
  await withSite(p, p.site, '/keys', content, async (page) => {
    await at(page, 'live')
    await page.focus('#before')
    // A key outside is the page's own.
    await page.keyboard.press('f')
    await page.keyboard.press(' ')
    assert.equal(await page.evaluate(() => document.fullscreenElement), null)
    assert.equal(await page.evaluate(() => document.querySelector('camera-view').paused), false)
    await page.keyboard.press('Tab')
    assert.match(await inside(page), /^view/)
    await shot(page, 'focus')
    assert.equal(await page.locator('.view').getAttribute('aria-keyshortcuts'), 'Space F')
    await page.keyboard.press(' ')
    await at(page, 'paused')
    assert.equal(await page.evaluate(() => scrollY), 0)
    await page.keyboard.press(' ')
    await at(page, 'live')
    await page.keyboard.press('Control+f')
    assert.equal(await page.evaluate(() => document.fullscreenElement), null, 'with a modifier it is the browser’s')
    await page.keyboard.press('f')
    await page.waitForFunction(() => document.fullscreenElement?.localName === 'camera-view')
    await page.getByRole('button', { name: 'Thu nhỏ' }).waitFor()
    await shot(page, 'full')
    await page.keyboard.press('f')
    await page.waitForFunction(() => !document.fullscreenElement)
    // Through the controls and out behind, and back.
    for (const name of ['Tạm dừng', 'Toàn màn hình']) {
      await page.keyboard.press('Tab')
      assert.equal(await page.evaluate(() => document.querySelector('camera-view').shadowRoot.activeElement.ariaLabel), name)
    }
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement.id), 'behind')
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+Tab')
    assert.equal(await page.evaluate(() => document.activeElement.id), 'before')
  })
})

test('screen readers hear the name, and of the state its changes only', async () => {
  const p = await thePortal()
  issue(p, 'cb-hears')
  await withSite(p, p.site, '/hears', elementPage(p, '<camera-view camera="cam0"></camera-view>'), async (page) => {
    await at(page, 'live')
    await page.getByRole('group', { name: 'Ngã tư Láng Hạ – Thái Hà' }).waitFor()
    await page.evaluate(() => {
      window.spoken = []
      new MutationObserver(() => window.spoken.push(status.textContent)).observe(document.querySelector('camera-view').shadowRoot.querySelector('[role=status]'), { subtree: true, childList: true, characterData: true })
      const status = document.querySelector('camera-view').shadowRoot.querySelector('[role=status]')
    })
    const lines = new Set()
    // While the number beside it has changed at least once, nothing was said.
    for (const end = Date.now() + 15_000; lines.size < 2 && Date.now() < end; await page.waitForTimeout(100)) lines.add(await page.locator('.numbers').innerText())
    assert.ok(lines.size >= 2, [...lines].join())
    assert.deepEqual(await page.evaluate(() => window.spoken), [])
    await page.evaluate(() => document.querySelector('camera-view').pause())
    await page.waitForFunction(() => window.spoken.length === 1)
    assert.deepEqual(await page.evaluate(() => window.spoken), ['Ngã tư Láng Hạ – Thái Hà: Tạm dừng'])
  })
})

const SIZES = [160, 320, 640, 1280]

for (const [name, attributes, sizes, script] of [
  ['live', 'camera="cam0"', SIZES],
  ['light', 'camera="cam0" theme="light"', [160, 640]],
  ['overlay', 'camera="cam0" chrome="overlay"', [320, 640]],
  ['bare', 'camera="cam0" chrome="none" fit="cover"', [160]],
  ['denied', 'camera="khong-co" data-token="cam0" theme="light"', SIZES],
  ['nothing', '', SIZES],
  ['refused', 'camera="cam0" data-token="late"', SIZES],
  ['large letters', 'camera="cam0"', [320, 640], `document.documentElement.classList.add('large')`],
]) {
  test(`at every width the element is whole and in order: ${name}`, async () => {
    const p = await thePortal()
    issue(p, 'cb-widths')
    const css = sizes.map((w, i) => `camera-view:nth-child(${i + 1}){width:${w}px}`).join('') + '.large{font-size:200%}'
    const content = elementPage(p, sizes.map(() => `<camera-view ${attributes}></camera-view>`).join(''), script, css)
    await withSite(p, p.site, `/widths-${name.replace(' ', '-')}`, content, async (page) => {
      const state = { denied: 'denied', nothing: 'setUp', refused: 'refused' }[name] ?? 'live'
      await page.waitForFunction(([n, states]) => [...document.querySelectorAll('camera-view')].filter((v) => states.includes(v.dataset.state)).length === n, [sizes.length, states(state)])
      await shot(page, `widths-${name.replace(' ', '-')}`)
      assert.deepEqual(await faults(page), [])
      assert.deepEqual(await page.evaluate(wrong), [])
    }, { viewport: { width: 1340, height: 1500 } })
  })
}

/** Runs in the page: what juts out of an element, is smaller than a finger, or is cut off where it has no ellipsis. */
function wrong() {
  const out = []
  for (const view of document.querySelectorAll('camera-view')) {
    const box = view.getBoundingClientRect()
    const root = view.shadowRoot
    const tile = root.querySelector('camera-tile')?.shadowRoot
    const parts = [...root.querySelectorAll('.head > *, .bar button, .box > *'), ...(tile?.querySelectorAll('.mid > *') ?? [])]
    for (const e of parts) {
      const r = e.getBoundingClientRect()
      if (r.width === 0 || getComputedStyle(e).visibility === 'hidden') continue
      const says = `${box.width}: ${e.localName}.${e.className} "${e.textContent.trim()}"`
      if (r.left < box.left - 0.5 || r.right > box.right + 0.5 || r.top < box.top - 0.5 || r.bottom > box.bottom + 0.5) out.push(`${says} juts out`)
      if (e.localName === 'button' && (r.width < 48 || r.height < 48)) out.push(`${says} is ${r.width}x${r.height}`)
      if (e.scrollHeight > e.clientHeight + 1 && e.clientHeight > 0 && getComputedStyle(e).overflow !== 'visible') out.push(`${says} is cut`)
    }
  }
  return out
}
