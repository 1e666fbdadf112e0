import { LitElement, css, html, nothing } from 'lit'
import type { Words } from '../core/describe'
import type { Mark } from '../core/protocol'
import type { TileView } from '../core/state'
import type { Frame } from '../core/tile'
import { base } from './shared'
import { icon } from './icons'
import type { Still } from './stills'
import './camera-still'

/**
 * One picture slot. Its video element lives as long as the page; tiles change
 * places by CSS only, as a moved video would stop.
 */
export class CameraTile extends LitElement {
  static override properties = {
    view: { attribute: false },
    words: { attribute: false },
    name: { attribute: false },
    still: { attribute: false },
    track: { attribute: false },
    caption: { type: Boolean, reflect: true },
    openLabel: { attribute: false },
    mark: { attribute: false },
  }
  declare view: TileView
  declare words: Words
  declare name: string
  declare still: Still | undefined
  declare track: MediaStreamTrack | undefined
  declare caption: boolean
  declare openLabel: string
  /** what is laid over the picture */
  declare mark: Mark | undefined
  /** the gateway's clock, Unix ms */
  clock = Date.now

  private attached: MediaStreamTrack | undefined

  /** Set by the owner: every drawn picture. */
  onpicture: ((f: Frame, video: HTMLVideoElement) => void) | undefined
  /** The browser refused to play, or plays. */
  onrefused: ((refused: boolean) => void) | undefined

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-rows: minmax(0, 1fr);
        min-width: 0;
        min-height: 0;
        position: relative;
        overflow: hidden;
        background: #000;
      }
      :host([caption]) {
        grid-template-rows: minmax(0, 1fr) 30px;
        background: var(--s1);
        border-radius: 10px;
      }
      .v {
        position: relative;
        overflow: hidden;
        background: #000;
        min-height: 0;
        width: 100%;
        aspect-ratio: var(--tile-aspect, 16 / 9);
        /* Words over a picture are the same in every theme. */
        --tx: #f3f6fa;
        --bg: #0a0d12;
        --bad: #ff7a6b;
        --edge: #ffffff44;
      }
      :host([caption]) .v {
        opacity: var(--dim, 1);
      }
      /* The large picture has gone through the night's filter as a whole. */
      :host(:not([caption])) .v {
        --night: none;
      }
      video,
      camera-still {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        transition: filter 0.35s;
      }
      video {
        transform: var(--zoom, none);
        object-fit: contain;
        background: transparent;
      }
      /* Covers a video that still shows another camera. The video is not hidden
         itself: browsers stop telling of the pictures of a hidden one. */
      .cover {
        position: absolute;
        inset: 0;
        overflow: hidden;
        background: #05070b;
      }
      /* Opening: what was there last, clearly not the live picture. */
      .opening camera-still {
        filter: blur(6px) brightness(0.62) saturate(0.5);
        transform: scale(1.06);
      }
      .stale video,
      .stale camera-still {
        filter: grayscale(0.75) brightness(0.72);
      }
      .tap video,
      .tap camera-still {
        filter: brightness(0.6);
      }
      .nonet video,
      .nonet camera-still {
        filter: grayscale(1) brightness(0.35);
      }
      .offline video,
      .offline camera-still {
        filter: grayscale(1) blur(3px) brightness(0.34);
        transform: scale(1.03);
      }
      .skeleton {
        position: absolute;
        inset: 0;
        display: grid;
        place-items: center;
        color: #3a4658;
        background: linear-gradient(105deg, #11161e 35%, #1a222e 50%, #11161e 65%) 100% 0 / 250% 100%;
      }
      .opening .skeleton {
        animation: sweep 1.8s ease-in-out infinite;
      }
      .denied .skeleton,
      .offline .skeleton,
      .nonet .skeleton {
        background: #05070b;
        color: transparent;
      }
      @keyframes sweep {
        to {
          background-position: 0 0;
        }
      }
      .mid {
        position: absolute;
        inset: 0;
        display: flex;
        flex-direction: column;
        align-items: center;
        justify-content: center;
        gap: 3px;
        padding: 0 20px;
        text-align: center;
        color: #fff;
        pointer-events: none;
      }
      .mid svg {
        margin-bottom: 7px;
        color: #c9d2df;
      }
      .offline .mid svg {
        color: var(--bad);
      }
      .mid b {
        font-size: 16px;
        font-weight: 640;
        text-wrap: balance;
      }
      .mid small {
        font-size: 13px;
        color: #c3ccd8;
        max-width: 34em;
        text-wrap: balance;
      }
      .mid button {
        pointer-events: auto;
        display: flex;
        align-items: center;
        gap: 8px;
        height: 52px;
        padding: 0 20px;
        border-radius: 18px;
        background: var(--tx);
        color: var(--bg);
        font-weight: 650;
      }
      .mid b + button {
        margin-top: 10px;
      }
      .mid button svg {
        margin: 0;
        color: inherit;
      }
      .pill {
        height: 28px;
        display: inline-flex;
        align-items: center;
        padding: 0 12px;
        border-radius: 14px;
        background: #06090ed1;
        color: #fff;
        font-size: 13px;
        font-weight: 600;
        white-space: nowrap;
      }
      .cap {
        display: flex;
        align-items: center;
        gap: 7px;
        padding: 0 9px;
        min-width: 0;
        font-size: 12px;
        color: var(--t2);
      }
      .cap b {
        flex: 1;
        min-width: 0;
        color: var(--tx);
        font-size: 13px;
        font-weight: 620;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .cap span {
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
        max-width: 60%;
      }
      .cap .dot {
        width: 8px;
        height: 8px;
      }
      .cap.is-weak span,
      .cap.is-stale span {
        color: var(--warn);
        font-weight: 620;
      }
      .cap.is-offline span {
        color: var(--bad);
      }
      .open {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        border-radius: 10px;
      }
      .open:focus-visible {
        outline-offset: -3px;
      }
      :host([caption]) .mid b {
        font-size: 13.5px;
      }
      :host([caption]) .mid svg {
        margin-bottom: 2px;
      }
      :host([caption]) .mid small,
      :host([caption]) .mid.asks > svg {
        display: none;
      }
      :host([caption]) .asks button {
        height: 44px;
        padding: 0 14px;
        border-radius: 14px;
        font-size: 14px;
      }
      @media (min-width: 900px) and (min-height: 501px) {
        :host([caption]) .mid small {
          display: block;
        }
        :host([caption]) .mid b {
          font-size: 15.5px;
        }
        .cap b {
          font-size: 13.5px;
        }
        .cap {
          font-size: 12.5px;
        }
      }
      @media (forced-colors: active) {
        .pill,
        .mid button {
          border: 1px solid;
        }
        .mid b,
        .mid small {
          background: Canvas;
          color: CanvasText;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.view = { kind: 'idle' }
    this.words = { light: 'none', line: '', short: '', spoken: '' }
    this.name = ''
    this.still = undefined
    this.track = undefined
    this.caption = false
    this.openLabel = ''
  }

  /** The video element holds a picture of the camera that the tile names. */
  private get own(): boolean {
    const v = this.view
    return v.kind === 'live' || v.kind === 'weak' || v.kind === 'stale' || ('own' in v && v.own)
  }

  override render() {
    const { view, words: w, own } = this
    const behind = own || view.kind === 'denied' ? undefined : this.still
    return html`
      <div class="v ${view.kind}">
        <video aria-label=${this.name}></video>
        ${own
          ? nothing
          : html`<div class="cover">
              ${behind
                ? html`<camera-still .still=${behind}></camera-still>`
                : html`<div class="skeleton">${icon('camera', 40, 1.3)}</div>`}
            </div>`}
        ${this.mark && (own || behind) ? html`<view-mark .mark=${this.mark} .clock=${this.clock}></view-mark>` : nothing}
        ${w.pill || w.title || w.button
          ? html`<div class="mid ${w.asks ? 'asks' : ''}">
              ${w.icon ? icon(w.icon, 26) : nothing} ${w.title ? html`<b>${w.title}</b>` : nothing}
              ${w.note ? html`<small>${w.note}</small>` : nothing}
              ${w.pill ? html`<span class="pill">${w.pill}</span>` : nothing}
              ${w.button
                ? html`<button @click=${w.asks ? this.state : this.play}>${w.asks ? nothing : icon('play', 20)}${w.button}</button>`
                : nothing}
            </div>`
          : nothing}
      </div>
      ${this.caption
        ? html`<div class="cap is-${w.light}">
              ${light(w)}<b>${this.name}</b><span>${w.short}</span>
            </div>
            ${w.button
              ? nothing
              : html`<button class="open" aria-label=${this.openLabel} @click=${this.open}></button>`}`
        : nothing}
    `
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
      this.onpicture?.(
        { rtp: m.rtpTimestamp, at: Math.max(now, m.expectedDisplayTime), width: m.width, height: m.height },
        v,
      )
    }
    v.requestVideoFrameCallback?.(drawn)
  }

  protected override updated(): void {
    if (this.track === this.attached) return
    // A video whose stream brings nothing yet holds the page's load event up: the browser would seem
    // to load for as long as a camera is offline.
    if (document.readyState !== 'complete') {
      window.addEventListener('load', () => this.requestUpdate(), { once: true })
      return
    }
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

  private state(): void {
    this.dispatchEvent(new CustomEvent('people', { detail: { page: 'case' }, bubbles: true, composed: true }))
  }

  private open(): void {
    this.dispatchEvent(new CustomEvent('open-tile', { bubbles: true, composed: true }))
  }
}

/** The light before a line of state. */
export function light(w: Words) {
  if (w.light === 'none') return nothing
  return w.light === 'ring' ? html`<i class="ring"></i>` : html`<i class="dot ${w.light}"></i>`
}

customElements.define('camera-tile', CameraTile)

declare global {
  interface HTMLElementTagNameMap {
    'camera-tile': CameraTile
  }
}
