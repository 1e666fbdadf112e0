import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { choose, firstDay, setPassword, shot, signIn } from './office.mjs'

// Another agency's portal: registered, given its secret, looked at while it runs, and ended.

const DESK = { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false }

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const pem = (key, type) => key.export({ type, format: 'pem' }).toString()

/** The portal's own site, on an origin of its own. */
const site = createServer((_, r) => r.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Cổng</title>')).listen(0, '127.0.0.1')
await once(site, 'listening')
const theirs = `http://localhost:${site.address().port}`
after(() => site.close())

test('a portal is made, its secret is shown once, its officer is seen looking and is ended', async () => {
  await firstDay(async ({ person, link, at }) => {
    const clerk = await person(DESK)
    await setPassword(clerk, link, { name: 'Trần Thị Bình', login: 'binh' })
    const origin = new URL(clerk.url()).origin
    await signIn(clerk, `${origin}/manage/`, 'binh')
    await clerk.getByText('Hãy thêm khu vực trước').waitFor()
    const put = (path, data) => clerk.request.put(`${origin}/api/v1/inventory/${path}`, { data, headers: { 'If-None-Match': '*' } })
    assert.equal((await put('areas/phuong-lang', { id: 'phuong-lang', name: 'Phường Láng' })).status(), 204)
    const camera = { id: 'lang-ha', name: 'Láng Hạ', area: 'phuong-lang', kind: 'public', main: `${at}/cam0/main` }
    assert.equal((await put('cameras/lang-ha', camera)).status(), 204)

    await clerk.goto(`${origin}/manage/#/portals`)
    await clerk.reload()
    await clerk.getByText('Chưa có cổng nào').waitFor()
    assert.deepEqual(await faults(clerk), [])
    await clerk.getByRole('link', { name: 'Thêm cổng' }).first().click()
    await fill(clerk)
    await clerk.getByRole('button', { name: 'Lưu' }).click()
    await clerk.getByRole('link', { name: /Trung tâm điều hành Đống Đa/ }).waitFor()
    await clerk.getByText('Không ai đang xem.').waitFor()
    assert.deepEqual(await faults(clerk), [])

    // The secret, once.
    await clerk.getByRole('button', { name: 'Tạo mật khẩu API' }).click()
    const secret = await clerk.locator('.secret').innerText()
    assert.ok(secret.length >= 32, 'a secret')
    assert.deepEqual(await faults(clerk), [])
    await shot(clerk, 'portal-secret')
    await clerk.getByRole('button', { name: 'Tôi đã cất' }).click()
    await clerk.reload()
    await clerk.getByText('Đã có mật khẩu').waitFor()
    assert.ok(!(await clerk.content()).includes(secret), 'it is shown once')
    await clerk.getByText('Dán vào trang của cổng').click()
    await clerk.getByText(`src="${origin}/embed/trung-tam-dieu-hanh-dong-da/CAMERA"`).waitFor()
    await shot(clerk, 'portal')
    assert.deepEqual(await faults(clerk), [])

    await ended(clerk, await person({}), origin, secret)

    // Phones, too: the way there is one tap further.
    await clerk.setViewportSize({ width: 390, height: 844 })
    await clerk.getByRole('link', { name: 'Quay lại' }).click()
    await clerk.getByRole('button', { name: 'Thêm', exact: true }).click()
    assert.deepEqual(await faults(clerk), [])
    await shot(clerk, 'more')
    await clerk.getByRole('dialog').getByRole('link', { name: 'Cổng thông tin' }).click()
    await shot(clerk, 'portals')
    await clerk.getByRole('link', { name: /Trung tâm/ }).click()
    await clerk.getByRole('button', { name: /^Xóa cổng/ }).click()
    await clerk.getByRole('alertdialog').getByRole('button', { name: 'Xóa' }).click()
    await clerk.getByText('Chưa có cổng nào').waitFor()
  })
})

/** The form, first with what people get wrong. */
async function fill(clerk) {
  await clerk.getByRole('button', { name: 'Lưu' }).click()
  await clerk.getByText('Còn 4 mục cần sửa.').waitFor()
  assert.deepEqual(await faults(clerk), [])
  await clerk.getByLabel('Tên cổng').fill('Trung tâm điều hành Đống Đa')
  assert.equal(await clerk.getByLabel('Mã', { exact: true }).inputValue(), 'trung-tam-dieu-hanh-dong-da')
  await clerk.getByLabel('Trang nào được nhúng').fill(`${theirs}/cameras?x=1\nhttps://portal.example`)
  await choose(clerk, /^Được xem ở đâu/, 'Phường Láng')
  await clerk.getByRole('button', { name: 'Thêm khóa' }).click()
  await clerk.getByRole('textbox', { name: 'Khóa 1' }).fill(pem(privateKey, 'pkcs8'))
  await clerk.getByRole('button', { name: 'Lưu' }).click()
  await clerk.getByText('Đây là khóa riêng!').waitFor()
  assert.deepEqual(await faults(clerk), [])
  await shot(clerk, 'portal-private-key')
  await clerk.getByRole('textbox', { name: 'Khóa 1' }).fill(pem(publicKey, 'spki'))
}

/** An officer of the portal looks, by a token that its server asked for; the clerk sees it, and ends it. */
async function ended(clerk, officer, origin, secret) {
  const claims = { sub: 'dd-268114', name: 'Lê Minh Đức', cam: 'lang-ha', org: theirs }
  const issued = await clerk.request.post(`${origin}/api/v1/embed-tokens`, { data: claims, headers: { Authorization: `Bearer ${secret}` } })
  assert.equal(issued.status(), 201, await issued.text())
  const { token } = await issued.json()
  await officer.goto(theirs)
  await officer.evaluate(look, [`${origin.replace('https', 'wss')}/ws`, token])
  await officer.waitForFunction(() => window.said.some((m) => m.type === 'welcome')).catch(async (e) => {
    throw new Error(JSON.stringify(await officer.evaluate(() => [window.said, window.ended])), { cause: e })
  })

  await clerk.getByText('Lê Minh Đức').waitFor({ timeout: 15_000 })
  await shot(clerk, 'portal-running')
  assert.deepEqual(await faults(clerk), [])
  await clerk.getByRole('button', { name: 'Dừng Lê Minh Đức' }).click()
  await clerk.getByRole('alertdialog').getByRole('button', { name: 'Dừng', exact: true }).click()
  await clerk.getByText('Không ai đang xem.').waitFor()
  await officer.waitForFunction(() => window.ended)
  // The form that stands open is still of the version that is kept.
  await clerk.getByLabel('Nhiều nhất bao nhiêu người').fill('5')
  await clerk.getByRole('button', { name: 'Lưu' }).click()
  await clerk.getByText('Đã lưu').first().waitFor()
  await clerk.getByRole('button', { name: 'Dừng tất cả ngay' }).click()
  await clerk.getByRole('alertdialog').getByRole('button', { name: 'Dừng tất cả ngay' }).click()
  await clerk.getByText('Đã dừng').first().waitFor()
}

/** Runs in the portal's page: a socket with the token, as the frame opens one. */
function look([url, token]) {
  window.said = []
  window.ended = ''
  const ws = new WebSocket(url)
  ws.onopen = () => ws.send(JSON.stringify({ type: 'hello', v: 1, token }))
  ws.onmessage = (e) => window.said.push(JSON.parse(e.data))
  ws.onclose = (e) => (window.ended = `${e.code} ${e.reason}`)
}
