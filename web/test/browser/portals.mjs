// A gateway with a portal beside it: a small server of another origin that signs tokens with a key of its own.
import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after } from 'node:test'
import { theWorld } from './harness.mjs'
import { start, stop } from './programs.mjs'

const modules = resolve(import.meta.dirname, '../../node_modules')

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

/** A server whose pages and answers the tests set, by path. Resolves once it listens. */
async function serve() {
  const s = { pages: new Map(), answer: undefined, close: () => server.close() }
  const server = createServer((request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    if (request.method === 'POST' && request.url.startsWith('/token')) {
      const token = s.answer?.(request.url)
      if (!token) response.writeHead(401).end()
      else response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ token }))
      return
    }
    if (request.url.startsWith('/modules/')) {
      // What a portal has installed for its own pages.
      readFile(join(modules, new URL(request.url, 'http://x').pathname.slice(9)))
        .then((text) => response.setHeader('Content-Type', 'text/javascript').end(text))
        .catch(() => response.writeHead(404).end())
      return
    }
    const page = s.pages.get(request.url)
    if (!page) return response.writeHead(404).end()
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    if (page.policy) response.setHeader('Content-Security-Policy', page.policy)
    response.end(page.html)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  // By name: the gateway's pages are at 127.0.0.1, so that the two are of different sites.
  s.origin = `http://localhost:${server.address().port}`
  return s
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

/** A token that a portal signs for one officer. @param seconds of its life */
export function tokenOf(p, { portal = 'cong-quan', officer = 'cb-0042', camera, origin = p.site.origin, seconds = 120 }) {
  const part = (v) => Buffer.from(JSON.stringify(v)).toString('base64url')
  const now = Date.now() / 1000
  const claims = {
    iss: portal, aud: p.audience, sub: officer, name: 'Lê An', cam: camera, org: origin,
    iat: now, exp: now + seconds, jti: randomUUID(),
  }
  const text = `${part({ alg: 'EdDSA', typ: 'embed+jwt', kid: 'k1' })}.${part(claims)}`
  return `${text}.${sign(null, Buffer.from(text), p.key.privateKey).toString('base64url')}`
}

/** The page of docs/embedding.md, with the frame in it. */
export function framePage(p, { portal = 'cong-quan', camera = 'cam0', style = 'width:100%;aspect-ratio:16/9', hello = true } = {}) {
  const talk = `
  const frame = document.getElementById('camera')
  frame.addEventListener('load', () => {
    const channel = new MessageChannel()
    channel.port1.onmessage = async (event) => {
      if (event.data.type !== 'token-please') return
      window.asked = [...(window.asked ?? []), event.data.renew]
      const answer = await fetch('/token/' + (event.data.renew ? 'renew' : 'first'), { method: 'POST' })
      if (answer.ok) channel.port1.postMessage({ type: 'token', token: (await answer.json()).token })
    }
    frame.contentWindow.postMessage({ type: 'matthan-hello' }, '${p.address}', [channel.port2])
  })`
  return {
    policy: `frame-src ${p.address}`,
    html: `<!doctype html><html lang="vi"><title>Cổng</title><body style="margin:0;background:#eef0f4">
<iframe id="camera" title="Camera" src="${p.address}/embed/${portal}/${camera}" allow="fullscreen" style="border:0;display:block;${style}"></iframe>
<script>${hello ? talk : ''}</script></body></html>`,
  }
}
