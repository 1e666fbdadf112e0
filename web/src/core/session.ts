import { Bucket } from './bucket'
import { Timer, type Env } from './env'
import type { Peer, PeerStats, TileStats } from './peer'
import type { Incoming, Stream, Text, ViewRequest, Welcome } from './protocol'
import { Signaling, type Handler, type Socket } from './signaling'
import { cure } from './state'
import { Tile, type Frame } from './tile'

export interface World extends Env {
  socket(): Socket
  peer(tiles: number, ice: RTCIceServer[]): Peer
  token(): string
  /** The link is thin, or a mobile one: start with small streams. */
  thin(): boolean
}

export interface Events {
  /** Something that a screen may show has changed. */
  changed(): void
  /** New tracks, one a tile; videos are attached before the answer comes. */
  tracks(t: MediaStreamTrack[]): void
  /** The gateway ended the session; only the user can go on. */
  ended(code: string, text: Text | undefined): void
  failed(code: string, text: Text): void
  /** The list of cameras has changed. */
  listed(): void
  /** Something may wait for who is signed in, or was answered. */
  noticed(): void
  /** bytes received since the last call */
  received(bytes: number): void
}

/** Rates over the last second. */
export interface Rate {
  bitsPerSecond: number
  framesPerSecond: number
}

const DISCONNECTED_MS = 3000
const UNANSWERED_OFFER_MS = 8000
const STATS_MS = 1000

/** A device's look at the cameras: one socket, one peer, some tiles. */
export class Session implements Handler {
  readonly tiles: Tile[]
  rates: Rate[]
  last: TileStats[] = []
  visibleAt = 0

  private readonly signaling: Signaling
  private peer: Peer | undefined
  private ice: RTCIceServer[] = []
  private offered = false
  private sentLines = false
  private waiting: 'no' | 'first' | 'new' | 'restart' = 'no'
  private restartWanted = false
  private wanted: string[]
  private asked: string[]
  private small = false
  private stream: Stream = 'auto'
  private near: string[] = []
  private warmed = ''
  private paused = false
  private curedAt = -Infinity
  private bucket: Bucket
  private before: { at: number; stats: PeerStats } | undefined
  private readonly flushLater: Timer
  private readonly disconnected: Timer
  private readonly unanswered: Timer
  private readonly poll: Timer

  constructor(
    private readonly world: World,
    private readonly events: Events,
    count: number,
  ) {
    this.tiles = Array.from({ length: count }, () => new Tile())
    this.rates = this.tiles.map(() => ({ bitsPerSecond: 0, framesPerSecond: 0 }))
    this.wanted = this.tiles.map(() => '')
    this.asked = this.tiles.map(() => '')
    this.bucket = new Bucket(15, 40, world.now())
    this.visibleAt = world.now()
    this.flushLater = new Timer(world, () => this.flush())
    this.disconnected = new Timer(world, () => this.restartIce())
    this.unanswered = new Timer(world, () => this.renew())
    this.poll = new Timer(world, () => void this.measure())
    this.signaling = new Signaling(world, () => world.socket(), () => world.token(), this)
  }

  start(): void {
    this.signaling.connect()
    this.poll.set(STATS_MS)
  }

  close(): void {
    this.signaling.close()
    for (const t of [this.flushLater, this.disconnected, this.unanswered, this.poll]) t.clear()
    this.peer?.close()
    this.peer = undefined
  }

  get connected(): boolean {
    return this.signaling.connected
  }

  get peerState(): RTCPeerConnectionState {
    return this.peer?.state ?? 'new'
  }

  /** Gateway's clock minus the page's, ms. */
  get offset(): number | undefined {
    return this.signaling.sync.offset
  }

  get rtt(): number | undefined {
    return this.signaling.sync.rtt
  }

  /** Points the tiles at cameras; "" stops one, and its traffic. Small tiles make do with small streams. */
  show(cameras: readonly string[], small = false, stream: Stream = 'auto'): void {
    this.small = small
    this.stream = stream
    this.wanted = this.tiles.map((_, i) => cameras[i] ?? '')
    this.apply()
  }

  /** Asks again for what was denied: there may be a right to it now. What an administrator ended stays so until somebody chooses it. */
  again(): void {
    const now = this.world.now()
    this.tiles.forEach((t, i) => {
      if (t.message?.state !== 'denied' || t.message.code === 'view_ended') return
      const { camera } = t
      t.view('', now)
      t.view(camera, now)
      this.asked[i] = '\0'
    })
    this.flush()
  }

