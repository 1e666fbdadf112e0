import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from './bounded.mjs'
import { PHONE, theWorld } from './harness.mjs'
import { start, stop } from './programs.mjs'

// Passkeys with Chromium's own authenticator, on a gateway that this machine reaches by name.

const PASSWORD = 'mat khau rat dai cua toi'

/** A gateway on its first day, and a page with an authenticator. SHOTS names a directory for pictures of what it shows. */
async function withGateway(use) {
  const { browser } = await theWorld()
  const dir = await mkdtemp(join(tmpdir(), 'matthan-passkeys-'))
  await writeFile(join(dir, 'm.yaml'), `http: "127.0.0.1:0"\nhttps: ""\ndata: ${JSON.stringify(join(dir, 'data'))}\nwebrtc: {udp: "127.0.0.1:0"}\n`)
  const gateway = await start(['run', '--config', join(dir, 'm.yaml')], /^\s+(http:\/\/localhost:\S+\/id\/link\/\S+)$/)
  const device = () => browser.newContext({ viewport: PHONE, isMobile: true, hasTouch: true, locale: 'vi-VN', colorScheme: 'dark' })
  const [context, other] = await Promise.all([device(), device()])
  const complaints = []
  try {
    await context.addInitScript(() => {
      window.violations = []
      document.addEventListener('securitypolicyviolation', (e) => window.violations.push(`${e.violatedDirective}: ${e.blockedURI}`))
    })
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    page.on('pageerror', (e) => complaints.push(e.message))
    page.on('console', (m) => {
      if (m.type() === 'error' && !/^Failed to load resource/.test(m.text())) complaints.push(m.text())
    })
    const cdp = await context.newCDPSession(page)
    await cdp.send('WebAuthn.enable')
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    })
    const credentials = async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials
    const verifies = (isUserVerified) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    await use({ page, other, credentials, verifies, link: gateway.match[1], home: new URL('/', gateway.match[1]).href })
    complaints.push(...(await page.evaluate(() => window.violations)))
  } finally {
    await Promise.all([context.close(), other.close()])
    await stop(gateway)
    await rm(dir, { recursive: true, force: true })
  }
  assert.deepEqual(complaints, [])
}

async function shot(page, name) {
  if (!process.env.SHOTS) return
  await mkdir(process.env.SHOTS, { recursive: true })
  for (const [width, height] of [[390, 844], [1024, 768]]) {
    await page.setViewportSize({ width, height })
    await page.screenshot({ path: join(process.env.SHOTS, `${name}-${width}.png`) })
  }
  await page.setViewportSize(PHONE)
}

async function setUp(page, link) {
  await page.goto(link)
  await page.getByLabel('Họ và tên').fill('Trần Thị Bình')
  await page.getByLabel('Tên đăng nhập').fill('binh')
  await page.getByLabel('Mật khẩu mới').fill(PASSWORD)
  await page.getByLabel('Nhập lại mật khẩu').fill(PASSWORD)
  await page.getByRole('button', { name: 'Lưu' }).tap()
  await page.getByText('Đã đặt mật khẩu').waitFor()
}

async function toSignIn(page, home) {
  await page.goto(home)
  await page.getByRole('link', { name: 'Đăng nhập' }).tap()
  await page.getByLabel('Mật khẩu').waitFor()
}

async function byPassword(page) {
  await page.getByLabel('Tên đăng nhập').fill('binh')
  await page.getByLabel('Mật khẩu').fill(PASSWORD)
  await page.getByRole('button', { name: 'Đăng nhập', exact: true }).tap()
}

async function signedIn(page) {
  await page.getByText('Chưa có camera nào cho bạn xem').waitFor()
}

async function signOut(page) {
  await page.locator('nav .last').tap()
  await page.getByRole('button', { name: /^Đăng xuất/ }).tap()
  await page.getByRole('link', { name: 'Đăng nhập' }).waitFor()
}

