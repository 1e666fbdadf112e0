import { html } from 'lit'
import { light } from './camera-tile'
import { fullButton, rate, resolution, zoomButton, type Controls } from './controls'
import type { Viewer } from './viewer'

/** Both, or the first where there is room for one only. */
function figures(v: Viewer) {
  const [size, speed] = [resolution(v), rate(v)]
  return size && speed ? html`${size} <span>${speed}</span>` : size || speed
}

/** Under the picture: its state, and what it takes of the network. */
export function strip(c: Controls) {
  const v = c.viewer
  if (v.tiles.mode === 'grid') {
    const { at, of } = v.tiles.pages
    return html`<div class="strip">
      <span class="line">${of > 1 ? v.strings.page(at + 1, of) : ''}</span>
      <span class="q">${rate(v)}</span>${fullButton(c)}
    </div>`
  }
  const w = v.words(v.tiles.active)
  return html`<div class="strip is-${w.light}">
    ${light(w)}<span class="line">${w.line}</span>
    <span class="q">${figures(v)}</span>${zoomButton(c, 'square')}${fullButton(c)}
  </div>`
}