  /** Shows the gateway a fresh token of a portal. Without a socket, the next hello does. */
  prolong(token: string): void {
    if (this.connected) this.signaling.send({ type: 'renew', token })
  }

  /** A picture was drawn. Returns true when it is the camera's that the tile names. */
  frame(tile: number, f: Frame): boolean {
    const t = this.tiles[tile]
    if (!t) return false
    const known = f.rtp === undefined ? { ...f, rtp: this.peer?.lastRtp(tile) } : f
    return t.onFrame(known, this.offset)
  }

  /** The cameras that may come next, which the gateway is to keep ready. */
  next(cameras: string[]): void {
    this.near = cameras
    this.flush()
  }

  /** The page is not seen: pictures would be paid for in vain. */
  pause(): void {
    this.paused = true
    this.apply()
  }

  /** The page is seen again. */
  resume(): void {
    this.paused = false
    this.visibleAt = this.world.now()
    this.apply()
    this.signaling.kick()
  }

  /** The device is on another network. */
  networkChanged(): void {
    this.restartWanted = true
    this.signaling.replace()
  }

  // What the socket tells.

  connecting(resume: boolean): void {
    if (!resume && (!this.peer || this.offered)) this.makePeer()
  }

  opened(resume: boolean): void {
    if (!resume) this.offer('first')
  }

  welcome(w: Welcome): void {
    this.ice = (w.ice_servers ?? []) as RTCIceServer[]
    if (this.ice.length > 0) this.peer?.setIceServers(this.ice)
    if (w.resumed) {
      if (this.waiting === 'new') this.renew()
      else if (this.restartWanted || this.waiting === 'restart' || this.peer?.state !== 'connected') this.restartIce()
      this.asked = this.tiles.map((t) => (t.settled ? this.asking(t.camera) : '\0'))
      this.flush()
    } else this.warmed = ''
    if (!w.resumed && this.waiting !== 'first') {
      // Resuming was refused: the session is a new one and knows no peer.
      this.makePeer()
      this.offer('first')
    }
    this.restartWanted = false
    // What was told while there was no socket.
    this.events.noticed()
    this.events.changed()
  }

  down(): void {
    for (const t of this.tiles) t.lost()
    // An answer that was lost with the socket is not asked for again: a new peer is.
    if (this.waiting === 'first') this.waiting = 'new'
    this.unanswered.clear()
    this.events.changed()
  }

  passed(t0: number): void {
    const now = this.world.now()
    for (const t of this.tiles) t.passed(t0, now)
    this.events.changed()
  }

  bye(code: string, text: Text | undefined): void {
    this.close()
    this.events.ended(code, text)
  }

  message(m: Incoming): void {
    const now = this.world.now()
    switch (m.type) {
      case 'answer':
        void this.answered(m.sdp)
        return
      case 'tile':
        this.tiles[m.tile]?.onTile(m, now)
        break
      case 'clock':
        this.tiles[m.tile]?.onClock(m, this.offset)
        break
      case 'cameras':
        this.events.listed()
        return
      case 'notices':
        this.events.noticed()
        return
      case 'error':
        if (m.code.startsWith('offer')) this.unanswered.clear()
        this.events.failed(m.code, m.text)
        break
    }
    this.events.changed()
  }

  // The peer.

  private makePeer(): void {
    this.peer?.close()
    this.disconnected.clear()
    this.before = undefined
    for (const t of this.tiles) t.newPeer()
    const p = this.world.peer(this.tiles.length, this.ice)
    this.peer = p
    this.offered = false
    this.sentLines = false
    p.onstate = () => this.peerChanged()
    this.events.tracks(p.tracks)
  }

  private offer(kind: 'first' | 'new'): void {
    const p = this.peer
    if (!p) return
    this.waiting = kind
    this.offered = true
    const send = () => {
      if (p !== this.peer || this.waiting !== kind || p.sdp === undefined) return
      this.asked = this.tiles.map((t) => this.asking(t.camera))
      const tiles = this.tiles.flatMap(({ camera }, tile) => (camera ? [this.request(tile, camera)] : []))
      if (!this.signaling.send({ type: 'offer', sdp: p.sdp, ...(kind === 'new' ? { new: true } : {}), ...(this.world.thin() ? { thin: true } : {}), tiles })) return
      this.sentLines = true
      const mark = this.signaling.mark()
      for (const t of this.tiles) t.asked(mark)
      this.awaitAnswer()
    }
    // Ready as a rule: hello and offer leave back to back.
    if (p.sdp !== undefined) send()
    else void p.ready.then(send, () => this.events.changed())
  }

