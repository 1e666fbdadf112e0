import type { Peer, PeerStats } from '../../src/core/peer'
import type { Outgoing } from '../../src/core/protocol'
import type { World } from '../../src/core/session'
import type { Socket } from '../../src/core/signaling'

/** A socket whose other end is the test. */
export class FakeSocket implements Socket {
  onopen: ((e: Event) => void) | null = null
  onmessage: ((e: MessageEvent) => void) | null = null
  onclose: ((e: CloseEvent) => void) | null = null
  sent: Outgoing[] = []
  closed = false
  /** does not answer pings */
  deaf = false
  send(data: string): void {
    const m = JSON.parse(data) as Outgoing
    this.sent.push(m)
    if (m.type === 'time' && !this.deaf) queueMicrotask(() => this.say({ ...m, t1: 1e12 + m.t0 }))
  }
  close(): void {
    this.closed = true
  }
  open(): void {
    this.onopen?.({} as Event)
  }
  say(m: object): void {
    this.onmessage?.({ data: JSON.stringify(m) } as MessageEvent)
  }
  break(code = 1006): void {
    this.onclose?.({ code } as CloseEvent)
  }
  of<T extends Outgoing['type']>(type: T) {
    return this.sent.filter((m): m is Extract<Outgoing, { type: T }> => m.type === type)
  }
}

export class FakePeer implements Peer {
  tracks: MediaStreamTrack[] = []
  sdp: string | undefined
  ready: Promise<void>
  state: RTCPeerConnectionState = 'new'
  onstate: (() => void) | undefined
  answers: string[] = []
  restarts = 0
  closed = false
  constructor(readonly name: string) {
    this.ready = Promise.resolve().then(() => {
      this.sdp = name
    })
  }
  /** the line for sound has not been answered */
  fresh = true
  private readonly line = { receiver: { track: { kind: 'audio' } } }
  readonly pc = {
    getTransceivers: () => [{ ...this.line, currentDirection: this.fresh ? null : 'recvonly' }] as unknown as RTCRtpTransceiver[],
    addTransceiver: () => this.line as RTCRtpTransceiver,
  }
  offers = 0
  restart(ice = true): Promise<string> {
    if (!ice) return Promise.resolve(`${this.name} offer ${++this.offers}`)
    return Promise.resolve(`${this.name} restart ${++this.restarts}`)
  }
  answer(sdp: string): Promise<void> {
    this.answers.push(sdp)
    return Promise.resolve()
  }
  setIceServers(): void {}
  stats(): Promise<PeerStats> {
    return Promise.resolve({ tiles: [], bytes: 0 })
  }
  lastRtp(): number | undefined {
    return undefined
  }
  close(): void {
    this.closed = true
  }
  become(s: RTCPeerConnectionState): void {
    this.state = s
    this.onstate?.()
  }
}

/** A world whose time goes on only when told. */
export class FakeWorld implements World {
  t = 0
  sockets: FakeSocket[] = []
  peers: FakePeer[] = []
  private timers = new Map<number, { at: number; f: () => void }>()
  private ids = 0
  now = () => this.t
  random = () => 0.5
  token = () => 'secret'
  mobile = false
  thin = () => this.mobile
  setTimeout = (f: () => void, ms: number) => {
    this.timers.set(++this.ids, { at: this.t + ms, f })
    return this.ids
  }
  clearTimeout = (id: number) => void this.timers.delete(id)
  socket = () => {
    const s = new FakeSocket()
    this.sockets.push(s)
    return s
  }
  peer = () => {
    const p = new FakePeer(`peer ${this.peers.length + 1}`)
    this.peers.push(p)
    return p
  }
  /** Lets time pass, timers and promises run. */
  async pass(ms: number): Promise<void> {
    const end = this.t + ms
    for (;;) {
      await flush()
      const next = [...this.timers].filter(([, x]) => x.at <= end).sort((a, b) => a[1].at - b[1].at)[0]
      if (!next) break
      this.t = Math.max(this.t, next[1].at)
      this.timers.delete(next[0])
      next[1].f()
    }
    this.t = end
    await flush()
  }
  get s(): FakeSocket {
    return this.sockets.at(-1)!
  }
  get p(): FakePeer {
    return this.peers.at(-1)!
  }
}

async function flush(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}
