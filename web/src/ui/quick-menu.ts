import { LitElement, html, nothing, svg } from 'lit'
import { handStrings } from '../core/hand-text'
import { cameraHash } from '../core/link'
import { QUALITIES } from '../core/quality'
import { base } from './shared'
import { draw, icon } from './icons'
import { sheetStyle } from './sheet-style'
import { nightSwitch, theme } from './theme'
import type { PictureButton } from './picture-button'
import type { Viewer } from './viewer'

/* Lucide's “camera”, “share-2”, “moon” and “clipboard-list”; see icons.ts. */
const shutter = svg`<path d="M13.997 4a2 2 0 0 1 1.76 1.05l.486.9A2 2 0 0 0 18.003 7H20a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2h1.997a2 2 0 0 0 1.759-1.048l.489-.904A2 2 0 0 1 10.004 4z"/><circle cx="12" cy="13" r="3"/>`
const spread = svg`<circle cx="18" cy="5" r="3"/><circle cx="6" cy="12" r="3"/><circle cx="18" cy="19" r="3"/><path d="m8.59 13.51 6.83 3.98"/><path d="m15.41 6.51-6.82 3.98"/>`
const moon = svg`<path d="M20.985 12.486a9 9 0 1 1-9.473-9.472c.405-.022.617.46.402.803a6 6 0 0 0 8.268 8.268c.344-.215.825-.004.803.401"/>`
const clipboard = svg`<rect width="8" height="4" x="8" y="2" rx="1" ry="1"/><path d="M16 4h2a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h2"/><path d="M12 11h4"/><path d="M12 16h4"/><path d="M8 11h.01"/><path d="M8 16h.01"/>`

/** What is done with the camera in hand: for a finger that rests on the picture, and the menu key. */
export class QuickMenu extends LitElement {
  static override properties = { viewer: { attribute: false }, stamp: { attribute: false }, copied: { state: true } }
  declare viewer: Viewer
  /** changes with what the viewer shows */
  declare stamp: number
  /** what was copied last: "!" where the browser refused */
  declare copied: '' | 'link' | 'details' | '!'
  /** Set by the owner: the button that takes pictures, where there is one. */
  shutter: () => PictureButton | undefined = () => undefined
  /** a finger came down beside the menu since it is there: not the one that called it */
  private beside = false

  static override styles = [base, sheetStyle]

  constructor() {
    super()
    this.copied = ''
  }

  private get dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!
  }

  show(): void {
    if (this.dialog.open) return
    this.copied = ''
    this.beside = false
    this.dialog.showModal()
    this.requestUpdate()
  }

  /** Pictures come and go many times before somebody wants the menu. */
  protected override shouldUpdate(): boolean {
    return !this.hasUpdated || this.dialog.open
  }

  override render() {
    const v = this.viewer
    const t = handStrings[v.lang]
    const camera = v.tiles.current
    const known = v.directory?.get(camera)
    const star = v.lists.favourites.has(camera)
    return html`<dialog aria-label=${t.menu} @pointerdown=${this.pressed} @click=${this.outside} @contextmenu=${(e: Event) => e.preventDefault()}>
      <header>
        <h2>${v.nameOf(camera)}<small>${known ? v.directory!.areaName(known.area) : ''}</small></h2>
        <button aria-label=${v.strings.close} @click=${this.away}>${icon('close', 24)}</button>
      </header>
      ${this.quality()}
      <button class="item ${star ? 'on' : ''}" @click=${() => v.toggleFavourite(camera)}>
        ${icon('star', 22)}<span><b>${star ? t.unfavourite : t.favourite}</b></span>
      </button>
      ${this.shot()}
      ${v.people.desk
        ? html`<button class="item" @click=${this.share}>${draw(spread, 22)}<span><b>${t.share}</b></span></button>`
        : nothing}
      <button class="item" role="switch" aria-checked=${theme.chosen === 'red' ? 'true' : 'false'} @click=${this.night}>
        ${draw(moon, 22)}<span><b>${t.night}</b><small>${t.nightHint}</small></span><i></i>
      </button>
      <button class="item" @click=${this.link}>
        ${icon(this.copied === 'link' ? 'check' : 'link', 22)}<span><b>${this.copied === 'link' ? t.copied : t.copyLink}</b><small>${t.copyLinkHint}</small></span>
      </button>
      <button class="item" @click=${this.details}>
        ${this.copied === 'details' ? icon('check', 22) : draw(clipboard, 22)}<span><b>${this.copied === 'details' ? t.copied : t.copyDetails}</b></span>
      </button>
      <p class="sr" role="status">${this.copied === '!' ? t.notCopied : this.copied ? t.copied : ''}</p>
    </dialog>`
  }

  private quality() {
    const { look, lang } = this.viewer
    const t = handStrings[lang]
    if (look.saving) return html`<p class="label">${t.quality}: ${t.savingOn}</p>`
    return html`<p class="label" id="q">${t.quality}</p>
      <div class="opts" role="group" aria-labelledby="q">
        ${QUALITIES.map(
          (q) => html`<button aria-pressed=${look.quality === q ? 'true' : 'false'} @click=${() => look.choose(q)}>${t.qualities[q]}</button>`,
        )}
      </div>`
  }

  private shot() {
    const b = this.shutter()
    if (!b) return nothing
    const t = handStrings[this.viewer.lang]
    return html`<button class="item" aria-disabled=${b.ready ? 'false' : 'true'} @click=${() => this.snap(b)}>
      ${draw(shutter, 22)}<span><b>${t.snap}</b></span>
    </button>`
  }

  private snap(b: PictureButton): void {
    if (!b.ready) return
    this.dialog.close()
    void b.take()
  }

  private readonly share = (): void => {
    this.dialog.close()
    this.dispatchEvent(new CustomEvent('people', { detail: { page: 'share' }, bubbles: true, composed: true }))
  }

  private readonly night = (): void => {
    nightSwitch()
    this.requestUpdate()
  }

  /** Names the camera, and holds no right to it. */
  private readonly link = (): void => this.copy('link', location.origin + location.pathname + cameraHash(this.viewer.tiles.current))

  private readonly details = (): void => this.copy('details', JSON.stringify(this.viewer.diagnostics(), null, 1))

  private copy(what: 'link' | 'details', text: string): void {
    this.copied = ''
    const write = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error('no clipboard'))
    write.then(
      () => (this.copied = what),
      () => (this.copied = '!'),
    )
  }

  private readonly away = (): void => this.dialog.close()

  private pressed(e: PointerEvent): void {
    this.beside = e.target === this.dialog
  }

  /** A tap beside the menu closes it. */
  private outside(e: MouseEvent): void {
    if (this.beside && e.target === this.dialog) this.dialog.close()
  }
}
customElements.define('quick-menu', QuickMenu)

declare global {
  interface HTMLElementTagNameMap {
    'quick-menu': QuickMenu
  }
}
