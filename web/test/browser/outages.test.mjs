import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settle, signIn } from './accounts.mjs'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { theWorld, tileIn } from './harness.mjs'
import { shot } from './office.mjs'
import { simulate, start, stop } from './programs.mjs'

// Cameras that nobody watches go and come back, and their administrators are told: on their screens, and another server.
// SHOTS names a folder for pictures of the screens.

const DESK = { width: 1280, height: 800 }
const TABLET = { width: 820, height: 1180 }
const PHONE = { width: 390, height: 844 }
const SECRET = 'mot bi mat dai cua truc ban'

if (process.env.SHOTS) await mkdir(process.env.SHOTS, { recursive: true })

/** Another server that is told, and does not want to be at first. @returns its address, and the events that it took */
async function receiver() {
  const took = []
  let refusals = 1
  const server = createServer((req, res) => {
    const parts = []
    req.on('data', (b) => parts.push(b))
    req.on('end', () => {
      const body = Buffer.concat(parts)
      const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(req.headers['matthan-signature']) ?? []
      const right = createHmac('sha256', SECRET).update(`${t}.`).update(body).digest('hex')
      if (v1 !== right || Math.abs(Date.now() / 1000 - Number(t)) > 300) res.statusCode = 401
      else if (refusals-- > 0) res.statusCode = 503
      else took.push(JSON.parse(body))
      res.end()
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { took, url: `http://127.0.0.1:${server.address().port}/matthan`, close: () => new Promise((done) => server.close(done)) }
}

/** A gateway of two wards; the recorder of the first can be stopped, and the camera of the second breaks a rule. */
async function twoWards(use) {
  const { browser } = await theWorld()
  const dir = await mkdtemp(join(tmpdir(), 'matthan-outages-'))
  const desk = await receiver()
  let recorder = await simulate(2)
  const port = recorder.port
  await writeFile(join(dir, 'alerts.secret'), SECRET, { mode: 0o600 })
  await writeFile(join(dir, 'odd.password'), 'mat khau cua camera', { mode: 0o600 })
  const odd = await start(['simulate', '--profiles', '--listen', '127.0.0.1:0', '--user', 'viewer', '--password-file', join(dir, 'odd.password')], /^ready$/)
  const oddPort = new URL(odd.lines.find((l) => l.startsWith('rtsp://')).split(' ')[0]).port
  await writeFile(
    join(dir, 'm.yaml'),
    `http: ""
https: "127.0.0.1:0"
data: ${JSON.stringify(join(dir, 'data'))}
webrtc: {udp: "127.0.0.1:0", tcp: "", addresses: [127.0.0.1]}
alerts: {after: 10s, steady: 1s, knock: 10s, url: "${desk.url}", secret_file: alerts.secret}
areas:
  - {id: phuong-lang, name: Phường Láng}
  - {id: phuong-o-cho-dua, name: Phường Ô Chợ Dừa}
cameras:
  - {id: cho-mo, name: Cổng chợ Mơ, area: phuong-lang, kind: public, main: "rtsp://127.0.0.1:${port}/cam0/main"}
  - {id: cho-mo-sau, name: Chợ Mơ phía sau, area: phuong-lang, kind: public, main: "rtsp://127.0.0.1:${port}/cam1/main"}
  - {id: xa-dan, name: Xã Đàn, area: phuong-o-cho-dua, kind: public, main: "rtsp://127.0.0.1:${oddPort}/marker-never/main", login: {user: viewer, password_file: odd.password}}
`,
  )
  const gateway = await start(['run', '--config', join(dir, 'm.yaml')], /^\s+(https:\/\/\S+\/id\/link\/\S+)$/)
  const origin = new URL(gateway.match[1]).origin
  const complaints = []
  const contexts = []
  const enter = async (link, who) => {
    const context = await browser.newContext({ viewport: DESK, ignoreHTTPSErrors: true, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', colorScheme: 'light' })
    contexts.push(context)
    await settle(context, link, who)
    await signIn(context, origin, who.login)
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    page.on('pageerror', (e) => complaints.push(e.message))
    page.on('console', (m) => m.type() === 'error' && !/^Failed to load resource/.test(m.text()) && complaints.push(m.text()))
    await page.goto(`${origin}/manage/#/cameras`)
    return page
  }
  try {
    const admin = await enter(gateway.match[1], { login: 'quan-tri', name: 'Trần Thị Bình' })
    const other = async () => {
      const data = { name: 'Đỗ Văn Khoa', roles: ['administrator'], areas: ['phuong-o-cho-dua'] }
      const r = await admin.request.put(`${origin}/api/v1/accounts/khoa`, { data })
      assert.equal(r.status(), 201, await r.text())
      return enter((await r.json()).link, { login: 'khoa', name: data.name })
    }
    await use({ admin, other: await other(), desk, gone: () => stop(recorder), back: async () => (recorder = await simulate(2, { port })) })
    assert.deepEqual(complaints, []) // what a page still draws as it is closed, the browser takes for a ping
  } finally {
    for (const c of contexts) await c.close()
    await Promise.all([stop(gateway), stop(recorder), stop(odd), desk.close()])
    await rm(dir, { recursive: true, force: true })
  }
}

async function fits(page) {
  const [inner, scroll] = await page.evaluate(() => [innerWidth, document.scrollingElement.scrollWidth])
  assert.ok(scroll <= inner, `the page is ${scroll} px wide, the screen ${inner}`)
}

test('cameras that nobody watches are told of when they are gone, to those who administer them, and when they are back', async () => {
  await twoWards(async ({ admin, other, desk, gone, back }) => {
    await gone()
    // The way there says how many, whatever screen is open.
    await admin.getByRole('link', { name: /Tình trạng\s*2 camera mất kết nối/ }).click()
    const list = admin.locator('health-outages')
    await list.getByRole('heading', { name: /Đang mất kết nối\s*2 camera/ }).waitFor()
    await list.getByText('Đầu ghi 127.0.0.1: 2 camera').waitFor()
    await list.getByText('Không kết nối được tới camera').waitFor()
    await list.getByText('Kiểm tra nguồn điện và dây mạng của camera.').waitFor()
    await admin.getByText('2 trong 3 camera mất kết nối').waitFor()
    await fits(admin)
    await shot(admin, 'outages')
    assert.deepEqual(await faults(admin), [])
    await admin.setViewportSize(TABLET)
    await fits(admin)
    await shot(admin, 'outages')
    assert.deepEqual(await faults(admin), [])
    await admin.setViewportSize(PHONE)
    await fits(admin)
    await shot(admin, 'outages')
    assert.deepEqual(await faults(admin), [])
    await admin.getByRole('button', { name: /Thêm\s*2 camera mất kết nối/ }).click()
    await admin.getByRole('dialog').getByRole('link', { name: /Tình trạng camera\s*2 camera mất kết nối/ }).waitFor()
    await shot(admin, 'outages-menu')
    assert.deepEqual(await faults(admin), [])
    await admin.keyboard.press('Escape')
    await admin.setViewportSize(DESK)
    await list.getByText('Xem 2 camera').click()
    await list.getByRole('link', { name: 'Cổng chợ Mơ' }).click()
    await admin.locator('health-panel').getByText('Không kết nối được tới camera').waitFor()
    await shot(admin, 'outages-camera')

    // Whoever administers another ward is told nothing.
    await other.goto(new URL('/manage/#/health', other.url()).href)
    await other.getByText('Không camera nào trong 1 camera đang mất kết nối').waitFor()
    assert.equal(await other.locator('health-outages section').count(), 0)
    assert.equal(await other.getByRole('link', { name: 'Tình trạng', exact: true }).count(), 1)

    await back()
    await list.getByRole('heading', { name: /Đang mất kết nối/ }).waitFor({ state: 'detached' })
    await admin.getByRole('link', { name: 'Tình trạng', exact: true }).waitFor()
    const kinds = () => desk.took.map((e) => e.kind)
    for (const end = Date.now() + 60_000; !kinds().includes('online') && Date.now() < end; ) await new Promise((done) => setTimeout(done, 50))
    const [started, offline, online] = desk.took
    assert.deepEqual([started.kind, offline.kind, online.kind], ['started', 'offline', 'online'])
    assert.deepEqual(offline.cameras.map((c) => c.name), ['Cổng chợ Mơ', 'Chợ Mơ phía sau'])
    assert.equal(online.incident, offline.id)
  })
})

test('what a camera does against the rules stands where its health is told', async () => {
  await twoWards(async ({ admin }) => {
    const manage = admin.url()
    await admin.goto(new URL('/#camera=xa-dan', manage).href)
    await tileIn(admin, 'xa-dan', ['live', 'weak'])
    await admin.goto(new URL('/manage/#/health/xa-dan', manage).href)
    const panel = admin.locator('health-panel')
    await panel.getByRole('heading', { name: /Điểm khác chuẩn\s*1/ }).waitFor()
    await panel.getByText('Dấu kết thúc hình (marker) không tin được').waitFor()
    await panel.getByText(/^Chính · từ/).waitFor()
    assert.deepEqual(await faults(admin), [])
    await shot(admin, 'quirks')
  })
})
