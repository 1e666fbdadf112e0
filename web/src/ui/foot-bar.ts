import { html, nothing } from 'lit'
import { formatBudget, formatSize } from '../core/format'
import { share } from '../core/usage'
import { badge, bits, maySnap, shutter, type Controls } from './controls'
import { icon } from './icons'

/** Under the thumb: the data used, and what is done most. */
export function footBar(c: Controls) {
  const v = c.viewer
  const s = v.strings
  const grid = v.tiles.mode === 'grid'
  const snap = maySnap(v)
  return html`<footer>
    ${data(c)}
    <nav class=${snap ? 'snaps' : ''}>
      <button @click=${() => v.tiles.step(-1)}>${icon('left', 25)}${s.previous}</button>
      <button class="find" @click=${c.search}>${icon('search', 23)}${s.search}</button>
      <button class="main" @click=${() => v.tiles.grid()}>${icon(grid ? 'square' : 'grid', 23)}${grid ? s.single : s.grid}</button>
      ${snap ? shutter(c, '') : nothing}
      <button class="last" @click=${() => c.more()}>${icon('more', 23)}${s.more}${badge(c)}</button>
      <button @click=${() => v.tiles.step(1)}>${icon('right', 25)}${s.next}</button>
    </nav>
  </footer>`
}

/** The day's data against its budget, and what an hour like this costs. */
function data({ viewer: v }: Controls) {
  const s = v.strings
  const { today, budget } = v.meter
  const part = share(today, budget)
  return html`<p class="data ${part >= 1 ? 'over' : part >= 0.8 ? 'near' : ''}">
    <span>${s.today(formatSize(today, v.lang))}</span>
    ${budget > 0
      ? html`<progress aria-label=${s.ofBudget} .value=${part}></progress><span>${formatBudget(budget, v.lang)}</span>`
      : nothing}
    <span class="hour">${bits(v) > 1000 ? s.perHour(formatSize(bits(v) * 450, v.lang)) : ''}</span>
  </p>`
}
