import { html, nothing, svg } from 'lit'
import type { Words } from '../core/words'
import { light } from './camera-tile'
import { badge, maySnap, rate, resolution, shutter, star, zoomButton, type Controls } from './controls'
import { draw, icon } from './icons'

/** As in tablet/glyphs.ts, which a phone does not fetch. */
const list = svg`<path d="M3 5h.01"/><path d="M3 12h.01"/><path d="M3 19h.01"/><path d="M8 5h13"/><path d="M8 12h13"/><path d="M8 19h13"/>`

/** Under each other where the column is narrow. */
const parts = (w: Words) => (w.light === 'live' ? w.short : w.line).split(' · ')

/** Beside the picture (or under it) when only the picture is there. */
export function sideBars(c: Controls) {
  const v = c.viewer
  const s = v.strings
  const grid = v.tiles.mode === 'grid'
  const snap = maySnap(v)
  const w = v.words(v.tiles.active)
  return html`
    <div class="side l">
      ${c.full
        ? html`<button class="b" aria-label=${s.leaveFullscreen} @click=${() => c.toggleFull()}>${icon('minimize', 23)}</button>`
        : html`<button class="b find" aria-label=${s.cameras} @click=${c.search}>${draw(list, 23)}</button>`}
      <button class="b last" @click=${() => c.more()}>${icon('more', 23)}<span class="sr">${s.more}</span>${badge(c)}</button>
      <span class="gap"></span>
      <button class="b" aria-label=${s.previousCamera} @click=${() => v.tiles.step(-1)}>${icon('left', 25)}</button>
    </div>
    <div class="stats">
      ${grid ? nothing : html`<div class="stt is-${w.light}">${light(w)}${parts(w).map((part) => html`<span>${part}</span>`)}</div>`}
      <div class="stt q"><span>${grid ? '' : resolution(v)}</span><span>${rate(v)}</span></div>
    </div>
    <div class="side r">
      ${grid ? nothing : [star(c, 'b'), zoomButton(c, 'b')]}
      <button class="b" aria-label=${grid ? s.single : s.grid} @click=${() => v.tiles.grid()}>${icon(grid ? 'square' : 'grid', 23)}</button>
      <span class="gap"></span>
      ${snap ? shutter(c, 'wide') : nothing}
      <button class="b ${snap ? '' : 'p'}" aria-label=${s.nextCamera} @click=${() => v.tiles.step(1)}>${icon('right', 25)}</button>
    </div>
  `
}
