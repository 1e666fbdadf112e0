import { LitElement, css, html, type PropertyValues } from 'lit'
import type { Camera } from '../core/cameras'
import { shownUnasked } from '../core/household'
import type { Strings } from '../core/i18n'
import { base } from './shared'
import type { Stills } from './stills'
import './camera-still'

/** Neighbours on each side that are drawn; more would never be seen at once. */
const SIDE = 6

/** The stills under the picture: the camera that is on, and those a swipe away. */
export class CameraRail extends LitElement {
  static override properties = {
    cameras: { attribute: false },
    current: { attribute: false },
    stills: { attribute: false },
    s: { attribute: false },
    stamp: { attribute: false },
  }
  declare cameras: Camera[]
  declare current: string
  declare stills: Stills
  declare s: Strings
  /** changes when a still does */
  declare stamp: number

  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      ul {
        display: flex;
        gap: 8px;
        padding: 5px 14px 10px;
        overflow-x: auto;
        scrollbar-width: none;
        scroll-snap-type: x proximity;
        overscroll-behavior-x: contain;
      }
      li {
        flex: none;
        width: var(--still-w, 104px);
        scroll-snap-align: center;
      }
      button {
        display: block;
        width: var(--still-w, 104px);
        border-radius: 10px;
      }
      camera-still {
        width: var(--still-w, 104px);
        height: var(--still-h, 58px);
        border-radius: 10px;
        opacity: 0.78;
      }
      .cur camera-still {
        opacity: 1;
        outline: 2.5px solid var(--ac);
        outline-offset: 1.5px;
      }
      p {
        font-size: 11.5px;
        line-height: 1.3;
        color: var(--t2);
        text-align: center;
        margin-top: 6px;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .cur p {
        color: var(--tx);
        font-weight: 600;
      }
    `,
  ]

  /** Those around the current one, going round the ends as a swipe does. */
  private get around(): Camera[] {
    const n = this.cameras.length
    if (n <= 2 * SIDE + 1) return this.cameras
    const at = Math.max(0, this.cameras.findIndex((c) => c.id === this.current))
    return Array.from({ length: 2 * SIDE + 1 }, (_, i) => this.cameras[(at - SIDE + i + n) % n]!)
  }

  override render() {
    return html`<ul aria-label=${this.s.neighbours}>
      ${this.around.map(
        (c) => html`<li class=${c.id === this.current ? 'cur' : ''}>
          <button aria-current=${c.id === this.current ? 'true' : 'false'} @click=${() => this.pick(c.id)}>
            <camera-still
              .still=${this.stills.look(c.id)}
              ?off=${c.state === 'offline' && !this.stills.look(c.id)}
            ></camera-still>
            <p>${short(c.name)}</p>
          </button>
        </li>`,
      )}
    </ul>`
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('current') && !changed.has('cameras')) return
    this.ask()
    const list = this.renderRoot.querySelector('ul')
    const cur = this.renderRoot.querySelector<HTMLElement>('.cur')
    if (!list || !cur) return
    const calm = !changed.get('current') || matchMedia('(prefers-reduced-motion: reduce)').matches
    const left = cur.offsetLeft - list.offsetLeft - (list.clientWidth - cur.clientWidth) / 2
    list.scrollTo({ left, behavior: calm ? 'instant' : 'smooth' })
  }

  /** The stills that are seen without a finger's help. */
  private ask(): void {
    const { around } = this
    const at = around.findIndex((c) => c.id === this.current)
    const near = [1, -1, 2, -2, 3, -3].flatMap((by) => around[at + by] ?? [])
    this.stills.want('rail', near.filter(shownUnasked).map((c) => c.id))
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.stills.want('rail', [])
  }

  private pick(id: string): void {
    this.dispatchEvent(new CustomEvent('pick', { detail: id, bubbles: true, composed: true }))
  }
}

/** A crossroads' name without the word crossroads: it has little room. */
function short(name: string): string {
  return name.replace(/^(Ngã (ba|tư|năm|sáu)|Nút giao)\s+/i, '')
}

customElements.define('camera-rail', CameraRail)
