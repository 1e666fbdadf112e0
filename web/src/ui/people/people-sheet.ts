import { LitElement, css, html, type PropertyValues } from 'lit'
import { caseStrings } from '../../core/case-text'
import type { Camera } from '../../core/cameras'
import type { Desk } from '../../core/desk'
import type { Lang } from '../../core/i18n'
import { peopleStrings } from '../../core/people-text'
import { shareStrings } from '../../core/share-text'
import { base } from '../shared'
import './account-page'
import './answer-page'
import './ask-page'
import './case-page'
import './emergency-page'
import { icon } from '../icons'
import { glyph, type Glyph } from './glyphs'
import './mine-page'
import { emptyDraft, type PageName } from './page'

const signs: Record<Exclude<PageName, 'case'>, Glyph> = { account: 'user', ask: 'ask', mine: 'ask', answer: 'bell', emergency: 'siren', share: 'share' }

/** The sheet that holds the people's pages, one at a time. On a phone the picture above it stays in sight. */
export class PeopleSheet extends LitElement {
  static override properties = {
    desk: { attribute: false },
    language: { attribute: false },
    nameOf: { attribute: false },
    stamp: { attribute: false },
    here: { attribute: false },
    camera: { attribute: false },
    wanting: { attribute: false },
    page: { state: true },
  }
  declare desk: Desk
  declare language: Lang
  declare nameOf: (area: string) => string
  declare stamp: number
  /** the address of what is shown */
  declare here: () => string
  /** the one that is shown large */
  declare camera: Camera | undefined
  /** the camera that is shown waits for a case */
  declare wanting: boolean
  declare page: PageName | undefined

  private query = ''
  private readonly draft = emptyDraft()
  /** our entry in the history, which the back button takes away, is there */
  private entered = false
  private gone: (() => void) | undefined

