import { css, html, type TemplateResult } from 'lit'
import { hashOf } from '../core/manage/route'
import type { Texts } from '../core/manage/texts'

/** The two halves of the households' section. */
export function householdTabs(s: Texts, at: 'households' | 'invitations'): TemplateResult {
  const tab = (name: 'households' | 'invitations', text: string) =>
    html`<a href=${hashOf(name)} aria-current=${at === name ? 'page' : 'false'}>${text}</a>`
  return html`<div class="tabs" role="navigation" aria-label=${s.householdTabs}>${tab('households', s.cameras)}${tab('invitations', s.invitations)}</div>`
}

export const tabsStyle = css`
  .tabs {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 1fr;
    margin: 4px 16px 10px;
    padding: 3px;
    border-radius: 13px;
    background: var(--s2);
  }
  .tabs a {
    display: grid;
    place-items: center;
    min-height: 48px;
    border-radius: 11px;
    font-size: 14.5px;
    font-weight: 620;
    text-decoration: none;
    color: var(--t2);
  }
  .tabs [aria-current='page'] {
    background: var(--s1);
    color: var(--tx);
  }
  @media (min-width: 700px) {
    .tabs {
      margin: 4px 24px 12px;
    }
  }
`
