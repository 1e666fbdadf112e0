import { css, html, nothing } from 'lit'
import type { Request } from '../../core/people'
import { standingWords } from '../../core/people-text'
import { formatSpan, standing, type Standing } from '../../core/rights'
import { base } from '../shared'
import { glyph, type Glyph } from './glyphs'
import { Page } from './page'
import { pageStyle } from './people-style'

const signs: Record<Standing['kind'], Glyph> = {
  waiting: 'clock',
  granted: 'tick',
  over: 'clock',
  ended: 'cross',
  refused: 'cross',
  withdrawn: 'cross',
  expired: 'clock',
}

/** What one has asked for, and what became of it. */
export class MinePage extends Page {
  static override styles = [
    base,
    pageStyle,
    css`
      .line {
        align-items: flex-start;
        padding: 12px 0;
      }
      .state {
        display: block;
        margin-top: 3px;
        font-size: 14px;
        font-weight: 620;
        color: var(--t2);
      }
      .granted > svg,
      .granted .state {
        color: var(--ok);
      }
      .waiting > svg,
      .waiting .state {
        color: var(--warn);
      }
      .refused > svg,
      .refused .state {
        color: var(--bad);
      }
    `,
  ]

  override render() {
    const { p } = this
    const mine = this.desk.mine
    return html`<div class="scroll" tabindex="0">
        ${mine.length === 0 ? html`<p class="none">${p.noRequests}</p>` : nothing}
        <ul>
          ${mine.map((r) => this.row(r))}
        </ul>
        ${this.faultLine()}
      </div>
      ${this.bar(html`<button class="go" @click=${() => this.go('ask')}>${p.askMore}</button>`)}`
  }

  private row(r: Request) {
    const { p } = this
    const now = this.desk.now
    const s = standing(r, this.desk.grants, now)
    return html`<li class="line ${s.kind}">
      ${glyph(signs[s.kind], 24)}
      <span class="what">
        <b>${r.area_name || r.area}</b>
        <span class="state">${standingWords(s, p, now)}</span>
        <small>${formatSpan(r.for, this.language)} · ${p.askedAt(this.clock(r.asked))}</small>
        <small>${r.reason}</small>
        ${r.note ? html`<small>“${r.note}”</small>` : nothing}
      </span>
      ${s.kind === 'waiting'
        ? html`<button
            class="soft small"
            aria-label="${p.withdraw}: ${r.area_name}"
            aria-disabled=${this.busy ? 'true' : 'false'}
            @click=${() => this.act(() => this.desk.withdraw(r.key))}
          >
            ${p.withdraw}
          </button>`
        : nothing}
    </li>`
  }
}
customElements.define('mine-page', MinePage)
