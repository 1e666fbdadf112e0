import { LitElement, css, html, nothing } from 'lit'
import { markLines, wander } from '../core/mark'
import type { Mark } from '../core/protocol'

const SECOND_MS = 1000

/**
 * The watermark: who looks, when, and the code of the view's record. It lies at a
 * slant, four times, so that cutting a corner off does not take it away.
 */
export class ViewMark extends LitElement {
  static override properties = { mark: { attribute: false } }
  declare mark: Mark | undefined
  /** The gateway's clock, Unix ms. */
  clock: () => number = Date.now
  private timer: number | undefined

  static override styles = css`
    :host {
      position: absolute;
      inset: 0;
      overflow: hidden;
      container-type: size;
      pointer-events: none;
      user-select: none;
      -webkit-user-select: none;
      forced-color-adjust: none;
    }
    div {
      position: absolute;
      inset: 0;
      display: grid;
      grid-template: 1fr 1fr / 1fr 1fr;
      place-items: center;
      transform: translate(var(--x, 0), var(--y, 0));
      transition: transform 1s linear;
    }
    p {
      max-width: 44cqw;
      margin: 0;
      transform: rotate(-16deg);
      text-align: center;
      font: 600 clamp(8.5px, 1.4cqw + 5.4px, 20px) / 1.25 system-ui, sans-serif;
      font-variant-numeric: tabular-nums;
      letter-spacing: 0.01em;
      overflow-wrap: anywhere;
      text-wrap: balance;
      /* White inside and black around: one of them shows on any picture. Faint as a whole, else the edge would shine through. */
      opacity: 0.42;
      color: #fff;
      text-shadow:
        0 0 1.5px #000,
        0 0 1.5px #000,
        0 0 2px #000;
    }
    span {
      white-space: nowrap;
    }
    /* Not in one line, so that no straight strip is free of it. */
    p:nth-child(odd) {
      margin-top: 9cqh;
    }
    p:nth-child(even) {
      margin-bottom: 9cqh;
    }
    /* A small tile has room for two. */
    @container (max-width: 260px) {
      div {
        grid-template: 1fr 1fr / 1fr;
      }
      p {
        max-width: 80cqw;
        margin: 0 !important;
      }
      p:nth-child(n + 3) {
        display: none;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      div {
        transition: none;
      }
    }
  `

  override connectedCallback(): void {
    super.connectedCallback()
    this.setAttribute('aria-hidden', 'true')
    this.timer = window.setInterval(() => this.requestUpdate(), SECOND_MS)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.timer)
  }

  override render() {
    if (!this.mark) return nothing
    const [who, when] = markLines(this.mark, this.clock())
    const one = html`<p>${who}<br /><span>${when}</span></p>`
    return html`<div>${one}${one}${one}${one}</div>`
  }

  protected override updated(): void {
    const { x, y } = wander(this.clock())
    this.style.setProperty('--x', `${x.toFixed(2)}cqw`)
    this.style.setProperty('--y', `${y.toFixed(2)}cqh`)
  }
}
customElements.define('view-mark', ViewMark)