test('a passkey is offered after the password, and signs in with one tap from then on', async () => {
  await withGateway(async ({ page, credentials, verifies, link, home }) => {
    await setUp(page, link)
    await toSignIn(page, home)
    await shot(page, 'sign-in-first')
    await byPassword(page)
    await page.getByRole('heading', { name: 'Lần sau chỉ cần một chạm' }).waitFor()
    await shot(page, 'offer')
    await page.getByRole('button', { name: 'Tạo passkey' }).tap()
    await signedIn(page)
    const [made] = await credentials()
    assert.equal(made.rpId, 'localhost')
    assert.equal(made.isResidentCredential, true)
    await signOut(page)
    await toSignIn(page, home)
    await shot(page, 'sign-in-known')
    await page.getByRole('button', { name: 'Đăng nhập bằng passkey' }).tap()
    await signedIn(page)
    await signOut(page)

    // Whoever is not verified gets nowhere, and is told so.
    await toSignIn(page, home)
    await verifies(false)
    await page.getByRole('button', { name: 'Đăng nhập bằng passkey' }).tap()
    await page.getByText('Chưa xác nhận được').waitFor()
    await shot(page, 'sign-in-cancelled')
    await verifies(true)
    await page.getByRole('button', { name: 'Đăng nhập bằng passkey' }).tap()
    await signedIn(page)
  })
})

test('an owner sees, demands and removes passkeys, and no one after them on the same machine', async () => {
  await withGateway(async ({ page, other, credentials, link, home }) => {
    await setUp(page, link)
    await toSignIn(page, home)
    await byPassword(page)
    await page.getByRole('link', { name: 'Để sau' }).tap()
    await signedIn(page)
    await page.goto(`${home}id/passkeys`)
    await page.getByText('Bạn chưa có passkey nào').waitFor()
    await shot(page, 'passkeys-none')
    await page.getByLabel('Tên thiết bị').fill('Điện thoại trực ban')
    await page.getByRole('button', { name: 'Tạo passkey trên máy này' }).tap()
    await page.locator('li b', { hasText: 'Điện thoại trực ban' }).waitFor()
    await shot(page, 'passkeys-one')
    await page.getByRole('button', { name: 'Tạo passkey trên máy này' }).tap()
    await page.getByText('Máy này đã có passkey').waitFor()
    assert.equal((await credentials()).length, 1)
    await page.goto(home)
    await signedIn(page)
    await signOut(page)

    // The wish comes from another device, so this one tells of it.
    const elsewhere = await other.newPage()
    elsewhere.setDefaultTimeout(10_000)
    await elsewhere.goto(`${home}id/passkeys`)
    await byPassword(elsewhere)
    await elsewhere.getByRole('button', { name: 'Luôn hỏi passkey' }).tap()
    await elsewhere.getByText('mật khẩu chưa đủ').waitFor() // from now on, for this page too

    await page.goto(`${home}id/passkeys`)
    await page.getByText('Hãy cho biết bạn là ai').waitFor()
    await shot(page, 'passkeys-who')
    await toSignIn(page, home)
    await byPassword(page)
    await page.getByRole('heading', { name: 'Thêm một bước nữa' }).waitFor()
    await shot(page, 'second')
    await page.getByRole('button', { name: 'Xác nhận bằng passkey' }).tap()
    await page.getByText('Đã đổi việc hỏi passkey sau mật khẩu').waitFor()
    await shot(page, 'news')
    await page.getByRole('link', { name: 'Đúng là tôi' }).tap()
    await signedIn(page)

    await page.goto(`${home}id/passkeys`)
    await page.locator('summary').tap()
    await shot(page, 'passkeys-remove')
    await page.getByRole('button', { name: 'Xóa passkey này' }).tap()
    await page.getByText('Bạn chưa có passkey nào').waitFor()
    await page.getByText('Đã xóa “Điện thoại trực ban”').waitFor()
    await shot(page, 'passkeys-history')
    await page.goto(home)
    await page.getByRole('link', { name: 'Đăng nhập' }).waitFor() // what was signed in by it has ended
  })
})
