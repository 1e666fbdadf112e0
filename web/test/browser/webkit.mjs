// WebKitGTK, the nearest to an iPhone's engine that there is here: every screen opens without a script error, fits the
// phone and says what it should. Debian's has no WebRTC, as an iPhone in lockdown mode: that is said, too.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from './bounded.mjs'
import { anOfficer, miniBrowser, program } from './engines.mjs'
import { PHONE } from './harness.mjs'
import { password, signIn as signInByProgram, theWards } from './wards.mjs'
import { webkit } from './webdriver.mjs'

const missing = ['WebKitWebDriver', 'xvfb-run', 'dbus-run-session'].filter((p) => !program(p))
if (!miniBrowser()) missing.push('MiniBrowser')
const skip = missing.length > 0 ? `there is no ${missing.join(', ')} on this machine: install webkit2gtk-driver, xvfb, xauth and dbus` : false

let browser
after(async () => {
  await (await browser?.catch(() => undefined))?.close()
})

let shots = 0

/** Opens a screen and looks at it as a whole. SHOTS names a folder for pictures. */
async function seen(b, url, ...texts) {
  await b.open(url)
  for (const text of texts) await b.says(text)
  const wide = await b.run(widest)
  assert.deepEqual(wide, [], `${url} fits the phone`)
  if (process.env.SHOTS) await b.shot(join(process.env.SHOTS, `webkit-${++shots}.png`))
  assert.deepEqual(await b.take(), [], url)
}

/** Runs in the page: what would make it scroll sideways. */
function widest() {
  const found = []
  const page = document.documentElement
  if (page.scrollWidth > innerWidth) found.push(`the page: ${page.scrollWidth}`)
  const walk = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) walk(e.shadowRoot)
      const way = getComputedStyle(e).overflowX
      if (e.localName === 'main' && way !== 'visible' && way !== 'hidden' && e.scrollWidth > e.clientWidth + 1) found.push(`${e.localName}.${e.className}: ${e.scrollWidth}`)
    }
  }
  walk(document)
  return found
}

async function signIn(b, origin, login) {
  await b.forget()
  await seen(b, `${origin}/auth/login`, 'Tên đăng nhập', 'Mật khẩu')
  await b.run(
    (login, password) => {
      const form = document.querySelector('form:has(input[name=password])')
      form.querySelector('input[name=login]').value = login
      form.querySelector('input[name=password]').value = password
      setTimeout(() => form.requestSubmit())
    },
    login,
    password,
  )
  await b.says('Trình duyệt này không xem được camera')
}

test('in WebKit the pages for everybody open, fit a phone and make no error', { skip }, async () => {
  const { origin } = await theWards()
  browser ??= webkit()
  const b = await browser
  await seen(b, `${origin}/`, 'Đăng nhập để xem camera', 'English')
  await seen(b, `${origin}/guest/`, 'Liên kết không còn dùng được')
  await seen(b, `${origin}/owner/`, 'Camera của tôi')
  await seen(b, `${origin}/manage/`, 'Đăng nhập')
  await seen(b, `${origin}/root-certificate`, 'Để điện thoại này tin Mắt thần')
  await seen(b, `${origin}/root-certificate?lang=en`, 'Have this phone trust')
})

test('WebKit without WebRTC says that it cannot show cameras', { skip }, async () => {
  const { origin } = await anOfficer('webkit')
  browser ??= webkit()
  const b = await browser
  assert.equal(await b.run(() => typeof RTCPeerConnection), 'undefined', 'this WebKit has WebRTC: test pictures, too')
  await signIn(b, origin, 'webkit')
  await seen(b, `${origin}/#camera=cam0`, 'Trình duyệt này không xem được camera', 'Safari bản mới')
})

test('in WebKit a citizen and an outsider are told before they begin what their browser cannot do', { skip }, async () => {
  const w = await anOfficer('webkit-share', ['supervisor'])
  const officer = await w.browser.newContext({ ignoreHTTPSErrors: true })
  let share
  try {
    await signInByProgram(officer, w.origin, 'webkit-share')
    const made = await officer.request.post(`${w.origin}/api/v1/shares`, { data: { camera: 'cam0', for: 'Đội cứu hỏa', minutes: 15, outside: true } })
    assert.equal(made.status(), 201, await made.text())
    share = await made.json()
  } finally {
    await officer.close()
  }
  const area = await w.admin.request.put(`${w.origin}/api/v1/inventory/areas/to-7`, { data: { name: 'Tổ 7' }, headers: { 'If-None-Match': '*' } })
  assert.equal(area.status(), 204, await area.text())
  const invited = await w.admin.request.post(`${w.origin}/api/v1/invitations`, { data: { area: 'to-7', name: 'Bà Tư', days: 3 } })
  assert.equal(invited.status(), 201, await invited.text())
  browser ??= webkit()
  const b = await browser
  await seen(b, new URL(share.link, w.origin).href, 'Trình duyệt này không xem được camera')
  await seen(b, new URL((await invited.json()).link, w.origin).href, 'Bắt đầu')
})

test('in WebKit every administration screen opens, fits a phone and makes no error', { skip }, async () => {
  const { origin } = await theWards()
  browser ??= webkit()
  const b = await browser
  await signIn(b, origin, 'quan-tri')
  for (const [screen, text] of [
    ['cameras', 'Ngã tư Láng Hạ'],
    ['areas', 'Phường Láng'],
    ['accounts', 'Quản trị'],
    ['grants', 'quyền'],
    ['households', 'Hộ dân'],
    ['invitations', 'mời'],
    ['portals', 'Cổng'],
    ['import', 'tệp'],
  ])
    await seen(b, `${origin}/manage/#/${screen}`, text)
  await anOfficer('kiem-tra', ['auditor'], ['all'])
  await signIn(b, origin, 'kiem-tra')
  await seen(b, `${origin}/manage/#/log`, 'Nhật ký')
})
