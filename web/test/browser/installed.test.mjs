// The app as a phone installs it: it opens without network, keeps nothing private, and is renewed without surprise.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { test } from './bounded.mjs'
import { front } from './front.mjs'
import { PHONE, theWorld, tileIn } from './harness.mjs'

const web = resolve(import.meta.dirname, '../..')
const dist = join(web, 'dist')

/** Runs `use(context, open, at)` with a phone of its own before a gateway that can be renewed, or be away. */
async function withApp(use) {
  const w = await theWorld()
  const at = await front(w.server.address, dist)
  const context = await w.browser.newContext({ serviceWorkers: 'allow', viewport: PHONE, deviceScaleFactor: 1, hasTouch: true, isMobile: true, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', colorScheme: 'dark' })
  await context.addInitScript(() => document.addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective}: ${e.blockedURI}`)))
  const complaints = []
  const open = async (path) => {
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    page.on('pageerror', (e) => complaints.push(e.message))
    page.on('console', (m) => m.type() === 'error' && !/^Failed to load resource|WebSocket connection to/.test(m.text()) && complaints.push(m.text()))
    await page.goto(at.address + path, { waitUntil: 'domcontentloaded' })
    return page
  }
  try {
    await use(context, open, at, w.server.token)
    assert.deepEqual(complaints, []) // what a page still draws as it is closed, the browser takes for a ping
  } finally {
    await context.close()
    await at.close()
  }
}

/** The app's files are on the device. */
async function kept(page) {
  await page.evaluate(async () => {
    const r = await navigator.serviceWorker.ready
    if (r.active.state !== 'activated') await new Promise((done) => r.active.addEventListener('statechange', () => r.active.state === 'activated' && done()))
  })
}

/** Everything in the caches: [path, body]. */
const cached = (page) =>
  page.evaluate(async () => {
    const found = []
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) found.push([new URL(request.url).pathname, await (await cache.match(request)).text()])
    }
    return found
  })

test('the browser finds nothing that keeps the app from being installed', async () => {
  await withApp(async (context, open, at, token) => {
    const page = await open(`/#token=${token}&camera=cam0`)
    const cdp = await context.newCDPSession(page)
    const { errors, data } = await cdp.send('Page.getAppManifest')
    assert.deepEqual(errors, [])
    const manifest = JSON.parse(data)
    assert.equal(manifest.short_name, 'Mắt thần')
    assert.deepEqual([manifest.display, manifest.theme_color, manifest.background_color], ['standalone', '#0a0d12', '#0a0d12'])
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors')
    // A test's browser keeps nothing, and says so.
    assert.deepEqual(installabilityErrors.map((e) => e.errorId).filter((id) => id !== 'in-incognito'), [])
    for (const { src, sizes, type } of manifest.icons) {
      const [width] = sizes.split('x').map(Number)
      const size = await page.evaluate((src) => new Promise((got, fail) => {
        const i = new Image()
        i.onload = () => got([i.naturalWidth, i.naturalHeight])
        i.onerror = () => fail(new Error(src))
        i.src = src
      }), src)
      if (type === 'image/png') assert.deepEqual(size, [width, width], src)
    }
  })
})

test('a shortcut opens the favourites', async () => {
  await withApp(async (_, open, at, token) => {
    const page = await open(`/#token=${token}&camera=cam1`)
    await tileIn(page, 'cam1', ['live', 'weak'])
    await page.locator('header .fav').tap()
    const { shortcuts } = JSON.parse(await readFile(join(dist, 'manifest.webmanifest'), 'utf8'))
    await page.goto(new URL(shortcuts[0].url, `${at.address}/`).href)
    await tileIn(page, 'cam1', ['live', 'weak'])
    await page.locator('favourite-list .row').waitFor()
    assert.equal(await page.locator('camera-list .seg [aria-pressed=true]').innerText(), shortcuts[0].name)
    assert.equal(await page.locator('camera-list .row').count(), 1)
    await page.goto(new URL(shortcuts[1].url, `${at.address}/`).href)
    await page.locator('near-list').waitFor()
    assert.equal(await page.locator('camera-list .seg [aria-pressed=true]').innerText(), shortcuts[1].name)
  })
})

test('without network the app opens, says that there is none, and goes on by itself', async () => {
  await withApp(async (context, open, at, token) => {
    const first = await open(`/#token=${token}&camera=cam0`)
    await tileIn(first, 'cam0', ['live', 'weak'])
    await kept(first)
    await first.close()

    await context.setOffline(true)
    const page = await open('/')
    const title = page.locator('gate-screen h1')
    await title.waitFor()
    assert.equal(await title.innerText(), 'Điện thoại không có mạng')
    assert.match(await page.locator('gate-screen p').innerText(), /hình thì cần mạng/)
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), 'rgb(10, 13, 18)', 'dark from the first')

    // The phone has a network again, but the gateway does not answer.
    at.down(true)
    await context.setOffline(false)
    await page.getByText('Chưa tới được máy chủ').waitFor()
    at.down(false)
    await page.getByText('Đăng nhập để xem camera').waitFor()
  })
})

