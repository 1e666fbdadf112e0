import { html } from 'lit'
import { formatSize } from '../core/i18n'
import { badge, bits, type Controls } from './controls'
import { icon } from './icons'

/** Under the thumb: the data used, and what is done most. */
export function footBar(c: Controls) {
  const v = c.viewer
  const s = v.strings
  const grid = v.tiles.mode === 'grid'
  return html`<footer>
    <p class="data">
      <span>${s.today(formatSize(v.meter.usage?.bytes ?? 0, v.lang))}</span>
      <span class="hour">${bits(v) > 1000 ? s.perHour(formatSize(bits(v) * 450, v.lang)) : ''}</span>
    </p>
    <nav>
      <button @click=${() => v.tiles.step(-1)}>${icon('left', 25)}${s.previous}</button>
      <button class="find" @click=${c.search}>${icon('search', 23)}${s.search}</button>
      <button class="main" @click=${() => v.tiles.grid()}>${icon(grid ? 'square' : 'grid', 23)}${grid ? s.single : s.grid}</button>
      <button class="last" @click=${() => c.more()}>${icon('more', 23)}${s.more}${badge(c)}</button>
      <button @click=${() => v.tiles.step(1)}>${icon('right', 25)}${s.next}</button>
    </nav>
  </footer>`
}
