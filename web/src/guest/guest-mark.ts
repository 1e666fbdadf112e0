import { LitElement, css, html } from 'lit'
import { base } from '../ui/shared'

const MINUTE_MS = 60_000
const two = (n: number) => String(n).padStart(2, '0')

/**
 * The viewer's name and the time over the picture, to be read on light and dark.
 * It moves to another corner each minute, so that it covers nothing for long.
 */
export class GuestMark extends LitElement {
  static override properties = { name: { attribute: false }, now: { attribute: false } }
  declare name: string
  /** Unix ms */
  declare now: number

  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: 0;
        display: grid;
        padding: 10px 12px;
        pointer-events: none;
      }
      p {
        max-width: 80%;
        font: 600 13px/1.3 system-ui, sans-serif;
        color: #ffffffd9;
        text-shadow: 0 0 2px #000, 0 0 4px #000, 0 1px 1px #000;
        forced-color-adjust: none;
        overflow-wrap: anywhere;
      }
      .c0 {
        place-self: start;
      }
      .c1 {
        place-self: start end;
      }
      .c2 {
        place-self: end;
      }
      .c3 {
        place-self: end start;
      }
      .c1,
      .c2 {
        text-align: right;
      }
    `,
  ]

  override render() {
    const d = new Date(this.now)
    const time = `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())} ${two(d.getDate())}/${two(d.getMonth() + 1)}`
    return html`<p class="c${Math.floor(this.now / MINUTE_MS) % 4}">${this.name}<br />${time}</p>`
  }
}
customElements.define('guest-mark', GuestMark)
