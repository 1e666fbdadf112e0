import { LitElement, html, nothing, type PropertyValues } from 'lit'
import type { Words } from '../core/words'
import type { Mark } from '../core/protocol'
import type { TileView } from '../core/state'
import type { Served } from '../core/still'
import type { Frame } from '../core/tile'
import { base } from './shared'
import { tileStyle } from './camera-tile-style'
import { tileIcon as icon } from './tile-icons'
import type { Still } from './stills'

/** A page that is seen again waits so long for a picture, ms, before it attaches the stream anew. */
const WAKE_MS = 700

/**
 * One picture slot; grid-tile.ts or plain-tile.ts makes an element of it. Its video element lives as long as the page; tiles change
 * places by CSS only, as a moved video would stop.
 */
export class CameraTile extends LitElement {
  static override properties = {
    view: { attribute: false },
    words: { attribute: false },
    name: { attribute: false },
    still: { attribute: false },
    track: { attribute: false },
    mark: { attribute: false },
  }
  declare view: TileView
  declare words: Words
  declare name: string
  /** what this page saw last, or what the gateway made */
  declare still: Still | Served | undefined
  declare track: MediaStreamTrack | undefined
  /** what is laid over the picture */
  declare mark: Mark | undefined
  /** the gateway's clock, Unix ms */
  clock = Date.now

  private attached: MediaStreamTrack | undefined
  private drawnAt = 0
  private waking: number | undefined

  /** Set by the owner: every drawn picture. */
  onpicture: ((f: Frame, video: HTMLVideoElement) => void) | undefined
  /** The browser refused to play, or plays. */
  onrefused: ((refused: boolean) => void) | undefined

  static override styles = [base, tileStyle]

  constructor() {
    super()
    this.view = { kind: 'idle' }
    this.words = { light: 'none', line: '', short: '', spoken: '' }
    this.name = ''
    this.still = undefined
    this.track = undefined
  }

  /** The video element holds a picture of the camera that the tile names. */
  private get own(): boolean {
    const v = this.view
    // What does not play may be black, whatever it has drawn.
    if (v.kind === 'tap' && this.still) return false
    return v.kind === 'live' || v.kind === 'weak' || v.kind === 'stale' || ('own' in v && v.own)
  }

  override render(): unknown {
    const { view, words: w, own } = this
    const behind = own || view.kind === 'denied' ? undefined : this.still
    return html`
      <div class="v ${view.kind}">
        <video part="video" aria-label=${this.name}></video>
        ${own ? nothing : html`<div class="cover">${this.cover(behind)}</div>`}
        ${this.mark && (own || behind) ? html`<view-mark .mark=${this.mark} .clock=${this.clock}></view-mark>` : nothing}
        ${this.veil(w)}
      </div>
    `
  }

  /** What stands where no picture of this camera is. */
  private cover(still: Still | Served | undefined) {
    if (!still) return html`<div class="skeleton">${icon('camera', 40, 1.3)}</div>`
    return 'url' in still ? html`<img class="still" alt="" draggable="false" src=${still.url} />` : html`<camera-still class="still" .still=${still}></camera-still>`
  }

  /** What is said over the picture. What needs more than a few words comes with the means to help. */
  private veil(w: Words) {
    if (w.title || w.button) return html`<tile-veil .words=${w} ?caption=${this.hasAttribute('caption')} @play=${this.play}></tile-veil>`
    return w.pill ? html`<div class="over"><span class="pill">${w.pill}</span></div>` : nothing
  }

  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('visibilitychange', this.seen)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('visibilitychange', this.seen)
    clearTimeout(this.waking)
  }

  /** After a call or another app an iPhone's video may stay black until its stream is attached anew. */
  private readonly seen = (): void => {
    clearTimeout(this.waking)
    if (document.visibilityState !== 'visible') return
    const since = performance.now()
    this.waking = window.setTimeout(() => {
      if (this.drawnAt < since && this.attached && this.view.kind !== 'tap') this.attach()
    }, WAKE_MS)
  }

  get video(): HTMLVideoElement {
    return this.renderRoot.querySelector('video')!
  }

  protected override firstUpdated(): void {
    const v = this.video
    // As properties, and before there is anything to play: attributes come too late for some browsers.
    v.muted = true
    v.playsInline = true
    v.autoplay = true
    v.disablePictureInPicture = true
    v.disableRemotePlayback = true
    const drawn: VideoFrameRequestCallback = (now, m) => {
      v.requestVideoFrameCallback(drawn)
      this.drawnAt = now
      this.onpicture?.(
        { rtp: m.rtpTimestamp, at: Math.max(now, m.expectedDisplayTime), width: m.width, height: m.height },
        v,
      )
    }
    v.requestVideoFrameCallback?.(drawn)
  }

  protected override updated(changed: PropertyValues<this>): void {
    // One tap is for all tiles: the others play as soon as the browser lets one.
    if (changed.get('view')?.kind === 'tap' && this.view.kind !== 'tap' && this.video.paused) void this.play()
    if (this.track === this.attached) return
    // A video whose stream brings nothing yet holds the page's load event up: the browser would seem
    // to load for as long as a camera is offline.
    if (document.readyState !== 'complete') {
      window.addEventListener('load', () => this.requestUpdate(), { once: true })
      return
    }
    this.attach()
  }

  private attach(): void {
    this.attached = this.track
    this.video.srcObject = this.track ? new MediaStream([this.track]) : null
    if (this.track) void this.play()
  }

  /** Plays, from a tap too where the browser wants one. */
  readonly play = async (): Promise<void> => {
    try {
      await this.video.play()
      this.onrefused?.(false)
    } catch (e) {
      // AbortError only says that another track came in between.
      if (e instanceof DOMException && e.name === 'NotAllowedError') this.onrefused?.(true)
    }
  }
}

/** The light before a line of state. */
export function light(w: Words) {
  if (w.light === 'none') return nothing
  return w.light === 'ring' ? html`<i class="ring"></i>` : html`<i class="dot ${w.light}"></i>`
}

declare global {
  interface HTMLElementTagNameMap {
    'camera-tile': CameraTile
  }
}
