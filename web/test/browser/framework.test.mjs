import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { thePortal, tokenOf } from './portals.mjs'
import { shot, withSite } from './sites.mjs'

// <camera-view> in a page that a framework renders: Lit, of the portal's own, not of ours.

const imports = {
  lit: '/modules/lit/index.js',
  'lit/': '/modules/lit/',
  'lit-html': '/modules/lit-html/lit-html.js',
  'lit-html/': '/modules/lit-html/',
  'lit-element/': '/modules/lit-element/',
  '@lit/reactive-element': '/modules/@lit/reactive-element/reactive-element.js',
  '@lit/reactive-element/': '/modules/@lit/reactive-element/',
}

/** Renders what window.state says, in a shadow root of the portal's own element, as a list whose items move. */
const frameworkPage = (p) => ({
  policy: `default-src 'none'; script-src 'self' ${p.address} 'nonce-t'; connect-src 'self' ${p.address} ${p.address.replace(/^http/, 'ws')}; style-src 'nonce-t'; require-trusted-types-for 'script'; trusted-types lit-html 'allow-duplicates'`,
  html: `<!doctype html><html lang="vi"><title>Cổng</title><main></main>
<style nonce="t">body{background:#eef0f4}</style>
<script nonce="t" type="importmap">${JSON.stringify({ imports })}</script>
<script nonce="t" type="module">
  import { LitElement, html, nothing } from 'lit'
  import { repeat } from 'lit/directives/repeat.js'
  window.asked = []
  window.heard = []
  const getToken = async ({ camera, renew }) => {
    window.asked.push(camera)
    const answer = await fetch('/token/' + camera, { method: 'POST' })
    return (await answer.json()).token
  }
  class PortalPage extends LitElement {
    static properties = { cameras: {}, theme: {}, paused: {} }
    constructor() {
      super()
      this.cameras = []
      this.theme = 'light'
    }
    render() {
      return html\`<h1>Vụ việc</h1>\${repeat(this.cameras, (c) => c, (c) => html\`<section style=\${nothing}>
        <camera-view .camera=\${c} .getToken=\${getToken} theme=\${this.theme} ?paused=\${this.paused}
          @camera-state=\${(e) => (e.target.dataset.state = e.detail.state)}
          @first-picture=\${(e) => window.heard.push(c)}></camera-view></section>\`)}\`
    }
  }
  customElements.define('portal-page', PortalPage)
  window.portal = document.querySelector('main').appendChild(document.createElement('portal-page'))
  // The element comes after the framework has made its first one: what was set before counts.
  window.portal.cameras = ['cam0', 'cam1']
  await window.portal.updateComplete
  await import('${p.address}/camera-view.js')
</script></html>`,
})

/** Live on a machine that has time; a picture that is late runs too. */
const states = (state) => (state === 'live' ? ['live', 'weak'] : [state])
const at = (page, camera, state) =>
  page.waitForFunction(([camera, states]) => [...window.portal.shadowRoot.querySelectorAll('camera-view')].some((v) => v.camera === camera && states.includes(v.dataset.state)), [camera, states(state)])

/** What there is of looks: tokens asked for, connections made, and those that are open. */
const looks = (page) =>
  page.evaluate(() => ({
    asked: window.asked.length,
    peers: window.peers,
    open: window.connections.filter((c) => c.deref() && c.deref().connectionState !== 'closed').length,
  }))

test('a framework makes, moves, changes, takes away and puts back the element, and there is one look at a time', async () => {
  const p = await thePortal()
  p.site.answer = (url) => tokenOf(p, { camera: url.split('/').pop(), officer: 'cb-framework' })
  await withSite(p, p.site, '/framework', frameworkPage(p), async (page) => {
    await at(page, 'cam0', 'live')
    await at(page, 'cam1', 'live')
    await shot(page, 'framework')
    assert.deepEqual(await looks(page), { asked: 2, peers: 2, open: 2 })

    // Moved: the same look goes on, and its picture moves.
    await page.evaluate(async () => {
      const [, second] = window.portal.shadowRoot.querySelectorAll('camera-view')
      window.moved = second
      window.portal.cameras = ['cam1', 'cam0']
      await window.portal.updateComplete
      window.same = window.portal.shadowRoot.querySelector('camera-view') === second
    })
    assert.equal(await page.evaluate(() => window.same), true)
    // Another node is taken out and put in elsewhere by hand, as libraries for dragging do.
    await page.evaluate(() => {
      const sections = window.portal.shadowRoot.querySelectorAll('section')
      sections[0].append(sections[1].querySelector('camera-view'))
      sections[1].append(sections[0].querySelector('camera-view'))
    })
    const drawn = () =>
      page.evaluate(
        () =>
          Promise.all(
            [...window.portal.shadowRoot.querySelectorAll('camera-view')].map(
              (v) => new Promise((done) => v.shadowRoot.querySelector('camera-tile').shadowRoot.querySelector('video').requestVideoFrameCallback(() => done(['live', 'weak'].includes(v.state)))),
            ),
          ),
      )
    assert.deepEqual(await drawn(), [true, true])
    assert.deepEqual(await looks(page), { asked: 2, peers: 2, open: 2 })

    // Changed: theme without a new look, camera with one in the place of the other.
    await page.evaluate(() => (window.portal.theme = 'dark'))
    assert.deepEqual(await drawn(), [true, true])
    assert.deepEqual(await looks(page), { asked: 2, peers: 2, open: 2 })
    await page.evaluate(() => (window.portal.paused = true))
    await at(page, 'cam0', 'paused')
    await page.evaluate(() => (window.portal.paused = false))
    await at(page, 'cam0', 'live')
    assert.deepEqual(await looks(page), { asked: 2, peers: 2, open: 2 })
    await page.evaluate(() => {
      window.moved.dataset.state = ''
      window.moved.camera = 'cam0'
    })
    await page.waitForFunction(() => ['live', 'weak'].includes(window.moved.dataset.state))
    assert.deepEqual(await looks(page), { asked: 3, peers: 3, open: 2 })

    // Taken away: nothing stays open. Put back: one look more.
    await page.evaluate(async () => {
      window.kept = window.moved
      window.kept.remove()
      window.kept.dataset.state = ''
    })
    await page.waitForFunction(() => window.connections.filter((c) => c.deref() && c.deref().connectionState !== 'closed').length === 1)
    await page.evaluate(() => document.querySelector('main').append(window.kept))
    await page.waitForFunction(() => ['live', 'weak'].includes(window.kept.state))
    assert.deepEqual(await looks(page), { asked: 4, peers: 4, open: 2 })
  })
})

test('an element that its page has forgotten is gone from memory', async () => {
  const p = await thePortal()
  p.site.answer = (url) => tokenOf(p, { camera: url.split('/').pop(), officer: 'cb-leak' })
  await withSite(p, p.site, '/leak', frameworkPage(p), async (page) => {
    await at(page, 'cam0', 'live')
    await at(page, 'cam1', 'live')
    await page.evaluate(async () => {
      window.refs = [...window.portal.shadowRoot.querySelectorAll('camera-view')].map((v) => new WeakRef(v))
      window.portal.cameras = []
      await window.portal.updateComplete
    })
    const client = await page.context().newCDPSession(page)
    let left = 2
    for (const end = Date.now() + 15_000; left > 0 && Date.now() < end; await page.waitForTimeout(200)) {
      await client.send('HeapProfiler.collectGarbage')
      left = await page.evaluate(() => window.refs.filter((r) => r.deref()).length)
    }
    assert.equal(left, 0)
  })
})
