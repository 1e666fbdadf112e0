import { html, nothing, type TemplateResult } from 'lit'
import type { Texts } from '../core/manage/texts'
import { icon } from './icons'

/** What somebody else has stored meanwhile; `now` is undefined where they removed it. */
export interface Conflict<T> {
  now: T | undefined
  version: string
}

/** Shows what differs, and two ways out. */
export function conflictBox<T>(
  s: Texts,
  c: Conflict<T>,
  rows: readonly { label: string; was: string; is: string }[],
  ways: { theirs: () => void; mine: () => void },
): TemplateResult {
  return html`<div class="banner warn conflict" role="alert">
    ${icon('alert', 20)}
    <div>
      <b>${c.now ? s.conflict : s.conflictGone}</b>
      ${c.now ? html`<p>${s.conflictText}</p>` : nothing}
      <ul>
        ${rows.map((r) => html`<li><b>${r.label}</b> ${s.conflictOld}: ${r.was}<br />${s.conflictNow}: ${r.is}</li>`)}
      </ul>
      <div class="buttons">
        ${c.now ? html`<button type="button" class="soft small" @click=${ways.theirs}>${s.takeTheirs}</button>` : nothing}
        <button type="button" class="soft small" @click=${ways.mine}>${s.keepMine}</button>
      </div>
    </div>
  </div>`
}
