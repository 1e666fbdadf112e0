import { backoff } from './backoff'
import { Timer, type Env } from './env'
import { parse, VERSION, type Incoming, type Outgoing, type Text, type Welcome } from './protocol'
import { TimeSync } from './timesync'

/** The part of a WebSocket that is used. */
export interface Socket {
  onopen: ((e: Event) => void) | null
  onmessage: ((e: MessageEvent) => void) | null
  onclose: ((e: CloseEvent) => void) | null
  send(data: string): void
  close(code?: number): void
}

export interface Handler {
  /** A socket is being opened. Without resume, a new session begins: an offer may be made ready. */
  connecting(resume: boolean): void
  /** The socket is open and hello has left. Without resume, the offer may follow at once. */
  opened(resume: boolean): void
  welcome(w: Welcome): void
  message(m: Incoming): void
  /** The socket broke; another try follows by itself. */
  down(): void
  /** The gateway ended it for good. No try follows. */
  bye(code: string, text: Text | undefined): void
  /** A time message was answered: what the gateway wrote before it, it wrote before it read that message. */
  passed(t0: number): void
}

/** A session is kept by the gateway for 30 s after its socket's end. */
const RESUME_MS = 28_000
/** A ping that is not answered, by anything, for this long means a dead socket. */
const SILENCE_MS = 7000
/** An open that takes longer is given up. */
const OPEN_MS = 8000

/** Close codes after which reconnecting would not help. */
const FINAL: Record<number, string> = { 4400: 'bad_message', 4401: 'token', 4429: 'too_many' }

/** One session's WebSocket: opens it, keeps it, and opens it again. */
export class Signaling {
  readonly sync = new TimeSync()
  /** welcomed, and the socket stands */
  connected = false

  private socket: Socket | undefined
  private attempt = 0
  private resumeId: string | undefined
  private brokeAt = -Infinity
  private ended = false
  private lastMark = -Infinity
  private readonly retry: Timer
  private readonly ping: Timer
  private readonly silence: Timer

  constructor(
    private readonly env: Env,
    private readonly open: () => Socket,
    private readonly token: () => string,
    private readonly handler: Handler,
  ) {
    this.retry = new Timer(env, () => this.connect())
    this.ping = new Timer(env, () => this.sendTime())
    this.silence = new Timer(env, () => this.broken())
  }

  connect(): void {
    if (this.ended || this.socket) return
    this.retry.clear()
    const resume =
      this.resumeId !== undefined && this.env.now() - this.brokeAt < RESUME_MS ? this.resumeId : undefined
    this.resumeId = resume
    this.handler.connecting(resume !== undefined)
    let s: Socket
    try {
      s = this.open()
    } catch {
      this.again()
      return
    }
    this.socket = s
    this.silence.set(OPEN_MS)
    s.onopen = () => {
      if (s !== this.socket) return
      this.send({ type: 'hello', v: VERSION, token: this.token(), ...(resume ? { resume } : {}) })
      this.handler.opened(resume !== undefined)
    }
    s.onmessage = (e) => {
      if (s === this.socket) this.receive(parse(e.data))
    }
    s.onclose = (e) => {
      if (s !== this.socket) return
      const code = FINAL[e.code]
      if (code) this.end(code, undefined)
      else this.broken()
    }
  }

  /** Tries at once: the network came back, or the page is looked at again. */
  kick(): void {
    if (this.ended) return
    this.attempt = 0
    if (!this.socket) this.connect()
    else if (this.connected) this.probe()
  }

  /** The network changed under the socket, which may be dead and not know it: a new one takes the session over. */
  replace(): void {
    if (this.ended) return
    this.attempt = 0
    if (this.connected) this.brokeAt = this.env.now()
    this.drop()
    this.connect()
  }

  /** Lets the socket go until it is kicked; what it held is begun anew then. */
  rest(): void {
    this.retry.clear()
    this.resumeId = undefined
    this.drop()
  }

  /** Asks for a sign of life, and measures the clocks anew after a possible sleep. */
  probe(): void {
    this.sync.restart(true)
    this.sendTime()
  }

  send(m: Outgoing): boolean {
    if (!this.socket) return false
    try {
      this.socket.send(JSON.stringify(m))
      return true
    } catch {
      return false
    }
  }

  close(): void {
    this.ended = true
    this.retry.clear()
    this.drop()
  }

  private receive(m: Incoming | null): void {
    this.silence.clear()
    if (!m) return
    switch (m.type) {
      case 'welcome':
        this.connected = true
        this.attempt = 0
        this.resumeId = m.resume
        this.sync.restart(!m.resumed)
        this.handler.welcome(m)
        this.sendTime()
        return
      case 'time':
        this.sync.answer(m.t0, m.t1, this.env.now())
        this.handler.passed(m.t0)
        return
      case 'bye':
        // A link that was too slow for a moment is no reason to leave anybody without a picture.
        if (/restarting|slow/.test(m.code)) this.broken()
        else this.end(m.code, m.text)
        return
      default:
        this.handler.message(m)
    }
  }

  /** Sends a time message, whose answer marks a place in what the gateway says. @returns its t0 */
  mark(): number {
    // Two marks are never the same, however coarse the clock.
    this.lastMark = Math.max(this.env.now(), this.lastMark + 0.01)
    this.send({ type: 'time', t0: this.lastMark })
    return this.lastMark
  }

  private sendTime(): void {
    if (!this.connected) return
    this.mark()
    if (!this.silence.running) this.silence.set(SILENCE_MS)
    this.ping.set(this.sync.nextDelay())
  }

  private broken(): void {
    if (this.connected) this.brokeAt = this.env.now()
    this.drop()
    this.again()
  }

  private again(): void {
    if (this.ended) return
    this.retry.set(backoff(this.attempt++, this.env.random()))
  }

  private drop(): void {
    const s = this.socket
    this.socket = undefined
    this.ping.clear()
    this.silence.clear()
    const was = this.connected
    this.connected = false
    if (s) {
      s.onopen = s.onmessage = s.onclose = null
      try {
        s.close(1000)
      } catch {
        // It is closed already.
      }
    }
    if (was) this.handler.down()
  }

  private end(code: string, text: Text | undefined): void {
    this.ended = true
    this.drop()
    this.handler.bye(code, text)
  }
}
