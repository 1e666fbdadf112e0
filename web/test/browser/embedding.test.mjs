import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from './bounded.mjs'
import { thePortal, tokenOf } from './portals.mjs'
import { faults, shot, withSite } from './sites.mjs'

// What docs/embedding.md tells portals' developers to put into their pages, put there as it stands.

const docs = new URL('../../../docs/', import.meta.url)
const read = (name) => readFile(new URL(name, docs), 'utf8')
const GATEWAY = 'https://camera.phuong-lang.example:8443'

/** The page's blocks of HTML, at the test's gateway and camera. */
async function blocks(p) {
  const text = await read('embedding.md')
  return [...text.matchAll(/```html\n(.*?)```/gs)].map(([, html]) => html.replaceAll(GATEWAY, p.address).replaceAll('lang-ha-thai-ha', 'cam0'))
}

/** Serves a page at the portal, and `answer(n)` to its n-th question for a token; `use(page, asked)` looks at it. */
async function plays(p, path, html, use, answer = () => tokenOf(p, { camera: 'cam0', officer: `cb-${path.slice(1)}`, seconds: 6 })) {
  const asked = []
  p.site.answer = (url) => answer(asked.push(url))
  p.site.pages.set(path, { html: `<!doctype html><html lang="vi"><title>Cổng</title>${html}</html>` })
  const context = await p.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'vi-VN' })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    const complaints = []
    page.on('pageerror', (e) => complaints.push(e.message))
    await page.goto(p.site.origin + path)
    await use(page, asked)
    assert.deepEqual(complaints, [])
  } finally {
    await context.close()
  }
}

const frame = (page) => page.frameLocator('#camera').locator('camera-view')

test('the frame as the documentation has it plays, renews and says who looks', async () => {
  const p = await thePortal()
  const [html] = await blocks(p)
  await plays(p, '/documented', html, async (page, asked) => {
    await frame(page).locator('.state.is-live').waitFor()
    const mark = frame(page).locator('view-mark p').first()
    assert.match(await mark.innerText(), /^Lê An · cb-documented\s+\d\d:\d\d:\d\d · [0-9A-Z]{3}-[0-9A-Z]{4}$/)
    const code = (await mark.innerText()).slice(-8)
    for (const end = Date.now() + 30_000; asked.length < 4 && Date.now() < end; ) await page.waitForTimeout(100)
    assert.ok(asked.length >= 4, `${asked.length} tokens`)
    await frame(page).locator('.state.is-live').waitFor()
    assert.equal((await mark.innerText()).slice(-8), code, 'one look has one code')
  })
})

test('the element as the documentation has it plays', async () => {
  const p = await thePortal()
  const html = (await blocks(p))[1]
  await plays(p, '/element-documented', html, async (page) => {
    await page.locator('camera-view .state.is-live').waitFor()
    assert.match(await page.locator('view-mark p').first().innerText(), /^Lê An · cb-element-documented\s/)
  })
})

test('the example’s page plays', async () => {
  const p = await thePortal()
  const page = await read('examples/portal/go/page.html')
  const html = page.replaceAll('{{.Gateway}}', p.address).replace('{{.Portal}}', 'cong-quan').replace('{{.Camera}}', 'cam0').replace(/<!doctype html>|<\/?html[^>]*>/g, '')
  assert.ok(!html.includes('{{'), html)
  await plays(p, '/example', html, (page) => frame(page).locator('.state.is-live').waitFor())
})

test('the page that shows all of the element plays, under its own policy, and each control does what it says', async () => {
  const p = await thePortal()
  const text = await read('examples/portal/go/element.html')
  const html = text.replaceAll('{{.Gateway}}', p.address).replaceAll('{{.Camera}}', 'cam0').replaceAll('{{.Nonce}}', 'n')
  assert.ok(!html.includes('{{'), html)
  p.site.answer = () => tokenOf(p, { camera: 'cam0', officer: 'cb-shows' })
  const policy = `default-src 'none'; script-src 'nonce-n' ${p.address}; style-src 'nonce-n'; connect-src 'self' ${p.address} ${p.address.replace(/^http/, 'ws')}; require-trusted-types-for 'script'; trusted-types lit-html`
  await withSite(p, p.site, '/shows', { html, policy }, async (page) => {
    const view = page.locator('#view')
    await view.locator('.state.is-live').waitFor()
    await page.locator('#events li').getByText(/^first-picture /).waitFor()
    await page.locator('camera-view[camera=no-such-camera] .state').getByText('Chưa có quyền xem').waitFor()
    await shot(page, 'shows')
    assert.deepEqual(await faults(page), [])
    await page.getByLabel('theme').selectOption('light')
    await page.getByLabel('chrome').selectOption('overlay')
    await page.getByLabel('lang').selectOption('en')
    await view.locator('.state').getByText(/^Live/).waitFor()
    await page.getByLabel('numbers').check()
    assert.equal(await view.locator('.numbers').isVisible(), false)
    await page.getByLabel('--cv-radius').selectOption('28px')
    assert.equal(await view.evaluate((e) => getComputedStyle(e).borderRadius), '28px')
    await page.getByLabel('--cv-bg').fill('#203040')
    await page.getByLabel('chrome').selectOption('outside')
    assert.equal(await view.locator('.view').evaluate((e) => getComputedStyle(e).backgroundColor), 'rgb(32, 48, 64)')
    await page.getByRole('button', { name: 'pause()' }).click()
    await page.locator('#events li').getByText(/^camera-state .*"paused"/).waitFor()
    await page.getByRole('button', { name: 'play()' }).click()
    await view.locator('.state.is-live').waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    await shot(page, 'shows-phone')
  })
})

test('a renewal that is refused once leaves the picture on', async () => {
  const p = await thePortal()
  const [html] = await blocks(p)
  const token = (officer) => tokenOf(p, { camera: 'cam0', officer, seconds: 8 })
  // The second answer is of another officer: a renewal must be for the same one.
  const answer = (n) => token(n === 2 ? 'cb-other' : 'cb-once')
  await plays(p, '/once', html, async (page, asked) => {
    const codes = new Set()
    for (const end = Date.now() + 20_000; asked.length < 4 && Date.now() < end; ) {
      for (const text of await frame(page).locator('view-mark p').allInnerTexts()) codes.add(text.slice(-8))
      await page.waitForTimeout(100)
    }
    assert.ok(asked.length >= 4, `${asked.length} tokens`)
    await frame(page).locator('.state.is-live').waitFor()
    assert.equal(codes.size, 1, `one look, and the codes ${[...codes].join(', ')}`)
  }, answer)
})
