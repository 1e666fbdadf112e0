import { html } from 'lit'
import type { Directory } from '../../core/cameras'
import type { Lang } from '../../core/i18n'
import type { Cluster } from '../../core/map/clusters'
import { mapStrings, type MapStrings } from '../../core/map/map-text'
import { draw } from '../icons'
import { signs } from './signs'
import { stateWords } from './stack'

/** What the buttons of a map do. */
export interface Tools {
  locate: () => void
  whole: () => void
  zoom: (factor: number) => void
}

export function tools(t: MapStrings, located: boolean, does: Tools) {
  return html`<p class="north" aria-hidden="true">${t.north}${draw(signs.north, 20, 1.8)}</p>
    <div class="tools">
      <button class="locate ${located ? 'on' : ''}" aria-label=${t.locate} @click=${does.locate}>${draw(signs.locate, 23)}</button>
      <button class="whole" aria-label=${t.whole} @click=${does.whole}>${draw(signs.whole, 22)}</button>
      <div class="pair">
        <button aria-label=${t.zoomIn} @click=${() => does.zoom(2)}>${draw(signs.plus, 23)}</button>
        <button aria-label=${t.zoomOut} @click=${() => does.zoom(0.5)}>${draw(signs.minus, 23)}</button>
      </div>
    </div>`
}

/** What a screen reader says of a camera, or of several. */
export function says(c: Cluster, directory: Directory | undefined, lang: Lang): string {
  const t = mapStrings[lang]
  const camera = c.points.length === 1 ? directory?.get(c.id) : undefined
  if (camera) return `${camera.name}, ${stateWords(camera, lang, Date.now())}`
  const n = (k: number) => k.toLocaleString(lang === 'vi' ? 'vi-VN' : 'en-GB')
  return c.off ? t.clusterOff(n(c.points.length), n(c.off)) : t.cluster(n(c.points.length))
}
