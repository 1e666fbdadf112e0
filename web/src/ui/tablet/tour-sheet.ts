import { LitElement, html, nothing } from 'lit'
import { TOUR_SECONDS } from '../../core/tour'
import { icon } from '../icons'
import { base } from '../shared'
import { sheetStyle } from './sheet-style'
import type { Course } from './touring'
import type { Tablet } from './index'

/** Areas that are offered; more are found by the list. */
const MAX_AREAS = 12

/** Chooses what a tour goes through, and how quickly. */
export class TourSheet extends LitElement {
  static override properties = {
    tablet: { attribute: false },
    stamp: { attribute: false },
    shown: { state: true },
    course: { state: true },
    seconds: { state: true },
    none: { state: true },
  }
  declare tablet: Tablet
  /** changes when the viewer does */
  declare stamp: number
  declare shown: boolean
  declare course: Course | undefined
  declare seconds: number | undefined
  /** there was nothing to show */
  declare none: boolean

  static override styles = [base, sheetStyle]

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  show(): void {
    this.shown = true
    this.none = false
    this.course = this.tablet.touring.on ? this.tablet.touring.course : undefined
    this.seconds = this.tablet.touring.seconds
    void this.updateComplete.then(() => this.dialog?.showModal())
  }

  hide(): void {
    this.dialog?.close()
  }

  private get courses(): [Course, string][] {
    const { words: s, page } = this.tablet
    const v = page.viewer
    const areas = (v.directory?.groups ?? []).slice(0, MAX_AREAS).map((g): [Course, string] => [`area:${g.area}`, s.tourArea(g.name)])
    return [
      ...(v.tiles.mode === 'grid' ? [['pages', s.tourPages] as [Course, string]] : []),
      ...(v.lists.favourites.ids.length > 0 ? [['favourites', s.tourFavourites] as [Course, string]] : []),
      ['list', s.tourList],
      ...(areas.length > 1 ? areas : []),
      ...(v.directory?.cameras.some((c) => c.position) ? [['ahead', s.tourAhead] as [Course, string]] : []),
    ]
  }

  override render() {
    if (!this.shown) return nothing
    const { words: s, touring, page } = this.tablet
    const { courses } = this
    const chosen = courses.find(([c]) => c === this.course)?.[0] ?? courses[0]?.[0]
    return html`<dialog aria-label=${s.tourTitle} @close=${() => (this.shown = false)} @click=${this.outside}>
      <header>
        <h2>${s.tourTitle}</h2>
        <button aria-label=${page.viewer.strings.close} @click=${() => this.hide()}>${icon('close', 24)}</button>
      </header>
      <h3 id="of">${s.tourOf}</h3>
      <div class="pick" role="group" aria-labelledby="of">
        ${courses.map(
          ([c, name]) => html`<button aria-pressed=${c === chosen ? 'true' : 'false'} @click=${() => (this.course = c)}>${name}</button>`,
        )}
      </div>
      ${chosen === 'ahead'
        ? nothing
        : html`<h3 id="every">${s.every}</h3>
            <div class="pick times" role="group" aria-labelledby="every">
              ${TOUR_SECONDS.map(
                (n) => html`<button aria-pressed=${n === this.seconds ? 'true' : 'false'} @click=${() => (this.seconds = n)}>${s.seconds(n)}</button>`,
              )}
            </div>`}
      <div role="status">${this.none ? html`<p class="note bad">${s.noStops}</p>` : nothing}</div>
      <div class="acts">
        ${touring.on ? html`<button class="do plain" @click=${this.stop}>${s.stopTour}</button>` : nothing}
        <button class="do" @click=${() => chosen && this.start(chosen)}>${s.start}</button>
      </div>
    </dialog>`
  }

  private start(course: Course): void {
    this.tablet.arranger.end()
    this.none = !this.tablet.touring.start(course, this.seconds ?? 15)
    if (!this.none) this.hide()
  }

  private readonly stop = (): void => {
    this.tablet.touring.stop()
    this.hide()
  }

  /** A tap beside the sheet closes it. */
  private outside(e: MouseEvent): void {
    if (e.target === this.dialog) this.hide()
  }
}
customElements.define('tablet-tours', TourSheet)

declare global {
  interface HTMLElementTagNameMap {
    'tablet-tours': TourSheet
  }
}
