import assert from 'node:assert/strict'
import { after, test } from './bounded.mjs'
import { inflateSync } from 'node:zlib'
import { archive, png, tileOf } from './ground.mjs'
import { theWorld, withPage } from './harness.mjs'
import { faults } from './faults.mjs'
import { shot } from './office.mjs'
import { gateway } from './programs.mjs'

// An operator's own map under the cameras: from an archive of ours, and from a server of tiles.

const LAND = [232, 228, 216]
const MARK = [214, 40, 190]
const AREA = [105.77, 20.97, 105.87, 21.06]
const FINEST = 15
/** A square of the map's around a camera, so that the two must lie on each other. */
const CAM1 = [21.0161, 105.8052]
const HALF = 0.18

const started = []

/** @param more lines of the configuration */
async function town(more, files) {
  const { steady } = await theWorld()
  const place = (id, name, index, position) => ({ id, name, area: 'phuong-lang', port: steady.port, index, position })
  const cameras = [
    place('cam0', 'Ngã tư Láng Hạ – Thái Hà', 0, [21.0126, 105.8169]),
    place('cam1', 'La Thành – Láng', 1, CAM1),
    place('cam2', 'Láng – Yên Lãng', 2, [21.0052, 105.8124]),
  ]
  const server = await gateway(cameras, { more, files })
  started.push(server)
  return server
}

after(async () => {
  for (const s of started) await s.close()
})

function onMark(x, y) {
  const [mx, my] = tileOf(...CAM1, FINEST)
  return Math.max(Math.abs(x - mx), Math.abs(y - my)) < HALF ? 1 : 0
}

async function onMap(server, context, use, before = () => {}) {
  await withPage({ camera: 'cam0', server, context }, async (page) => {
    page.setDefaultTimeout(30_000)
    await before(page)
    await page.locator('camera-list .row').first().waitFor()
    await page.locator('camera-list .seg button').nth(3).click()
    await page.locator('camera-map .tiles img.come').first().waitFor()
    await use(page)
  })
}

/** Where a camera is on the page, once the map rests and all its tiles are there. */
async function pointOf(page, id) {
  const p = await page.waitForFunction((id) => {
    const map = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('camera-map')
    const tiles = [...map.shadowRoot.querySelectorAll('.tiles img')]
    const item = !map.moving && map.items.find((i) => i.cluster.id === id)
    if (!item || tiles.length === 0 || tiles.some((t) => getComputedStyle(t).opacity !== '1')) return undefined
    const box = map.getBoundingClientRect()
    return { x: box.x + item.x, y: box.y + item.y, half: (0.18 * 2 * Math.PI * 6378137 * Math.cos((21.0161 * Math.PI) / 180) * map.board.view.scale) / 2 ** 15 }
  }, id)
  return p.jsonValue()
}

