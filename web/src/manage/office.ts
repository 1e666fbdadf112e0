import { Api, type Answer, type Problem } from '../core/manage/api'
import { AreaTree, type Area } from '../core/manage/areas'
import { entries, type Account, type Entry, type Person } from '../core/manage/people'
import { texts, type Texts } from '../core/manage/texts'
import { formatClock, startLang, textIn, type Lang } from '../core/i18n'
import { keep } from '../ui/keep'

export interface Who {
  known: boolean
  name?: string
  /** the person's key; "" for a token */
  key?: string
  may?: { administer?: boolean; supervise?: boolean }
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

const TOAST_MS = 4000

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
  /** accounts are kept here, not by another provider */
  ownAccounts = false
  peopleFailed = false
  toast = ''
  question: Question | undefined
  /** Set by a form with changes that are not saved. */
  unsaved: (() => boolean) | undefined
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
      else if (a.value.may && !a.value.may.administer && !a.value.may.supervise) this.state = 'denied'
      else this.state = 'ready'
    }
    if (this.state === 'ready') await this.loadAreas()
    this.changed()
  }

  async loadAreas(): Promise<void> {
    const a = await this.api.get<{ areas: Area[] | null }>('inventory/areas')
    this.areasKnown = a.ok
    if (a.ok) this.areas = new AreaTree(a.value.areas ?? [])
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
    return this.people?.find((p) => p.key === key)?.name ?? ''
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
