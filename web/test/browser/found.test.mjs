import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { movingScene, tileIn } from './harness.mjs'
import { choose, firstDay, setPassword, shot, signIn } from './office.mjs'
import { simulate, stop } from './programs.mjs'

// Cameras by their device alone: found or by address, one login, and its channels are chosen.

const DESK = { width: 1440, height: 900 }
const SECRET = 'bi-mat-dau-ghi'
const GROUP = '239.255.255.250'

/** A recorder of four channels that asks for a login and answers the search. */
async function recorder(use) {
  const dir = await mkdtemp(join(tmpdir(), 'matthan-found-'))
  await writeFile(join(dir, 'password'), SECRET + '\n', { mode: 0o600 })
  const options = ['--onvif', '127.0.0.1:0', '--user', 'admin', '--password-file', join(dir, 'password')]
  // Where no network takes multicast it answers nobody, as a device on another network.
  const device = await simulate(4, { options: [...options, '--discovery', `${GROUP}:3702`] }).catch(() => simulate(4, { options }))
  try {
    await use(device, new URL(device.device).port)
  } finally {
    await stop(device)
    await rm(dir, { recursive: true, force: true })
  }
}

/** Whether the search can find a device whose address has a port: what a probe of our own on each network is answered. */
async function answers(port) {
  const probe = `<s:Envelope xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header><a:MessageID>urn:uuid:1</a:MessageID></s:Header><s:Body><d:Probe><d:Types/><d:Scopes/></d:Probe></s:Body></s:Envelope>`
  const own = Object.values(networkInterfaces()).flat().filter((a) => a.family === 'IPv4' && !a.internal)
  const heard = await Promise.all(
    own.map(
      ({ address }) =>
        new Promise((done) => {
          const socket = createSocket('udp4')
          const end = (yes) => {
            clearTimeout(timer)
            socket.close()
            done(yes)
          }
          const timer = setTimeout(() => end(false), 1500)
          socket.on('error', () => end(false))
          socket.on('message', (m) => m.includes(`:${port}/onvif`) && end(true))
          socket.bind(0, address, () => {
            socket.setMulticastInterface(address)
            socket.send(probe, 3702, GROUP)
          })
        }),
    ),
  )
  return heard.includes(true)
}

