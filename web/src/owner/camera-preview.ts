import { LitElement, css, html } from 'lit'
import { Session } from '../core/session'
import { base } from '../ui/shared'
import { worldOf } from '../ui/world'

/** What the preview shows; code: why it shows nothing. */
export type Sight = { kind: 'opening' } | { kind: 'live'; ratio: number } | { kind: 'failed'; code: string }

/** One live picture, by the ordinary signaling, with something of the page's own over it. */
export class CameraPreview extends LitElement {
  static override properties = { camera: { attribute: false }, secret: { attribute: false }, label: { attribute: false } }
  declare camera: string
  declare secret: string
  declare label: string
  private session: Session | undefined
  private track: MediaStreamTrack | undefined
  private told = ''
  private ratio = 16 / 9

  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      .box {
        position: relative;
        overflow: hidden;
        border-radius: 14px;
        background: #10151d;
        aspect-ratio: 16 / 9;
      }
      video {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: fill;
      }
      slot::slotted(*) {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    if (!window.RTCPeerConnection) return this.tell({ kind: 'failed', code: 'browser' })
    const { secret } = this
    this.session = new Session(
      worldOf('..', () => secret),
      {
        changed: () => this.look(),
        tracks: ([track]) => this.attach(track),
        ended: (code) => this.tell({ kind: 'failed', code }),
        failed: (code) => (code === 'offer_no_video' ? this.tell({ kind: 'failed', code: 'browser' }) : this.look()),
        listed: () => undefined,
        noticed: () => undefined,
        received: () => undefined,
      },
      1,
    )
    this.session.show([this.camera])
    this.session.start()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.session?.close()
    this.session = undefined
  }

  override render() {
    return html`<div class="box"><video muted playsinline autoplay aria-label=${this.label}></video><slot></slot></div>`
  }

  private get video(): HTMLVideoElement | null {
    return this.renderRoot.querySelector('video')
  }

  protected override firstUpdated(): void {
    this.attach(this.track)
    const v = this.video!
    const drawn = (now: number, m: VideoFrameCallbackMetadata) => {
      if (!this.session) return
      v.requestVideoFrameCallback(drawn)
      const own = this.session.frame(0, { rtp: m.rtpTimestamp, at: Math.max(now, m.expectedDisplayTime), width: m.width, height: m.height })
      if (own && m.height > 0) this.shape(m.width / m.height)
      if (own) this.look()
    }
    v.requestVideoFrameCallback?.(drawn)
  }

  /** The box has the picture's shape, so that a place in one is a place in the other. */
  private shape(ratio: number): void {
    if (Math.abs(ratio - this.ratio) < 0.01) return
    this.ratio = ratio
    this.renderRoot.querySelector<HTMLElement>('.box')!.style.aspectRatio = String(ratio)
  }

  private attach(track: MediaStreamTrack | undefined): void {
    this.track = track
    const v = this.video
    if (!v) return
    v.srcObject = track ? new MediaStream([track]) : null
    if (track) void v.play().catch(() => undefined)
  }

  private look(): void {
    const t = this.session?.tiles[0]
    if (!t) return
    if (t.message?.state === 'offline' || t.message?.state === 'denied') this.tell({ kind: 'failed', code: t.message.code ?? 'internal' })
    else this.tell(t.own ? { kind: 'live', ratio: this.ratio } : { kind: 'opening' })
  }

  private tell(detail: Sight): void {
    const text = JSON.stringify(detail)
    if (text === this.told) return
    this.told = text
    this.dispatchEvent(new CustomEvent<Sight>('sight', { detail }))
  }
}
customElements.define('camera-preview', CameraPreview)
