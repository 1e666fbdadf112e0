// The picture comes back by itself, to the same tiles: after the gateway was away, and after the page was.
import assert from 'node:assert/strict'
import { after, test } from './bounded.mjs'
import { diagnostics, movingScene, tileIn as inTime, withPage } from './harness.mjs'
import { notLive, shoot } from './looks.mjs'
import { gateway, simulate, stop } from './programs.mjs'

// A busy machine may take long; it is what comes that counts here.
const LONG_MS = 40_000
const tileIn = (page, camera, states) => inTime(page, camera, states, LONG_MS)

let own

/** A gateway that may be ended, with four cameras. */
async function theOwn() {
  own ??= (async () => {
    const cameras = await simulate(4)
    const names = ['Ngã tư Láng Hạ – Thái Hà', 'La Thành – Láng', 'Thái Hà – Hoàng Cầu', 'Láng – Yên Lãng']
    const server = await gateway(names.map((name, i) => ({ id: `cam${i}`, name, area: 'phuong-lang', port: cameras.port, index: i })))
    return { server, cameras }
  })()
  return own
}

after(async () => {
  const o = await own?.catch(() => undefined)
  if (!o) return
  await o.server.close()
  await stop(o.cameras)
})

const placed = (page) => page.evaluate(() => window.matthan.diagnostics().tiles.map((t) => t.camera))
/** All tiles have their pictures, or rest where the machine cannot keep up with four. Resolves to those that move. */
async function allMove(page) {
  await page.waitForFunction(() => window.matthan.diagnostics().tiles.every((t) => /live|weak|rest/.test(t.state)), null, { timeout: LONG_MS })
  return (await diagnostics(page)).tiles.flatMap((t, i) => (t.state === 'rest' ? [] : [i]))
}
const scenesOf = async (page, tiles) => Object.fromEntries(await Promise.all(tiles.map(async (i) => [i, await movingScene(page, i)])))

for (const [signal, how] of [
  ['SIGTERM', 'that is restarted'],
  ['SIGKILL', 'that died'],
]) {
  test(`after a gateway ${how} the same four tiles come back by themselves`, async () => {
    const { server } = await theOwn()
    await withPage({ camera: 'cam1', server, failedLoads: true }, async (page) => {
      await tileIn(page, 'cam1', ['live', 'weak'])
      await page.locator('nav .main').tap()
      const moving = await allMove(page)
      const before = await placed(page)
      const scenes = await scenesOf(page, moving)
      await server.end(signal)
      try {
        await page.waitForFunction(() => window.matthan.diagnostics().tiles.every((t) => !/live|weak/.test(t.state)), null, { timeout: LONG_MS })
        for (const tile of moving) await notLive(page, tile)
        await shoot(page, `away-${signal}`)
      } finally {
        await server.back()
      }
      const again = (await allMove(page)).filter((i) => moving.includes(i))
      assert.ok(again.length > 0, 'some move again')
      assert.deepEqual(await placed(page), before)
      for (const [i, scene] of Object.entries(await scenesOf(page, again))) assert.equal(scene, scenes[i], 'each its own picture')
    })
  })
}

test('a page that was away for over a minute has let its connections go, and has the same tiles again', async () => {
  const { server } = await theOwn()
  await withPage({ camera: 'cam2', server }, async (page) => {
    await tileIn(page, 'cam2', ['live', 'weak'])
    await page.locator('nav .main').tap()
    await allMove(page)
    const before = await placed(page)
    await page.evaluate(() => {
      window.sight = 'hidden'
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => window.sight })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await page.waitForFunction(() => window.matthan.diagnostics().tiles.every((t) => t.state === 'idle'), null, { timeout: 6000 })
    await page.waitForFunction(() => window.connections.at(-1).connectionState === 'closed', null, { timeout: 90_000 })
    assert.equal((await diagnostics(page)).connected, false)
    await page.evaluate(() => {
      window.sight = 'visible'
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await allMove(page)
    assert.deepEqual(await placed(page), before)
    assert.equal(await page.evaluate(() => window.peers), 2)
  })
})
