import type { Mercator, Spot } from '../../core/map/mercator'
import { toScreen, type View } from '../../core/map/view'
import type { Here } from '../position'

/** Where somebody is on the ground, and how sure that is. */
export interface Stand extends Spot {
  /** metres */
  accuracy: number
  /** degrees clockwise from north */
  heading: number | undefined
}

export function standOf(m: Mercator, here: Here | undefined): Stand | undefined {
  return here && { ...m.toSpot([here.lat, here.lon]), accuracy: here.accuracy, heading: here.heading }
}

/** A circle of less, or more, CSS pixels tells nothing. */
const LEAST = 14
const MOST = 2000
/** The circle's own radius, which is stretched. */
const RADIUS = 50

/** The officer's own dot. It turns with every step, so it is no part of the sheets: the browser moves it as it is. */
export class Me {
  private stand: Stand | undefined

  /** @param dot an element with .sure, .cone and .dot in it */
  constructor(private readonly dot: HTMLElement) {}

  show(stand: Stand | undefined): void {
    this.stand = stand
  }

  lay(v: View): void {
    const { dot, stand } = this
    dot.hidden = !stand
    if (!stand) return
    const { x, y } = toScreen(v, stand)
    dot.style.transform = `translate(${x}px, ${y}px)`
    const r = stand.accuracy * v.scale
    const [sure, cone] = dot.children as unknown as [HTMLElement, HTMLElement]
    sure.hidden = !(r > LEAST && r < MOST)
    sure.style.transform = `scale(${r / RADIUS})`
    cone.hidden = stand.heading === undefined
    cone.style.transform = `rotate(${stand.heading ?? 0}deg)`
  }
}
