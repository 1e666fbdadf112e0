import { html, nothing } from 'lit'
import type { Shape } from '../../core/arrangement'
import { formatClock } from '../../core/format'
import { fullButton, rate, star } from '../controls'
import { icon } from '../icons'
import { glyph, type Glyph } from './glyphs'
import type { Tablet } from './index'

const SIGNS: [Shape, Glyph, 'four' | 'six' | 'nine'][] = [
  ['4', 'four', 'four'],
  ['6', 'six', 'six'],
  ['9', 'nine', 'nine'],
]

/** Above the pictures: what is looked at, and how. */
export function bar(t: Tablet) {
  const v = t.page.viewer
  const weak = v.views.some((x) => x.kind === 'weak')
  return html`<section class="bar" aria-label=${t.words.bar}>
    ${title(t)} ${t.arranger.on ? arranging(t) : html`${pages(t)}${shapes(t)}${tools(t)}${tour(t)}${drive(t)}`}
    ${rate(v) ? html`<span class="chip still rate">${glyph(weak ? 'weakSignal' : 'signal', 20)}<b>${rate(v)}</b></span>` : nothing}
    <time>${formatClock(Date.now(), Date.now())}</time>
  </section>`
}

function title(t: Tablet) {
  const v = t.page.viewer
  const { words: s } = t
  if (v.tiles.mode === 'single') {
    const camera = v.directory?.get(v.tiles.current)
    return html`<div class="title">
      <h1>${camera?.name ?? (v.tiles.current || v.strings.app)}</h1>
      <p>${v.people.desk?.sharedWords(v.tiles.current, v.lang) || (camera ? `${v.directory!.areaName(camera.area)} · ${camera.id}` : '')}</p>
    </div>
    ${star(t.page, 'icon')}`
  }
  const live = v.views.filter((x) => x.kind === 'live' || x.kind === 'weak').length
  const name = t.saved?.name ?? (v.tiles.board && !t.touring.on ? s.arranged : { '4': s.four, '6': s.sixTitle, '9': s.nine }[v.tiles.shape])
  return html`<div class="title">
    <h1>${name}</h1>
    <p>${s.count(live, v.tiles.page.length)}</p>
  </div>`
}

/** Where in the list; what a swipe does has buttons too. */
function pages(t: Tablet) {
  const v = t.page.viewer
  const { words: s } = t
  const { at, of } = v.tiles.pages
  const grid = v.tiles.mode === 'grid'
  if (grid && of < 2) return nothing
  const step = (by: 1 | -1) => () => {
    t.touring.pause()
    v.tiles.step(by)
  }
  return html`<div class="pages" role="group">
    <button class="icon" aria-label=${grid ? s.previousPage : v.strings.previousCamera} @click=${step(-1)}>${icon('left', 24)}</button>
    ${grid ? html`<span aria-label=${s.page(at + 1, of)}>${s.pageShort(at + 1, of)}</span>` : nothing}
    <button class="icon" aria-label=${grid ? s.nextPage : v.strings.nextCamera} @click=${step(1)}>${icon('right', 24)}</button>
  </div>`
}

function shapes(t: Tablet) {
  const v = t.page.viewer
  const { words: s } = t
  const grid = v.tiles.mode === 'grid'
  return html`<div class="shapes" role="group" aria-label=${s.layout}>
    <button aria-label=${s.one} aria-pressed=${grid ? 'false' : 'true'} @click=${() => grid && v.open(v.tiles.current)}>${glyph('one', 22)}</button>
    ${SIGNS.map(
      ([shape, sign, label]) =>
        html`<button
          aria-label=${s[label]}
          aria-pressed=${grid && v.tiles.shape === shape ? 'true' : 'false'}
          @click=${() => t.reshape(shape)}
        >
          ${glyph(sign, 22)}
        </button>`,
    )}
  </div>`
}

function tools(t: Tablet) {
  const v = t.page.viewer
  const { words: s } = t
  if (v.tiles.mode === 'single') return nothing
  return html`<button class="icon arrange" aria-label=${s.arrange} title=${s.arrange} @click=${() => t.arranger.begin()}>${glyph('move', 22)}</button>
    <button class="icon layouts" aria-label=${s.savedLayouts} title=${s.savedLayouts} @click=${() => t.openLayouts()}>${glyph('bookmark', 22)}</button>
    ${fullButton(t.page)}`
}

function tour(t: Tablet) {
  const { words: s, touring } = t
  if (!touring.on) return nothing
  if (touring.follows) return html`<button class="chip tour on" @click=${() => t.openTours()}>${glyph('car', 20)}<b>${t.driving.fix ? s.following : s.noPosition}</b></button>`
  return html`<span class="chip tour on ${touring.paused ? 'paused' : ''}">
    <button class="icon" aria-label=${touring.paused ? s.goOn : s.tourPaused} @click=${() => touring.toggle()}>
      ${touring.paused ? icon('play', 20) : glyph('pause', 20)}
    </button>
    <b role="timer">${touring.paused ? s.tourPaused : s.touring(touring.countdown)}</b>
    <button class="icon" aria-label=${s.stopTour} @click=${() => touring.stop()}>${icon('close', 20)}</button>
  </span>`
}

function drive(t: Tablet) {
  const { words: s, driving } = t
  const speed = driving.speed
  return html`<button class="chip car" @click=${() => driving.choose(true)}>
    ${glyph('car', 21)}<b>${speed === undefined ? nothing : html`${s.speed(speed)} · `}${s.driveMode}</b>
  </button>`
}

/** Instead of the rest while tiles are moved. */
function arranging(t: Tablet) {
  const { words: s, arranger } = t
  const v = t.page.viewer
  return html`<span class="hint">${arranger.held ? s.pickedShort(arranger.heldName) : s.arrangeHint}</span>
    ${arranger.heldCell !== undefined ? html`<button class="chip" @click=${() => arranger.takeOut()}>${glyph('bin', 20)}<b>${s.takeOut}</b></button>` : nothing}
    ${v.tiles.board ? html`<button class="chip" @click=${() => t.show(undefined)}>${glyph('list', 20)}<b>${s.backToList}</b></button>` : nothing}
    <button class="chip" @click=${() => t.openLayouts()}>${glyph('bookmark', 20)}<b>${s.save}</b></button>
    <button class="chip done" @click=${() => arranger.end()}>${icon('check', 20)}<b>${s.done}</b></button>`
}
