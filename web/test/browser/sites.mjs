// Pages of another portal, and what is looked for in them.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { violations } from './faults.mjs'

/** Runs `use(page)` with a page of a site; what the page and the frame complain of fails the test. */
export async function withSite(p, site, path, content, use, { viewport = { width: 1280, height: 800 }, mute = /^Failed to load resource|WebSocket connection to/ } = {}) {
  const context = await p.browser.newContext({ viewport, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh' })
  const complaints = []
  try {
    await context.addInitScript(() => {
      window.violations = []
      window.peers = 0
      window.connections = []
      window.RTCPeerConnection = class extends window.RTCPeerConnection {
        constructor(...a) {
          super(...a)
          window.peers++
          window.connections.push(new WeakRef(this))
        }
      }
      document.addEventListener('securitypolicyviolation', (e) => window.violations.push(`${e.violatedDirective}: ${e.blockedURI}`))
    })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
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
export async function shot(page, name) {
  if (!process.env.SHOTS) return
  await mkdir(process.env.SHOTS, { recursive: true })
  await page.screenshot({ path: `${process.env.SHOTS}/embed-${name}.png` })
}

/** What axe finds wrong in a frame. The heading is the page's that it stands in. */
export async function faults(frame) {
  return (await violations(frame)).filter((v) => v.id !== 'page-has-heading-one').map((v) => `${v.id}: ${v.nodes.map((n) => n.target.flat().join(' ')).join(', ')}`)
}
