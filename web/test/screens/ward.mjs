// The ward whose screens are looked at: crossroads, two households, and people of every role, on a real gateway.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settle, signIn } from '../browser/accounts.mjs'
import { serve } from '../browser/portal-site.mjs'
import { simulate, start, stop } from '../browser/programs.mjs'

/** Where the officer stands: at the crossroads that is watched first. */
export const HERE = { latitude: 21.0131, longitude: 105.8178, accuracy: 20 }

const CAMERAS = [
  ['lang-ha-thai-ha', 'Ngã tư Láng Hạ – Thái Hà', 'phuong-lang', 'public', [21.0126, 105.8169]],
  ['la-thanh-lang', 'La Thành – Láng', 'phuong-lang', 'public', [21.0161, 105.8052]],
  ['thai-ha-hoang-cau', 'Thái Hà – Hoàng Cầu', 'phuong-lang', 'public', [21.0147, 105.8203]],
  ['lang-yen-lang', 'Láng – Yên Lãng', 'phuong-lang', 'public', [21.0102, 105.8124]],
  ['ubnd-phuong', 'Trụ sở Ủy ban phường Láng', 'phuong-lang', 'office', [21.0139, 105.8141]],
  ['xa-dan-o-cho-dua', 'Xã Đàn – Ô Chợ Dừa', 'phuong-o-cho-dua', 'public', [21.0169, 105.8298]],
  ['nha-ba-tu', 'Nhà bà Tư, ngõ 36 Láng Hạ', 'phuong-lang', 'household', [21.0097, 105.8181]],
  ['nha-ong-sau', 'Nhà ông Sáu, ngõ 9 Thái Hà', 'phuong-lang', 'household', [21.0153, 105.8187]],
]
/** Its head turns. */
const TURNS = 'thai-ha-hoang-cau'
/** Its page has the frame of docs/embedding.md. */
export const PORTAL = 'dieu-hanh-dong-da'
const OFFLINE = ['vu-ngoc-phan', 'Vũ Ngọc Phan – Láng Hạ', 'phuong-lang', 'public', [21.0172, 105.8113]]

/** The login of its recorder, whose sixteen channels are nobody's yet. */
export const RECORDER = { user: 'admin', password: 'dau-ghi-cua-phuong' }

/** Who is signed in, by the names of the rows. */
const PEOPLE = {
  officer: { login: '268-114', name: 'Nguyễn Văn Minh', roles: ['viewer'], areas: ['phuong-lang'] },
  colleague: { login: '268-207', name: 'Phạm Thị Lan', roles: ['viewer'], areas: ['phuong-o-cho-dua'] },
  chief: { login: '268-001', name: 'Trần Quốc Hòa', roles: ['supervisor'], areas: ['phuong-lang'] },
  auditor: { login: 'thanh-tra', name: 'Lê Thị Thanh', roles: ['auditor'], areas: ['all'] },
  newcomer: { login: 'tan-binh', name: 'Đỗ Tân Bình', roles: ['viewer'], areas: [] },
}

/** Opens the ward. Resolves to its address, its people's sessions, its links, and how to close it. */
export async function openWard(browser) {
  const dir = await mkdtemp(join(tmpdir(), 'matthan-screens-'))
  const secret = join(dir, 'recorder.password')
  await writeFile(secret, RECORDER.password + '\n', { mode: 0o600 })
  const onvif = ['--onvif', '127.0.0.1:0']
  const [cameras, recorder, gone] = await Promise.all([
    simulate(CAMERAS.length + 1, { options: onvif }),
    simulate(16, { options: [...onvif, '--user', RECORDER.user, '--password-file', secret] }),
    simulate(1),
  ])
  await stop(gone) // its address stays free: a camera without power
  const reach = `reach: {networks: [127.0.0.1/32], ports: [${cameras.port}, ${recorder.port}, ${gone.port}], onvif_ports: [${[cameras, recorder].map((d) => new URL(d.device).port)}]}`
  await writeFile(
    join(dir, 'm.yaml'),
    `http: ""\nhttps: "127.0.0.1:0"\ndata: ${JSON.stringify(join(dir, 'data'))}\nwebrtc: {udp: "127.0.0.1:0", tcp: "", addresses: [127.0.0.1]}\nemergency: true\nalerts: {after: 10s, steady: 1s, knock: 10s}\n${reach}\n`,
  )
  const gateway = await start(['run', '--config', join(dir, 'm.yaml')], /^\s+(https:\/\/\S+\/id\/link\/\S+)$/)
  const origin = new URL(gateway.match[1]).origin
  const w = { browser, dir, cameras, recorder, gone, gateway, origin, first: gateway.match[1], people: {}, keys: {} }
  w.spare = `rtsp://127.0.0.1:${cameras.port}/cam${CAMERAS.length}/main` // nobody's yet: for a citizen to lend
  w.close = async () => {
    w.site?.close()
    await Promise.all([stop(gateway), stop(cameras), stop(recorder)])
    await rm(dir, { recursive: true, force: true })
  }
  try {
    await fill(w)
  } catch (e) {
    await w.close()
    throw e
  }
  return w
}

