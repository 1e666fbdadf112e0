import { Bucket } from './bucket'
import { Timer } from './env'
import type { Peer, TileStats } from './peer'
import type { Incoming, Outgoing, Stream, Text, Welcome } from './protocol'
import { Rates, type Rate } from './rates'
import { Signaling, type Handler } from './signaling'
import { cure } from './state'
import { Tile, type Frame } from './tile'
import { Wanted, type Ease } from './wanted'
import type { Events, World } from './world'

export type { Events, World } from './world'

const DISCONNECTED_MS = 3000
const UNANSWERED_OFFER_MS = 8000
const STATS_MS = 1000
/** A page that nobody looks at holds its streams ready for so long, ms, and then lets its connections go. */
const AWAY_MS = 60_000

/** A device's look at the cameras: one socket, one peer, some tiles. */
export class Session implements Handler {
  readonly tiles: Tile[]
  /** what is asked of the device */
  readonly wanted: Wanted
  peer: Peer | undefined
  visibleAt = 0

  private readonly signaling: Signaling
  private ice: RTCIceServer[] = []
  private offered = false
  private sentLines = false
  private waiting: 'no' | 'first' | 'new' | 'restart' = 'no'
  private restartWanted = false
  private readonly counted: Rates
  private sent: string[]
  private near: string[] = []
  private warmed = ''
  private paused = false
  private curedAt = -Infinity
  private bucket: Bucket
  private asleep = false
  private returnedAt = -Infinity
  private readonly away: Timer
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
    this.wanted = new Wanted(count)
    this.counted = new Rates(count)
    this.sent = this.tiles.map(() => '')
    this.bucket = new Bucket(15, 40, world.now())
    this.visibleAt = world.now()
    this.away = new Timer(world, () => this.sleep())
    this.flushLater = new Timer(world, () => this.flush())
    this.disconnected = new Timer(world, () => void this.restartIce())
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
    for (const t of [this.away, this.flushLater, this.disconnected, this.unanswered, this.poll]) t.clear()
    this.peer?.close()
    this.peer = undefined
  }

  get connected(): boolean {
    return this.signaling.connected
  }

  get peerState(): RTCPeerConnectionState {
    return this.peer?.state ?? 'new'
  }

  /** Of each tile, over the last second. */
  get rates(): Rate[] {
    return this.counted.tiles
  }

  /** Of each tile, since the peer began. */
  get last(): TileStats[] {
    return this.counted.last
  }

  /** Gateway's clock minus the page's, ms. */
  get offset(): number | undefined {
    return this.signaling.sync.offset
  }

  get rtt(): number | undefined {
    return this.signaling.sync.rtt
  }

  /**
   * Points the tiles at cameras; "" stops one, and its traffic. Small tiles, or all where they are, make do with small streams.
   * @param large the tile that goes on where a device cannot keep up
   */
  show(cameras: readonly string[], small: boolean | readonly boolean[] = false, stream: Stream = 'auto', large = 0): void {
    const each = this.tiles.map((_, i) => (typeof small === 'boolean' ? small : small[i] === true))
    Object.assign(this.wanted, { small: each, stream, large, cameras: this.tiles.map((_, i) => cameras[i] ?? '') })
    this.apply()
  }

  /** Asks for less, where the device cannot keep up, or for more again. */
  ease(e: Ease): void {
    const { keep, small } = this.wanted.ease
    this.wanted.ease = e
    if (keep !== e.keep || small !== e.small) this.apply()
  }

  /** Asks again for what was denied: there may be a right to it now. What an administrator ended stays so until somebody chooses it. */
  again(): void {
    const now = this.world.now()
    this.tiles.forEach((t, i) => {
      if (t.message?.state !== 'denied' || t.message.code === 'view_ended') return
      const { camera } = t
      t.view('', now)
      t.view(camera, now)
      this.sent[i] = '\0'
    })
    this.flush()
  }

  /** Tells the gateway, where there is a socket. */
  tell(m: Outgoing): void {
    if (this.connected) this.signaling.send(m)
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
    if (this.paused) return
    this.paused = true
    this.away.set(AWAY_MS)
    this.apply()
  }

  /** The page is seen again. */
  resume(): void {
    const now = this.world.now()
    if (this.paused) this.returnedAt = now
    this.paused = false
    this.away.clear()
    this.visibleAt = now
    this.apply()
    this.asleep = false
    this.signaling.kick()
    if (this.peerState === 'disconnected') void this.restartIce()
  }

  /** Nobody has looked for long: connections would keep the device's radio awake. */
  private sleep(): void {
    this.asleep = true
    this.signaling.rest()
    this.peer?.close()
    this.peer = undefined
    this.waiting = 'no'
    for (const t of [this.flushLater, this.disconnected, this.unanswered]) t.clear()
  }

  /** The device is on another network. */
  networkChanged(): void {
    if (this.asleep) return
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
      else if (this.restartWanted || this.waiting === 'restart' || this.peer?.state !== 'connected') void this.restartIce()
      this.sent = this.tiles.map((t, i) => (t.settled ? this.asking(i) : '\0'))
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
      case 'stick':
        this.tiles[m.tile]?.onTile(m, now)
        break
      case 'sound':
        for (const t of this.tiles) t.heard = t === this.tiles[m.tile] && !!m.on
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
    this.counted.reset()
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
      this.sent = this.tiles.map((_, i) => this.asking(i))
      const tiles = this.tiles.flatMap(({ camera }, tile) => (camera ? [this.wanted.request(tile, camera)] : []))
      if (!this.signaling.send({ type: 'offer', sdp: p.sdp, ...(kind === 'new' && { new: true }), ...(this.world.thin() && { thin: true }), tiles })) return
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

  /** Makes a new offer on the same lines; with ICE credentials of its own another way is sought. */
  async restartIce(ice = true): Promise<void> {
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
    await p.restart(ice).then(
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
    const { cameras, moving } = this.wanted
    this.tiles.forEach((t, i) => {
      t.rested = !this.paused && cameras[i] !== '' && !moving.includes(i)
      t.view(this.paused || t.rested ? '' : cameras[i]!, now)
    })
    this.flush()
    this.events.changed()
  }

  /** What tells one request for a tile from another. */
  private asking(tile: number): string {
    const { camera } = this.tiles[tile]!
    return camera && JSON.stringify(this.wanted.request(tile, camera))
  }

  private flush(): void {
    // The offer brings the lines and their first cameras; views follow it in order.
    if (!this.connected || !this.sentLines) return
    const changed = [...this.tiles.entries()].filter(([i]) => this.asking(i) !== this.sent[i])
    const warm = !this.paused ? this.near : this.asleep ? [] : this.wanted.kept
    const rewarm = warm.join() !== this.warmed
    if (changed.length === 0 && !rewarm) return
    const wait = this.bucket.take(changed.length + 2, this.world.now())
    if (wait > 0) {
      this.flushLater.set(wait)
      return
    }
    for (const [i, t] of changed) {
      if (this.signaling.send({ type: 'view', ...this.wanted.request(i, t.camera) })) this.sent[i] = this.asking(i)
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
    const look = this.counted.take(this.world.now(), stats)
    this.events.received(look.bytes, look)
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
    const c = cure(stalled, now - this.curedAt, now - this.returnedAt)
    if (c === 'none') return
    this.curedAt = now
    if (c === 'restart') void this.restartIce()
    else this.renew()
  }
}