/** A pixel of the page, as a person sees it. */
async function colourAt(page, x, y) {
  const image = await page.screenshot({ clip: { x: Math.round(x), y: Math.round(y), width: 1, height: 1 } })
  const parts = []
  for (let at = 8; at < image.length; at += 12 + image.readUInt32BE(at)) {
    if (image.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(image.subarray(at + 8, at + 8 + image.readUInt32BE(at)))
  }
  // A filter, which says nothing of a first pixel, then red, green, blue.
  return [...inflateSync(Buffer.concat(parts))].slice(1, 4)
}

/** Waits until a camera is drawn in a colour. */
async function drawnIn(page, { x, y }, colour) {
  let seen
  for (const end = Date.now() + 30_000; Date.now() < end; await page.waitForTimeout(50)) {
    seen = await colourAt(page, x, y)
    if (apart(seen, colour) < 12) return
  }
  assert.fail(`the camera is ${seen}, not ${colour}`)
}

function apart(a, b) {
  return Math.hypot(...a.map((n, i) => n - b[i]))
}

/** What a veil of the ground's colour leaves of a map's. */
function veiled(colour, ground, veil) {
  return colour.map((n, i) => n * (1 - veil) + ground[i] * veil)
}

function theme(page, name, tokens) {
  return page.evaluate(
    ([name, tokens]) => {
      for (const [k, v] of Object.entries(tokens)) document.documentElement.style.setProperty(k, v)
      document.documentElement.dataset.theme = name
    },
    [name, tokens],
  )
}

const LIGHT = { '--bg': '#f4f6f9', '--s1': '#ffffff', '--s2': '#ffffff', '--s3': '#e3e8ef', '--ln': '#00000016', '--tx': '#10161f', '--t2': '#465264', '--t3': '#5d6a7d', '--ac': '#0b62c4', '--warn': '#8a5a00', '--bad': '#b8261a' }
const RED = { '--bg': '#080000', '--s1': '#120202', '--s2': '#1c0404', '--s3': '#2a0707', '--ln': '#ff00001f', '--tx': '#ff5a4d', '--t2': '#d0463b', '--t3': '#b03a30', '--ac': '#ff5a4d', '--warn': '#ff5a4d', '--bad': '#ff5a4d' }

test('an archive lies under the cameras where it belongs, veiled by night, bright by day, red in red light', async () => {
  const file = archive({ area: AREA, least: 11, most: FINEST, palette: [LAND, MARK], paint: onMark, attribution: '<b>© Sở Xây dựng</b>' })
  const server = await town('map: {file: town.pmtiles}', { 'town.pmtiles': file })
  await onMap(server, {}, async (page) => {
    const p = await pointOf(page, 'cam1')
    assert.ok(p.half > 18, `the square is large enough to be looked at: ${p.half}`)
    const inside = [p.x, p.y + p.half - 4]
    const outside = [p.x, p.y + p.half + 5]
    const ground = [17, 22, 30]
    const tell = async (veil, under) => {
      const [a, b] = [await colourAt(page, ...inside), await colourAt(page, ...outside)]
      const [mark, land] = [veiled(MARK, under, veil), veiled(LAND, under, veil)]
      assert.ok(apart(a, mark) < apart(a, land) && apart(a, mark) < 40, `inside the square ${a}, the map has ${mark}`)
      assert.ok(apart(b, land) < apart(b, mark) && apart(b, land) < 40, `outside ${b}, the map has ${land}`)
    }
    await tell(0.62, ground)
    await drawnIn(page, p, [109, 179, 255]) // it lies on top
    assert.equal(await page.locator('camera-map .credit').innerText(), '© Sở Xây dựng')
    assert.deepEqual(await faults(page), [])
    await shot(page, 'ground-dark')
    await theme(page, 'light', LIGHT)
    await page.locator('camera-map .tiles.light').waitFor()
    await tell(0.15, [255, 255, 255])
    await drawnIn(page, p, [11, 98, 196])
    await shot(page, 'ground-light')
    await theme(page, 'red', RED)
    await page.locator('camera-map .tiles.red').waitFor()
    await drawnIn(page, p, [255, 90, 77])
    for (const at of [inside, outside]) {
      const [r, g, b] = await colourAt(page, ...at)
      assert.ok(r > 10 && g < 12 && b < 12, `red light only: ${[r, g, b]}`)
    }
    await shot(page, 'ground-red')
  })
})

test('the archive follows fingers and scales, and no place stays empty', async () => {
  const server = started[0]
  await onMap(server, { viewport: { width: 1280, height: 800 }, hasTouch: false, isMobile: false }, async (page) => {
    const level = () => page.locator('camera-map').evaluate((m) => m.layers.tiles.levels.at(-1).z)
    await pointOf(page, 'cam1')
    const before = await level()
    // Twice, since a level stays for as long as it is fine enough.
    for (let i = 0; i < 2; i++) await page.locator('camera-map').getByRole('button', { name: 'Thu nhỏ bản đồ' }).click()
    await page.waitForFunction((z) => {
      const map = document.querySelector('matthan-app').shadowRoot.querySelector('camera-list').shadowRoot.querySelector('camera-map')
      const { levels } = map.layers.tiles
      return !map.moving && levels.length === 1 && levels[0].z < z
    }, before)
    const p = await pointOf(page, 'cam0')
    const ground = [17, 22, 30]
    for (const [dx, dy] of [[-120, 60], [90, -70], [30, 110]]) {
      const seen = await colourAt(page, p.x + dx, p.y + dy)
      assert.ok(apart(seen, ground) > 40, `an empty place at ${dx},${dy}: ${seen}`)
    }
    await shot(page, 'ground-wide')
  })
})

test('tiles of another server are fetched by the page, without our token, and its policy lets them', async () => {
  const server = await town('map: {tiles: "https://tiles.example/{z}/{x}/{y}.png", attribution: © Bản đồ phường}')
  const asked = []
  const listen = (page) =>
    page.route('https://tiles.example/**', async (route) => {
      asked.push({ url: route.request().url(), headers: await route.request().allHeaders() })
      await route.fulfill({ contentType: 'image/png', body: png([LAND], () => 0) })
    })
  await onMap(server, {}, async (page) => {
    const p = await pointOf(page, 'cam1')
    const seen = await colourAt(page, p.x, p.y + 40)
    assert.ok(apart(seen, veiled(LAND, [17, 22, 30], 0.62)) < 40, `${seen}`)
    assert.equal(await page.locator('camera-map .credit').innerText(), '© Bản đồ phường')
    assert.ok(asked.every((a) => /^https:\/\/tiles\.example\/\d+\/\d+\/\d+\.png$/.test(a.url) && !a.headers.authorization && !a.headers.referer && !a.headers.cookie), JSON.stringify(asked[0]))
  }, listen)
})
