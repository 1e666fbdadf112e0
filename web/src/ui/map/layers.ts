import type { Lang } from '../../core/i18n'
import type { Ground } from '../../core/map/ground'
import type { Mercator } from '../../core/map/mercator'
import type { View } from '../../core/map/view'
import { Me } from './me'
import { tileFetch } from './operator'
import type { Mood } from './palette'
import { Ruler } from './ruler'
import { Tiles } from './tiles'

/** What lies under and over the sheets of a map, and moves with them. */
export class Layers {
  readonly me: Me
  private readonly ruler: Ruler
  private readonly host: HTMLElement
  private tiles: Tiles | undefined

  constructor(private readonly root: ParentNode) {
    const one = (what: string) => root.querySelector<HTMLElement>(what)!
    this.me = new Me(one('.me'))
    this.ruler = new Ruler(one('.ruler'))
    this.host = one('.tiles')
  }

  /** Lays an operator's map under everything, or takes it away. */
  spread(ground: Ground | undefined, token: () => string): void {
    this.tiles?.stop()
    this.tiles = ground && new Tiles(this.host, ground, tileFetch(token))
  }

  colour(mood: Mood): void {
    this.host.className = this.tiles ? `tiles ${mood}` : 'tiles'
  }

  lay(v: View, m: Mercator | undefined, lang: Lang, resting: boolean): void {
    this.me.lay(v)
    this.ruler.lay(v, lang, resting)
    if (m) this.tiles?.lay(v, m, resting)
  }

  /** What the operator's name takes, CSS pixels. */
  credit(): { width: number; height: number } | undefined {
    const line = this.tiles && this.root.querySelector<HTMLElement>('.credit')
    return line ? { width: line.offsetWidth, height: line.offsetHeight } : undefined
  }

  stop(): void {
    this.tiles?.stop()
    this.tiles = undefined
  }
}
