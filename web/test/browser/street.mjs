// A street of cameras with positions, and phones that may be anywhere along it.
import { after } from './bounded.mjs'
import { theWorld, tileIn, withPage } from './harness.mjs'
import { gateway } from './programs.mjs'

const LANG = { lat: 21.0126, lon: 105.8169 }
const M = 1 / 111_195
/** A position so many metres east and north of the crossroads. */
export const at = (east, north, accuracy = 12) => ({
  latitude: LANG.lat + north * M,
  longitude: LANG.lon + (east * M) / Math.cos((LANG.lat * Math.PI) / 180),
  accuracy,
})
const point = (east, north) => {
  const p = at(east, north)
  return [p.latitude, p.longitude].map((n) => Number(n.toFixed(6)))
}
/** A busy machine takes its time, ms. */
export const PATIENCE = 30_000

let server

/** Two wards along a street that leads north; one camera is gone, one has no position. */
export async function street() {
  const { steady } = await theWorld()
  const place = (id, name, area, index, position, port = steady.port) => ({ id, name, area, port, index, position })
  server ??= gateway([
    place('south', 'Ngã tư Láng Hạ – Thái Hà', 'phuong-lang', 0, point(0, -900)),
    place('middle', 'Hoàng Cầu – La Thành', 'phuong-lang', 1, point(0, 300)),
    place('alley', 'Ngõ 4 Thái Hà', 'phuong-lang', 2, point(120, 0)),
    place('north', 'Xã Đàn – Ô Chợ Dừa', 'phuong-o-cho-dua', 3, point(0, 1500)),
    place('gone', 'Vũ Ngọc Phan – Láng Hạ', 'phuong-o-cho-dua', 0, point(-340, 40), 1),
    place('nowhere', 'Camera mới', 'phuong-o-cho-dua', 0),
  ])
  return server
}

after(async () => (await server?.catch(() => undefined))?.close())

/** A phone at a place that it may tell. */
export const here = (position = at(0, 0), more = {}) => ({ geolocation: position, permissions: ['geolocation'], ...more })
export const tab = (page, name) => page.locator('camera-list .seg').getByRole('button', { name })
export const shows = (page, camera) => tileIn(page, camera, ['live', 'weak', 'stale'], PATIENCE)

export async function onStreet(options, use) {
  await withPage({ server: await street(), ...options }, async (page) => {
    page.setDefaultTimeout(PATIENCE)
    await use(page)
  })
}
