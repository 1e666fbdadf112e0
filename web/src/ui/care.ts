import type { TileView } from '../core/state'
import type { CareKit } from './care-kit'
import type { Stills } from './stills'

/** The first picture has the line to itself for so long, ms. */
const AFTER_MS = 1500
/** What could not be fetched is tried again after, ms. */
const AGAIN_MS = 3000
/** A picture that takes longer to open than this has a still asked for, ms. */
const BARE_MS = 700

/** A tile, as far as it may need care. */
export interface Patient {
  camera: string
  view: TileView
  /** page clock when it was asked for, ms */
  viewedAt: number
}

/** Brings what helps where a picture does not come, once it is needed or the first picture is there. */
export class Care {
  kit: CareKit | undefined
  private token: string | undefined
  private due = 0

  constructor(
    private readonly stills: Stills,
    private readonly changed: () => void,
  ) {}

  begin(token: string): void {
    this.token = token
    this.due = performance.now() + AFTER_MS
  }

  end(): void {
    this.kit = this.token = undefined
  }

  /** Looks after the tiles as they are now. */
  look(tiles: readonly Patient[], now: number): void {
    const ill = tiles.filter((t) => t.camera && needs(t, now))
    const bare = ill.filter((t) => t.view.kind !== 'denied' && !this.stills.get(t.camera))
    if (bare[0] && this.token !== undefined) this.stills.begin(this.token)
    this.stills.want('tiles', bare.map((t) => t.camera))
    this.stills.want('thin', ill.filter((t) => 'thin' in t.view).map((t) => t.camera))
    if (!this.kit && this.token !== undefined && (ill[0] ? this.due < Infinity : now > this.due)) void this.load(this.token, now)
  }

  private async load(token: string, now: number): Promise<void> {
    this.due = Infinity
    const m = await import('./care-kit').catch(() => undefined)
    this.due = now + AGAIN_MS
    if (!m || token !== this.token || this.kit) return
    this.kit = new m.CareKit()
    this.changed()
  }
}

function needs({ view, viewedAt }: Patient, now: number): boolean {
  if (view.kind === 'opening') return !view.own && now - viewedAt > BARE_MS
  return /offline|nonet|denied|tap|rest/.test(view.kind)
}
