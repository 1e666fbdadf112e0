import { css, html, nothing } from 'lit'
import { TileVeil } from './tile-veil'

/** An officer may look at another camera meanwhile, state a case, or ask for the right. */
class OfficerVeil extends TileVeil {
  static override styles = [
    ...TileVeil.styles,
    css`
      .pill {
        margin-top: 6px;
        padding: 4px 12px;
        border-radius: 14px;
        background: var(--pill, #06090ed1);
        font-size: 13px;
        font-weight: 600;
      }
      /* Beside the trouble itself, not before it. */
      .instead {
        flex-direction: column;
        gap: 0;
        padding: 5px 20px;
        border-radius: 16px;
        background: #ffffff29;
        color: #fff;
      }
      .instead span {
        font-size: 12.5px;
        font-weight: 500;
        color: #dbe2eb;
      }
      .instead strong {
        font-size: 14.5px;
        font-weight: 640;
        text-wrap: balance;
      }
      @container (max-width: 300px) or (max-height: 170px) {
        .instead {
          display: none;
        }
      }
      @media (forced-colors: active) {
        .pill {
          border: 1px solid;
        }
      }
    `,
  ]

  /** Of when the still behind it is. */
  protected override between() {
    const { pill } = this.words
    return pill ? html`<span class="pill">${pill}</span>` : nothing
  }

  protected override more() {
    const { instead } = this.words
    if (!instead || this.caption) return nothing
    return html`<button class="instead" @click=${() => this.tell('pick', instead.camera)}>
      <span>${instead.label}</span><strong>${instead.name}</strong>
    </button>`
  }

  protected override act(): void {
    const { asks: page, query } = this.words
    if (page) this.tell('people', { page, query })
    else super.act()
  }
}
customElements.define('tile-veil', OfficerVeil)