  static override styles = [
    base,
    css`
      dialog {
        margin: auto auto 0;
        width: min(100vw, 560px);
        max-width: 100vw;
        height: min(720px, 100dvh - max(16px, var(--top)));
        max-height: none;
        border: 0;
        border-top: 1px solid var(--ln);
        border-radius: 22px 22px 0 0;
        padding: 0;
        background: var(--s1);
        color: var(--tx);
        overflow: hidden;
      }
      dialog[open] {
        display: flex;
        flex-direction: column;
        animation: rise 0.2s ease-out;
      }
      @keyframes rise {
        from {
          transform: translateY(24px);
          opacity: 0;
        }
      }
      /* Nothing to wait for: without motion the sheet is there at once. */
      @media (prefers-reduced-motion: reduce) {
        dialog[open] {
          animation: none;
        }
      }
      dialog::backdrop {
        background: var(--behind);
      }
      .emergency {
        border: 3px solid var(--bad);
        border-bottom: 0;
      }
      header {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 16px 18px 10px;
      }
      header svg {
        color: var(--ac);
      }
      .emergency header svg,
      .emergency h2 {
        color: var(--bad);
      }
      h2 {
        font-size: 18.5px;
        font-weight: 670;
        letter-spacing: -0.01em;
      }
      h2:focus {
        outline: none;
      }
      /* The picture keeps its place above: title, 16:9, and its line. */
      @media (max-width: 560px) and (min-height: 700px) {
        dialog:not(.case) {
          height: calc(100dvh - 58px - var(--top) - 56.25vw);
        }
        /* Above it there is no picture yet. */
        .case {
          height: fit-content;
          max-height: calc(100dvh - 66px - var(--top));
        }
      }
      @media (min-width: 900px), (max-height: 500px) and (orientation: landscape) {
        dialog {
          margin: 0 0 0 auto;
          width: min(440px, 62vw);
          height: 100dvh;
          border-radius: 22px 0 0 22px;
          border-top: 0;
          border-left: 1px solid var(--ln);
          padding-right: var(--right);
        }
        dialog::backdrop {
          background: var(--behind);
        }
        .emergency {
          border: 3px solid var(--bad);
          border-right: 0;
        }
        @keyframes rise {
          from {
            transform: translateX(24px);
            opacity: 0;
          }
        }
      }
      @media (max-height: 500px) {
        header {
          padding: 10px 18px 6px;
        }
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('popstate', this.popped)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('popstate', this.popped)
  }

  /** @param query what was looked for among the cameras, and not found */
  async show(page: PageName, query = ''): Promise<void> {
    this.page = page
    this.query = query
    // Rarely wanted, so it comes when it is.
    if (page === 'share') await import('./share-page').catch(() => undefined)
    await this.updateComplete
    const { dialog } = this
    if (dialog.open) return
    dialog.showModal()
    // The phone's back button closes the sheet, and leaves the page alone.
    history.pushState({ sheet: true }, '')
    this.entered = true
  }

  /** Closed, and the history as it was. */
  async close(): Promise<void> {
    if (this.dialog.open) this.dialog.close()
    else return
    await new Promise<void>((done) => (this.gone = done))
  }

  private get dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!
  }

  override render() {
    const { page } = this
    return html`<dialog
      class=${page ?? ''}
      aria-labelledby="t"
      @click=${this.outside}
      @close=${this.closed}
      @page=${(e: CustomEvent<PageName>) => this.turn(e.detail)}
      @leave=${() => void this.close()}
    >
      <header>${page === 'case' ? icon('house', 24) : glyph(page ? signs[page] : 'user', 24)}<h2 id="t" tabindex="-1">${this.heading()}</h2></header>
      ${this.body()}
    </dialog>`
  }

  private heading(): string {
    const { page, desk } = this
    const p = peopleStrings[this.language]
    if (page === undefined) return ''
    if (page === 'share') return shareStrings[this.language].share
    if (page === 'case') return caseStrings[this.language][desk.cases.open ? 'titleOpen' : 'title']
    return page === 'emergency' && desk.emergency ? p.emergencyOn : p[page]
  }

  private body() {
    const { desk, language, stamp, draft, query, nameOf } = this
    switch (this.page) {
      case 'account':
        return html`<account-page .desk=${desk} .language=${language} .stamp=${stamp} .nameOf=${nameOf}></account-page>`
      case 'ask':
        return html`<ask-page .desk=${desk} .language=${language} .stamp=${stamp} .draft=${draft} .query=${query}></ask-page>`
      case 'mine':
        return html`<mine-page .desk=${desk} .language=${language} .stamp=${stamp}></mine-page>`
      case 'answer':
        return html`<answer-page .desk=${desk} .language=${language} .stamp=${stamp}></answer-page>`
      case 'case':
        return html`<case-page .desk=${desk} .language=${language} .stamp=${stamp} .wanting=${this.wanting}></case-page>`
      case 'emergency':
        return html`<emergency-page
          .desk=${desk}
          .language=${language}
          .stamp=${stamp}
          .draft=${draft}
          .query=${query}
          .nameOf=${nameOf}
        ></emergency-page>`
      case 'share':
        return html`<share-page .desk=${desk} .language=${language} .stamp=${stamp} .camera=${this.camera}></share-page>`
    }
    return html``
  }

  protected override updated(changed: PropertyValues): void {
    // A screen reader hears the new page's title, and the keyboard begins there.
    if (changed.get('page') && this.page) this.renderRoot.querySelector('h2')?.focus()
  }

  private turn(page: PageName): void {
    this.page = page
    this.query = ''
  }

  private readonly popped = (): void => {
    if (!this.entered) return
    this.entered = false
    // Another camera may have been opened since; the entry below still names the old one.
    history.replaceState(null, '', this.here())
    if (this.dialog.open) this.dialog.close()
    this.gone?.()
    this.gone = undefined
  }

  /** However it closed: by button, Escape, or the back button. */
  private readonly closed = (): void => {
    this.page = undefined
    if (this.entered) history.back()
    else {
      this.gone?.()
      this.gone = undefined
    }
  }

  /** A tap beside the sheet closes it. */
  private outside(e: MouseEvent): void {
    if (e.target === this.dialog) void this.close()
  }
}
customElements.define('people-sheet', PeopleSheet)

declare global {
  interface HTMLElementTagNameMap {
    'people-sheet': PeopleSheet
  }
}
