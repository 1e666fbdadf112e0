import type { Camera, Directory } from './cameras'
import { fold } from './fold'

/** What people write short, by what they mean. Both are found by both: "p lang" and "Phường Láng", "P. Láng" and "phuong lang". */
const SHORT: Record<string, string> = {
  p: 'phuong', q: 'quan', h: 'huyen', x: 'xa', tt: 'thi tran', tx: 'thi xa', tp: 'thanh pho', hn: 'ha noi', hcm: 'ho chi minh',
  d: 'duong', dg: 'duong', dl: 'dai lo', ql: 'quoc lo', tl: 'tinh lo', ngo: 'hem', ng: 'ngo', ngh: 'ngach', hem: 'ngo',
  nt: 'nga tu', nb: 'nga ba', n3: 'nga ba', n4: 'nga tu', n5: 'nga nam', n6: 'nga sau', vx: 'vong xuyen', bx: 'ben xe',
  bv: 'benh vien', cv: 'cong vien', kdt: 'khu do thi', kcn: 'khu cong nghiep', cc: 'chung cu', kdc: 'khu dan cu',
  tdp: 'to dan pho', ubnd: 'uy ban',
}
/** The numbers in the names of crossroads. */
const DIGITS: Record<string, string> = { 'nga 3': 'nga ba', 'nga 4': 'nga tu', 'nga 5': 'nga nam', 'nga 6': 'nga sau', 'nga 7': 'nga bay' }
/** A query is not longer than this; nobody types more, and a pasted page is not searched for. */
const MOST_LETTERS = 80
const MOST_WORDS = 12

/** What is searched of a camera. */
interface Entry {
  /** what it was made of */
  name: string
  areas: string
  /** folded: name, areas up to the root, code, and what is written short in them; begins with a blank */
  text: string
  /** the name alone, folded; begins with a blank */
  called: string
  /** first letters of the name's words, and after each "|" of the areas' */
  short: string
  /** name and area with their accents, in lower case; begins with a blank */
  exact: string
}

/** Where the looker is: what fits equally well is sorted by it. */
export interface Nearby {
  /** of the camera that is watched */
  area?: string | undefined
  /** metres to a camera */
  distance?: ((c: Camera) => number) | undefined
}

export interface Found {
  /** the best first, as many as were asked for */
  cameras: Camera[]
  /** how many fit */
  count: number
}

/** Finds cameras by what somebody types with one thumb: without accents, in any order, by first letters, by short forms. */
export class Finder {
  private directory: Directory | undefined
  private entries = new Map<string, Entry>()

  /** What has not changed since the last list is not made anew. */
  take(directory: Directory): void {
    if (directory === this.directory) return
    this.directory = directory
    const areas = new Map<string, Chain>()
    const chain = (id: string) => areas.get(id) ?? areas.set(id, chainOf(directory.path(id).join(' '))).get(id)!
    const entries = new Map<string, Entry>()
    for (const c of directory.cameras) {
      const above = chain(c.area)
      const old = this.entries.get(c.id)
      entries.set(c.id, old?.name === c.name && old.areas === above.areas ? old : entryOf(c, above))
    }
    this.entries = entries
  }

  /** @param most cameras that are wanted */
  find(query: string, most: number, near: Nearby = {}): Found {
    const q = new Query(query)
    const best: Ranked[] = []
    let count = 0
    for (const [i, camera] of (this.directory?.cameras ?? []).entries()) {
      const fit = q.fit(this.entries.get(camera.id)!)
      if (fit === 0) continue
      count++
      const far = near.distance?.(camera) ?? 0
      put(best, { camera, fit, own: camera.area === near.area, far, i }, most)
    }
    return { cameras: best.map((r) => r.camera), count }
  }
}

interface Ranked {
  camera: Camera
  fit: number
  /** of the area that is watched */
  own: boolean
  far: number
  /** place in the whole list */
  i: number
}

function better(a: Ranked, b: Ranked): boolean {
  if (a.fit !== b.fit) return a.fit > b.fit
  if (a.own !== b.own) return a.own
  return a.far === b.far ? a.i < b.i : a.far < b.far
}

