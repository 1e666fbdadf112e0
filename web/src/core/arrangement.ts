import { neighbour, page, place, type Camera } from './cameras'

/** Told of what has changed. */
export interface Arranged {
  /** Another camera is the current one. */
  moved(): void
  /** Cameras have come to tiles, or left them. */
  placed(): void
}

/** A grid's pictures: two by two, one large with five small, three by three. */
export type Shape = '4' | '6' | '9'
export const SHAPES: readonly Shape[] = ['4', '6', '9']

/** In the place of a camera, in a layout of others: one that is not ours to know of. */
export const HIDDEN = '?'

/** Which camera is in which tile, and which of them is the current one. */
export class Arrangement {
  mode: 'single' | 'grid' = 'single'
  shape: Shape = '4'
  /** the camera that is large, or the grid page's first */
  current = ''
  /** the tile that is large */
  active = 0
  /** camera of each tile; '' for none */
  placed: string[]
  /** what somebody arranged, by position, '' for none; undefined: the list in its own order */
  board: readonly string[] | undefined
  /** the board's page, from 0 */
  private at = 0

  /** @param lines pictures that the connection can carry at once @param list the cameras that swiping goes through, as they are now */
  constructor(
    private readonly lines: number,
    private readonly list: () => readonly Camera[],
    private readonly told: Arranged,
  ) {
    this.placed = Array<string>(lines).fill('')
  }

  /** The camera becomes the large one; its tile goes on if it has one already. */
  open(camera: string): void {
    this.mode = 'single'
    const on = this.board?.indexOf(camera) ?? -1
    if (on >= 0) this.at = Math.floor(on / this.size)
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

  /** To a grid of this shape; what is shown on both goes on. */
  reshape(shape: Shape): void {
    // The picture that is first stays on the page.
    const first = this.at * this.size
    this.shape = shape
    this.at = Math.floor(first / this.size)
    this.mode = 'grid'
    this.fill()
  }

  /** Shows what somebody arranged; undefined: the list again. */
  arrange(board: readonly string[] | undefined, at = 0): void {
    this.board = board
    this.at = at
    if (this.mode === 'grid') this.fill()
  }

  /** To the neighbour, or in the grid to the next page. */
  step(by: 1 | -1): void {
    if (this.mode === 'single') {
      const to = neighbour(this.ring, this.current, by)
      if (to && to.id !== this.current) this.open(to.id)
      return
    }
    const { at, of } = this.pages
    if (of < 2) return
    const next = (at + by + of) % of
    if (this.board) this.at = next
    else this.move(this.list()[next * this.size]!.id)
    this.fill()
  }

  /** Tiles of a page. */
  get size(): number {
    return Math.min(Number(this.shape), this.lines)
  }

  /** The grid's page, from 0, and how many there are. */
  get pages(): { at: number; of: number } {
    if (this.board) return { at: this.at, of: Math.max(1, Math.ceil(this.board.length / this.size)) }
    const list = this.list()
    const i = Math.max(0, list.findIndex((c) => c.id === this.current))
    return { at: Math.floor(i / this.size), of: Math.ceil(list.length / this.size) }
  }

  /** The grid page's cameras by position; '' and HIDDEN for a tile without one. */
  get cells(): string[] {
    if (!this.board) return page(this.list(), this.current, this.size).map((c) => c.id)
    const from = this.at * this.size
    return this.board.slice(from, from + this.size)
  }

  /** The cameras that are on the grid's page. */
  get page(): string[] {
    return this.cells.filter(isCamera)
  }

  /** The tile is small, so that a small stream is enough. */
  small(tile: number): boolean {
    return this.mode === 'grid' && !this.big(tile)
  }

  /** The tile is the large one among small ones. */
  big(tile: number): boolean {
    const camera = this.placed[tile]
    return this.mode === 'grid' && this.shape === '6' && !!camera && camera === this.cells[0]
  }

  /** The cameras that a swipe would bring. */
  get beside(): string[] {
    if (this.mode !== 'single') return []
    const ids = [1, -1].map((step) => neighbour(this.ring, this.current, step)?.id)
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

  /** What a swipe goes through, large. */
  private get ring(): readonly { id: string }[] {
    return this.board?.includes(this.current) ? this.board.filter(isCamera).map((id) => ({ id })) : this.list()
  }

  private fill(): void {
    this.at = Math.min(this.at, this.pages.of - 1)
    const { page } = this
    if (this.board && !page.includes(this.current) && page[0]) this.move(page[0])
    this.put(place(page, this.placed))
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

function isCamera(cell: string): boolean {
  return cell !== '' && cell !== HIDDEN
}