/** The first administrator, with one ward, on the page of devices. */
async function clerkOf(day, options) {
  const clerk = await day.person(options)
  await setPassword(clerk, day.link, { name: 'Trần Thị Bình', login: 'binh' })
  const origin = new URL(clerk.url()).origin
  await signIn(clerk, `${origin}/manage/`, 'binh')
  await clerk.getByText('Hãy thêm khu vực trước').waitFor()
  await clerk.goto(`${origin}/manage/#/areas/+`)
  await clerk.getByLabel('Tên khu vực').fill('Phường Láng')
  await clerk.getByRole('button', { name: 'Lưu' }).click()
  await clerk.waitForURL(/#\/areas\/phuong-lang$/)
  return { clerk, origin }
}

test('a recorder’s channels become cameras by its address and one login, and one of them is watched', async () => {
  await recorder(async (device, port) => {
    await firstDay(
      async (day) => {
        const { clerk, origin } = await clerkOf(day, { viewport: DESK })
        await clerk.goto(`${origin}/manage/#/cameras`)
        await clerk.getByRole('link', { name: 'Tìm trong mạng' }).first().click()
        await clerk.getByRole('button', { name: 'Tìm thiết bị' }).waitFor()
        assert.deepEqual(await faults(clerk), [])

        // The search takes three seconds and says so; then there are devices, or the reasons why there are none.
        const there = await answers(port)
        await clerk.getByRole('button', { name: 'Tìm thiết bị' }).click()
        await clerk.getByRole('progressbar', { name: 'Đang tìm thiết bị' }).waitFor()
        await clerk.getByRole('button', { name: 'Tìm lại' }).waitFor()
        if (there) await clerk.locator(`device-screen a[href*="${port}"]`).getByText('Mới').waitFor()
        else await clerk.getByRole('heading', { name: 'Không thiết bị nào trả lời' }).waitFor()
        assert.deepEqual(await faults(clerk), [])
        await shot(clerk, 'devices-sought')

        await clerk.getByRole('link', { name: /^Nhập địa chỉ/ }).click()
        const ask = clerk.getByRole('button', { name: 'Xem các kênh' })
        await ask.click()
        await clerk.getByText('Hãy điền mục này.').waitFor()
        await clerk.getByLabel('Địa chỉ của thiết bị').fill(`127.0.0.1:${port}`)
        await clerk.getByLabel('Tài khoản của thiết bị').fill('admin')
        await clerk.getByLabel('Mật khẩu của thiết bị').fill('sai')
        await ask.click()
        await clerk.getByText('Thiết bị từ chối tài khoản này').waitFor()
        assert.deepEqual(await faults(clerk), [])
        // The same login is not sent again without a question: the device may lock.
        await ask.click()
        await clerk.getByRole('alertdialog').getByText('Thử lại đúng tài khoản vừa bị từ chối?').waitFor()
        await clerk.getByRole('button', { name: 'Sửa tài khoản' }).click()
        await clerk.getByLabel('Mật khẩu của thiết bị').fill(SECRET)
        await ask.click()

        // Three of the four, one under another name.
        await clerk.getByRole('button', { name: 'Thêm 4 camera' }).waitFor()
        await clerk.getByText('1280×720 · H.264 · hình nhỏ 640×360').first().waitFor()
        assert.equal(await clerk.getByText('Xoay được').count(), 4)
        assert.deepEqual(await faults(clerk), [])
        await clerk.getByLabel('Thêm kênh 4').uncheck()
        await clerk.getByLabel('Tên camera, kênh 2').fill('Cổng chợ Láng')
        await clerk.getByText('mã cong-cho-lang').waitFor()
        const first = await clerk.getByLabel('Tên camera, kênh 1').inputValue()
        assert.match(first, /^Ng\S+ /, 'the device’s own name, without its "main"')
        assert.doesNotMatch(first, /main/)
        await clerk.getByRole('button', { name: 'Thêm 3 camera' }).click()
        await clerk.getByText('Đã thêm 3 camera.').waitFor()
        assert.deepEqual(await faults(clerk), [])

        // An id that is taken is said in its row; corrected, what was added is not added twice.
        await clerk.getByLabel('Thêm kênh 4').check()
        await clerk.getByRole('button', { name: 'Sửa mã' }).click()
        await clerk.getByLabel('Mã, kênh 4').fill('cong-cho-lang')
        await clerk.getByRole('button', { name: 'Thêm 1 camera' }).click()
        await clerk.locator('device-channels .refused').getByText('Mã này đã có').waitFor()
        assert.deepEqual(await faults(clerk), [])
        await clerk.getByLabel('Mã, kênh 4').fill('kenh-bon')
        await clerk.getByRole('button', { name: 'Thêm 1 camera' }).click()
        await clerk.getByText('Đã thêm 4 camera.').waitFor()
        const stored = await clerk.evaluate(async () => (await (await fetch('/api/v1/inventory/cameras')).json()).cameras)
        assert.equal(stored.length, 4)
        for (const [i, c] of stored.sort((a, b) => a.main.localeCompare(b.main)).entries()) {
          assert.equal(c.main, `rtsp://127.0.0.1:${device.port}/cam${i}/main`)
          assert.equal(c.sub, `rtsp://127.0.0.1:${device.port}/cam${i}/sub`)
          assert.deepEqual({ ...c.onvif, identity: '' }, { address: device.device, identity: '', profile: `profile${i}main`, ptz: true })
          assert.match(c.onvif.identity, /^urn:uuid:/)
          assert.equal(c.user, 'admin')
        }

        await clerk.getByRole('link', { name: 'Xem hình: Cổng chợ Láng' }).click()
        await tileIn(clerk, 'cong-cho-lang', ['live', 'weak'])
        await movingScene(clerk, 0)

        // Asked again, it has nothing that is not there.
        await clerk.goto(`${origin}/manage/#/onvif/+`)
        await clerk.getByLabel('Địa chỉ của thiết bị').fill(`127.0.0.1:${port}`)
        await clerk.getByLabel('Tài khoản của thiết bị').fill('admin')
        await clerk.getByLabel('Mật khẩu của thiết bị').fill(SECRET)
        await ask.click()
        await clerk.getByText('Mọi kênh của thiết bị này đã là camera của bạn.').waitFor()
        assert.deepEqual(await faults(clerk), [])
      },
      { ports: [device.port], onvif: [port] },
    )
  })
})

test('on a phone the form of a camera hands its address to the device, and each trouble has its words', async () => {
  const page = createServer((_, r) => r.end('<!doctype html><title>Router</title>')).listen(0, '127.0.0.1')
  await once(page, 'listening')
  const other = page.address().port
  await recorder(async (device, port) => {
    await firstDay(
      async (day) => {
        const { clerk, origin } = await clerkOf(day, { isMobile: true, hasTouch: true, colorScheme: 'light' })
        await clerk.goto(`${origin}/manage/#/cameras/+`)
        await clerk.getByLabel('Tên camera').fill('Ngã tư Sở')
        await choose(clerk, /^Khu vực/, 'Phường Láng')
        await clerk.getByLabel('Địa chỉ RTSP (luồng chính)').fill(`rtsp://admin:${SECRET}@127.0.0.1/Streaming/Channels/101`)
        await clerk.getByRole('button', { name: 'Hỏi thiết bị' }).tap()
        const address = clerk.getByLabel('Địa chỉ của thiết bị')
        await address.waitFor()
        assert.equal(await address.inputValue(), '127.0.0.1')
        assert.equal(await clerk.getByLabel('Tài khoản của thiết bị').inputValue(), 'admin')
        assert.equal(await clerk.getByLabel('Mật khẩu của thiết bị').inputValue(), SECRET)
        assert.doesNotMatch(clerk.url(), /bi-mat/)
        const asked = async (where, words) => {
          await address.fill(where)
          await clerk.getByRole('button', { name: 'Xem các kênh' }).tap()
          await clerk.getByText(words).waitFor()
        }
        await asked('127.0.0.1', 'Máy chủ chưa được phép gọi tới địa chỉ hoặc cổng này') // port 80 is not in reach
        await clerk.getByText('reach.onvif_ports').waitFor()
        assert.deepEqual(await faults(clerk), [])
        await asked(`127.0.0.1:${other}`, 'Ở địa chỉ này không có gì trả lời ONVIF')
        await asked(`http://admin@127.0.0.1:${port}`, 'Hãy bỏ tài khoản khỏi địa chỉ')
        await clerk.getByLabel('Mật khẩu của thiết bị').fill(SECRET)
        await asked(`127.0.0.1:${port}`, 'Chọn tất cả 4 kênh')
        assert.deepEqual(await faults(clerk), [])
        await stop(device)
        await clerk.getByRole('button', { name: 'Đổi tài khoản' }).tap()
        await asked(`127.0.0.1:${port}`, 'Không kết nối được tới thiết bị')
        await clerk.getByRole('link', { name: 'Quay lại' }).tap()
        await clerk.getByRole('button', { name: 'Tìm thiết bị' }).waitFor()
        assert.deepEqual(await faults(clerk), [])
      },
      { ports: [device.port], onvif: [port, other] },
    )
  }).finally(() => page.close())
})
