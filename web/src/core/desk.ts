import { Cases } from './case'
import { Timer, type Env } from './env'
import { PeopleApi, Refusal, type Grant, type Notice, type Place, type Request, type Who } from './people'
import { formatClock } from './format'
import type { Lang } from './i18n'
import { endedShares, receivedShare, runningShares, type MadeShare, type Share, type ShareOrder } from './share'
import { shareStrings } from './share-text'
import { answered, grantedUntil, othersEmergencies, ownEmergency, toAnswer } from './rights'

export interface DeskWorld extends Env {
  fetch(path: string, init: RequestInit): Promise<Response>
  /** the gateway's clock, Unix ms: rights end by it, not by the phone's */
  clock(): number
}

/** What is said once, over the page: of one's own, and to a supervisor. */
export type News =
  | { kind: 'granted'; area: string; until: number }
  | { kind: 'refused'; area: string; note: string }
  | { kind: 'asked'; name: string; area: string }
  | { kind: 'alarm'; name: string; area: string }
  | { kind: 'emergency'; until: number }
  | { kind: 'over' }
  | { kind: 'shared'; name: string; until: number }
  | { kind: 'shareEnded' | 'shareGone' | 'shareFailed' }

/** Two looks at the gateway are at least so far apart, ms. */
const PAUSE_MS = 1000
/** A look that failed is repeated after, ms. */
const AGAIN_MS = 15_000
const NEWS_MS = 9000

/** What somebody who signed in has asked for, may use, and is to answer: kept fresh by the gateway's messages. */
export class Desk {
  requests: Request[] = []
  notices: Notice[] = []
  /** undefined until they are known */
  grants: Grant[] | undefined
  news: News | undefined
  /** those that are on, of ours and of the places in our care */
  shares: Share[] = []
  readonly api: PeopleApi
  readonly cases: Cases

  private asked = false
  private looking = false
  private closed = false
  private lookedAt = -Infinity
  private turn = 0
  private known: { requests: Set<string>; alarms: Set<string> } | undefined
  private wasEmergency: string | undefined
  private readonly later: Timer
  private readonly fade: Timer
  private readonly tick: Timer

  constructor(
    private readonly world: DeskWorld,
    public who: Who,
    private readonly events: {
      changed(): void
      /** there may be other cameras now */
      rights(): void
    },
  ) {
    this.api = new PeopleApi((path, init) => world.fetch(path, init))
    this.cases = new Cases(this.api, events)
    this.later = new Timer(world, () => void this.look())
    this.fade = new Timer(world, () => this.tell(undefined))
    this.tick = new Timer(world, () => this.ticked())
  }

  get now(): number {
    return this.world.clock()
  }

  /** Requests that wait for an answer, the oldest first. */
  get waiting(): Request[] {
    return toAnswer(this.requests, this.now)
  }

  get mine(): Request[] {
    return this.requests.filter((r) => r.mine).sort((a, b) => Date.parse(b.asked) - Date.parse(a.asked))
  }

  /** Emergencies of others that are on. */
  get alarms(): Notice[] {
    return othersEmergencies(this.notices, this.emergency?.key, this.now)
  }

  /** One's own emergency, while it is on. */
  get emergency(): Grant | undefined {
    return ownEmergency(this.grants ?? [], this.who.key, this.now)
  }

  /** What is left of it, ms. */
  get left(): number {
    return Math.max(0, Date.parse(this.emergency?.until ?? '') - this.now || 0)
  }

  /** How much waits for a supervisor. */
  get count(): number {
    return this.waiting.length + this.alarms.length
  }

  /** By whom a camera is shared with us, and until when; "" where it is not. */
  sharedWords(camera: string, lang: Lang): string {
    const s = receivedShare(this.shares, camera, this.now)
    return s ? shareStrings[lang].received(s.by_name, formatClock(Date.parse(s.until), this.now)) : ''
  }

  /** Looks at the gateway's lists soon; many calls become one. */
  refresh(): void {
    if (this.closed) return
    this.asked = true
    if (this.looking) return
    this.later.set(Math.max(0, this.lookedAt + PAUSE_MS - this.world.now()))
  }

  close(): void {
    this.closed = true
    for (const t of [this.later, this.fade, this.tick]) t.clear()
  }

  dismiss(): void {
    this.tell(undefined)
  }

  // What people do. Each throws a Refusal, or what the network says.

  async ask(place: Place, seconds: number, reason: string): Promise<void> {
    await this.api.ask(place, seconds, reason)
    await this.look()
  }

  async withdraw(key: string): Promise<void> {
    await this.done(this.api.withdraw(key))
  }

  async answer(key: string, yes: boolean, note: string): Promise<void> {
    await this.done(this.api.answer(key, yes, note))
  }

  async revoke(key: string): Promise<void> {
    await this.done(this.api.revoke(key))
    this.events.rights()
  }

