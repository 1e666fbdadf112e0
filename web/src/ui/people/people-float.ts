import { LitElement, css, html, nothing } from 'lit'
import { caseStrings } from '../../core/case-text'
import type { Desk, News } from '../../core/desk'
import { formatClock } from '../../core/format'
import type { Lang } from '../../core/i18n'
import { peopleStrings } from '../../core/people-text'
import { shareStrings } from '../../core/share-text'
import { countdown } from '../../core/rights'
import { base } from '../shared'
import { icon } from '../icons'
import { glyph, type Glyph } from './glyphs'
import type { PageName } from './page'

const signs: Partial<Record<News['kind'], Glyph>> = {
  alarm: 'siren',
  emergency: 'siren',
  over: 'siren',
  granted: 'tick',
  refused: 'cross',
  shared: 'share',
  shareEnded: 'share',
  shareGone: 'cross',
  shareFailed: 'cross',
}

/**
 * What lies over the page for a while: news, and the time that is left of an
 * emergency. It takes no room of its own, so that nothing below it moves.
 */
export class PeopleFloat extends LitElement {
  static override properties = {
    desk: { attribute: false },
    language: { attribute: false },
    stamp: { attribute: false },
    theatre: { type: Boolean, reflect: true },
  }
  declare desk: Desk
  declare language: Lang
  declare stamp: number
  /** only the picture is there: nothing else shows what waits */
  declare theatre: boolean

  static override styles = [
    base,
    css`
      :host {
        grid-area: list;
        align-self: end;
        z-index: 6;
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 8px;
        padding: 0 12px 10px;
        min-width: 0;
        pointer-events: none;
      }
      button {
        pointer-events: auto;
      }
      .chip {
        display: flex;
        align-items: center;
        gap: 9px;
        min-height: 48px;
        padding: 0 18px;
        border-radius: 24px;
        background: var(--bad);
        color: var(--bg);
        font-size: 15px;
        font-weight: 680;
        white-space: nowrap;
        box-shadow: 0 4px 18px var(--shade);
      }
      .case {
        min-width: 0;
        background: var(--s3);
        color: var(--tx);
        border: 1.5px solid var(--ac);
      }
      .case svg {
        color: var(--ac);
      }
      .case span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .said {
        display: grid;
        justify-items: center;
        width: 100%;
      }
      .news {
        pointer-events: auto;
        display: flex;
        align-items: center;
        gap: 12px;
        width: min(100%, 460px);
        min-height: 56px;
        padding: 6px 6px 6px 16px;
        border-radius: 18px;
        border: 1px solid var(--ln);
        background: var(--s3);
        color: var(--tx);
        font-weight: 600;
        line-height: 1.3;
        box-shadow: 0 6px 24px var(--shade);
        animation: rise 0.2s ease-out;
      }
      @keyframes rise {
        from {
          transform: translateY(12px);
          opacity: 0;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .news {
          animation: none;
        }
      }
      .news > svg {
        color: var(--ac);
      }
      .news.granted > svg {
        color: var(--ok);
      }
      .alarm,
      .emergency {
        border: 2px solid var(--bad);
      }
      .news.alarm > svg,
      .news.emergency > svg,
      .news.refused > svg {
        color: var(--bad);
      }
      .news span {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .news small {
        display: block;
        font-size: 13.5px;
        font-weight: 520;
        color: var(--t2);
      }
      .look {
        min-height: 48px;
        padding: 0 16px;
        border-radius: 14px;
        background: var(--tx);
        color: var(--bg);
        font-weight: 650;
      }
      .x {
        width: 48px;
        height: 48px;
        display: grid;
        place-items: center;
        color: var(--t2);
      }
      .bell {
        position: relative;
        display: grid;
        place-items: center;
        width: 48px;
        height: 48px;
        border-radius: 18px;
        background: var(--s2);
        color: var(--tx);
      }
      .n {
        position: absolute;
        top: -4px;
        right: -5px;
        min-width: 20px;
        padding: 0 5px;
        border-radius: 10px;
        background: var(--bad);
        color: var(--bg);
        font: 700 12px/20px system-ui, sans-serif;
        text-align: center;
      }
      .both {
        display: flex;
        max-width: 100%;
        gap: 10px;
        align-items: center;
      }
      /* Upright and nothing but the picture: the black below it has room. */
      :host([theatre]) {
        grid-area: stage;
        z-index: 4;
      }
      @media (min-width: 900px) and (min-height: 501px) {
        :host(:not([theatre])) {
          grid-area: strip;
          position: relative;
          align-self: center;
          justify-self: center;
          gap: 0;
          padding: 0;
        }
        /* News may be higher than the line, and lies over what is above it. */
        :host(:not([theatre])) .news {
          position: absolute;
          bottom: calc(100% + 8px);
          left: calc(50% - 220px);
          width: 440px;
        }
      }
      @media (max-height: 500px) {
        :host([theatre]) .both {
          display: contents;
        }
        /* On its side: in the columns beside the picture, between their buttons. */
        :host([theatre]) .chip {
          position: absolute;
          right: calc(8px + var(--right));
          top: calc(76px + var(--top));
          width: 58px;
          min-height: 56px;
          flex-direction: column;
          justify-content: center;
          gap: 2px;
          padding: 0;
          border-radius: 18px;
          font-size: 14px;
          box-shadow: none;
        }
        :host([theatre]) .case {
          right: auto;
          left: calc(8px + var(--left));
          top: auto;
          bottom: calc(76px + var(--bottom));
        }
        :host([theatre]) .case span {
          position: absolute;
          clip-path: inset(50%);
        }
        :host([theatre]) .chip b {
          position: absolute;
          clip-path: inset(50%);
        }
        :host([theatre]) .bell {
          position: absolute;
          left: calc(8px + var(--left));
          top: calc(76px + var(--top));
          width: 58px;
          height: 56px;
        }
      }
      @media (forced-colors: active) {
        .chip,
        .news,
        .look,
        .bell {
          border: 1px solid;
        }
      }
    `,
  ]

