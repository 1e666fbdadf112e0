import type { Camera } from '../core/cameras'
import { Cooling } from '../core/cooling'
import type { Lang, Strings } from '../core/i18n'
import { nearestWatchable } from '../core/instead'
import { officerWords, type OfficerAbout } from '../core/officer'
import type { TileView } from '../core/state'
import type { Words } from '../core/words'
import { pressure } from './pressure'
import './officer-veil'

/** What is needed where a picture does not come, or the device cannot keep up. */
export class CareKit {
  readonly cooling = new Cooling(pressure())

  /** What went wrong with a tile, in words. @param now Unix ms @param list where another camera may stand */
  words(v: TileView, s: Strings, lang: Lang, now: number, about: OfficerAbout, of: Camera | undefined, list: readonly Camera[]): Words | undefined {
    const instead = v.kind === 'offline' && of ? nearestWatchable(list, of) : undefined
    return officerWords(v, s, lang, now, { ...about, instead })
  }
}
