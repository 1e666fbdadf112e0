import { LitElement, css, html, nothing, svg, type PropertyValues } from 'lit'
import { AGAIN_MS, AT_REST, isKey, keyed, pushed, rests, stickView, type Motion } from '../core/turn'
import { turnStrings } from '../core/turn-text'
import type { TurnRequest } from '../core/protocol'
import { draw } from './icons'
import { base } from './shared'
import type { Viewer } from './viewer'

/* Icons from Lucide; see ./icons.ts. */
const move = svg`<path d="M12 2v20"/><path d="m15 19-3 3-3-3"/><path d="m19 9 3 3-3 3"/><path d="M2 12h20"/><path d="m5 9-3 3 3 3"/><path d="m9 5 3-3 3 3"/>`
const plus = svg`<path d="M5 12h14"/><path d="M12 5v14"/>`
const minus = svg`<path d="M5 12h14"/>`
const house = svg`<path d="M15 21v-8a1 1 0 0 0-1-1h-4a1 1 0 0 0-1 1v8"/><path d="M3 10a2 2 0 0 1 .709-1.528l7-6a2 2 0 0 1 2.582 0l7 6A2 2 0 0 1 21 10v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/>`
const close = svg`<path d="M18 6 6 18"/><path d="m6 6 12 12"/>`

/** Presets that have room beside the stick. */
const PRESETS = 8

