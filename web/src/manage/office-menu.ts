import { css, html, nothing } from 'lit'
import type { Lang } from '../core/i18n'
import { hashOf, type ScreenName } from '../core/manage/route'
import type { Texts } from '../core/manage/texts'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { icon } from './icons'
import type { Section } from './manage-app'
import type { Office } from './office'
import { Part } from './part'

/** A section's name where there is little room. */
export function sectionName(s: Texts, name: ScreenName): string {
  const short: Partial<Record<ScreenName, string>> = { import: s.importNav, grants: s.grantsNav, households: s.householdsNav, log: s.logNav, health: s.healthNav, now: s.nowNav }
  return short[name] ?? s[name]
}

/** How many cameras are offline, at the section that tells of them. */
export function troubled(office: Office, name: ScreenName) {
  const n = office.outages?.cameras ?? 0
  if (name !== 'health' || n === 0) return nothing
  return html`<b class="count"><span aria-hidden="true">${n > 99 ? '99+' : n}</span><span class="sr">${office.s.outageMark(n)}</span></b>`
}

/** On a phone the sections that the bar has no room for; back to the cameras, the language, and signing out. */
export class OfficeMenu extends Part {
  static override properties = { ...Part.properties, sections: { attribute: false } }
  declare sections: readonly Section[]

  static override styles = [
    base,
    formStyle,
    css`
      dialog {
        width: min(100vw, 440px);
        max-width: 100vw;
        margin: auto auto 0;
        padding: 8px 16px calc(18px + var(--bottom));
        border: 0;
        border-radius: 20px 20px 0 0;
        background: var(--s1);
        color: var(--tx);
        box-shadow: var(--rise);
      }
      dialog::backdrop {
        background: var(--shade);
      }
      header {
        display: grid;
        grid-template-columns: 1fr 48px;
        align-items: center;
        margin-right: -8px;
      }
      h2 {
        font-size: 17.5px;
        font-weight: 660;
      }
      header button {
        width: 48px;
        height: 48px;
        display: grid;
        place-items: center;
        border-radius: 14px;
        color: var(--t2);
      }
      .who {
        color: var(--t2);
        font-size: 14px;
        margin-bottom: 14px;
      }
      .seg {
        display: grid;
        grid-template-columns: 1fr 1fr;
        padding: 3px;
        margin-bottom: 12px;
        border-radius: 13px;
        background: var(--s2);
      }
      .seg button {
        height: 48px;
        border-radius: 11px;
        font-weight: 600;
        color: var(--t2);
      }
      .seg [aria-pressed='true'] {
        background: var(--s1);
        color: var(--tx);
      }
      .line {
        display: flex;
        align-items: center;
        gap: 14px;
        width: 100%;
        min-height: 56px;
        border-top: 1px solid var(--ln);
        color: inherit;
        text-decoration: none;
        font-weight: 600;
        text-align: left;
      }
      .line svg {
        color: var(--t2);
      }
      .count {
        margin-left: auto;
      }
      .far {
        margin-bottom: 14px;
      }
      .far .line:first-child {
        border-top: 0;
      }
      @media (min-width: 700px) {
        .far {
          display: none;
        }
        dialog {
          margin: auto;
          border-radius: 20px;
        }
      }
    `,
  ]

  private get dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!
  }

  show(): void {
    this.dialog.showModal()
  }

  override render() {
    const { s, office } = this
    const tongue = (lang: Lang, name: string) =>
      html`<button lang=${lang} aria-pressed=${office.lang === lang ? 'true' : 'false'} @click=${() => office.setLang(lang)}>${name}</button>`
    return html`<dialog aria-label=${s.menu} @click=${(e: Event) => e.target === this.dialog && this.dialog.close()}>
      <header>
        <h2>${s.menu}</h2>
        <button aria-label=${s.close} @click=${() => this.dialog.close()}>${icon('close', 24)}</button>
      </header>
      ${office.who.name ? html`<p class="who">${s.signedInAs(office.who.name)}</p>` : nothing}
      <div class="far">
        ${this.sections.map(
          (x) => html`<a class="line" href=${hashOf(x.name)} @click=${() => this.dialog.close()}>${icon(x.drawing, 22)}${s[x.name]}${troubled(office, x.name)}</a>`,
        )}
      </div>
      <p class="label" id="l">${s.language}</p>
      <div class="seg" role="group" aria-labelledby="l">${tongue('vi', 'Tiếng Việt')}${tongue('en', 'English')}</div>
      <a class="line" href="../">${icon('play', 22)}${s.viewer}</a>
      <form method="post" action="../auth/logout"><button class="line">${icon('leave', 22)}${s.signOut}</button></form>
    </dialog>`
  }
}
customElements.define('office-menu', OfficeMenu)

declare global {
  interface HTMLElementTagNameMap {
    'office-menu': OfficeMenu
  }
}