test('the device keeps the built files only, and nothing once the link is forgotten', async () => {
  await withApp(async (_, open, at, token) => {
    const page = await open(`/#token=${token}&camera=cam0`)
    await tileIn(page, 'cam0', ['live', 'weak'])
    await page.locator('header .fav').tap()
    await kept(page)
    await page.reload({ waitUntil: 'domcontentloaded' })
    await tileIn(page, 'cam0', ['live', 'weak'])
    assert.ok(await page.evaluate(() => navigator.serviceWorker.controller), 'the worker answers this page')
    await page.locator('nav .main').tap()
    await tileIn(page, 'cam1', ['live', 'weak'])

    const built = new Set((await readdir(dist, { recursive: true })).map((f) => `/${f}`))
    const found = await cached(page)
    assert.ok(found.length >= 8, `${found.length} files`)
    for (const [path, body] of found) {
      assert.ok(path === '/' || built.has(path), `${path} is of the build`)
      assert.doesNotMatch(path, /^\/(api|auth|id|whep|manage|owner|guest)\//)
      assert.ok(!body.includes(token) && !body.includes('Láng Hạ') && !body.includes('cam0'), `${path} holds nothing private`)
    }
    for (const name of await readdir(join(dist, 'assets')))
      if (/^(gate-screen|more-sheet|people|share-page|shell)-/.test(name)) assert.ok(found.some(([path]) => path === `/assets/${name}`), name)

    await page.locator('nav .last').tap()
    await page.getByRole('button', { name: /^Thoát khỏi máy này/ }).tap()
    await page.getByText('Đăng nhập để xem camera').waitFor()
    const left = await page.evaluate(async () => ({
      caches: await caches.keys(),
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      kept: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
    }))
    assert.deepEqual(left, { caches: [], workers: 0, kept: [] })
  })
})

/** Another build: the viewer's same files with another page, and a worker that lists them. */
async function another(folder) {
  const listed = await readFile(join(dist, 'sw.js'), 'utf8')
  await cp(dist, folder, { recursive: true, filter: (from) => from === dist || [join(dist, 'assets'), join(dist, 'index.html')].includes(from) || (listed.includes(basename(from)) && !/\/(manage|owner|guest|embed)(\/|$)/.test(from)) })
  const page = await readFile(join(folder, 'index.html'), 'utf8')
  await writeFile(join(folder, 'index.html'), page.replace('</head>', '<meta name="build" content="another"></head>'))
  const vite = spawn(process.execPath, [join(web, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'vite.worker.mjs', '--logLevel', 'error'], {
    cwd: web, env: { ...process.env, OUT: folder }, stdio: 'inherit',
  })
  assert.equal(await new Promise((done) => vite.on('close', done)), 0)
}

const build = (page) => page.evaluate(() => document.querySelector('meta[name=build]')?.content ?? 'first')
const look = (page) => page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()))
const waiting = (page) => page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state === 'installed', null, { polling: 100 })

test('a new version never comes in the middle of a look: it waits for a tap, or for the app to be opened anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'matthan-build-'))
  try {
    await another(folder)
    await withApp(async (context, open, at, token) => {
      const page = await open(`/#token=${token}&camera=cam0`)
      await tileIn(page, 'cam0', ['live', 'weak'])
      await kept(page)
      await page.reload({ waitUntil: 'domcontentloaded' })
      await tileIn(page, 'cam0', ['live', 'weak'])

      at.serve(folder)
      await page.evaluate(() => (window.sameLook = true))
      await look(page)
      await waiting(page)
      await tileIn(page, 'cam0', ['live', 'weak'])
      assert.equal(await page.evaluate(() => window.sameLook), true)
      await page.locator('nav .last').tap()
      const news = page.getByRole('button', { name: /^Có bản mới/ })
      await news.waitFor()
      await news.tap()
      await page.waitForFunction(() => document.querySelector('meta[name=build]'))
      await tileIn(page, 'cam0', ['live', 'weak'])
      assert.equal(new URL(page.url()).hash, '#camera=cam0', 'the same camera')
      assert.equal((await page.evaluate(() => caches.keys())).length, 1, 'the earlier version is gone')

      // And back, by closing the app.
      at.serve(dist)
      await look(page)
      await waiting(page)
      assert.equal(await build(page), 'another')
      await page.close()
      // Chromium puts the new one in its place a moment after the last window has gone.
      let again
      for (let tries = 0; tries < 10; tries++) {
        again = await open(`/#token=${token}&camera=cam0`)
        if ((await build(again)) === 'first') break
        await again.close()
      }
      assert.equal(await build(again), 'first')
      await tileIn(again, 'cam0', ['live', 'weak'])
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
