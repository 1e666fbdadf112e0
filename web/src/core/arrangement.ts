import { neighbour, page, place, type Camera } from './cameras'

/** Told of what has changed. */
export interface Arranged {
  /** Another camera is the current one. */
  moved(): void
  /** Cameras have come to tiles, or left them. */
  placed(): void
}

/** Which camera is in which tile, and which of them is the current one. */
export class Arrangement {
  mode: 'single' | 'grid' = 'single'
  /** the camera that is large, or the grid page's first */
  current = ''
  /** the tile that is large */
  active = 0
  /** camera of each tile; '' for none */
  placed: string[]

  /** @param list the cameras that swiping goes through, as they are now */
  constructor(
    private readonly count: number,
    private readonly list: () => readonly Camera[],
    private readonly told: Arranged,
  ) {
    this.placed = Array<string>(count).fill('')
  }

  /** The camera becomes the large one; its tile goes on if it has one already. */
  open(camera: string): void {
    this.mode = 'single'
    this.move(camera)
    const have = this.placed.indexOf(camera)
    if (have >= 0) this.active = have
    this.put(this.placed.map((_, i) => (i === this.active ? camera : '')))
  }

  /** To the grid, and back to one. */
  grid(): void {
    if (this.mode === 'grid') return this.open(this.current)
    this.mode = 'grid'
    this.fill()
  }

  /** To the neighbour, or in the grid to the next page. */
  step(by: 1 | -1): void {
    const list = this.list()
    if (this.mode === 'single') {
      const to = neighbour(list, this.current, by)
      if (to && to.id !== this.current) this.open(to.id)
      return
    }
    const { at, of } = this.pages
    const first = list[((at + by + of) % of) * this.count]
    if (of < 2 || !first) return
    this.move(first.id)
    this.fill()
  }

  /** The grid's page, from 0, and how many there are. */
  get pages(): { at: number; of: number } {
    const list = this.list()
    const i = Math.max(0, list.findIndex((c) => c.id === this.current))
    return { at: Math.floor(i / this.count), of: Math.ceil(list.length / this.count) }
  }

  /** The cameras of the grid's page, in the list's order. */
  get page(): Camera[] {
    return page(this.list(), this.current, this.count)
  }

  /** The cameras that a swipe would bring. */
  get beside(): string[] {
    if (this.mode !== 'single') return []
    const ids = [1, -1].map((step) => neighbour(this.list(), this.current, step)?.id)
    return [...new Set(ids)].filter((id) => id !== undefined && id !== this.current) as string[]
  }

  /** The list is another one. */
  listed(): void {
    if (this.mode === 'grid') this.fill()
  }

  /** No tile shows anything. */
  clear(): void {
    this.placed = this.placed.map(() => '')
  }

  private fill(): void {
    this.put(place(this.page.map((c) => c.id), this.placed))
    this.active = Math.max(0, this.placed.indexOf(this.current))
  }

  private move(camera: string): void {
    this.current = camera
    this.told.moved()
  }

  private put(cameras: string[]): void {
    this.placed = cameras
    this.told.placed()
  }
}
