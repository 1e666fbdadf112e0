import type { Camera } from '../core/cameras'
import { Cooling } from '../core/cooling'
import type { Lang, Strings } from '../core/i18n'
import { nearestWatchable } from '../core/instead'
import { officerWords, type OfficerAbout } from '../core/officer'
import type { TileView } from '../core/state'
import { StillStore } from '../core/still'
import type { Words } from '../core/words'
import { pressure } from './pressure'
import type { Still } from './stills'
import { browser } from './world'
import './tile-veil'

/** Tiles are at most so wide on a phone, and a still behind a veil need not be sharp. */
const STILL_WIDTH = 640

/** What is needed where a picture does not come, or the device cannot keep up. */
export class CareKit {
  readonly cooling = new Cooling(pressure())
  /** of the gateway's, for cameras of which this page has seen nothing */
  readonly stills: StillStore<Still>

  /** What went wrong with a tile, in words. @param now Unix ms @param list where another camera may stand */
  words(v: TileView, s: Strings, lang: Lang, now: number, about: OfficerAbout, of: Camera | undefined, list: readonly Camera[]): Words | undefined {
    const instead = v.kind === 'offline' && of ? nearestWatchable(list, of) : undefined
    return officerWords(v, s, lang, now, { ...about, instead })
  }

  constructor(token: string, seen: (camera: string) => Still | undefined, changed: () => void) {
    const world = {
      ...browser,
      fetch: (path: string, init: RequestInit) => fetch(path, init),
      url: (jpeg: Blob) => URL.createObjectURL(jpeg),
      revoke: (url: string) => URL.revokeObjectURL(url),
    }
    this.stills = new StillStore(world, seen, { changed }, { width: STILL_WIDTH, token })
  }
}
