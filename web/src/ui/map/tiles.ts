import { addressOf, levelOf, mosaic, type Ground, type Tile } from '../../core/map/ground'
import type { Mercator } from '../../core/map/mercator'
import type { View } from '../../core/map/view'

/** Tiles are laid in their own pixels, and stretched together. */
const SIZE = 256
/** What has not come by then is left out, ms. */
const PATIENCE_MS = 20_000
/** While the map moves another level is begun at most so often, ms. */
const EVERY_MS = 120

/** Fetches a tile of our own gateway, with what lets us in. @returns undefined where there is none */
export type Fetch = (address: string, signal: AbortSignal) => Promise<Blob | undefined>

/** All tiles of one level. */
interface Level {
  z: number
  box: HTMLElement
  /** the tile that lies at the box's corner, so that browsers need no large numbers */
  corner: Tile
  tiles: Map<string, { img: HTMLImageElement; end: AbortController }>
}

/** The operator's own map, under the sheets: pictures that the browser fetches, unpacks and moves by itself. */
export class Tiles {
  private readonly levels: Level[] = []
  private at = 0
  private later: number | undefined

  constructor(
    private readonly host: HTMLElement,
    private readonly ground: Ground,
    private readonly fetch: Fetch,
  ) {}

  lay(v: View, m: Mercator, resting: boolean): void {
    const now = performance.now()
    const due = resting || now - this.at >= EVERY_MS
    if (due) {
      this.at = now
      this.fill(v, m)
    } else {
      clearTimeout(this.later)
      this.later = window.setTimeout(() => this.fill(v, m), EVERY_MS)
    }
    for (const level of this.levels) this.place(level, v, m)
  }

  stop(): void {
    clearTimeout(this.later)
    for (const level of this.levels.splice(0)) this.end(level)
  }

  /** The level that fits, with all tiles that the screen shows; the one before lies under it until it is whole. */
  private fill(v: View, m: Mercator): void {
    clearTimeout(this.later)
    const z = levelOf(this.ground, m, v, devicePixelRatio > 1.4, this.levels.at(-1)?.z)
    const { tiles } = mosaic(this.ground, m, v, z)
    const old = this.levels.findIndex((l) => l.z === z)
    const level = old >= 0 ? this.levels.splice(old, 1)[0]! : this.begin(z, tiles[0])
    this.levels.push(level)
    if (this.host.lastChild !== level.box) this.host.append(level.box)
    const wanted = new Set(tiles.map(keyOf))
    for (const [key, t] of level.tiles) {
      if (wanted.has(key)) continue
      t.end.abort()
      t.img.remove()
      level.tiles.delete(key)
    }
    for (const t of tiles) if (!level.tiles.has(keyOf(t))) void this.add(level, t)
    while (this.levels.length > 2) this.end(this.levels.shift()!)
    this.place(level, v, m)
    this.tidy()
  }

  private begin(z: number, corner: Tile = { z, x: 0, y: 0 }): Level {
    const box = document.createElement('div')
    return { z, box, corner, tiles: new Map() }
  }

  private async add(level: Level, t: Tile): Promise<void> {
    const img = document.createElement('img')
    const end = new AbortController()
    const entry = { img, end }
    level.tiles.set(keyOf(t), entry)
    img.alt = ''
    img.decoding = 'async'
    img.draggable = false
    img.style.transform = `translate(${(t.x - level.corner.x) * SIZE}px, ${(t.y - level.corner.y) * SIZE}px)`
    const address = addressOf(this.ground, t)
    const timer = setTimeout(() => end.abort(), PATIENCE_MS)
    let blob = ''
    try {
      if (address.startsWith('/')) {
        const body = await this.fetch(address, end.signal)
        if (!body || end.signal.aborted) return
        img.src = blob = URL.createObjectURL(body)
      } else img.src = address
      level.box.append(img)
      await img.decode()
      if (!end.signal.aborted) img.classList.add('come')
    } catch {
      img.remove() // its place stays our own ground
    } finally {
      clearTimeout(timer)
      if (blob) URL.revokeObjectURL(blob)
      entry.img.dataset['done'] = ''
      this.tidy()
    }
  }

  /** What lies under a level that is whole is not seen any more. */
  private tidy(): void {
    const top = this.levels.at(-1)
    if (!top || [...top.tiles.values()].some((t) => t.img.dataset['done'] === undefined)) return
    for (const level of this.levels.splice(0, this.levels.length - 1)) this.end(level)
  }

  private place(level: Level, v: View, m: Mercator): void {
    const { x, y, size } = m.world
    const each = (size / 2 ** level.z) * v.scale
    const left = (x - v.x) * v.scale + v.width / 2 + level.corner.x * each
    const top = (y - v.y) * v.scale + v.height / 2 + level.corner.y * each
    level.box.style.transform = `translate(${left}px, ${top}px) scale(${each / SIZE})`
  }

  private end(level: Level): void {
    for (const t of level.tiles.values()) t.end.abort()
    level.box.remove()
  }
}

function keyOf(t: Tile): string {
  return `${t.x}/${t.y}`
}
