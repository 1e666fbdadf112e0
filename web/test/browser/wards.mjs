// A gateway with two wards whose people sign in, started when first asked for.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from './bounded.mjs'
import { settle, signIn } from './accounts.mjs'
import { PHONE, theWorld } from './harness.mjs'
import { start, stop } from './programs.mjs'

const ANDROID = 'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36'

export { password, settle, signIn } from './accounts.mjs'

let wards

async function build() {
  const { browser, steady, cameras } = await theWorld()
  const dir = await mkdtemp(join(tmpdir(), 'matthan-wards-'))
  const inventory = cameras.slice(0, 4).map(({ id, name, index }) => {
    const at = `rtsp://127.0.0.1:${steady.port}/cam${index}`
    const turns = index === 3 ? `, onvif: {address: "${steady.device}", profile: profile3main, ptz: true}` : ''
    const area = index < 2 ? 'phuong-lang' : 'phuong-o-cho-dua'
    return `  - {id: ${id}, name: ${JSON.stringify(name)}, area: ${area}, kind: public, main: "${at}/main", sub: "${at}/sub"${turns}}`
  })
  const config = `http: ""
https: "127.0.0.1:0"
data: ${JSON.stringify(join(dir, 'data'))}
webrtc: {udp: "127.0.0.1:0", tcp: "", addresses: [127.0.0.1]}
emergency: true
areas:
  - {id: ha-noi, name: Hà Nội}
  - {id: phuong-lang, name: Phường Láng, parent: ha-noi}
  - {id: phuong-o-cho-dua, name: Phường Ô Chợ Dừa, parent: ha-noi}
cameras:
${inventory.join('\n')}
`
  await writeFile(join(dir, 'm.yaml'), config)
  const gateway = await start(['run', '--config', join(dir, 'm.yaml')], /^\s+(https:\/\/\S+\/id\/link\/\S+)$/)
  const origin = new URL(gateway.match[1]).origin
  const admin = await browser.newContext({ ignoreHTTPSErrors: true })
  await settle(admin, gateway.match[1], { login: 'quan-tri', name: 'Quản trị' })
  await signIn(admin, origin, 'quan-tri')
  return { browser, gateway, dir, origin, admin, known: new Map(), device: steady.device }
}

after(async () => {
  const w = await wards?.catch(() => undefined)
  if (!w) return
  await stop(w.gateway)
  await rm(w.dir, { recursive: true, force: true })
})

/** The gateway, its origin, and its administrator's browser. */
export function theWards() {
  wards ??= build()
  return wards
}

/** A context in which somebody is signed in; the account is made the first time. */
async function enter(w, { login, name, roles, areas, context: options }) {
  const context = await w.browser.newContext({
    viewport: PHONE,
    deviceScaleFactor: 1,
    hasTouch: true,
    isMobile: true,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    colorScheme: 'dark',
    ignoreHTTPSErrors: true,
    ...(options?.isMobile === false ? {} : { userAgent: ANDROID }),
    ...options,
  })
  if (!w.known.has(login)) {
    const made = w.admin.request.put(`${w.origin}/api/v1/accounts/${login}`, { data: { login, name, roles, areas } })
    w.known.set(login, made.then(async (r) => {
      assert.equal(r.status(), 201, await r.text())
      await settle(context, (await r.json()).link, { login, name })
    }))
  }
  await w.known.get(login)
  await signIn(context, w.origin, login)
  return context
}

/**
 * Runs `use(...pages)` with a page for each of the people, signed in and with
 * their first camera on. Whatever a page complains of fails the test.
 */
export async function withPeople(people, use, options = {}) {
  const w = await theWards()
  const contexts = []
  const complaints = []
  try {
    const pages = []
    for (const person of people) {
      const context = await enter(w, person)
      contexts.push(context)
      await context.addInitScript(watch)
      if (options.init) await context.addInitScript(options.init)
      const page = await context.newPage()
      page.setDefaultTimeout(60_000)
      page.on('pageerror', (e) => complaints.push(e.message))
      page.on('console', (m) => {
        // What the gateway refuses is an error of the browser's log, not of the page: a page that may not be there, an end of rights.
        if (m.type() === 'error' && !/^Failed to load resource|WebSocket connection to/.test(m.text())) complaints.push(m.text())
      })
      await page.goto(`${w.origin}/`, { waitUntil: 'domcontentloaded' })
      await page.locator('camera-list .row').first().waitFor()
      await page.locator('people-float').waitFor({ state: 'attached' })
      pages.push(page)
    }
    await use(...pages)
    for (const page of pages) complaints.push(...(await page.evaluate(() => window.violations)))
    // Before they are closed: what a page still draws then, the browser takes for a ping.
    assert.deepEqual(complaints, [])
  } finally {
    for (const c of contexts) await c.close()
  }
}

/** Runs in the page, before all else. */
function watch() {
  window.violations = []
  document.addEventListener('securitypolicyviolation', (e) => window.violations.push(`${e.violatedDirective}: ${e.blockedURI}`))
}