  override render() {
    const { desk } = this
    const p = peopleStrings[this.language]
    const left = countdown(desk.left)
    // A region that is there before its words is what a screen reader listens to.
    return html`<div class="said" role="status">${desk.news ? this.news(desk.news) : nothing}</div>
      <div class="both">
        ${this.theatre && desk.count > 0
          ? html`<button class="bell" aria-label=${p.waitingCount(String(desk.count))} @click=${() => this.go('answer')}>
              ${glyph('bell', 23)}<i class="n">${desk.count}</i>
            </button>`
          : nothing}
        ${desk.emergency
          ? html`<button class="chip" @click=${() => this.go('emergency')}>
              ${glyph('siren', 20, 2.1)}<b>${p.chip}</b><span>${left}</span>
            </button>`
          : nothing}
        ${this.caseChip()}
      </div>`
  }

  /** The open case: by it, households open without asking. */
  private caseChip() {
    const { open, reasons } = this.desk.cases
    if (!open) return nothing
    const what = `${reasons.find((r) => r.code === open.reason)?.[this.language] ?? open.reason} · ${open.number}`
    return html`<button class="chip case" aria-label=${caseStrings[this.language].chip(what)} @click=${() => this.go('case')}>
      ${icon('house', 20, 2.1)}<span>${what}</span>
    </button>`
  }

  protected override updated(): void {
    // The list scrolls clear of what lies over its end.
    document.documentElement.style.setProperty('--cover', this.desk.emergency || this.desk.cases.open ? '58px' : '0px')
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.documentElement.style.removeProperty('--cover')
  }

  private news(n: News) {
    const { desk } = this
    const p = peopleStrings[this.language]
    const asks = n.kind === 'asked' || n.kind === 'alarm'
    return html`<div class="news ${n.kind}">
      ${glyph(signs[n.kind] ?? 'user', 24)}
      <span>${this.words(n)}</span>
      ${asks ? html`<button class="look" @click=${() => this.look()}>${p.look}</button>` : nothing}
      <button class="x" aria-label=${p.close} @click=${() => desk.dismiss()}>${icon('close', 20)}</button>
    </div>`
  }

  private words(n: News) {
    const p = peopleStrings[this.language]
    const s = shareStrings[this.language]
    const at = (t: number) => formatClock(t, this.desk.now)
    switch (n.kind) {
      case 'granted':
        return p.newsGranted(n.area, at(n.until))
      case 'refused':
        return html`${p.newsRefused(n.area)}${n.note ? html`<small>“${n.note}”</small>` : nothing}`
      case 'asked':
        return html`${n.name} <small>${p.newsAsked(n.area)}</small>`
      case 'alarm':
        return html`${n.name} <small>${p.newsAlarm(n.area)}</small>`
      case 'emergency':
        return p.newsEmergency(at(n.until))
      case 'over':
        return p.newsOver
      case 'shared':
        return s.newsReceived(n.name, at(n.until))
      case 'shareEnded':
        return s.newsEnded
      case 'shareGone':
        return s.newsGone
      case 'shareFailed':
        return s.newsFailed
    }
  }

  private look(): void {
    this.desk.dismiss()
    this.go('answer')
  }

  private go(page: PageName): void {
    this.dispatchEvent(new CustomEvent('people', { detail: { page }, bubbles: true, composed: true }))
  }
}
customElements.define('people-float', PeopleFloat)
