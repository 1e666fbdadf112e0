import { html, nothing, svg } from 'lit'
import type { Camera } from '../../core/cameras'
import { bearing, distance, placeOf, turn } from '../../core/near'
import { eighth, formatWay, nearStrings } from '../../core/near-text'
import type { Lang } from '../../core/i18n'
import type { Here } from '../position'
import { draw } from '../icons'

/** A position that is worse than this, metres, makes every way a rough one. */
export const ROUGH = 50
/** The arrow turns in steps that are seen, degrees. */
const STEP = 5

/** How far a camera is and where to: an arrow where it is known which way the device faces, else the point of the compass. */
export function wayTo(c: Camera, here: Here, lang: Lang) {
  const at = placeOf(c)
  return at ? way(distance(here, at), bearing(here, at), here, lang) : nothing
}

export function way(metres: number, bearing: number, here: Here, lang: Lang) {
  const t = nearStrings[lang]
  const rough = here.accuracy > ROUGH ? '≈\u00a0' : ''
  return html`<span class="way"><span>${rough}${formatWay(metres, lang)}</span>${sign(metres, bearing, here, t)}</span>`
}

function sign(metres: number, bearing: number, here: Here, t: (typeof nearStrings)[Lang]) {
  // Within the error of the position it may be anywhere around.
  if (metres < Math.max(10, here.accuracy)) return html`${draw(spot, 18, 2.4)}<span class="sr">${t.here}</span>`
  if (here.heading === undefined) return html`<em aria-hidden="true">${t.letters[eighth(bearing)]}</em><span class="sr">${t.points[eighth(bearing)]}</span>`
  const by = turn(here.heading, bearing)
  return html`${draw(arrow(STEP * Math.round(by / STEP)), 22, 2)}<span class="sr">${t.sides[eighth(by)]}</span>`
}

const spot = svg`<circle cx="12" cy="12" r="4"/>`
const arrow = (degrees: number) => svg`<path transform="rotate(${degrees} 12 12)" d="M12 3 18.5 20 12 16.5 5.5 20z"/>`
