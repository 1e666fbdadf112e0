import { AgeMeter, capturedAt, rtpDiff, type Mapping } from './age'
import type { ClockMessage, Stick, TileMessage } from './protocol'

/** A new picture this long after "live" is the new camera's even if no clock says so. */
const NO_CLOCK_MS = 1000
/** A capture clock that moves by more than this, ms, is another clock, not a correction. */
const JUMP_MS = 100

/** One drawn picture. */
export interface Frame {
  /** RTP timestamp, 32 bits; undefined where the browser does not tell */
  rtp: number | undefined
  /** page clock when it is on the screen, ms */
  at: number
  width: number
  height: number
}

/**
 * What is known of one tile. A tile's track goes on when it is pointed at
 * another camera, and pictures and messages come by different ways, so for
 * some time after a tap the old camera's pictures are still drawn. They must
 * never stand under the new name. A picture belongs to the camera only
 *
 *  - from the RTP timestamp of the first clock that the gateway sends for this
 *    view (before it are the old camera, and the backlog of a start), or
 *  - where no clock comes, a second after the gateway's "live"; such a picture
 *    has no age, so it is not called live either.
 *
 * Messages of an earlier view of the same camera (A, B, back to A) are told
 * apart by a mark: each view is followed by a `time` message, which the gateway
 * answers in order. What it wrote before that answer may be of an earlier view.
 */
export class Tile {
  camera = ''
  /** it would show a camera, but the device is spared it */
  rested = false
  /** the gateway's last word on this view */
  message: TileMessage | undefined
  /** page clock of the last word and of the tap, ms */
  messageAt = 0
  viewedAt = 0
  /** last picture that belongs to the camera */
  own: Frame | undefined
  /** last picture drawn, whosever it is */
  drawn: Frame | undefined
  source: string | undefined
  /** who turns the camera; of an earlier one until the gateway tells */
  stick: Stick | undefined
  /** its camera's sound is sent */
  heard = false
  /** age of the last own picture when it was drawn, ms */
  lastAge: number | undefined
  readonly meter = new AgeMeter()

  private first: number | undefined
  private mapping: Mapping | undefined
  /** the time message that must be answered before messages are believed */
  private mark: number | undefined
  private early: TileMessage | undefined
  private known = true

  /** Points at a camera. Returns false when the tile already does. */
  view(camera: string, now: number): boolean {
    if (camera === this.camera) return false
    this.camera = camera
    this.viewedAt = now
    this.message = undefined
    this.forget()
    this.own = undefined
    this.lastAge = undefined
    return true
  }

  /** A view, or an offer with this tile, has left, and after it a time message with this t0. */
  asked(t0: number): void {
    this.mark = t0
    this.early = undefined
    this.known = true
  }

  /** A time message was answered. Times grow with every message. */
  passed(t0: number, now: number): void {
    if (this.mark === undefined || t0 < this.mark) return
    const m = this.early
    this.mark = this.early = undefined
    // Of this view, or about to be followed by one that is.
    if (m) this.onTile(m, now)
  }

  /** The socket broke: what was not answered may not have arrived. */
  lost(): void {
    this.known = this.mark === undefined
    this.mark = this.early = undefined
  }

  /** Whether the gateway has what was last asked. */
  get settled(): boolean {
    return this.known
  }

  /** A new peer: its timestamps start elsewhere. */
  newPeer(): void {
    this.forget()
    this.heard = false
    this.own = undefined
    this.drawn = undefined
    this.mark = this.early = undefined
  }

  private forget(): void {
    this.first = undefined
    this.mapping = undefined
    this.source = undefined
    this.meter.reset()
  }

  onTile(m: TileMessage | Stick, now: number): void {
    if (m.type === 'stick') {
      this.stick = m
      return
    }
    if (m.camera !== this.camera) return
    if (this.mark !== undefined) {
      this.early = m
      return
    }
    const before = this.message?.state
    this.message = m
    this.messageAt = now
    // After a break the pictures begin with a backlog again, and a new clock.
    if (before === 'live' && m.state !== 'live') this.forget()
  }

  onClock(m: ClockMessage, offset: number | undefined): void {
    if (this.mark !== undefined || m.camera !== this.camera) return
    if (this.mapping && Math.abs(capturedAt(m.rtp, this.mapping) - m.captured) > JUMP_MS) {
      this.first = m.rtp
      this.meter.restart()
    }
    this.first ??= m.rtp
    this.mapping = { rtp: m.rtp, captured: m.captured }
    this.source = m.source
    // The clock may come after the picture that it is for.
    if (this.drawn && this.own !== this.drawn) this.claim(this.drawn, offset)
  }

  /** When the own picture was taken, the gateway's clock, Unix ms; undefined where no clock says so. */
  get takenAt(): number | undefined {
    const rtp = this.own?.rtp
    return this.mapping && rtp !== undefined ? capturedAt(rtp, this.mapping) : undefined
  }

  /** A picture was drawn. Returns true when it is this camera's. */
  onFrame(f: Frame, offset: number | undefined): boolean {
    this.drawn = f
    return this.claim(f, offset)
  }

  private claim(f: Frame, offset: number | undefined): boolean {
    if (this.camera === '') return false
    if (this.first === undefined) {
      const live = this.message?.state === 'live' && this.mark === undefined
      if (!live || f.at - this.messageAt < NO_CLOCK_MS) return false
      this.own = f
      return true
    }
    if (f.rtp === undefined || rtpDiff(f.rtp, this.first) < 0) return false
    this.own = f
    if (offset === undefined || !this.mapping) return true
    this.lastAge = Math.max(0, f.at + offset - capturedAt(f.rtp, this.mapping))
    this.meter.add(f.at, this.lastAge)
    return true
  }
}
