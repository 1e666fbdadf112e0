import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from './bounded.mjs'
import { PHONE, theWorld } from './harness.mjs'
import { start, stop } from './programs.mjs'

// A gateway as it is on its first day: no configuration of rights, no account.

test('the first account is made by the printed link, signs in on the phone and out again', async () => {
  const { browser } = await theWorld()
  const dir = await mkdtemp(join(tmpdir(), 'matthan-people-'))
  await writeFile(join(dir, 'm.yaml'), `http: ""\nhttps: "127.0.0.1:0"\ndata: ${JSON.stringify(join(dir, 'data'))}\nwebrtc: {udp: "127.0.0.1:0"}\n`)
  const gateway = await start(['run', '--config', join(dir, 'm.yaml')], /^\s+(https:\/\/\S+\/id\/link\/\S+)$/)
  const context = await browser.newContext({ viewport: PHONE, isMobile: true, hasTouch: true, ignoreHTTPSErrors: true, locale: 'vi-VN' })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    await page.goto(gateway.match[1])
    assert.doesNotMatch(page.url(), /first\./, 'the secret leaves the address')
    const password = 'mat khau rat dai cua toi'
    await page.getByLabel('Họ và tên').fill('Trần Thị Bình')
    await page.getByLabel('Tên đăng nhập').fill('binh')
    await page.getByLabel('Mật khẩu mới').fill(password)
    await page.getByLabel('Nhập lại mật khẩu').fill(password)
    await page.getByRole('button', { name: 'Lưu' }).tap()
    await page.getByText('Đã đặt mật khẩu').waitFor()
    await page.getByRole('link', { name: 'Đăng nhập' }).tap()
    await page.getByLabel('Tên đăng nhập').fill('binh')
    await page.getByLabel('Mật khẩu').fill('sai mat khau')
    await page.getByRole('button', { name: 'Đăng nhập', exact: true }).tap()
    await page.getByText('Tên đăng nhập hoặc mật khẩu không đúng').waitFor()
    assert.equal(await page.getByLabel('Tên đăng nhập').inputValue(), 'binh', 'what was typed stays')
    await page.getByLabel('Mật khẩu').fill(password)
    await page.getByRole('button', { name: 'Đăng nhập', exact: true }).tap()
    await page.getByText('Chưa có camera nào cho bạn xem').waitFor()
    // Whoever administers is not told to ask an administrator, but led on.
    assert.equal(await page.getByRole('link', { name: 'Thêm camera' }).getAttribute('href'), 'manage/')
    assert.equal(await page.getByText('Hãy hỏi quản trị').count(), 0)
    await page.locator('nav .last').tap()
    await page.getByRole('button', { name: /^Đăng xuất/ }).tap()
    await page.getByRole('link', { name: 'Đăng nhập' }).waitFor()
  } finally {
    await context.close()
    await stop(gateway)
    await rm(dir, { recursive: true, force: true })
  }
})
