import type { Kept } from './favourites-kept'

/** As many as the gateway keeps. */
export const MOST_FAVOURITES = 200

export type Change = (ids: readonly string[]) => string[]

export interface FavouritesWorld {
  /** of this device, for who came by a link */
  read(): string[]
  write(ids: readonly string[]): void
  /** What brings a person's to the gateway; undefined where its code could not be fetched. @param learnt what is there, with what was done here */
  kept(learnt: (ids: readonly string[]) => void): Promise<Kept | undefined>
}

/**
 * The cameras with a star, in the order that somebody gave them. A person's are kept by the gateway, for every device of
 * theirs, and nothing of them stays on this one; a link's are kept by the device.
 */
export class Favourites {
  ids: readonly string[] = []
  /** settles when it is known what the gateway keeps, or that it does not tell */
  ready: Promise<void> = Promise.resolve()
  private person = ''
  private kept: Kept | undefined
  /** what was done here before there was somebody to keep it */
  private early: Change[] = []

  constructor(
    private readonly world: FavouritesWorld,
    private readonly changed: () => void,
  ) {}

  /** Whose they are; '' for who came by a link. */
  of(person: string): void {
    if (person && person === this.person && !this.kept?.closed) return // a connection anew changes no stars
    this.kept?.close()
    this.kept = undefined
    this.early = []
    this.person = person
    this.ids = person ? [] : this.world.read()
    if (person) this.ready = this.begin(person)
  }

  has(camera: string): boolean {
    return this.ids.includes(camera)
  }

  toggle(camera: string): void {
    const star = !this.has(camera)
    this.do((ids) => [...ids.filter((c) => c !== camera), ...(star ? [camera] : [])].slice(-MOST_FAVOURITES))
  }

  /** @param wanted the same ones, in another order */
  order(wanted: readonly string[]): void {
    // What is not listed now keeps its star, behind the others.
    this.do((ids) => [...wanted.filter((c) => ids.includes(c)), ...ids.filter((c) => !wanted.includes(c))])
  }

  private do(change: Change): void {
    this.ids = change(this.ids)
    if (!this.person) this.world.write(this.ids)
    else if (this.kept) this.kept.do(change)
    else {
      this.early.push(change)
      this.ready = this.begin(this.person)
    }
  }

  private async begin(person: string): Promise<void> {
    const kept = await this.world.kept((ids) => {
      this.ids = ids
      this.changed()
    })
    if (!kept || this.kept || person !== this.person) return
    this.kept = kept
    for (const change of this.early.splice(0)) kept.do(change)
    await kept.send()
  }
}
