import { LitElement, css, html, type PropertyValues } from 'lit'
import { base } from './shared'
import { icon } from './icons'
import { night } from './night'
import type { Still } from './stills'

/** A camera's last picture, or a quiet place for one. */
export class CameraStill extends LitElement {
  static override properties = { still: { attribute: false }, off: { type: Boolean } }
  declare still: Still | undefined
  declare off: boolean

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        place-items: center;
        position: relative;
        overflow: hidden;
        background: var(--s2);
        color: var(--t3);
      }
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        object-fit: cover;
        filter: var(--night, none);
      }
    `,
  ]

  constructor() {
    super()
    this.off = false
  }

  override render() {
    const show = this.still !== undefined && !this.off
    return html`${show ? html`<canvas aria-hidden="true"></canvas>${night}` : icon(this.off ? 'videoOff' : 'camera', 20, 1.7)}`
  }

  protected override updated(_: PropertyValues): void {
    const canvas = this.renderRoot.querySelector('canvas')
    const from = this.still?.canvas
    if (!canvas || !from) return
    if (canvas.width !== from.width) Object.assign(canvas, { width: from.width, height: from.height })
    canvas.getContext('2d', { alpha: false })?.drawImage(from, 0, 0)
  }
}
customElements.define('camera-still', CameraStill)

declare global {
  interface HTMLElementTagNameMap {
    'camera-still': CameraStill
  }
}
