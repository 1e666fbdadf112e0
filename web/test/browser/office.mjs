// Those who administer a gateway, and what they do in its pages.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PHONE, theWorld } from './harness.mjs'
import { start, stop } from './programs.mjs'

const password = 'mat khau rat dai cua toi'

/** A browser of somebody's own; what its pages complain of is collected. */
async function somebody(browser, complaints, options = {}) {
  const context = await browser.newContext({ viewport: PHONE, ignoreHTTPSErrors: true, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', colorScheme: 'dark', ...options })
  await context.addInitScript(() => {
    window.violations = []
    document.addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective}: ${e.blockedURI}`))
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  page.on('pageerror', (e) => complaints.push(e.message))
  page.on('console', (m) => m.type() === 'error' && !/^Failed to load resource/.test(m.text()) && complaints.push(m.text()))
  return page
}

/** Sets the password behind a one-time link. */
export async function setPassword(page, link, first) {
  await page.goto(link)
  if (first) {
    await page.getByLabel('Họ và tên').fill(first.name)
    await page.getByLabel('Tên đăng nhập').fill(first.login)
  }
  await page.getByLabel('Mật khẩu mới').fill(password)
  await page.getByLabel('Nhập lại mật khẩu').fill(password)
  await page.getByRole('button', { name: 'Lưu' }).click()
  await page.getByText('Đã đặt mật khẩu').waitFor()
}

export async function signIn(page, at, login) {
  await page.goto(at)
  await page.getByRole('link', { name: 'Đăng nhập' }).click()
  await page.getByLabel('Tên đăng nhập').fill(login)
  await page.getByLabel('Mật khẩu').fill(password)
  await page.getByRole('button', { name: 'Đăng nhập', exact: true }).click()
}

/** Chooses in a field that opens a sheet. */
export async function choose(page, field, ...names) {
  await page.getByRole('button', { name: field }).click()
  const sheet = page.getByRole('dialog')
  for (const name of names) {
    await sheet.getByRole('textbox').fill(name)
    await sheet.getByRole('button', { name, exact: false }).first().click()
  }
  if (await sheet.isVisible()) await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'hidden' })
}

/**
 * A gateway without anything on it, the link that its first administrator is given, and people with browsers of their own.
 * @param ports and @param onvif that it may dial beside the usual cameras', for RTSP and for ONVIF
 */
export async function firstDay(use, { ports = [], onvif = [] } = {}) {
  const { browser, steady } = await theWorld()
  const dir = await mkdtemp(join(tmpdir(), 'matthan-manage-'))
  await writeFile(
    join(dir, 'm.yaml'),
    `http: ""\nhttps: "127.0.0.1:0"\ndata: ${JSON.stringify(join(dir, 'data'))}\nwebrtc: {udp: "127.0.0.1:0", tcp: "", addresses: [127.0.0.1]}\nreach: {networks: [127.0.0.1/32], ports: [${[steady.port, ...ports]}]${onvif.length ? `, onvif_ports: [${onvif}]` : ''}}\n`,
  )
  const gateway = await start(['run', '--config', join(dir, 'm.yaml')], /^\s+(https:\/\/\S+\/id\/link\/\S+)$/)
  const complaints = []
  const pages = []
  const person = async (options) => {
    const page = await somebody(browser, complaints, options)
    pages.push(page)
    return page
  }
  try {
    await use({ person, link: gateway.match[1], camera: `127.0.0.1:${steady.port}/cam0`, at: `rtsp://127.0.0.1:${steady.port}` })
    assert.deepEqual(complaints, []) // what a page still draws as it is closed, the browser takes for a ping
  } finally {
    for (const page of pages) await page.context().close()
    await stop(gateway)
    await rm(dir, { recursive: true, force: true })
  }
}

/** With SHOTS set to a folder, what a page looks like is kept there. */
export async function shot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}-${page.viewportSize().width}.png`) })
}
