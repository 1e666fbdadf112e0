import { Api, type Answer, type Problem } from '../core/manage/api'
import { AreaTree, type Area } from '../core/manage/areas'
import type { DeviceSeed } from '../core/manage/devices'
import { entries, type Account, type Entry, type Person } from '../core/manage/people'
import { screensFor, type Offices } from '../core/manage/route'
import type { OutageList } from '../core/manage/outages'
import { texts, type Texts } from '../core/manage/texts'
import { formatClock, textIn } from '../core/format'
import { startLang, type Lang } from '../core/i18n'
import { fold } from '../core/fold'
import { keep } from '../ui/keep'
import type { Item } from './item-picker'

export interface Who {
  known: boolean
  name?: string
  /** the person's key; "" for a token */
  key?: string
  may?: Offices
}

/** A question that waits for an answer. */
export interface Question {
  title: string
  text?: string
  yes: string
  no: string
  bad: boolean
  answer: (yes: boolean) => void
}

/** Somebody whom the log may be asked about. */
interface Actor {
  key: string
  name: string
}

interface Named {
  id: string
  name: string
  area: string
}

const TOAST_MS = 4000
/** as many as a sheet shows; the rest is found by its name */
const SHOWN = 200

/** What has all the words of a query, accents left aside. */
function found(items: readonly Item[], query: string): Item[] {
  const words = fold(query).split(' ').filter(Boolean)
  return items.filter((i) => words.every((w) => ` ${fold(`${i.name} ${i.note ?? ''} ${i.id}`)}`.includes(` ${w}`))).slice(0, SHOWN)
}

/** What all screens share: who works here, the areas, and how to speak with the person. */
export class Office {
  lang: Lang = startLang(keep.get('lang'))
  /** opening, out: nobody is signed in, denied: no right to be here, failed: no answer */
  state: 'opening' | 'out' | 'denied' | 'failed' | 'ready' = 'opening'
  who: Who = { known: false }
  areas = new AreaTree([])
  /** undefined: not told yet */
  areasKnown: boolean | undefined
  /** in one's care; undefined: not told yet */
  people: Entry[] | undefined
  /** of the log, see loadLogNames */
  actors: Actor[] = []
  cameras: Named[] = []
  /** accounts are kept here, not by another provider */
  ownAccounts = false
  peopleFailed = false
  /** what is offline of what the person administers; undefined: not told yet */
  outages: OutageList | undefined
  toast = ''
  question: Question | undefined
  /** Set by a form with changes that are not saved. */
  unsaved: (() => boolean) | undefined
  /** What a form hands to the screen of devices, which takes it. */
  device: DeviceSeed | undefined
  readonly api = new Api('../api/v1/', () => this.out())
  private readonly listeners = new Set<() => void>()
  private toastTimer = 0

  get s(): Texts {
    return texts[this.lang]
  }

  listen(f: () => void): () => void {
    this.listeners.add(f)
    return () => this.listeners.delete(f)
  }

  changed(): void {
    for (const f of this.listeners) f()
  }

  async start(): Promise<void> {
    this.state = 'opening'
    this.changed()
    const a = await this.api.get<Who>('session')
    if (!a.ok) this.state = 'failed'
    else {
      this.who = a.value
      if (!a.value.known) this.state = 'out'
      else if (screensFor(a.value.may).length === 0) this.state = 'denied'
      else {
        // No screen stands before the areas: forms begin with what they say.
        await this.loadAreas()
        if (this.state === 'opening') this.state = 'ready'
      }
    }
    this.changed()
    await this.loadOutages()
  }

  async loadAreas(): Promise<void> {
    const a = await this.api.get<{ areas: Area[] | null }>('inventory/areas')
    this.areasKnown = a.ok
    if (a.ok) this.areas = new AreaTree(a.value.areas ?? [])
    this.changed()
  }

  /** Loads what is offline; what is known of it stays where that fails. */
  async loadOutages(): Promise<void> {
    if (this.state !== 'ready' || !screensFor(this.who.may).includes('health')) return
    const a = await this.api.get<OutageList>('health/outages')
    if (!a.ok) return
    this.outages = a.value
    this.changed()
  }