/** The stick of a camera that turns, over its picture. */
export class TurnPad extends LitElement {
  static override properties = { viewer: { attribute: false }, stamp: { attribute: false }, knob: { state: true } }
  declare viewer: Viewer
  /** changes with what the viewer shows */
  declare stamp: number
  /** where the thumb is, px from the middle */
  declare knob: readonly [number, number]
  private wants: Motion = AT_REST
  private timer: number | undefined
  private readonly down = new Set<string>()

  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: auto 10px 10px 10px;
        display: flex;
        justify-content: flex-end;
        align-items: flex-end;
        gap: 10px;
        pointer-events: none;
        color: var(--over);
        -webkit-user-select: none;
        user-select: none;
      }
      button,
      .pad,
      .said {
        pointer-events: auto;
        background: #06090ed1;
        color: var(--over);
        border-radius: 24px;
      }
      button {
        min-width: 48px;
        height: 48px;
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 8px;
        font-size: 14px;
        font-weight: 650;
      }
      button:active {
        background: var(--pill);
      }
      .take {
        height: auto;
        min-height: 48px;
        padding: 6px 16px 6px 12px;
        line-height: 18px;
        text-align: start;
      }
      .said {
        padding: 14px 16px;
        font-size: 14px;
        line-height: 20px;
      }
      .pad {
        position: relative;
        flex: none;
        width: 116px;
        height: 116px;
        border-radius: 50%;
        background: #06090e80;
        touch-action: none;
        cursor: grab;
        border: 2px solid #ffffff80;
      }
      .pad i {
        position: absolute;
        inset: 50% auto auto 50%;
        width: 44px;
        height: 44px;
        margin: -22px;
        border-radius: 50%;
        background: var(--over);
        opacity: 0.85;
      }
      .pad svg {
        position: absolute;
        inset: 0;
        margin: auto;
        stroke-width: 0.6;
        opacity: 0.8;
      }
      .column {
        display: grid;
        gap: 8px;
      }
      .column button {
        background: #06090e99;
      }
      .presets {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-right: auto;
        align-self: flex-end;
        max-height: 160px;
        overflow: hidden;
      }
      .presets button {
        padding: 0 14px;
        max-width: 180px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        display: block;
      }
    `,
  ]

  constructor() {
    super()
    this.knob = [0, 0]
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.rest()
  }

  private get tile(): number {
    return this.viewer.tiles.active
  }

  private get view() {
    const { tiles, session } = this.viewer
    return tiles.mode === 'single' ? stickView(session?.tiles[tiles.active]?.stick, tiles.current) : ({ kind: 'none' } as const)
  }

  protected override willUpdate(_: PropertyValues): void {
    if (this.view.kind !== 'mine') this.rest()
  }

  protected override updated(_: PropertyValues): void {
    const [x, y] = this.knob
    this.renderRoot.querySelector('i')?.style.setProperty('transform', `translate(${x.toFixed(0)}px, ${y.toFixed(0)}px)`)
  }

  private ask(act: TurnRequest['act'], more: Partial<TurnRequest> = {}): void {
    this.viewer.session?.tell({ type: 'turn', tile: this.tile, act, ...more })
  }

  /** Asks for a motion, and again until it is to rest. */
  private want(m: Motion): void {
    const began = rests(this.wants) && !rests(m)
    const ended = rests(m) && !rests(this.wants)
    this.wants = m
    if (began) {
      this.ask('move', m)
      this.timer = window.setInterval(() => this.ask('move', this.wants), AGAIN_MS)
    }
    if (ended) {
      window.clearInterval(this.timer)
      this.ask('move', AT_REST)
    }
  }

  private rest(): void {
    this.down.clear()
    this.knob = [0, 0]
    window.clearInterval(this.timer)
    this.wants = AT_REST
  }

  private readonly push = (e: PointerEvent): void => {
    const pad = e.currentTarget as HTMLElement
    if (e.type === 'pointerdown') pad.setPointerCapture(e.pointerId)
    else if (!pad.hasPointerCapture(e.pointerId)) return
    e.stopPropagation() // a swipe would change the camera
    if (e.type === 'pointerup' || e.type === 'pointercancel') {
      this.knob = [0, 0]
      this.want(AT_REST)
      return
    }
    const box = pad.getBoundingClientRect()
    const radius = box.width / 2
    const x = e.clientX - box.left - radius
    const y = e.clientY - box.top - radius
    const out = Math.max(1, Math.hypot(x, y) / (radius - 22))
    this.knob = [x / out, y / out]
    this.want(pushed(x, y, radius))
  }

  private readonly key = (e: KeyboardEvent): void => {
    if (!isKey(e.key)) return
    e.preventDefault()
    e.stopPropagation()
    if (e.type === 'keydown') this.down.add(e.key)
    else this.down.delete(e.key)
    this.want(keyed(this.down))
  }

  private readonly unkey = (): void => {
    this.down.clear()
    this.want(AT_REST)
  }

  private hold(zoom: number, label: string, glyph: ReturnType<typeof svg>) {
    const on = (e: Event) => {
      e.stopPropagation()
      this.want({ ...AT_REST, zoom })
    }
    const off = (e: Event) => {
      e.stopPropagation()
      this.want(AT_REST)
    }
    return html`<button
      aria-label=${label}
      @pointerdown=${on}
      @pointerup=${off}
      @pointercancel=${off}
      @pointerleave=${off}
      @keydown=${(e: KeyboardEvent) => (e.key === 'Enter' || e.key === ' ') && on(e)}
      @keyup=${off}
    >
      ${draw(glyph, 22)}
    </button>`
  }

  private presets(all: readonly { id: string; name: string }[]) {
    const s = turnStrings[this.viewer.lang]
    if (all.length === 0) return nothing
    return html`<div class="presets" role="group" aria-label=${s.presets}>
      ${all.slice(0, PRESETS).map((p) => html`<button @click=${() => this.ask('preset', { preset: p.id })}>${p.name || s.preset(p.id)}</button>`)}
    </div>`
  }

  override render() {
    const s = turnStrings[this.viewer.lang]
    const is = this.view
    switch (is.kind) {
      case 'none':
        return nothing
      case 'watched':
        return html`<p class="said">${s.watched(is.holder)}</p>`
      case 'reaching':
        return html`<p class="said" role="status">${s.reaching}</p>`
      case 'failed':
        return html`<p class="said" role="status">${s.failed}</p>`
      case 'free':
        return html`<button class="take" @click=${() => this.ask('take')}>
          ${draw(move, 22)}<span>${is.holder ? s.takeFrom(is.holder) : s.take}</span>
        </button>`
    }
    return html`${this.presets(is.presets)}
      <div class="column">
        <button aria-label=${s.leave} @click=${() => this.ask('leave')}>${draw(close, 22)}</button>
        <button aria-label=${s.home} @click=${() => this.ask('home')}>${draw(house, 22)}</button>
      </div>
      <div class="column">${this.hold(1, s.closer, plus)} ${this.hold(-1, s.wider, minus)}</div>
      <div
        class="pad"
        tabindex="0"
        role="application"
        aria-label=${s.pad}
        @pointerdown=${this.push}
        @pointermove=${this.push}
        @pointerup=${this.push}
        @pointercancel=${this.push}
        @keydown=${this.key}
        @keyup=${this.key}
        @blur=${this.unkey}
      >
        ${draw(move, 104)}<i></i>
      </div>`
  }
}
customElements.define('turn-pad', TurnPad)

declare global {
  interface HTMLElementTagNameMap {
    'turn-pad': TurnPad
  }
}
