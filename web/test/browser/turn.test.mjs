import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { fingers, shot } from './fingers.mjs'
import { tileIn } from './harness.mjs'
import { theWards, withPeople } from './wards.mjs'

// A camera that turns: a simulated recorder moves its head, and the picture's stick asks it to.

const chief = { login: 'xoay-chi-huy', name: 'Trần Quốc Hòa', roles: ['supervisor'], areas: ['phuong-o-cho-dua'] }
const other = { login: 'xoay-chi-huy-2', name: 'Lê Thị Thanh', roles: ['supervisor'], areas: ['phuong-o-cho-dua'] }
const officer = { login: 'xoay-can-bo', name: 'Nguyễn Văn Minh', roles: ['viewer'], areas: ['phuong-o-cho-dua'] }

/** Where the simulated head looks: pan, tilt and zoom. */
async function head() {
  const { device } = await theWards()
  const body = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><GetStatus xmlns="http://www.onvif.org/ver20/ptz/wsdl"><ProfileToken>profile3main</ProfileToken></GetStatus></s:Body></s:Envelope>`
  const at = new URL('/onvif/ptz_service', device)
  const text = await (await fetch(at, { method: 'POST', headers: { 'Content-Type': 'application/soap+xml' }, body })).text()
  const [, pan, tilt] = /PanTilt[^>]*x="([-\d.e]+)"[^>]*y="([-\d.e]+)"/.exec(text) ?? assert.fail(text)
  return { pan: Number(pan), tilt: Number(tilt), zoom: Number(/Zoom[^>]*x="([-\d.e]+)"/.exec(text)[1]) }
}

async function until(what, ok) {
  for (let i = 0; i < 200; i++) {
    const at = await head()
    if (ok(at)) return at
    await new Promise((done) => setTimeout(done, 50))
  }
  assert.fail(`${what}: ${JSON.stringify(await head())}`)
}

const pad = (page) => page.locator('turn-pad')

test('a camera turns under the thumb, and everybody sees who turns it', async () => {
  await withPeople([chief, other, officer], async (page, second, third) => {
    for (const p of [page, second, third]) {
      await p.evaluate(() => (location.hash = '#camera=cam3'))
      await tileIn(p, 'cam3', ['live', 'weak'], 30_000)
    }
    await pad(page).getByRole('button', { name: 'Xoay camera' }).tap()
    await pad(page).locator('.pad').waitFor()
    await shot(page, 'turn-mine')
    await pad(second).getByRole('button', { name: /Trần Quốc Hòa đang xoay/ }).waitFor()
    await shot(second, 'turn-others')
    await pad(third).getByText('Trần Quốc Hòa đang xoay camera').waitFor()
    await shot(third, 'turn-watched')
    // An equal is told to wait, and the stick stays where it is.
    await pad(second).getByRole('button').tap()
    assert.equal(await pad(second).locator('.pad').count(), 0)

    const box = await pad(page).locator('.pad').boundingBox()
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const began = await head()
    await fingers(page, [[x, y]], [[x + 60, y - 20]], { rest: 1500 })
    const moved = await until('to the right and up', (a) => a.pan > began.pan + 0.05 && a.tilt > began.tilt)
    assert.equal(new URL(page.url()).hash, '#camera=cam3', 'it is no swipe')
    const rested = await until('it rests', () => true)
    await new Promise((done) => setTimeout(done, 300))
    assert.ok((await head()).pan - rested.pan < 0.08, 'it stops when the thumb leaves')

    // Keys, for those who have them.
    await pad(page).locator('.pad').focus()
    await page.keyboard.down('ArrowLeft')
    await until('back to the left', (a) => a.pan < moved.pan - 0.05)
    await page.keyboard.up('ArrowLeft')
    await page.keyboard.down('+')
    await until('closer', (a) => a.zoom > 0.05)
    await page.keyboard.up('+')
    await pad(page).getByRole('button', { name: 'Về vị trí gốc' }).tap()
    await until('home', (a) => Math.abs(a.pan) + Math.abs(a.tilt) + a.zoom < 0.01)

    await pad(page).getByRole('button', { name: 'Thôi xoay' }).tap()
    await pad(second).getByRole('button', { name: 'Xoay camera', exact: true }).tap()
    await pad(second).locator('.pad').waitFor()
    await pad(third).getByText('Lê Thị Thanh đang xoay camera').waitFor()
  })
})
