import { LitElement, css, html, nothing, svg } from 'lit'
import { pictureStrings } from '../core/picture-text'
import type { Facts } from '../core/picture'
import { draw } from './icons'
import { base } from './shared'
import { grab, save, type Outcome } from './snapshot'
import type { Viewer } from './viewer'
import type { CameraTile } from './camera-tile'

/** Lucide's “camera”; see ./icons.ts. */
const shutter = svg`<path d="M13.997 4a2 2 0 0 1 1.76 1.05l.486.9A2 2 0 0 0 18.003 7H20a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2h1.997a2 2 0 0 0 1.759-1.048l.489-.904A2 2 0 0 1 10.004 4z"/><circle cx="12" cy="13" r="3"/>`

const SAID_MS = 5000

/** Takes the picture that is shown away, with a margin that says what it is. */
export class PictureButton extends LitElement {
  static override properties = {
    viewer: { attribute: false },
    stamp: { attribute: false },
    busy: { state: true },
    said: { state: true },
  }
  declare viewer: Viewer
  /** changes with what the viewer shows */
  declare stamp: number
  declare busy: boolean
  declare said: { outcome: Outcome; code: string } | undefined
  private timer: number | undefined

  static override styles = [
    base,
    css`
      :host {
        display: grid;
      }
      button {
        display: flex;
        flex-direction: column;
        align-items: center;
        justify-content: center;
        gap: 3px;
        width: 100%;
        height: 58px;
        border-radius: 22px;
        background: var(--tx);
        color: var(--bg);
        font-size: 12px;
        font-weight: 650;
      }
      button:active {
        opacity: 0.7;
      }
      :host(.wide) button {
        border-radius: 18px;
      }
      button[aria-disabled='true'] {
        opacity: 0.45;
      }
      p {
        position: fixed;
        z-index: 6;
        left: 50%;
        bottom: calc(var(--bottom, 0px) + 112px);
        translate: -50% 0;
        width: max-content;
        max-width: min(92vw, 34em);
        padding: 12px 18px;
        border-radius: 16px;
        background: var(--tx);
        color: var(--bg);
        font-size: 14.5px;
        font-weight: 620;
        text-align: center;
        text-wrap: balance;
        pointer-events: none;
      }
      :host(.wide) p {
        bottom: calc(var(--bottom, 0px) + 20px);
      }
      @media (forced-colors: active) {
        button,
        p {
          border: 1px solid;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.busy = false
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.timer)
    this.said = undefined
  }

  /** What the picture on the screen is, where it may be taken away. */
  private get facts(): Facts | undefined {
    const v = this.viewer
    const camera = v.directory?.get(v.tiles.current)
    const tile = v.session?.tiles[v.tiles.active]
    const mark = tile?.message?.mark
    const kind = v.views[v.tiles.active]?.kind
    if (!camera?.export || tile?.camera !== camera.id || !mark || (kind !== 'live' && kind !== 'weak' && kind !== 'stale')) return undefined
    const at = tile.takenAt
    return { id: camera.id, camera: camera.name, area: v.directory!.areaName(camera.area), mark, at: at ?? v.clock, exact: at !== undefined }
  }

  /** There is a picture, and it may be taken away. */
  get ready(): boolean {
    return this.facts !== undefined
  }

  override render() {
    const t = pictureStrings[this.viewer.lang]
    const { said } = this
    return html`<button
        aria-label=${this.busy ? t.taking : t.take}
        title=${t.take}
        aria-disabled=${this.busy || !this.ready ? 'true' : 'false'}
        @click=${this.take}
      >
        ${draw(shutter, 23)}${this.classList.contains('wide') ? nothing : t.short}
      </button>
      <div role="status">${said ? html`<p>${said.outcome === 'saved' ? t.saved(said.code) : t[said.outcome]}</p>` : nothing}</div>`
  }

  readonly take = async (): Promise<void> => {
    const { facts, viewer: v } = this
    const root = this.getRootNode() as ShadowRoot
    const video = root.querySelector<CameraTile>(`camera-tile[data-tile="${v.tiles.active}"]`)?.video
    if (this.busy || !facts || !video?.videoWidth) return
    this.busy = true
    // The picture is that of the tap, however long the gateway takes to answer.
    const outcome = await save(grab(video), facts, v.entrance.token).catch(() => 'failed' as const)
    this.busy = false
    this.said = { outcome, code: facts.mark.code }
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => (this.said = undefined), SAID_MS)
  }
}
customElements.define('picture-button', PictureButton)

declare global {
  interface HTMLElementTagNameMap {
    'picture-button': PictureButton
  }
}