  async declare(place: Place, seconds: number, reason: string): Promise<void> {
    const { key, until } = await this.api.emergency(place, seconds, reason)
    // It is on, whether the list of it can be had now or not.
    const areas = place.area ? [place.area] : []
    const own: Grant = { key, who: { person: this.who.key }, areas, cameras: place.cameras ?? [], until, reason, emergency: true }
    this.grants = [...(this.grants ?? []), own]
    this.tell({ kind: 'emergency', until: Date.parse(until) })
    this.events.rights()
    await this.look()
  }

  async share(order: ShareOrder): Promise<MadeShare> {
    const made = await this.api.share(order)
    await this.look()
    return made
  }

  async endShare(key: string): Promise<void> {
    await this.done(this.api.endShare(key))
  }

  /** Opens a colleague's share. @returns its camera; '' where it cannot be opened, undefined where that is not known */
  async openShare(secret: string): Promise<string | undefined> {
    try {
      const s = await this.api.openShare(secret)
      this.shares = [s, ...this.shares.filter((o) => o.key !== s.key)]
      if (s.received) this.tell({ kind: 'shared', name: s.by_name, until: Date.parse(s.until) })
      this.events.rights()
      this.refresh()
      return s.camera
    } catch (e) {
      const no = gone(e)
      this.tell({ kind: no ? 'shareGone' : 'shareFailed' })
      return no ? '' : undefined
    }
  }

  /** An act on what somebody else has changed meanwhile shows how it stands now, too. */
  private async done(act: Promise<unknown>): Promise<void> {
    try {
      await act
    } finally {
      await this.look()
    }
  }

  /** Fetches what the person's rights let them see. What fails stands as it was. */
  private async look(): Promise<void> {
    if (this.closed) return
    this.asked = false
    this.looking = true
    this.later.clear()
    this.lookedAt = this.world.now()
    const { may } = this.who
    const turn = ++this.turn
    const nothing = Promise.resolve(undefined)
    const results = await Promise.allSettled([
      may.ask || may.supervise ? this.api.requests() : nothing,
      may.supervise ? this.api.notices() : nothing,
      may.ask || may.emergency ? this.api.grants() : nothing,
      this.api.shares(),
    ])
    // Of two looks the later one knows better.
    if (this.closed || turn !== this.turn) return
    this.looking = false
    const [requests, notices, grants, shares] = results.map((r) => (r.status === 'fulfilled' ? r.value : undefined)) as [
      Request[] | undefined,
      Notice[] | undefined,
      Grant[] | undefined,
      Share[] | undefined,
    ]
    if (shares) this.takeShares(shares)
    this.take(requests ?? this.requests, notices ?? this.notices, grants ?? this.grants)
    if (results.some((r) => r.status === 'rejected' && !gone(r.reason))) this.later.set(AGAIN_MS)
    if (this.asked) this.refresh()
  }

  private take(requests: Request[], notices: Notice[], grants: Grant[] | undefined): void {
    const before = this.requests
    this.requests = requests
    this.notices = notices
    this.grants = grants
    const known = this.known
    const { waiting, alarms } = this
    this.known = { requests: new Set(waiting.map((r) => r.key)), alarms: new Set(alarms.map(alarmOf)) }
    const answer = answered(before, requests).at(-1)
    const alarm = alarms.find((n) => !known?.alarms.has(alarmOf(n)))
    const asked = waiting.find((r) => !known?.requests.has(r.key))
    if (answer?.state === 'granted') {
      this.tell({ kind: 'granted', area: answer.area_name, until: grantedUntil(answer) })
      this.events.rights()
    } else if (answer) this.tell({ kind: 'refused', area: answer.area_name, note: answer.note ?? '' })
    // What waited before the page was opened is no news: the badge shows it.
    else if (known && alarm) this.tell({ kind: 'alarm', name: alarm.name, area: (alarm.area_names ?? []).join(', ') })
    else if (known && asked) this.tell({ kind: 'asked', name: asked.name, area: asked.area_name })
    this.ticked()
  }

  private takeShares(all: Share[]): void {
    const ended = endedShares(this.shares, all, this.now)
    this.shares = runningShares(all, this.now)
    if (ended.length > 0) {
      this.tell({ kind: 'shareEnded' })
      this.events.rights()
    }
  }

  /** Counts down while an emergency is on, and says when it is over. */
  private ticked(): void {
    const key = this.emergency?.key
    if (this.wasEmergency && !key) {
      this.tell({ kind: 'over' })
      this.events.rights()
    }
    this.wasEmergency = key
    const ends = this.alarms.map((n) => Date.parse(n.until ?? '') - this.now)
    if (key) this.tick.set(this.left % 1000 || 1000)
    else if (ends.length > 0) this.tick.set(Math.max(100, Math.min(...ends)))
    this.events.changed()
  }

  private tell(n: News | undefined): void {
    this.news = n
    if (n) this.fade.set(NEWS_MS)
    else this.fade.clear()
    this.events.changed()
  }
}

/** An emergency's key is its person's: the next one is told from it by its time. */
function alarmOf(n: Notice): string {
  return `${n.key} ${n.at}`
}

/** There is no such thing here: asking again would not help. */
function gone(reason: unknown): boolean {
  return reason instanceof Refusal && reason.status < 500 && reason.status !== 429
}