/** What a person asks the API. @param status that the answer must have */
async function ask(context, w, method, path, data, status = 204) {
  const headers = method === 'PUT' ? { 'If-None-Match': '*' } : {}
  const r = await context.request.fetch(`${w.origin}/api/v1/${path}`, { method, headers, ...(data ? { data } : {}) })
  assert.equal(r.status(), status, `${method} ${path}: ${await r.text()}`)
  return status === 204 ? undefined : r.json()
}

async function fill(w) {
  const admin = await w.browser.newContext({ ignoreHTTPSErrors: true })
  await settle(admin, w.first, { login: 'quan-tri', name: 'Trần Thị Bình' })
  await signIn(admin, w.origin, 'quan-tri')
  w.admin = (...a) => ask(admin, w, ...a)
  await places(w)
  w.people.admin = await admin.storageState()
  for (const [as, who] of Object.entries(PEOPLE)) await enter(w, as, who)
  await rights(w)
  await links(w)
  w.closeAdmin = () => admin.close()
}

async function places(w) {
  for (const [id, name, parent, level] of [
    ['ha-noi', 'Hà Nội', undefined, 'thành phố'],
    ['phuong-lang', 'Phường Láng', 'ha-noi', 'phường'],
    ['phuong-o-cho-dua', 'Phường Ô Chợ Dừa', 'ha-noi', 'phường'],
  ]) await w.admin('PUT', `inventory/areas/${id}`, { name, level, ...(parent ? { parent } : {}) })
  for (const [i, [id, name, area, kind, [lat, lng]]] of [...CAMERAS, OFFLINE].entries()) {
    const at = i < CAMERAS.length ? `rtsp://127.0.0.1:${w.cameras.port}/cam${i}` : `rtsp://127.0.0.1:${w.gone.port}/cam0`
    await w.admin('PUT', `inventory/cameras/${id}`, { name, area, kind, position: [lat, lng], main: `${at}/main`, sub: `${at}/sub`, ...(id === TURNS ? { onvif: { address: w.cameras.device, profile: `profile${i}main`, ptz: true } } : {}) })
  }
}

/** Makes an account, and keeps the session of its owner for the rows. */
async function enter(w, as, { login, ...who }) {
  const { link } = await w.admin('PUT', `accounts/${login}`, who, 201)
  const context = await w.browser.newContext({ ignoreHTTPSErrors: true })
  await settle(context, link, { login, name: who.name })
  await signIn(context, w.origin, login)
  w.keys[as] = (await ask(context, w, 'GET', 'session', undefined, 200)).key
  w.people[as] = await context.storageState()
  await context.close()
}

/** What a person asks the API, by the name of a row's `who`. */
export async function by(w, as, method, path, data, status) {
  const context = await w.browser.newContext({ ignoreHTTPSErrors: true, storageState: w.people[as] })
  try {
    return await ask(context, w, method, path, data, status)
  } finally {
    await context.close()
  }
}

async function rights(w) {
  const why = { owner: 'Phan Thị Tư', contact: '0912 345 678', purposes: ['theft', 'missing', 'fire'], document: '12/2026' }
  await w.admin('PUT', 'inventory/cameras/nha-ba-tu/consent', why)
  const kinds = ['public', 'office', 'institution', 'household']
  for (const as of ['officer', 'chief']) {
    await w.admin('POST', 'grants', { who: { person: w.keys[as] }, actions: ['view', 'export'], areas: ['phuong-lang'], kinds, reason: 'trực ban' }, 201)
  }
  await by(w, 'colleague', 'POST', 'requests', { area: 'phuong-lang', actions: ['view'], for: 1800, reason: 'Xe tải gây tai nạn đang chạy về phía này' }, 201)
}

async function links(w) {
  w.invitation = (await w.admin('POST', 'invitations', { area: 'phuong-lang', name: 'bà Phan Thị Tư', note: 'số 12 ngõ 36', days: 3 }, 201)).link
  w.owner = (await w.admin('POST', 'inventory/cameras/nha-ba-tu/owner-link', {}, 201)).link
  const out = { camera: 'lang-ha-thai-ha', for: 'Đội PCCC Đống Đa', minutes: 60, outside: true }
  w.guest = await by(w, 'chief', 'POST', 'shares', out, 201)
  w.key = generateKeyPairSync('ed25519')
  w.site = await serve()
  w.address = w.origin // as the portal names the gateway
  const { x } = w.key.publicKey.export({ format: 'jwk' })
  const portal = { name: 'Trung tâm điều hành Đống Đa', origins: [w.site.origin], areas: ['phuong-lang'], keys: [{ kid: 'k1', public: x }] }
  await w.admin('PUT', `portals/${PORTAL}`, portal)
  w.audience = (await w.admin('GET', `portals/${PORTAL}`, undefined, 200)).audience
}
