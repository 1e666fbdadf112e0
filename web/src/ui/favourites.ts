import { FAVOURITES, keep, readIds } from './keep'

/** People whose favourites a device that goes from hand to hand remembers. */
const PEOPLE = 20
const MOST = 200

/** The cameras with a star, in the order that somebody gave them. Each person has their own, and finds them again after signing out. */
export class Favourites {
  ids: string[] = []
  /** '' for who came by a link */
  private person = ''

  /** Whose they are. */
  of(person: string): void {
    this.person = person
    const own = people().find(([key]) => key === person)
    this.ids = own && person ? own[1] : readIds(keep.get('favourites'))
  }

  has(camera: string): boolean {
    return this.ids.includes(camera)
  }

  toggle(camera: string): void {
    this.put(this.has(camera) ? this.ids.filter((c) => c !== camera) : [...this.ids, camera].slice(-MOST))
  }

  /** @param ids the same ones, in another order */
  order(ids: readonly string[]): void {
    // What the gateway does not list now keeps its star, behind the others.
    this.put([...ids.filter((c) => this.has(c)), ...this.ids.filter((c) => !ids.includes(c))])
  }

  private put(ids: string[]): void {
    this.ids = ids
    if (!this.person) return keep.set('favourites', JSON.stringify(ids))
    const others = people().filter(([key]) => key !== this.person)
    keep.set(FAVOURITES, JSON.stringify([...others, [this.person, ids]].slice(-PEOPLE)))
  }
}

/** Who used this device last comes last. */
function people(): [string, string[]][] {
  try {
    const v = JSON.parse(keep.get(FAVOURITES) ?? '[]') as unknown
    if (!Array.isArray(v)) return []
    return v.flatMap((x) => (Array.isArray(x) && typeof x[0] === 'string' ? [[x[0], readIds(JSON.stringify(x[1]))]] : []))
  } catch {
    return []
  }
}
