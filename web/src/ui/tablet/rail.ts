import { html } from 'lit'
import { formatSize } from '../../core/format'
import { badge } from '../controls'
import type { Tab } from '../camera-list'
import { icon } from '../icons'
import { glyph, type Glyph } from './glyphs'
import type { Tablet } from './index'

/** At the left edge, where the thumb of the hand that holds the tablet is. */
export function rail(t: Tablet) {
  const v = t.page.viewer
  const { words: s } = t
  const grid = v.tiles.mode === 'grid'
  const item = (name: Glyph, label: string, on: boolean, act: () => void) =>
    html`<button aria-pressed=${on ? 'true' : 'false'} @click=${act}>${glyph(name)}<span>${label}</span></button>`
  const beside = (name: Glyph, label: string, tab: Tab) => item(name, label, v.lists.tab === tab && (!grid || t.listed), () => t.toggleList(tab))
  return html`<nav class="rail" aria-label=${s.rail}>
    ${item('four', s.grid, grid, () => v.tiles.grid())}
    ${beside('list', s.list, 'areas')}
    <button aria-pressed=${v.lists.tab === 'favourites' && (!grid || t.listed) ? 'true' : 'false'} @click=${() => t.toggleList('favourites')}>
      ${icon('star', 24, 1.8)}<span>${s.favourites}</span>
    </button>
    ${beside('map', s.map, 'map')} ${item('route', s.tour, t.touring.on, () => t.openTours())}
    <span class="gap"></span>
    <p class="today">${v.strings.today(formatSize(v.meter.usage?.bytes ?? 0, v.lang))}</p>
    <button class="more" @click=${() => t.page.more()}>${icon('more', 24, 2)}<span>${s.more}</span>${badge(t.page)}</button>
  </nav>`
}
