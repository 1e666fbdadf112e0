// The way between a page and the gateway, as bad as a test wants it: a UDP proxy in front of the media's port.
import { createSocket } from 'node:dgram'

/** Runs in the page, before all else: its media goes to another port of the gateway's host. */
function reroute() {
  window.RTCPeerConnection = class extends RTCPeerConnection {
    async setRemoteDescription(d) {
      const port = / (\d+) typ host/.exec(d.sdp)[1]
      const other = await window.rerouted(Number(port))
      return super.setRemoteDescription({ type: d.type, sdp: d.sdp.replaceAll(` ${port} typ host`, ` ${other} typ host`) })
    }
  }
}

/** A good way, until it is told otherwise: set `delay`, ms, and `passes(packet, toPage)`, which says of each packet whether it goes on. */
export function wire() {
  const fronts = new Map()
  const sockets = []
  const way = {
    delay: 0,
    passes: () => true,

    /** Does something after the delay, in order. */
    late(f) {
      if (way.delay === 0) f()
      else setTimeout(f, way.delay)
    },

    /** Sends a page's media this way, from its next load on. */
    async carry(page) {
      await page.exposeFunction('rerouted', (port) => {
        if (!fronts.has(port)) fronts.set(port, front(port))
        return fronts.get(port)
      })
      await page.addInitScript(reroute)
    },

    /** What is still on its way then goes nowhere. */
    close() {
      for (const s of sockets.splice(0)) s.close()
    },
  }

  function socket(send) {
    const s = createSocket({ type: 'udp4', recvBufferSize: 1 << 21 })
    s.on('message', send)
    sockets.push(s)
    return s
  }

  const send = (s, ...packet) => way.late(() => sockets.includes(s) && s.send(...packet))

  /** Each client of the front has a socket of its own behind it. @returns the front's port */
  async function front(port) {
    const behind = new Map()
    const s = socket((up, { address, port: client }) => {
      if (!way.passes(up, false)) return
      const key = `${address}:${client}`
      if (!behind.has(key)) behind.set(key, socket((down) => way.passes(down, true) && send(s, down, client, address)))
      send(behind.get(key), up, port, '127.0.0.1')
    })
    await new Promise((done) => s.bind(0, '127.0.0.1', done))
    return s.address().port
  }

  return way
}
