import { LitElement, css, html, nothing, type PropertyValues } from 'lit'
import { handStrings } from '../core/hand-text'
import { isClose, WHOLE } from '../core/zoom'
import { base } from './shared'
import { Zoom } from './zoom'
import './data-notice'
import './quick-menu'
import './sound-button'
import './turn-pad'
import type { CameraTile } from './camera-tile'
import type { PictureButton } from './picture-button'
import type { Viewer } from './viewer'

/** What fingers do with the large picture. It stands in the stage, and listens there. */
export class PictureHand extends LitElement {
  static override properties = { viewer: { attribute: false }, stamp: { attribute: false } }
  declare viewer: Viewer
  /** changes with what the viewer shows */
  declare stamp: number
  private zoom: Zoom | undefined
  private camera = ''
  private close = false
  private ends: AbortController | undefined

  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: 0;
        display: grid;
        place-items: end center;
        pointer-events: none;
      }
      quick-menu {
        position: absolute;
        pointer-events: auto;
      }
      .times {
        pointer-events: auto;
        min-width: 48px;
        height: 48px;
        display: grid;
        place-items: center;
        margin: 2px;
      }
      .times span {
        min-width: 44px;
        padding: 0 10px;
        border-radius: 15px;
        background: #06090ed1;
        color: var(--over);
        font-size: 14px;
        font-weight: 650;
        line-height: 30px;
        text-align: center;
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    const stage = this.parentElement!
    this.zoom = new Zoom(stage, () => this.picture(), () => this.magnified(), () => this.menu())
    this.ends = new AbortController()
    const { signal } = this.ends
    stage.addEventListener('contextmenu', (e) => this.asked(e), { signal })
    stage.addEventListener('keydown', (e) => e.key === 'ContextMenu' && this.asked(e), { signal })
    window.addEventListener('resize', () => this.zoom?.reset(), { signal })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.zoom?.close()
    this.ends?.abort()
  }

  private get tile(): CameraTile | null {
    return this.parentElement?.querySelector<CameraTile>('camera-tile:not(.away)') ?? null
  }

  /** The large picture; in the grid there is none. */
  private picture() {
    const { tiles } = this.viewer
    const tile = this.tile
    if (tiles.mode !== 'single' || !tile) return undefined
    const { videoWidth: width, videoHeight: height } = tile.video
    return { box: tile.getBoundingClientRect(), size: { width, height } }
  }

  /** What the button does. */
  step(): void {
    this.zoom?.step()
  }

  protected override willUpdate(_: PropertyValues): void {
    const { mode, current } = this.viewer.tiles
    const camera = mode === 'single' ? current : ''
    if (camera === this.camera) return
    this.camera = camera
    this.zoom?.reset()
  }

  private magnified(): void {
    const { scale, x, y } = this.zoom?.view ?? WHOLE
    const style = this.parentElement?.style
    if (scale > 1) style?.setProperty('--zoom', `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) scale(${scale.toFixed(3)})`)
    else style?.removeProperty('--zoom')
    this.close = isClose(scale, this.close)
    this.viewer.look.magnified(scale > 1, this.close)
    this.requestUpdate()
  }

  /** The one that is seen: there are two while the picture stands alone. */
  private readonly shutter = (): PictureButton | undefined =>
    [...(this.getRootNode() as ShadowRoot).querySelectorAll('picture-button')].find((b) => b.getClientRects().length > 0)

  private asked(e: Event): void {
    if (this.viewer.tiles.mode !== 'single' || !this.viewer.tiles.current) return
    e.preventDefault()
    this.menu()
  }

  private menu(): void {
    this.dispatchEvent(new CustomEvent('held', { bubbles: true, composed: true }))
    this.renderRoot.querySelector('quick-menu')?.show()
  }

  override render() {
    const v = this.viewer
    const scale = this.zoom?.view.scale ?? 1
    const t = handStrings[v.lang]
    const n = scale.toLocaleString(v.lang === 'vi' ? 'vi-VN' : 'en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
    return html`${scale > 1
        ? html`<button class="times" aria-label=${t.whole(n)} @click=${() => this.zoom?.reset()}><span>${t.times(n)}</span></button>`
        : nothing}
      <sound-button .viewer=${v} .stamp=${this.stamp}></sound-button>
      <turn-pad .viewer=${v} .stamp=${this.stamp}></turn-pad>
      <quick-menu .viewer=${v} .stamp=${this.stamp} .shutter=${this.shutter}></quick-menu>`
  }
}
customElements.define('picture-hand', PictureHand)

declare global {
  interface HTMLElementTagNameMap {
    'picture-hand': PictureHand
  }
}
