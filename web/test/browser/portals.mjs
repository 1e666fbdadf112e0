// A gateway with a portal beside it: a small server of another origin that signs tokens with a key of its own.
import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from './bounded.mjs'
import { theWorld } from './harness.mjs'
import { serve } from './portal-site.mjs'
import { start, stop } from './programs.mjs'

export { framePage, tokenOf } from './portal-site.mjs'

let portals

/** The gateway and its portal, started when first asked for. */
export function thePortal() {
  portals ??= build()
  return portals
}

after(async () => {
  const p = await portals?.catch(() => undefined)
  if (!p) return
  p.site.close()
  p.stranger.close()
  await stop(p.gateway)
  await rm(p.dir, { recursive: true, force: true })
})

async function build() {
  const { browser, steady, cameras } = await theWorld()
  const dir = await mkdtemp(join(tmpdir(), 'matthan-portal-'))
  const secret = randomBytes(24).toString('hex')
  await writeFile(join(dir, 'all.token'), secret + '\n', { mode: 0o600 })
  const site = await serve()
  const stranger = await serve()
  const inventory = cameras.slice(0, 2).map(({ id, name, index }) => {
    const at = `rtsp://127.0.0.1:${steady.port}/cam${index}`
    return `  - {id: ${id}, name: ${JSON.stringify(name)}, area: phuong-lang, kind: public, main: "${at}/main", sub: "${at}/sub"}`
  })
  const config = `http: "127.0.0.1:0"
https: ""
data: ${JSON.stringify(join(dir, 'data'))}
webrtc: {udp: "127.0.0.1:0", tcp: "", addresses: [127.0.0.1]}
origins: [${JSON.stringify(stranger.origin)}]
tokens:
  - {name: chief, secret_file: all.token, areas: [all], actions: [view, administer]}
areas:
  - {id: phuong-lang, name: Phường Láng}
cameras:
${inventory.join('\n')}
`
  await writeFile(join(dir, 'm.yaml'), config)
  const gateway = await start(['run', '--config', join(dir, 'm.yaml')], /ready\b.*\bhttp=(http:\/\/[^\s"]+)/)
  const address = gateway.match[1].replace(/\/$/, '')
  const p = { browser, gateway, dir, address, secret, site, stranger, key: generateKeyPairSync('ed25519') }
  await register(p, 'cong-quan', site.origin)
  p.audience = (await record(p, 'cong-quan')).body.audience
  return p
}

async function call(p, method, path, body, headers = {}) {
  const r = await fetch(p.address + path, {
    method,
    headers: { Authorization: `Bearer ${p.secret}`, ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await r.text()
  return { status: r.status, etag: r.headers.get('ETag'), body: text.startsWith('{') ? JSON.parse(text) : text }
}

const record = (p, id) => call(p, 'GET', `/api/v1/portals/${id}`)

/** Puts a portal's record, new or changed. */
export async function register(p, id, origin, more = {}) {
  const { x } = p.key.publicKey.export({ format: 'jwk' })
  const body = { name: 'Cổng thông tin quận', origins: [origin], areas: ['phuong-lang'], keys: [{ kid: 'k1', public: x }], ...more }
  const there = await record(p, id)
  const match = there.status === 200 ? { 'If-Match': there.etag } : { 'If-None-Match': '*' }
  const r = await call(p, 'PUT', `/api/v1/portals/${id}`, body, match)
  assert.equal(r.status, 204, JSON.stringify(r.body))
}

/** Ends what an officer looks at now. */
export async function endOfficer(p, officer, portal = 'cong-quan') {
  const r = await call(p, 'POST', `/api/v1/portals/${portal}/end`, { officer })
  assert.ok(r.status < 300, JSON.stringify(r))
}
