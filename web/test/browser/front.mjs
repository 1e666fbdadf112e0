// A front before a gateway, as an operator's proxy is: it serves one build's files or another's, and can be down.
import { readFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'

/** @param address of the gateway @param dist folder of the build that is served first */
export async function front(address, dist) {
  const behind = new URL(address)
  const state = { dist, down: false, seen: [] }
  const rewrite = (headers) => ({ ...headers, host: behind.host, ...(headers.origin ? { origin: behind.origin } : {}) })
  const server = createServer((req, res) => void answer(req, res).catch(() => res.destroy()))
  const port = await new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server.address().port)))

  async function answer(req, res) {
    if (state.down) return req.socket.destroy()
    const { pathname } = new URL(req.url, 'http://x')
    state.seen.push(pathname)
    const up = request({ host: behind.hostname, port: behind.port, path: req.url, method: req.method, headers: rewrite({ ...req.headers, 'accept-encoding': 'identity' }) })
    req.pipe(up)
    const from = await new Promise((got, fail) => up.on('response', got).on('error', fail))
    const headers = { ...from.headers }
    if (headers['content-security-policy']) headers['content-security-policy'] = headers['content-security-policy'].replaceAll(behind.host, `127.0.0.1:${port}`)
    // Headers are the gateway's, of the same kind of file; the body is the build's.
    const file = /\.\w+$|^\/$/.test(pathname) ? await readFile(join(state.dist, pathname === '/' ? 'index.html' : pathname)).catch(() => undefined) : undefined
    if (!file) {
      res.writeHead(from.statusCode, headers)
      return from.pipe(res)
    }
    from.resume()
    const { etag, 'content-length': length, ...rest } = headers
    res.writeHead(200, { ...rest, 'content-length': file.length })
    res.end(file)
  }

  server.on('upgrade', (req, socket, head) => {
    if (state.down) return socket.destroy()
    const up = connect(Number(behind.port), behind.hostname, () => {
      const headers = Object.entries(rewrite(req.headers)).map(([k, v]) => `${k}: ${v}\r\n`)
      up.write(`${req.method} ${req.url} HTTP/1.1\r\n${headers.join('')}\r\n`)
      up.write(head)
      up.pipe(socket)
      socket.pipe(up)
    })
    for (const [one, other] of [[up, socket], [socket, up]]) one.on('error', () => other.destroy()).on('close', () => other.destroy())
  })

  return {
    address: `http://127.0.0.1:${port}`,
    seen: state.seen,
    serve: (folder) => (state.dist = folder),
    /** Ends what is open, and takes nothing new; or is there again. */
    down: (yes) => {
      state.down = yes
      if (yes) server.closeAllConnections()
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(done))
    },
  }
}
