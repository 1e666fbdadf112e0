import type { Served, StillStore } from '../core/still'
import { thin } from './connection'
import { browser } from './world'

const WIDTH = 320
const HEIGHT = 180
/** 230 KB each: 14 MB at most. */
const KEPT = 60
const EVERY_MS = 1500

export interface Still {
  canvas: HTMLCanvasElement
  /** Unix ms */
  at: number
}

/** What there is of a camera: this page's own, or the gateway's. */
export type AnyStill = Still | Served

/** The last picture that this device has drawn of each camera, in memory only; and for lists those that the gateway makes. */
export class Stills {
  private readonly kept = new Map<string, Still>()
  private store: StillStore<Still> | undefined
  /** Grows when somebody else looks: what was begun for another is not gone on with. */
  private turn = 0
  private begun = false
  private timer: number | undefined
  /** ids that lists have on the screen, by list */
  private readonly wanted = new Map<string, readonly string[]>()
  private away = false

  /** @param changed the gateway has given another still */
  constructor(private readonly changed: () => void) {}

  /** From now on the gateway is asked too: the live picture has had the line to itself. @param after ms */
  begin(token: string, after = 0): void {
    if (this.begun) return
    clearTimeout(this.timer)
    if (after > 0) {
      this.timer = window.setTimeout(() => this.begin(token), after)
      return
    }
    this.begun = true
    void this.open(token)
  }

  private async open(token: string): Promise<void> {
    const { turn } = this
    const m = await import('../core/still').catch(() => undefined)
    if (!m) this.begun = false
    if (!m || turn !== this.turn) return
    const width = devicePixelRatio > 2 && !thin() ? 320 : 160
    const world = {
      ...browser,
      fetch: (path: string, init: RequestInit) => fetch(path, init),
      url: (jpeg: Blob) => URL.createObjectURL(jpeg),
      revoke: (url: string) => URL.revokeObjectURL(url),
    }
    this.store = new m.StillStore<Still>(world, (c) => this.kept.get(c), { changed: this.changed }, { token, base: '.', width })
    this.ask()
  }

  /** The newest there is: what the gateway gave, or what this page saw. */
  look(camera: string): AnyStill | undefined {
    return this.store?.get(camera) ?? this.kept.get(camera)
  }

  /** The cameras that a list has on the screen, the first ones first; those of `thin` stand for pictures that would move. */
  want(list: string, cameras: readonly string[]): void {
    this.wanted.set(list, cameras)
    this.ask()
  }

  /** Nobody looks at the page, or somebody does again. */
  hide(away: boolean): void {
    this.away = away
    this.ask()
  }

  private ask(): void {
    this.store?.show(this.away ? [] : [...this.wanted.values()].flat(), this.wanted.get('thin'))
  }

  get(camera: string): Still | undefined {
    return this.kept.get(camera)
  }

  /** Keeps what the video shows. @returns whether it was time to */
  capture(camera: string, video: HTMLVideoElement, now: number): boolean {
    const old = this.kept.get(camera)
    if (old && now - old.at < EVERY_MS) return false
    const canvas = document.createElement('canvas')
    const target = old?.canvas ?? Object.assign(canvas, { width: WIDTH, height: HEIGHT })
    target.getContext('2d', { alpha: false })?.drawImage(video, 0, 0, WIDTH, HEIGHT)
    this.kept.delete(camera)
    this.kept.set(camera, { canvas: target, at: now })
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value!)
    return true
  }

  /** A camera that may not be seen any more. */
  forget(camera: string): void {
    this.kept.delete(camera)
    this.store?.forget(camera)
  }

  clear(): void {
    this.kept.clear()
    this.store?.close()
    this.store = undefined
    this.begun = false
    this.turn++
    clearTimeout(this.timer)
  }
}
