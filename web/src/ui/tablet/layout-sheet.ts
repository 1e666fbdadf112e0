import { LitElement, html, nothing } from 'lit'
import { textIn } from '../../core/format'
import { LayoutRefusal, MAX_NAME, type Layout } from '../../core/layouts'
import { icon } from '../icons'
import { base } from '../shared'
import { glyph } from './glyphs'
import { sheetStyle } from './sheet-style'
import type { Tablet } from './index'

const CONFLICT = 412

/** The layouts that were saved, and the way to save another. */
export class LayoutSheet extends LitElement {
  static override properties = {
    tablet: { attribute: false },
    stamp: { attribute: false },
    shown: { state: true },
    said: { state: true },
  }
  declare tablet: Tablet
  /** changes when the viewer does */
  declare stamp: number
  declare shown: boolean
  declare said: { text: string; bad: boolean } | undefined

  static override styles = [base, sheetStyle]

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  show(): void {
    this.shown = true
    this.said = undefined
    const v = this.tablet.page.viewer
    void v.people.now().then(() => this.tablet.layouts.load())
    void this.updateComplete.then(() => this.dialog?.showModal())
  }

  hide(): void {
    this.dialog?.close()
  }

  override render() {
    if (!this.shown) return nothing
    const { words: s, layouts } = this.tablet
    const { viewer: v } = this.tablet.page
    const areas = [...new Set(layouts.all.map((l) => l.area))].sort((a, b) => Number(a !== '') - Number(b !== ''))
    const name = (area: string) => layouts.areas.find((a) => a.id === area)?.name ?? v.directory?.areaName(area) ?? area
    return html`<dialog aria-label=${s.savedLayouts} @close=${() => (this.shown = false)} @click=${this.outside}>
      <header>
        <h2>${s.savedLayouts}</h2>
        <button aria-label=${v.strings.close} @click=${() => this.hide()}>${icon('close', 24)}</button>
      </header>
      ${layouts.all.length === 0 ? html`<p class="none">${s.noLayouts}</p>` : nothing}
      ${areas.map(
        (area) => html`<h3>${area ? s.shared(name(area)) : s.mine}</h3>
          <ul>
            ${layouts.all.filter((l) => l.area === area).map((l) => this.row(l))}
          </ul>`,
      )}
      ${this.form(name)}
      <div role="status">${this.said ? html`<p class="note ${this.said.bad ? 'bad' : ''}">${this.said.text}</p>` : nothing}</div>
    </dialog>`
  }

  private row(l: Layout) {
    const { words: s } = this.tablet
    const sign = ({ '4': 'four', '6': 'six', '9': 'nine' } as const)[l.shape]
    return html`<li class="row">
      <button class="open" aria-current=${this.tablet.saved?.id === l.id ? 'true' : 'false'} @click=${() => this.open(l)}>
        ${glyph(sign, 26)}<span><b>${l.name}</b><small>${s.tiles(l.cameras.filter(Boolean).length)}</small></span>
      </button>
      ${l.writes
        ? html`<button class="bin" aria-label=${s.remove(l.name)} @click=${() => this.act(() => this.tablet.layouts.remove(l))}>${glyph('bin', 22)}</button>`
        : nothing}
    </li>`
  }

  /** What is on the grid now gets a name. */
  private form(name: (area: string) => string) {
    const { words: s, layouts } = this.tablet
    const { tiles, entrance } = this.tablet.page.viewer
    if (tiles.mode === 'single') return nothing
    return html`<form @submit=${this.save}>
      <h3>${s.saveThis}</h3>
      <label>${s.name}
        <input name="name" required maxlength=${MAX_NAME} autocomplete="off" placeholder=${s.nameHint} .value=${this.tablet.saved?.name ?? ''} />
      </label>
      ${layouts.areas.length > 0
        ? html`<label>${s.where}
            <select name="area">
              <option value="">${s.onlyMe}</option>
              ${layouts.areas.map((a) => html`<option value=${a.id} ?selected=${this.tablet.saved?.area === a.id}>${s.shift(name(a.id))}</option>`)}
            </select>
          </label>`
        : nothing}
      ${entrance.person ? nothing : html`<p class="note">${s.onDevice}</p>`}
      <button class="do">${s.save}</button>
    </form>`
  }

  private open(l: Layout): void {
    this.tablet.arranger.end()
    this.tablet.show(l)
    this.hide()
  }

  private readonly save = (e: SubmitEvent): void => {
    e.preventDefault()
    const form = new FormData(e.target as HTMLFormElement)
    const name = String(form.get('name') ?? '').trim()
    const area = String(form.get('area') ?? '')
    const { tiles } = this.tablet.page.viewer
    if (!name) return
    void this.act(async () => {
      await this.tablet.layouts.save({ name, area, shape: tiles.shape, cameras: [...(tiles.board ?? tiles.cells)] })
      const saved = this.tablet.layouts.all.find((l) => l.name === name && l.area === area)
      if (saved && !tiles.board) tiles.arrange(saved.cameras)
      this.tablet.saved = saved
    })
  }

  private async act(f: () => Promise<void>): Promise<void> {
    const { words: s, page } = this.tablet
    try {
      await f()
      this.said = { text: s.saved, bad: false }
    } catch (e) {
      const refused = e instanceof LayoutRefusal ? e : undefined
      this.said = { text: refused?.status === CONFLICT ? s.conflict : textIn(refused?.text, page.viewer.lang) || s.failed, bad: true }
      if (refused) void this.tablet.layouts.load()
    }
    page.requestUpdate()
  }

  /** A tap beside the sheet closes it. */
  private outside(e: MouseEvent): void {
    if (e.target === this.dialog) this.hide()
  }
}
customElements.define('tablet-layouts', LayoutSheet)

declare global {
  interface HTMLElementTagNameMap {
    'tablet-layouts': LayoutSheet
  }
}
