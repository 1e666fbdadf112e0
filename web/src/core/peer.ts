/** One PeerConnection that only receives: a video line for each tile. */

export interface TileStats {
  /** RTP payload and headers, bytes, since the peer began */
  bytes: number
  framesReceived: number
  framesDecoded: number
  framesDropped: number
  /** spent on decoding, ms */
  decodeMs: number
  packets: number
  packetsLost: number
}

const NONE: TileStats = { bytes: 0, framesReceived: 0, framesDecoded: 0, framesDropped: 0, decodeMs: 0, packets: 0, packetsLost: 0 }

export interface PeerStats {
  tiles: TileStats[]
  /** everything received, bytes */
  bytes: number
}

export interface Peer {
  readonly tracks: MediaStreamTrack[]
  /** the offer, once it is ready */
  readonly sdp: string | undefined
  readonly ready: Promise<void>
  /** ICE and DTLS together */
  readonly state: RTCPeerConnectionState
  onstate: (() => void) | undefined
  readonly pc: Pick<RTCPeerConnection, 'addTransceiver' | 'getTransceivers'>
  /** Makes a new offer on the same lines, with new ICE credentials as a rule. */
  restart(ice?: boolean): Promise<string>
  answer(sdp: string): Promise<void>
  setIceServers(s: RTCIceServer[]): void
  stats(): Promise<PeerStats>
  /** RTP timestamp of the tile's newest picture, for browsers whose frame callback does not tell. */
  lastRtp(tile: number): number | undefined
  close(): void
}

export class BrowserPeer implements Peer {
  readonly tracks: MediaStreamTrack[]
  readonly ready: Promise<void>
  onstate: (() => void) | undefined
  sdp: string | undefined
  readonly pc: RTCPeerConnection
  private readonly receivers: RTCRtpReceiver[]

  constructor(tiles: number, iceServers: RTCIceServer[]) {
    this.pc = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' })
    this.receivers = Array.from({ length: tiles }, () => {
      const t = this.pc.addTransceiver('video', { direction: 'recvonly' })
      preferH264(t)
      // Zero asks the browser to draw each picture as soon as it is whole.
      if ('jitterBufferTarget' in t.receiver) t.receiver.jitterBufferTarget = 0
      return t.receiver
    })
    this.tracks = this.receivers.map((r) => r.track)
    this.pc.onconnectionstatechange = () => this.onstate?.()
    this.ready = this.offer(false).then((sdp) => {
      this.sdp = sdp
    })
  }

  get state(): RTCPeerConnectionState {
    return this.pc.connectionState
  }

  /** Candidates are not waited for: the gateway learns the page's addresses from its checks. */
  private async offer(iceRestart: boolean): Promise<string> {
    const o = await this.pc.createOffer({ iceRestart })
    await this.pc.setLocalDescription(o)
    return this.pc.localDescription?.sdp ?? o.sdp ?? ''
  }

  restart(ice = true): Promise<string> {
    return this.offer(ice)
  }

  async answer(sdp: string): Promise<void> {
    await this.pc.setRemoteDescription({ type: 'answer', sdp })
  }

  setIceServers(iceServers: RTCIceServer[]): void {
    this.pc.setConfiguration({ ...this.pc.getConfiguration(), iceServers })
  }

  async stats(): Promise<PeerStats> {
    const report = await this.pc.getStats()
    const tiles = this.receivers.map(() => ({ ...NONE }))
    let transport = 0
    report.forEach((s: Record<string, unknown>) => {
      if (s['type'] === 'transport') transport += number(s['bytesReceived'])
      if (s['type'] !== 'inbound-rtp' || s['kind'] !== 'video') return
      const tile = tiles[this.receivers.findIndex((r) => r.track.id === s['trackIdentifier'])]
      if (!tile) return
      tile.bytes += number(s['bytesReceived']) + number(s['headerBytesReceived'])
      tile.framesReceived += number(s['framesReceived'])
      tile.framesDecoded += number(s['framesDecoded'])
      tile.decodeMs += 1000 * number(s['totalDecodeTime'])
      tile.packets += number(s['packetsReceived'])
      tile.framesDropped += number(s['framesDropped'])
      tile.packetsLost += number(s['packetsLost'])
    })
    const sum = tiles.reduce((n, t) => n + t.bytes, 0)
    return { tiles, bytes: Math.max(transport, sum) }
  }

  lastRtp(tile: number): number | undefined {
    return this.receivers[tile]?.getSynchronizationSources?.()[0]?.rtpTimestamp
  }

  close(): void {
    this.onstate = undefined
    this.pc.onconnectionstatechange = null
    this.pc.close()
  }
}

function number(v: unknown): number {
  return typeof v === 'number' ? v : 0
}

/** Cameras send H.264, and some H.265, which is offered where the device decodes it: to leave the others out makes the
 * offer a quarter as long, which a weak uplink feels. */
function preferH264(t: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities?.('video')?.codecs ?? []
  const wanted = codecs.filter((c) => /^video\/(h26[45]|rtx)$/i.test(c.mimeType))
  if (!wanted.some((c) => /h264/i.test(c.mimeType))) return
  try {
    t.setCodecPreferences(wanted)
  } catch {
    // The browser's own order does as well.
  }
}
