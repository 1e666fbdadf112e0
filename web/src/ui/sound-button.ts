import { LitElement, css, html, nothing, svg, type PropertyValues } from 'lit'
import { listen } from '../core/sound'
import { soundStrings } from '../core/sound-text'
import { draw } from './icons'
import { base } from './shared'
import type { Viewer } from './viewer'

/* Icons from Lucide; see ./icons.ts. */
const speaker = svg`<path d="M11 4.7a.7.7 0 0 0-1.2-.5L6.4 7.6A1.4 1.4 0 0 1 5.4 8H3a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2.4a1.4 1.4 0 0 1 1 .4l3.4 3.4a.7.7 0 0 0 1.2-.5z"/>`
const waves = svg`<path d="M16 9a5 5 0 0 1 0 6"/><path d="M19.4 18.4a9 9 0 0 0 0-12.7"/>`
const cross = svg`<path d="m22 9-6 6"/><path d="m16 9 6 6"/>`

/** How long the gateway, and then the camera, may take before it is said that nothing comes, ms. */
const WAIT_MS = 4000

/** Lets the camera of the large picture be heard. It is off at each camera until it is pressed. */
export class SoundButton extends LitElement {
  static override properties = { viewer: { attribute: false }, stamp: { attribute: false }, said: { state: true }, wants: { state: true } }
  declare viewer: Viewer
  /** changes with what the viewer shows */
  declare stamp: number
  declare said: 'silent' | 'blocked' | undefined
  /** the camera that somebody wants to hear, '' for none */
  declare wants: string
  private readonly audio = new Audio()
  private timer: number | undefined
  private was = false

  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: auto auto 10px 10px;
        display: flex;
        align-items: center;
        gap: 8px;
        pointer-events: none;
        color: var(--over);
      }
      button,
      span {
        background: #06090ed1;
        color: var(--over);
        border-radius: 24px;
      }
      button {
        pointer-events: auto;
        width: 48px;
        height: 48px;
        display: grid;
        place-items: center;
      }
      button[aria-pressed='true'] {
        background: var(--over);
        color: #06090e;
      }
      span {
        padding: 12px 16px;
        font-size: 14px;
        line-height: 20px;
      }
      @media (forced-colors: active) {
        button {
          border: 1px solid;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.wants = ''
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.quiet()
  }

  private get tile() {
    const { session, tiles } = this.viewer
    const t = session?.tiles[tiles.active]
    return tiles.mode === 'single' && t?.camera && t.message?.sound ? t : undefined
  }

  protected override willUpdate(_: PropertyValues): void {
    const { wants, tile, was } = this
    this.was = tile?.heard === true
    // Another camera, another peer or the gateway ended it: it is asked for anew.
    if (wants && (tile?.camera !== wants || (was && !this.was))) this.quiet()
  }

  private quiet(): void {
    this.wants = ''
    this.said = undefined
    clearTimeout(this.timer)
    this.audio.pause()
    this.audio.srcObject = null
  }

  private readonly press = (): void => {
    const { viewer: v, tile } = this
    if (!v.session || !tile) return
    const on = !this.wants || this.said === 'blocked'
    const track = listen(v.session, v.tiles.active, on)
    this.quiet()
    if (!on) return
    this.wants = tile.camera
    if (!track) return
    // Here and not when it comes: browsers let sound begin by a tap alone.
    this.audio.srcObject = new MediaStream([track])
    this.audio.play().catch(() => this.wants && (this.said = 'blocked'))
    this.timer = window.setTimeout(() => {
      if (!this.tile?.heard || track.muted) this.said = 'silent'
    }, WAIT_MS)
    track.onunmute = () => this.said === 'silent' && (this.said = undefined)
  }

  override render() {
    const { tile, wants, said } = this
    if (!tile) return nothing
    const t = soundStrings[this.viewer.lang]
    return html`<button aria-label=${wants ? t.off : t.on} title=${wants ? t.off : t.on} aria-pressed=${wants ? 'true' : 'false'} @click=${this.press}>
        ${draw(svg`${speaker}${wants ? waves : cross}`, 24)}
      </button>
      <div role="status">${said ? html`<span>${t[said]}</span>` : nothing}</div>`
  }
}
customElements.define('sound-button', SoundButton)

declare global {
  interface HTMLElementTagNameMap {
    'sound-button': SoundButton
  }
}
