import { html } from 'lit'
import { MAX_TEXT, reasonOf } from '../../core/rights'
import type { PeopleStrings } from '../../core/people-text'
import type { Draft } from './page'

/** Why: one of the ready reasons, and words of one's own. */
export function reasonField(p: PeopleStrings, draft: Draft, changed: () => void) {
  const pick = (i: number) => {
    draft.ready = draft.ready === i ? undefined : i
    changed()
  }
  return html`<h3 id="why">${p.why}</h3>
    <div class="chips" role="group" aria-labelledby="why">
      ${p.reasons.map(
        (r, i) => html`<button aria-pressed=${draft.ready === i ? 'true' : 'false'} @click=${() => pick(i)}>${r}</button>`,
      )}
    </div>
    <textarea
      rows="1"
      maxlength=${MAX_TEXT}
      aria-labelledby="why"
      placeholder=${draft.ready === undefined ? p.mustWords : p.inWords}
      .value=${draft.text}
      @input=${(e: Event) => {
        draft.text = (e.target as HTMLTextAreaElement).value
        changed()
      }}
    ></textarea>`
}

export function reasonIn(p: PeopleStrings, draft: Draft): string {
  return reasonOf(draft.ready === undefined ? undefined : p.reasons[draft.ready], draft.text)
}

/** For how long: a few lengths of time beside each other. */
export function spanField(label: string, spans: readonly { seconds: number; text: string }[], chosen: number, pick: (s: number) => void) {
  return html`<h3 id="span">${label}</h3>
    <div class="seg" role="group" aria-labelledby="span">
      ${spans.map(
        ({ seconds, text }) =>
          html`<button aria-pressed=${seconds === chosen ? 'true' : 'false'} @click=${() => pick(seconds)}>${text}</button>`,
      )}
    </div>`
}