  async loadPeople(): Promise<void> {
    const [accounts, people] = await Promise.all([
      this.api.get<Account[] | null>('accounts'),
      this.api.get<{ people: Person[] | null }>('people'),
    ])
    // Either may be no part of this gateway.
    this.peopleFailed = !accounts.ok && !people.ok && accounts.problem.status !== 404
    this.ownAccounts = accounts.ok
    this.people = entries(accounts.ok ? (accounts.value ?? []) : undefined, people.ok ? (people.value.people ?? []) : undefined)
    this.changed()
  }

  /** A person's name, as far as it is known here. */
  personName(key: string): string {
    return this.people?.find((p) => p.key === key)?.name ?? this.actors.find((p) => p.key === key)?.name ?? ''
  }

  /** Loads the names of what the log tells of: people, cameras and areas of the caller's own. */
  async loadLogNames(): Promise<void> {
    const [people, cameras] = await Promise.all([
      this.api.get<{ people: Actor[] | null }>('audit/people'),
      this.api.get<{ cameras: Named[] | null; areas: Area[] | null }>('cameras'),
    ])
    if (people.ok) this.actors = people.value.people ?? []
    if (cameras.ok) {
      this.cameras = cameras.value.cameras ?? []
      const known = new Set(this.areas.all.map((a) => a.id))
      this.areas = new AreaTree([...this.areas.all, ...(cameras.value.areas ?? []).filter((a) => !known.has(a.id)).map((a) => ({ ...a, mine: false }))])
    }
    this.changed()
  }

  /** A camera's name; its id where it is not known here. */
  cameraName(id: string): string {
    return this.cameras.find((c) => c.id === id)?.name ?? id
  }

  findActors(query: string): Item[] {
    return found(this.actors.map((p) => ({ id: p.key, name: p.name })), query)
  }

  findCameras(query: string): Item[] {
    return found(this.cameras.map((c) => ({ id: c.id, name: c.name, note: this.areaName(c.area) })), query)
  }

  /** May the person change things in an area? Where nothing is said of it, the gateway decides. */
  readonly mine = (a: Area): boolean => a.mine !== false

  setLang(lang: Lang): void {
    this.lang = lang
    keep.set('lang', lang)
    this.changed()
  }

  say(text: string): void {
    this.toast = text
    clearTimeout(this.toastTimer)
    this.toastTimer = window.setTimeout(() => {
      this.toast = ''
      this.changed()
    }, TOAST_MS)
    this.changed()
  }

  ask(q: Omit<Question, 'answer' | 'no' | 'bad'> & { no?: string; bad?: boolean }): Promise<boolean> {
    this.question?.answer(false)
    return new Promise((answered) => {
      this.question = {
        bad: false,
        no: this.s.cancel,
        ...q,
        answer: (yes) => {
          this.question = undefined
          this.changed()
          answered(yes)
        },
      }
      this.changed()
    })
  }

  /** What to say of a problem that belongs to no field. */
  explain(p: Problem): string {
    const s = this.s
    if (p.status === 0) return s.network
    if (p.status === 404) return s.gone
    if (p.status >= 500) return s.internal
    const details = p.errors.map((e) => e.detail).join(' ')
    return [textIn(p.text, this.lang), details && s.refusedBy(details)].filter(Boolean).join(' ') || s.internal
  }

  /** Says what went wrong; true when nothing did. */
  went(a: Answer<unknown>): boolean {
    if (!a.ok && a.problem.code !== 'aborted') this.say(this.explain(a.problem))
    return a.ok
  }

  /** "hôm nay 22:10" has no use here: "22:10" today, else with the date. */
  time(when: string | number | undefined): string {
    const at = typeof when === 'number' ? when : Date.parse(when ?? '')
    if (!Number.isFinite(at) || at <= 0) return ''
    const year = new Date(at).getFullYear()
    const clock = formatClock(at, Date.now())
    return year === new Date().getFullYear() ? clock : clock.replace(' ', `/${year} `)
  }

  /** "Phường Láng", or "Toàn bộ" for the whole tree. */
  areaName(id: string): string {
    return id === 'all' ? this.s.everywhere : this.areas.name(id)
  }

  private out(): void {
    if (this.state === 'out') return
    this.state = 'out'
    this.unsaved = undefined
    this.changed()
  }
}
