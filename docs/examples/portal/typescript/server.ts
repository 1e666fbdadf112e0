// A portal that shows one camera to its officers. Node 22.18 or later, no packages:
//
//   GATEWAY=https://camera.phuong-lang.example:8443 PORTAL=cong-quan KID=k1 KEY=portal.pem \
//   CAMERA=lang-ha-thai-ha ORIGIN=https://portal.example LISTEN=3000 node server.ts

import { createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the gateway's administrator and you have agreed on. */
interface Portal {
  gateway: string // its origin: the "audience" of your portal's record there
  id: string // of your portal
  kid: string // names your key
  key: KeyObject
  origin: string // of your pages, as browsers send it
}

interface Officer {
  id: string
  name: string
}

function setting(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`set ${name}`)
  return value
}

/** A token for one officer and one camera, for two minutes and one use. */
function tokenFor(portal: Portal, officer: Officer, camera: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const text =
    part({ alg: 'EdDSA', typ: 'embed+jwt', kid: portal.kid }) +
    '.' +
    part({
      iss: portal.id,
      aud: portal.gateway,
      sub: officer.id,
      name: officer.name,
      cam: camera,
      org: portal.origin,
      iat: now,
      exp: now + 120,
      jti: randomUUID(),
      // Of a citizen's camera also what it is looked at for: reason: 'theft', case: '17/2026'.
    })
  return text + '.' + sign(null, Buffer.from(text), portal.key).toString('base64url')
}

/** Who is signed in at your portal. Put your own sign-in here: whoever gets past it gets tokens. */
function officerOf(_request: IncomingMessage): Officer | undefined {
  return { id: 'cb-0042', name: 'Lê An' }
}

const portal: Portal = {
  gateway: setting('GATEWAY'),
  id: setting('PORTAL'),
  kid: setting('KID'),
  key: createPrivateKey(readFileSync(setting('KEY'))),
  origin: setting('ORIGIN'),
}
const camera = setting('CAMERA')

const page = `<!doctype html>
<html lang="vi">
<title>Camera</title>
<iframe id="camera" src="${portal.gateway}/embed/${portal.id}/${camera}" title="Camera" allow="fullscreen"
  style="width:100%; aspect-ratio:16/10; border:0" data-gateway="${portal.gateway}"></iframe>
<script>
  const frame = document.getElementById('camera')
  addEventListener('message', (event) => {
    if (event.origin !== frame.dataset.gateway || event.source !== frame.contentWindow || event.data.type !== 'matthan-ready') return
    const channel = new MessageChannel()
    channel.port1.onmessage = async (message) => {
      if (message.data.type !== 'token-please') return // at the start, and each time before the last token ends
      const answer = await fetch('/token', { method: 'POST' })
      if (answer.ok) channel.port1.postMessage({ type: 'token', token: (await answer.json()).token })
    }
    frame.contentWindow.postMessage({ type: 'matthan-hello' }, frame.dataset.gateway, [channel.port2])
  })
</script>
</html>
`

const server = createServer((request, response) => {
  if (request.method === 'GET' && request.url === '/') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.setHeader('Content-Security-Policy', `frame-src ${portal.gateway}`)
    response.end(page)
    return
  }
  const site = request.headers['sec-fetch-site'] // tokens for your own pages only
  if (request.method !== 'POST' || request.url !== '/token' || (site !== undefined && site !== 'same-origin')) {
    response.statusCode = 404
    response.end()
    return
  }
  const officer = officerOf(request)
  if (!officer) {
    response.statusCode = 401
    response.end('sign in first')
    return
  }
  response.setHeader('Content-Type', 'application/json')
  response.setHeader('Cache-Control', 'no-store')
  response.end(JSON.stringify({ token: tokenFor(portal, officer, camera) }))
})
server.listen(Number(setting('LISTEN')), '127.0.0.1', () => {
  console.log('listening on', `127.0.0.1:${(server.address() as AddressInfo).port}`)
})
