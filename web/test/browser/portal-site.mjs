// A mock portal: its server, the page with the frame, and the tokens that it signs.
import { randomUUID, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'

const modules = resolve(import.meta.dirname, '../../node_modules')

/** A server whose pages and answers the tests set, by path. Resolves once it listens. */
export async function serve() {
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
    html: `<!doctype html><html lang="vi"><meta name="viewport" content="width=device-width"><title>Cổng</title><body style="margin:0;background:#eef0f4">
<iframe id="camera" title="Camera" src="${p.address}/embed/${portal}/${camera}" allow="fullscreen" style="border:0;display:block;${style}"></iframe>
<script>${hello ? talk : ''}</script></body></html>`,
  }
}
