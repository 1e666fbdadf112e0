import { html, nothing } from 'lit'
import { formatRate } from '../core/format'
import { icon } from './icons'
import type { Viewer } from './viewer'

/** What the bars around the picture are of, and what they ask of the page. */
export interface Controls {
  readonly viewer: Viewer
  /** changes when the viewer does */
  readonly stamp: number
  /** only the picture is there, by a tap */
  readonly full: boolean
  readonly search: () => void
  more(): void
  magnify(): void
  toggleFull(): void
}

export function star(c: Controls, style: string) {
  const v = c.viewer
  const on = v.lists.favourites.has(v.tiles.current)
  return html`<button
    class="fav ${style}"
    aria-pressed=${on ? 'true' : 'false'}
    aria-label=${on ? v.strings.removeFavourite : v.strings.addFavourite}
    ?disabled=${!v.tiles.current}
    @click=${() => v.toggleFavourite(v.tiles.current)}
  >
    ${icon('star', 23)}
  </button>`
}

/** Its place stays while no picture can be taken, so that nothing moves under the thumb. */
export function shutter(c: Controls, style: string) {
  return html`<picture-button class=${style} .viewer=${c.viewer} .stamp=${c.stamp}></picture-button>`
}

/** Of one camera at least pictures may be taken away. */
export function maySnap(v: Viewer): boolean {
  return v.tiles.mode === 'single' && v.directory?.cameras.some((x) => x.export) === true
}

/** For those who cannot pinch. */
export function zoomButton(c: Controls, style: string) {
  return html`<button class="zoom ${style}" aria-label=${c.viewer.strings.magnify} @click=${() => c.magnify()}>${icon('magnify', 22)}</button>`
}

export function fullButton(c: Controls) {
  return html`<button class="square" aria-label=${c.viewer.strings.fullscreen} @click=${() => c.toggleFull()}>
    ${icon('maximize', 22, 2)}
  </button>`
}

export function badge(c: Controls) {
  const { people, lang } = c.viewer
  return people.desk ? html`<people-badge .desk=${people.desk} .language=${lang} .stamp=${people.stamp}></people-badge>` : nothing
}

export function resolution(v: Viewer): string {
  const kind = v.views[v.tiles.active]?.kind
  const f = v.session?.tiles[v.tiles.active]?.own
  return f && (kind === 'live' || kind === 'weak') ? `${Math.min(f.width, f.height)}p` : ''
}

/** What the shown pictures take of the network. */
export function rate(v: Viewer): string {
  return bits(v) > 1000 ? formatRate(bits(v), v.lang) : ''
}

export function bits(v: Viewer): number {
  return v.session?.rates.reduce((n, r) => n + r.bitsPerSecond, 0) ?? 0
}

