import { readQuality, streamFor } from '../core/quality'
import type { Stream } from '../core/protocol'
import { keep } from './keep'

/** How closely pictures are looked at, and how dear they may be: what decides their stream. */
export class Look {
  /** of the large picture, for this tab */
  quality: Stream = readQuality(keep.getTab('quality'))
  /** as little data as will do: small streams, and grids of stills */
  saving = keep.get('saving') === '1'
  /** magnified at all: swipes move the picture then */
  zoomed = false
  /** magnified so far that the small stream has too little to show */
  private close = false

  constructor(private readonly changed: () => void) {}

  get stream(): Stream {
    return streamFor(this.quality, this.saving, this.close)
  }

  choose(quality: Stream): void {
    this.quality = quality
    keep.setTab('quality', quality)
    this.changed()
  }

  save(saving: boolean): void {
    this.saving = saving
    keep.set('saving', saving ? '1' : '')
    this.changed()
  }

  magnified(zoomed: boolean, close: boolean): void {
    this.zoomed = zoomed
    if (close === this.close) return
    this.close = close
    this.changed()
  }
}