/** Keeps the best ones in their order: of most cameras nobody asks who is the two-thousandth. */
function put(best: Ranked[], r: Ranked, most: number): void {
  if (best.length === most && !better(r, best[most - 1]!)) return
  let from = 0
  let to = best.length
  while (from < to) {
    const mid = (from + to) >> 1
    if (better(r, best[mid]!)) to = mid
    else from = mid + 1
  }
  best.splice(from, 0, r)
  if (best.length > most) best.pop()
}

/** The areas that a camera lies in, as they are searched. */
interface Chain {
  areas: string
  folded: string
  short: string
  exact: string
}

function chainOf(areas: string): Chain {
  const folded = spelt(fold(areas))
  return { areas, folded, short: letters(folded), exact: areas.toLowerCase().normalize('NFC') }
}

function entryOf(c: Camera, above: Chain): Entry {
  const name = spelt(fold(c.name))
  const text = `${name} ${above.folded} ${c.id === c.name ? '' : fold(c.id)}`
  return {
    name: c.name,
    areas: above.areas,
    text: ` ${text}${long(text)}`,
    called: ` ${name}`,
    short: `${letters(name)}|${above.short}`,
    exact: ` ${c.name.toLowerCase().normalize('NFC')} ${above.exact}`,
  }
}

/** What is written short in a text, in its long forms. */
function long(folded: string): string {
  let out = ''
  for (const w of folded.split(' ')) if (Object.hasOwn(SHORT, w)) out += ` ${SHORT[w]}`
  return out
}

/** "nga 4" as "nga tu". */
function spelt(s: string): string {
  return s.replace(/\bnga [3-7]\b/g, (m) => DIGITS[m]!)
}

function letters(folded: string): string {
  return folded.replace(/(\S)\S*\s?/g, '$1')
}

/** How well one word of a query fits: 0 not at all. */
type Word = (e: Entry) => number

class Query {
  private readonly words: Word[]
  private readonly compact: string
  private readonly whole: string
  private readonly exact: string[]

  constructor(text: string) {
    const cut = text.slice(0, MOST_LETTERS)
    const folded = spelt(fold(cut))
    const words = folded.split(' ').filter(Boolean).slice(0, MOST_WORDS)
    this.words = words.map(wordOf)
    this.compact = words.join('')
    this.whole = ` ${folded}`
    // Who takes the trouble of accents means them.
    const lower = cut.toLowerCase().normalize('NFC')
    this.exact = lower.split(/[^\p{L}\p{N}]+/u).filter((w) => w && fold(w) !== w)
  }

  fit(e: Entry): number {
    const short = this.compact.length > 1 && /^[a-z]+$/.test(this.compact) ? (startsAt(e.short, this.compact) ? 2 : e.short.includes(this.compact) ? 1 : 0) : 0
    let sum = 0
    for (const word of this.words) {
      const n = word(e)
      if (n === 0) return short
      sum += n
    }
    if (sum === 0) return 0
    if (e.text.includes(this.whole)) sum += 2
    if (e.called.includes(this.whole)) sum += 2
    for (const w of this.exact) if (e.exact.includes(w)) sum += 1
    return sum + short
  }
}

function startsAt(short: string, compact: string): boolean {
  return short.startsWith(compact) || short.includes(`|${compact}`)
}

/** A whole word counts most, then the start of one, then what stands inside; what stands in the name more than all else. */
function wordOf(w: string): Word {
  const number = /^\d+$/.test(w)
  const meant = Object.hasOwn(SHORT, w) ? ` ${SHORT[w]}` : ''
  return (e) => {
    const start = ` ${w}`
    const inName = e.called.includes(start) ? 1 : 0
    const at = e.text.indexOf(start)
    if (at >= 0) return inName + (wholeAt(e.text, start, at) ? 4 : number ? 1 : 3)
    if (meant && e.text.includes(meant)) return 3
    // A house's number is not another's end; a code may be.
    return e.text.includes(w) ? (number ? 0.5 : 1) : 0
  }
}

function wholeAt(text: string, start: string, at: number): boolean {
  for (let i = at; i >= 0; i = text.indexOf(start, i + 1)) {
    const after = text[i + start.length]
    if (after === undefined || after === ' ') return true
  }
  return false
}
