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

/** What waits before a narrow way, bytes: more is lost. Half a second at 1 Mbit/s, as home routers have. */
const QUEUE = 64 << 10

/** A good way, until it is told otherwise: set `delay`, ms, `passes(packet, toPage)`, which says of each packet whether it goes on, and `bits`, which it carries to the page in a second. */
export function wire() {
  const fronts = new Map()
  const sockets = []
  const way = {
    delay: 0,
    passes: () => true,
    bits: Infinity,
    lost: 0,

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

  let waiting = 0
  let free = 0
  /** Does something with a packet when those before it have passed the narrows, if there is room to wait. */
  function squeeze(packet, f) {
    if (way.bits === Infinity && waiting === 0) return f()
    if (waiting + packet.length > QUEUE) return void way.lost++
    const now = performance.now()
    free = Math.max(now, free) + (packet.length * 8000) / way.bits
    waiting += packet.length
    setTimeout(() => {
      waiting -= packet.length
      f()
    }, free - now)
  }

  const send = (s, ...packet) => way.late(() => sockets.includes(s) && s.send(...packet))

  /** Each client of the front has a socket of its own behind it. @returns the front's port */
  async function front(port) {
    const behind = new Map()
    const s = socket((up, { address, port: client }) => {
      if (!way.passes(up, false)) return
      const key = `${address}:${client}`
      if (!behind.has(key)) behind.set(key, socket((down) => way.passes(down, true) && squeeze(down, () => send(s, down, client, address))))
      send(behind.get(key), up, port, '127.0.0.1')
    })
    await new Promise((done) => s.bind(0, '127.0.0.1', done))
    return s.address().port
  }

  return way
}
