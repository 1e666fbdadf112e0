import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { tileIn } from './harness.mjs'
import { withPeople } from './wards.mjs'

// Who looks stands over the picture, and in every picture that is taken away. SHOTS names a folder for pictures of the screens.

const CODE = /^[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{4}$/
const chief = { login: '268-114', name: 'Lê Văn An', roles: ['supervisor'], areas: ['phuong-lang'] }
const officer = { login: '268-115', name: 'Nguyễn Thị Phương Thảo', roles: ['viewer'], areas: ['phuong-lang'] }
const auditor = { login: 'thanh-tra-anh', name: 'Thanh tra', roles: ['auditor'], areas: ['all'] }

async function shot(page, name) {
  if (!process.env.SHOTS) return
  await mkdir(process.env.SHOTS, { recursive: true })
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) })
}

async function looksAt(page, camera) {
  await page.goto(new URL(`/#camera=${camera}`, page.url()).href)
  await tileIn(page, camera, ['live', 'weak'])
}

const marks = (page) => page.locator('camera-tile:not(.away) view-mark p')

/** What the log has of a view, by the code on its picture. */
async function recordsOf(auditor, code) {
  const r = await auditor.request.get(new URL(`/api/v1/audit?view=${code}&oldest=true`, auditor.url()).href)
  assert.equal(r.status(), 200)
  return (await r.json()).entries
}

/** The JPEG's first comment. */
function commentOf(file) {
  for (let at = 2; file[at] === 0xff && file[at + 1] !== 0xda; at += 2 + file.readUInt16BE(at + 2)) {
    if (file[at + 1] === 0xfe) return file.subarray(at + 4, at + 2 + file.readUInt16BE(at + 2)).toString()
  }
  return null
}

test('over the moving picture stands who looks, and by which code the log has it', async () => {
  await withPeople([officer, auditor], async (page, log) => {
    await looksAt(page, 'cam0')
    await marks(page).first().waitFor()
    const said = await marks(page).allInnerTexts()
    assert.equal(said.length, 4)
    const [who, when] = said[0].split('\n')
    assert.equal(who, 'Nguyễn Thị Phương Thảo · 268-115')
    assert.match(when, /^\d\d:\d\d:\d\d · /)
    const code = when.split(' · ')[1]
    assert.match(code, CODE)
    // It covers no control, is heard by nobody, and goes on with the time.
    assert.equal(await page.locator('camera-tile:not(.away) view-mark').evaluate((e) => getComputedStyle(e).pointerEvents + e.ariaHidden), 'nonetrue')
    await page.waitForFunction((before) => document.querySelector('matthan-app').shadowRoot.querySelector('camera-tile:not(.away)').shadowRoot.querySelector('view-mark').shadowRoot.querySelector('p').innerText !== before, said[0])
    await shot(page, 'mark-phone')
    assert.deepEqual(await faults(page), [])
    const [opened, ...others] = await recordsOf(log, code.toLowerCase().replace('-', ''))
    assert.deepEqual(others, [])
    assert.deepEqual([opened.event, opened.name, opened.camera], ['view.opened', 'Nguyễn Thị Phương Thảo', 'cam0'])

    // A viewer may take no pictures away, so there is no control for it.
    await page.waitForFunction(() => customElements.get('picture-button'))
    assert.equal(await page.locator('picture-button button').count(), 0)

    // Another camera has another code.
    await looksAt(page, 'cam1')
    await page.waitForFunction((code) => {
      const p = document.querySelector('matthan-app').shadowRoot.querySelector('camera-tile:not(.away)').shadowRoot.querySelector('view-mark')?.shadowRoot.querySelector('p')
      return p && !p.innerText.includes(code)
    }, code)
    await page.locator('nav .main').tap()
    await tileIn(page, 'cam0', ['live', 'weak'])
    await page.locator('camera-tile view-mark').nth(1).waitFor()
    await shot(page, 'mark-grid')
    await page.setViewportSize({ width: 844, height: 390 })
    await page.waitForTimeout(400)
    await shot(page, 'mark-grid-side')
  })
})

test('a picture that is taken away says whose it is, and the log has it before it is saved', async () => {
  await withPeople([chief, auditor], async (page, log) => {
    await looksAt(page, 'cam0')
    const button = page.locator('nav picture-button button[aria-disabled=false]')
    await button.waitFor()
    await shot(page, 'picture-before')
    const [download] = await Promise.all([page.waitForEvent('download'), button.tap()])
    const code = (await marks(page).first().innerText()).split(' · ').pop()
    await page.locator('nav picture-button p').getByText(`Đã lưu ảnh và ghi nhật ký · ${code}`).waitFor()
    await shot(page, 'picture-after')
    assert.deepEqual(await faults(page), [])
    assert.match(download.suggestedFilename(), new RegExp(`^nga-tu-lang-ha-thai-ha-\\d{8}-\\d{6}-${code}\\.jpg$`))
    const file = await readFile(await download.path())
    if (process.env.SHOTS) await download.saveAs(join(process.env.SHOTS, 'picture.jpg'))
    const comment = commentOf(file)
    for (const says of ['camera: Ngã tư Láng Hạ – Thái Hà (cam0)', 'area: Phường Láng', 'officer: Lê Văn An · 268-114', `code: ${code}`]) assert.ok(comment.includes(says), `${says} in ${comment}`)
    const taken = Date.parse(/^time: (\S+)$/m.exec(comment)[1])
    assert.ok(Math.abs(Date.now() - taken) < 15_000, comment)

    // The margin lies under the whole picture: white, with ink on it.
    const seen = await page.evaluate(async (base64) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: 'image/jpeg' }))
      const video = document.querySelector('matthan-app').shadowRoot.querySelector('camera-tile:not(.away)').shadowRoot.querySelector('video')
      const g = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
      g.drawImage(bitmap, 0, 0)
      const top = Math.round((bitmap.width * video.videoHeight) / video.videoWidth)
      const { data } = g.getImageData(0, top + 4, bitmap.width, bitmap.height - top - 4)
      const levels = Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + 1])
      return { width: bitmap.width, margin: bitmap.height - top, white: levels.filter((l) => l > 240).length / levels.length, ink: levels.filter((l) => l < 60).length / levels.length }
    }, file.toString('base64'))
    assert.ok(seen.width >= 640 && seen.margin > seen.width / 25, JSON.stringify(seen))
    assert.ok(seen.white > 0.6 && seen.ink > 0.01, JSON.stringify(seen))

    const events = (await recordsOf(log, code)).map((e) => [e.event, e.name, e.camera])
    assert.deepEqual(events, [['view.opened', 'Lê Văn An', 'cam0'], ['picture.exported', 'Lê Văn An', 'cam0']])

    // On its side the control stands beside the picture.
    await page.setViewportSize({ width: 844, height: 390 })
    await page.locator('.side picture-button button').waitFor()
    await shot(page, 'picture-side')
    await page.setViewportSize({ width: 1280, height: 800 })
    await button.waitFor()
    await shot(page, 'picture-desk')

    // Where it cannot be recorded nothing is saved.
    let saved = 0
    page.on('download', () => saved++)
    await page.route('**/pictures', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"status":500,"code":"unrecorded"}' }))
    await button.click()
    await page.locator('nav picture-button p').getByText('Chưa lưu: không ghi được nhật ký.').waitFor()
    assert.equal(saved, 0)
  })
})
