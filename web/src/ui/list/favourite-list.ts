import { css, html, nothing, svg, type PropertyValues } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Camera } from '../../core/cameras'
import { count } from '../../core/list-text'
import { draw } from '../icons'
import { ListPart } from './list-part'
import { wayTo } from './way'

/** Lucide's “chevron-up”, “chevron-down” and “grip-vertical”; see icons.ts. */
const signs = {
  up: svg`<path d="m18 15-6-6-6 6"/>`,
  down: svg`<path d="m6 9 6 6 6-6"/>`,
  grip: svg`<circle cx="9" cy="12" r="1"/><circle cx="9" cy="5" r="1"/><circle cx="9" cy="19" r="1"/><circle cx="15" cy="12" r="1"/><circle cx="15" cy="5" r="1"/><circle cx="15" cy="19" r="1"/>`,
}

/** The cameras with a star, in an order that is changed by dragging or by buttons. Fires order with all ids. */
export class FavouriteList extends ListPart {
  static override properties = { ...ListPart.properties, arranging: { state: true }, held: { state: true } }
  declare arranging: boolean
  /** the camera under the finger */
  declare held: string

  static override styles = [
    ...ListPart.styles,
    css`
      .top {
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding: 4px 14px 0;
        color: var(--t2);
        font-size: 13px;
      }
      .piece {
        grid-template-columns: 48px minmax(0, 1fr) 48px 48px;
        min-height: 58px;
      }
      .piece button {
        width: 48px;
        height: 48px;
        display: grid;
        place-items: center;
        border-radius: 14px;
        color: var(--t2);
      }
      .piece button[aria-disabled='true'] {
        opacity: 0.35;
      }
      .grip {
        width: 48px;
        height: 48px;
        margin-left: -12px;
        display: grid;
        place-items: center;
        color: var(--t2);
        cursor: grab;
        touch-action: none;
      }
      .held {
        background: var(--s2);
        border-radius: 12px;
      }
    `,
  ]

  /** the order as it is under the finger */
  private ids: string[] = []
  private said = ''

  constructor() {
    super()
    this.arranging = false
    this.held = ''
  }

  protected override willUpdate(_: PropertyValues): void {
    if (!this.held) this.ids = this.listed.directory.pick(this.listed.favourites).map((c) => c.id)
    if (this.ids.length < 2) this.arranging = false
  }

  override render() {
    const { l } = this
    const { directory: d, language: lang, where } = this.listed
    const cameras = d.pick(this.ids)
    if (cameras.length === 0) return html`<p class="none">${l.noFavourites}</p>`
    const here = where?.here
    return html`${cameras.length > 1
        ? html`<div class="top">
            <span>${this.arranging ? l.drag : ''}</span>
            <button class="soft" aria-pressed=${this.arranging ? 'true' : 'false'} @click=${() => (this.arranging = !this.arranging)}>
              ${this.arranging ? l.arranged : l.arrange}
            </button>
          </div>`
        : nothing}
      <ul @pointermove=${this.drag} @pointerup=${this.drop} @pointercancel=${this.drop}>
        ${repeat(
          cameras,
          (c) => c.id,
          (c, i) =>
            this.arranging
              ? this.piece(c, i, cameras.length)
              : this.row(c, { line: d.areaName(c.area), star: true, tail: here ? wayTo(c, here, lang) : nothing }),
        )}
      </ul>
      <p class="sr" role="status">${this.said}</p>`
  }

  private piece(c: Camera, i: number, of: number) {
    const { l } = this
    const step = (by: 1 | -1, label: string, sign: keyof typeof signs, none: boolean) =>
      html`<button aria-label=${label} aria-disabled=${none ? 'true' : 'false'} @click=${() => !none && this.step(c, by)}>${draw(signs[sign], 22, 2)}</button>`
    return html`<li class="piece ${c.id === this.held ? 'held' : ''}">
      <span
        class="grip"
        title=${l.drag}
        @pointerdown=${(e: PointerEvent) => this.take(e, c.id)}
        >${draw(signs.grip, 22, 2)}</span
      >
      <span class="name"><b>${c.name}</b><small>${this.listed.directory.areaName(c.area)}</small></span>
      ${step(-1, l.up(c.name), 'up', i === 0)} ${step(1, l.down(c.name), 'down', i === of - 1)}
    </li>`
  }

  private step(c: Camera, by: 1 | -1): void {
    const to = this.ids.indexOf(c.id) + by
    const button = this.renderRoot instanceof ShadowRoot ? this.renderRoot.activeElement : null
    this.put(c.id, to)
    this.said = this.l.moved(c.name, count(to + 1, this.listed.language), count(this.ids.length, this.listed.language))
    this.emit('order', this.ids)
    // The row has moved, and the focus with it.
    void this.updateComplete.then(() => button instanceof HTMLElement && button.focus())
  }

  private put(id: string, to: number): void {
    const ids = this.ids.filter((x) => x !== id)
    ids.splice(to, 0, id)
    this.ids = ids
    this.requestUpdate()
  }

  private take(e: PointerEvent, id: string): void {
    if (e.button !== 0) return
    // The row moves in the page, and would let go of the finger: the list holds it.
    this.renderRoot.querySelector('ul')?.setPointerCapture(e.pointerId)
    e.preventDefault()
    this.held = id
  }

  private readonly drag = (e: PointerEvent): void => {
    if (!this.held) return
    const rows = [...this.renderRoot.querySelectorAll('.piece')]
    const over = rows.findIndex((r) => e.clientY < r.getBoundingClientRect().bottom)
    const to = over < 0 ? rows.length - 1 : over
    if (to !== this.ids.indexOf(this.held)) this.put(this.held, to)
  }

  private readonly drop = (e: PointerEvent): void => {
    if (!this.held) return
    this.held = ''
    // What the browser took away is as it was.
    if (e.type === 'pointerup') this.emit('order', this.ids)
  }
}
customElements.define('favourite-list', FavouriteList)
