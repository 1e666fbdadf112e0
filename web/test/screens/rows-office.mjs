// What administrators, auditors and owners see.
import { answered, shows } from './steps.mjs'
import { RECORDER } from './ward.mjs'

const themes = ['dark', 'light']
const langs = ['vi', 'en']

/** A screen of the administration page, by its address. */
const office = (name, hash, ready, more = {}) => ({
  group: 'manage', who: 'admin', name, at: `/manage/#/${hash}`, sizes: ['phone', 'desk'], themes, langs,
  go: async (page) => {
    await answered(page)
    await page.locator(ready).first().waitFor()
  },
  ...more,
})

/** Has the camera at an address examined, which takes some seconds. */
async function examine(page, address) {
  await page.locator('camera-panel form').waitFor()
  await page.locator('camera-panel input#main').fill(address)
  await page.locator('camera-panel').getByRole('button', { name: /^(Khu vực|Area)/ }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('textbox').fill('Phường Láng')
  await sheet.getByRole('button', { name: 'Phường Láng' }).first().click()
  await sheet.waitFor({ state: 'hidden' })
  const check = page.locator('camera-check')
  await check.getByRole('button').first().click()
  await check.locator('li').first().waitFor({ state: 'attached', timeout: 30_000 })
  await check.evaluate((e) => e.scrollIntoView({ block: 'start' }))
}

/** Opens the editor of a camera's masks. */
const masking = (then = () => undefined) => async (page) => {
  await answered(page)
  await page.locator('camera-masks .draw').click()
  await page.locator('mask-editor .frame img').or(page.locator('mask-editor .note', { hasText: /Chưa có ảnh|There is no picture/ })).first().waitFor({ timeout: 25_000 })
  await then(page)
}

async function drawn(page, corners) {
  for (const [x, y] of corners) {
    const box = await page.locator('mask-board').boundingBox()
    await page.mouse.click(box.x + x * box.width, box.y + y * box.height)
  }
}

/** Outages of every kind, as the API tells them. */
function manyGone() {
  const camera = (id, name) => ({ id, name, area: 'phuong-lang' })
  const ago = (minutes) => Date.now() - minutes * 60_000
  const one = (minutes, cause, id, name, state = 'offline') => ({ state, since: ago(minutes), cause, whole: true, count: 1, cameras: [camera(id, name)] })
  const channels = Array.from({ length: 16 }, (_, i) => camera(`cho-${i}`, `Chợ Láng Hạ, cổng ${i + 1}`))
  return {
    cameras: 22,
    outages: [
      { state: 'offline', since: ago(12), cause: 'unreachable', host: '10.20.4.5', whole: true, count: 16, cameras: channels },
      one(31, 'unreachable', 'vu-ngoc-phan', 'Vũ Ngọc Phan – Láng Hạ'),
      one(44, 'unauthorized', 'la-thanh-lang', 'La Thành – Láng'),
      one(58, 'ended', 'lang-yen-lang', 'Láng – Yên Lãng', 'unsteady'),
      one(320, 'silent', 'ubnd-phuong', 'Trụ sở Ủy ban phường Láng'),
      one(4000, 'out_of_reach', 'thai-ha-hoang-cau', 'Thái Hà – Hoàng Cầu'),
    ],
    telling: { waiting: 3, dropped: 0, failing_since: ago(9), why: 'status_503' },
  }
}

/** What a search finds in a ward's network, which is not ours to build: here it is told to the page. */
const NETWORK = [
  ['HIKVISION', 'DS-7616NI-Q2', '192.168.10.20', 'Nhà văn hóa'],
  ['HIKVISION', 'DS-2CD2T47G2-L', '192.168.10.64', ''],
  ['Dahua', 'IPC-HFW2441S-S', '192.168.10.71', 'Ngõ 36'],
  ['KBVISION', 'KX-A4K8216H3', '192.168.10.90', ''],
  ['', '', '192.168.10.133', ''],
].map(([name, model, host, location], i) => ({ identity: `urn:uuid:${i}`, name, model, location, addresses: [`http://${host}/onvif/device_service`] }))

/** Looks for devices, of which these answer. */
const sought = (devices) => async (page, w) => {
  await page.route('**/api/v1/inventory/discover', (r) => r.fulfill({ json: { devices: devices(w) } }))
  await answered(page)
  await page.locator('device-screen .seek .go').click()
  await page.locator('device-screen .seek .soft').waitFor()
}

/** Asks the ward's recorder. */
const recorded = (password, then) => async (page, w) => {
  await answered(page)
  await page.locator('device-panel #address').fill(new URL(w.recorder.device).host)
  const area = page.locator('device-panel item-picker')
  if (await area.count()) {
    await area.getByRole('button').first().click()
    await area.getByRole('dialog').getByRole('textbox').fill('Phường Láng')
    await area.getByRole('dialog').getByRole('button', { name: 'Phường Láng' }).first().click()
    await area.getByRole('dialog').waitFor({ state: 'hidden' })
  }
  await page.locator('device-panel #user').fill(RECORDER.user)
  await page.locator('device-panel #password').fill(password)
  await page.locator('device-panel .foot .go').click()
  await page.locator(then).first().waitFor()
}

export const manage = [
  { ...office('manage-gate', '', '.gate .go'), who: '' },
  { ...office('manage-denied', '', '.gate .go'), who: 'officer' },
  office('cameras', 'cameras', 'camera-screen .item', { sizes: ['phone', 'tablet', 'desk'], docs: { desk: 'manage' } }),
  office('camera', 'cameras/lang-ha-thai-ha', 'camera-panel form'),
  office('camera-new', 'cameras/+', 'camera-panel form'),
  office('camera-faults', 'cameras/+', 'camera-panel form', {
    go: async (page) => {
      await answered(page)
      await page.locator('camera-panel button.go').first().click()
      await page.locator('camera-panel [aria-invalid=true]').first().waitFor()
    },
  }),
  office('camera-checked', 'cameras/+', 'camera-panel form', {
    go: async (page, w) => {
      await answered(page)
      await examine(page, `rtsp://127.0.0.1:${w.cameras.port}/cam0/main`)
    },
  }),
  office('camera-check-fault', 'cameras/+', 'camera-panel form', {
    go: async (page, w) => {
      await answered(page)
      await examine(page, `rtsp://127.0.0.1:${w.gone.port}/Streaming/Channels/101`)
    },
  }),
  office('camera-hides', 'cameras', '', {
    go: async (page) => {
      await page.route('**/api/v1/inventory/cameras/lang-ha-thai-ha', async (r) => {
        const as = await r.fetch()
        await r.fulfill({ response: as, json: { ...(await as.json()), masks: [[[0, 0], [0.3, 0], [0.3, 0.3]], [[1, 1], [0.8, 1], [1, 0.8]]] } })
      })
      await answered(page)
      await page.goto(page.url().replace(/#.*/, '#/cameras/lang-ha-thai-ha'))
      await page.locator('camera-masks').evaluate((e) => e.scrollIntoView({ block: 'center' }))
    },
  }),
  office('camera-masks', 'cameras/lang-ha-thai-ha', '', { sizes: ['phone', 'tablet', 'desk'], go: masking() }),
  office('camera-masks-drawing', 'cameras/lang-ha-thai-ha', '', {
    sizes: ['phone', 'tablet', 'desk'],
    go: masking(async (page) => {
      await drawn(page, [[0.1, 0.15], [0.34, 0.12], [0.36, 0.5], [0.12, 0.55]])
      await page.locator('mask-editor .tools .go').click()
      await drawn(page, [[0.62, 0.3], [0.85, 0.28], [0.88, 0.7]])
    }),
  }),
  office('camera-masks-none', 'cameras/vu-ngoc-phan', '', { go: masking((page) => page.locator('mask-editor .tools .soft').first().click()) }),
  office('camera-masks-conflict', 'cameras/lang-ha-thai-ha', '', {
    go: masking(async (page) => {
      await page.locator('mask-editor .tools .soft').first().click()
      // Somebody else was quicker, and drew something else.
      const other = { masks: [[[0, 0], [0.3, 0], [0.3, 0.3]], [[1, 1], [0.8, 1], [1, 0.8]]] }
      await page.route('**/api/v1/inventory/cameras/*', async (r) => {
        if (r.request().method() === 'PUT') return r.fulfill({ status: 412, contentType: 'application/problem+json', body: JSON.stringify({ status: 412, code: 'conflict', title: 'Precondition Failed' }) })
        const as = await r.fetch()
        return r.fulfill({ response: as, json: { ...(await as.json()), ...other } })
      })
      await page.locator('mask-editor footer .go').click()
      await page.locator('mask-editor .conflict').waitFor()
      await page.locator('mask-editor .conflict').evaluate((e) => e.scrollIntoView({ block: 'end' }))
    }),
  }),
  office('devices', 'onvif?from=phuong-lang', 'device-screen .go', { sizes: ['phone', 'tablet', 'desk'] }),
  office('devices-found', 'onvif?from=phuong-lang', '', {
    sizes: ['phone', 'tablet', 'desk'],
    // One of them is the recorder whose cameras stand here already.
    go: sought((w) => [{ ...NETWORK[0], identity: '', addresses: [w.cameras.device] }, ...NETWORK.slice(1)]),
  }),
  office('devices-none', 'onvif?from=phuong-lang', '', { go: sought(() => []) }),
  office('device-login', 'onvif/+', 'device-panel form', { sizes: ['phone', 'tablet', 'desk'] }),
  office('device-refused', 'onvif/+', '', { go: recorded('sai', 'device-panel .banner.bad') }),
  office('device-channels', 'onvif/+', '', { sizes: ['phone', 'tablet', 'desk'], go: recorded(RECORDER.password, 'device-channels .take') }),
  office('device-added', 'onvif/+', '', {
    go: async (page, w) => {
      await recorded(RECORDER.password, 'device-channels .take')(page, w)
      const boxes = page.locator('device-channels .channels [type=checkbox]')
      for (let i = 3; i < 16; i++) await boxes.nth(i).uncheck()
      // The network is gone with the last of the three.
      let n = 0
      await page.route('**/api/v1/inventory/cameras/*', (r) => (++n > 2 ? r.abort() : r.fulfill({ status: 204 })))
      await page.locator('device-channels .foot .go').click()
      await page.locator('device-channels .banner.bad').waitFor()
    },
  }),
  office('areas', 'areas', 'area-screen .item'),
  office('area', 'areas/phuong-lang', 'area-panel form'),
  office('accounts', 'accounts', 'account-screen .item'),
  office('account-of', 'accounts/268-114', 'account-panel'),
  office('account-new', 'accounts/+', 'account-panel form'),
  office('grants', 'grants', 'grant-screen .item'),
  office('grant-new', 'grants/+', 'grant-form form'),
  office('households', 'households', 'household-screen .item'),
  office('household', 'households/nha-ba-tu', 'consent-panel'),
  office('household-none', 'households/nha-ong-sau', 'consent-panel'),
  office('invitations', 'invitations', 'invitation-screen .item'),
  office('invitation-new', 'invitations/+', 'invitation-form form'),
  office('portals', 'portals', 'portal-screen .item'),
  office('portal', 'portals/dieu-hanh-dong-da', 'portal-panel form'),
  office('portal-new', 'portals/+', 'portal-panel form'),
  office('health', 'health', 'health-outages section', { sizes: ['phone', 'tablet', 'desk'] }),
  office('health-outages', 'health', 'health-outages section', {
    sizes: ['phone', 'tablet', 'desk'],
    go: async (page) => {
      await answered(page)
      await page.locator('health-outages section').waitFor()
      // A day on which much is gone, and nobody else is told.
      await page.route('**/api/v1/health/outages', (route) => route.fulfill({ json: manyGone() }))
      await page.locator('health-outages li').nth(4).waitFor()
    },
  }),
  office('health-of', 'health/vu-ngoc-phan', 'health-panel'),
  office('health-ways', 'health/lang-ha-thai-ha', '', {
    go: async (page) => {
      await answered(page)
      const stream = (quality, codec, width, height, bits, way, why) => ({ quality, state: 'live', codec, width, height, bits, pictures: 25, way, ...(why ? { why } : {}) })
      // A camera of which each stream goes another way.
      await page.route('**/api/v1/health/cameras/*', async (r) => {
        const as = await r.fetch()
        const streams = [stream('main', 'H265', 3840, 2160, 6_100_000, 'rung', 'codec'), stream('sub', 'H264', 640, 360, 420_000, 'pass'), stream('low', 'H264', 640, 360, 380_000, 'rung', 'masks'), stream('main', 'H264', 1920, 1080, 4_000_000, 'refused', 'masks')]
        await r.fulfill({ response: as, json: { ...(await as.json()), streams } })
      })
      await page.locator('health-panel .way').first().waitFor({ timeout: 15_000 })
      await page.locator('health-panel .way').last().evaluate((e) => e.scrollIntoView({ block: 'end' }))
    },
  }),
  office('now', 'now', 'now-screen .view', {
    go: async (page, w) => {
      w.watcher = await w.browser.newContext({ ignoreHTTPSErrors: true, storageState: w.people.officer })
      const other = await w.watcher.newPage()
      await other.goto(`${w.origin}/#camera=lang-ha-thai-ha`)
      await shows(other, 'lang-ha-thai-ha')
      await answered(page)
      await page.locator('now-screen .view').first().waitFor()
    },
    undo: (w) => w.watcher.close(),
  }),
  office('several', 'cameras', 'camera-screen .item', {
    go: async (page) => {
      await answered(page)
      await page.locator('camera-screen .several').first().click()
      await page.locator('camera-bulk').waitFor()
    },
  }),
  office('import', 'import', 'import-screen input'),
  office('log', 'log', 'log-screen .item', { who: 'auditor', sizes: ['phone', 'desk'] }),
  office('log-proof', 'log/proof', 'log-proof', { who: 'auditor' }),
  office('log-report', 'log/report', 'log-report', { who: 'auditor' }),
  office('manage-menu', 'cameras', 'camera-screen .item', {
    sizes: ['phone'],
    go: async (page) => {
      await answered(page)
      await page.locator('nav .further').click()
      await page.locator('office-menu dialog[open]').waitFor()
    },
  }),
]

/** On an invited citizen's own phone, in the light: their pages know no dark. */
const citizen = (name, go, more = {}) => ({ group: 'owner', name, at: (w) => w.invitation, themes: ['light'], sizes: ['phone'], go, ...more })

const begin = async (page) => {
  await page.locator('owner-app .act').first().click()
  await page.locator('owner-app select').first().waitFor()
}

/** Fills the form of the camera, and waits for its picture. */
async function tried(page, w) {
  await begin(page)
  await page.getByLabel('Camera hiệu gì?').selectOption({ label: 'Hiệu khác' })
  await page.getByLabel('Mật khẩu của camera').fill('khong-co')
  await page.getByLabel('Địa chỉ đầy đủ của camera').fill(w.spare)
  await page.getByRole('button', { name: 'Xem thử' }).click()
  await page.getByText('Hình trực tiếp. Chỉ mình bạn đang thấy.').waitFor()
}

const toMasks = async (page, w) => {
  await tried(page, w)
  await page.getByRole('button', { name: 'Đúng, đây là camera của tôi' }).click()
  await page.locator('mask-board').waitFor()
}

const toUse = async (page, w) => {
  await toMasks(page, w)
  await page.getByRole('button', { name: 'Không cần che' }).click()
  await page.getByText('Cho xem khi nào, để làm gì?').waitFor()
}

export const owners = [
  citizen('owner-welcome', (page) => page.locator('owner-app .act').first().waitFor(), { langs, sizes: ['phone', 'desk'] }),
  citizen('owner-camera', begin, { langs }),
  citizen('owner-preview', tried),
  citizen('owner-masks', async (page, w) => {
    await toMasks(page, w)
    const box = await page.locator('mask-board').boundingBox()
    for (const [x, y] of [[0.2, 0.3], [0.5, 0.3], [0.5, 0.7], [0.2, 0.3]]) await page.mouse.click(box.x + x * box.width, box.y + y * box.height)
  }),
  citizen('owner-use', async (page, w) => {
    await toUse(page, w)
    await page.getByLabel('Tìm người mất tích, đi lạc').check()
    await page.getByLabel('Chỉ những giờ này').check()
  }),
  citizen('owner-agreement', async (page, w) => {
    await toUse(page, w)
    await page.getByLabel('Tìm người mất tích, đi lạc').check()
    await page.getByLabel('Cả ngày và đêm').check()
    await page.getByLabel('Đến khi tôi rút lại').check()
    await page.getByRole('button', { name: 'Tiếp tục' }).click()
    await page.getByText('91/2025/QH15').waitFor()
  }),
  citizen('owner-mine', (page) => page.locator('my-camera .card').waitFor(), { at: (w) => w.owner, langs, sizes: ['phone', 'desk'], docs: { phone: 'owner' } }),
  citizen('owner-own-masks', async (page) => {
    await page.getByRole('button', { name: 'Che một chỗ trong hình' }).click()
    await page.locator('mask-board').waitFor()
    await page.getByRole('button', { name: 'Thêm vùng' }).click()
  }, { at: (w) => w.owner, sizes: ['phone', 'tablet'] }),
  citizen('owner-gone', (page) => page.locator('owner-app h1').waitFor(), { at: (w) => `${w.owner.split('#')[0]}#${'x'.repeat(26)}` }),
]
