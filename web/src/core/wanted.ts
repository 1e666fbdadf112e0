import type { Stream, ViewRequest } from './protocol'

/** What a device that cannot keep up is spared. */
export interface Ease {
  /** tiles that keep a moving picture; the others rest as stills */
  keep: number
  /** whose small stream is enough, beside what was asked for */
  small: 'none' | 'others' | 'all'
}

/** What is to be seen on the tiles, and how much of it the device can bear. */
export class Wanted {
  /** camera of each tile; '' for none */
  cameras: string[]
  /** which tiles make do with small streams */
  small: readonly boolean[] = []
  stream: Stream = 'auto'
  /** the tile that is spared last */
  large = 0
  ease: Ease = { keep: Infinity, small: 'none' }

  constructor(count: number) {
    this.cameras = Array<string>(count).fill('')
  }

  /** The tiles that are to show a camera. */
  get shown(): number[] {
    return [...this.cameras.keys()].filter((i) => this.cameras[i])
  }

  /** The tiles whose pictures move; the others' rest. */
  get moving(): number[] {
    const last = (i: number) => Number(i !== this.large)
    return this.shown.sort((a, b) => last(a) - last(b)).slice(0, this.ease.keep)
  }

  /** What is held ready at the gateway while nobody looks: one picture, as four would cost as many pulls. */
  get kept(): string[] {
    const { shown } = this
    return shown.length === 1 && !this.small[shown[0]!] ? shown.map((i) => this.cameras[i]!) : []
  }

  request(tile: number, camera: string): ViewRequest {
    const r: ViewRequest = { tile, camera }
    if (!camera) return r
    if (this.smallIn(tile)) r.small = true
    if (this.stream !== 'auto') r.stream = this.stream
    if (this.shown[1]) r[tile === this.large ? 'first' : 'stills'] = true
    return r
  }

  private smallIn(tile: number): boolean {
    const { small } = this.ease
    return this.small[tile] === true || small === 'all' || (small === 'others' && tile !== this.large)
  }
}