  private awaitAnswer(): void {
    this.unanswered.set(UNANSWERED_OFFER_MS)
  }

  private async answered(sdp: string): Promise<void> {
    const p = this.peer
    this.unanswered.clear()
    this.waiting = 'no'
    try {
      await p?.answer(sdp)
    } catch {
      if (p === this.peer) this.renew()
    }
    this.flush()
    this.events.changed()
  }

  private peerChanged(): void {
    const state = this.peerState
    if (state === 'failed') this.renew()
    else if (state === 'disconnected') this.disconnected.set(DISCONNECTED_MS)
    else this.disconnected.clear()
    this.events.changed()
  }

  private restartIce(): void {
    const p = this.peer
    if (!p || !this.connected) {
      this.restartWanted = true
      return
    }
    if (p.state === 'failed') return this.renew()
    // An answer that is on its way belongs to the earlier offer; two must not cross.
    if (this.waiting !== 'no' && this.unanswered.running) return
    this.waiting = 'restart'
    this.awaitAnswer()
    p.restart().then(
      (sdp) => {
        if (p === this.peer && this.waiting === 'restart') this.signaling.send({ type: 'offer', sdp })
      },
      () => p === this.peer && this.renew(),
    )
  }

  /** A new peer on the same session. */
  private renew(): void {
    this.unanswered.clear()
    if (!this.connected) {
      this.waiting = 'new'
      return
    }
    this.makePeer()
    this.offer('new')
  }

  // The tiles.

  private apply(): void {
    const now = this.world.now()
    this.tiles.forEach((t, i) => t.view(this.paused ? '' : this.wanted[i]!, now))
    this.flush()
    this.events.changed()
  }

  private request(tile: number, camera: string): ViewRequest {
    return { tile, camera, ...(this.small && camera ? { small: true } : {}), ...(camera && this.stream !== 'auto' ? { stream: this.stream } : {}) }
  }

  /** What tells one request for a tile from another. */
  private asking(camera: string): string {
    return camera && [camera, this.small, this.stream].join()
  }

  private flush(): void {
    // The offer brings the lines and their first cameras; views follow it in order.
    if (!this.connected || !this.sentLines) return
    const changed = [...this.tiles.entries()].filter(([i, t]) => this.asking(t.camera) !== this.asked[i])
    const warm = this.paused ? [] : this.near
    const rewarm = warm.join() !== this.warmed
    if (changed.length === 0 && !rewarm) return
    const wait = this.bucket.take(changed.length + 2, this.world.now())
    if (wait > 0) {
      this.flushLater.set(wait)
      return
    }
    for (const [i, t] of changed) {
      if (this.signaling.send({ type: 'view', ...this.request(i, t.camera) })) this.asked[i] = this.asking(t.camera)
    }
    if (changed.length > 0) {
      const mark = this.signaling.mark()
      for (const [, t] of changed) t.asked(mark)
    }
    if (rewarm && this.signaling.send({ type: 'warm', cameras: warm })) this.warmed = warm.join()
  }

  private async measure(): Promise<void> {
    this.poll.set(STATS_MS)
    this.heal()
    const p = this.peer
    if (!p) return
    const stats = await p.stats().catch(() => undefined)
    if (!stats || p !== this.peer) return
    const at = this.world.now()
    const b = this.before
    this.before = { at, stats }
    this.last = stats.tiles
    const seconds = b ? (at - b.at) / 1000 : 0
    if (b && seconds > 0.2) {
      this.rates = stats.tiles.map((s, i) => ({
        bitsPerSecond: (8 * Math.max(0, s.bytes - (b.stats.tiles[i]?.bytes ?? 0))) / seconds,
        framesPerSecond: Math.max(0, s.framesDecoded - (b.stats.tiles[i]?.framesDecoded ?? 0)) / seconds,
      }))
    }
    this.events.received(Math.max(0, stats.bytes - (b?.stats.bytes ?? 0)))
    this.events.changed()
  }

  /** Wakes pictures that stopped although socket and gateway say all is well. */
  private heal(): void {
    const now = this.world.now()
    if (this.paused || !this.connected || this.peer?.state !== 'connected') return
    const shown = this.tiles.filter((t) => t.camera !== '' && t.message?.state === 'live')
    if (shown.length === 0) return
    // While any tile moves, the way is open.
    const stalled = Math.min(...shown.map((t) => now - Math.max(t.drawn?.at ?? t.messageAt, this.visibleAt)))
    const c = cure(stalled, now - this.curedAt)
    if (c === 'none') return
    this.curedAt = now
    if (c === 'restart') this.restartIce()
    else this.renew()
  }
}
