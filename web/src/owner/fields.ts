import { html, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import type { Texts } from '../core/owner/texts'
import { timesOffered, WEEK, type Times } from '../core/owner/week'

export interface Field {
  id: string
  label: string
  value: string
  set: (value: string) => void
  hint?: string | undefined
  error?: string | undefined
  type?: 'text' | 'password' | 'tel'
  /** an address or a name that is no word: no capital, no correction */
  plain?: boolean
  autocomplete?: string
  tail?: TemplateResult
}

export function field(f: Field): TemplateResult {
  const described = [f.error && `${f.id}-e`, f.hint && `${f.id}-h`].filter(Boolean).join(' ')
  const input = html`<input
    id=${f.id}
    type=${f.type ?? 'text'}
    autocomplete=${f.autocomplete ?? 'off'}
    autocapitalize=${f.plain ? 'none' : nothing}
    spellcheck="false"
    aria-invalid=${f.error ? 'true' : 'false'}
    aria-describedby=${described || nothing}
    .value=${live(f.value)}
    @input=${(e: Event) => f.set((e.target as HTMLInputElement).value)}
  />`
  return html`<div class="field">
    <label for=${f.id}>${f.label}</label>
    ${f.tail ? html`<div class="with">${input}${f.tail}</div>` : input}
    ${f.error ? html`<p class="error" id="${f.id}-e">${f.error}</p>` : nothing}
    ${f.hint ? html`<p class="hint" id="${f.id}-h">${f.hint}</p>` : nothing}
  </div>`
}

export interface Picks<T extends string> {
  id: string
  label: string
  hint?: string
  error?: string | undefined
  options: readonly { value: T; label: string }[]
  chosen: readonly T[]
  many?: boolean
  set: (chosen: T[]) => void
}

/** One of some, or any of them: each a line as wide as the screen. */
export function picks<T extends string>(p: Picks<T>): TemplateResult {
  const toggled = (value: T, on: boolean) => p.set(p.many ? p.options.map((o) => o.value).filter((v) => (v === value ? on : p.chosen.includes(v))) : [value])
  return html`<fieldset id=${p.id}>
    <legend>${p.label}</legend>
    ${p.hint ? html`<p class="hint">${p.hint}</p>` : nothing}
    ${p.options.map(
      (o) => html`<label class="pick"
        ><input
          type=${p.many ? 'checkbox' : 'radio'}
          name=${p.id}
          .checked=${live(p.chosen.includes(o.value))}
          @change=${(e: Event) => toggled(o.value, (e.target as HTMLInputElement).checked)}
        />${o.label}</label
      >`,
    )}
    ${p.error ? html`<p class="error">${p.error}</p>` : nothing}
  </fieldset>`
}

/** A list, as a browser's own field for a time shows another clock on every phone. */
function time(s: Texts, id: string, label: string, value: string, set: (value: string) => void): TemplateResult {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <select id=${id} @change=${(e: Event) => set((e.target as HTMLSelectElement).value)}>
      <option value="" .selected=${value === ''}>${s.choose}</option>
      ${timesOffered(value).map((at) => html`<option value=${at} .selected=${at === value}>${at}</option>`)}
    </select>
  </div>`
}

export function times(s: Texts, t: Times, set: (t: Times) => void): TemplateResult {
  const day = (d: number, on: boolean) => set({ ...t, days: WEEK.filter((x) => (x === d ? on : t.days.includes(x))) })
  return html`<div class="days">
      ${WEEK.map(
        (d) => html`<label
          ><input type="checkbox" aria-label=${s.days[d]!} .checked=${live(t.days.includes(d))} @change=${(e: Event) => day(d, (e.target as HTMLInputElement).checked)} />${s.shortDays[d]}</label
        >`,
      )}
    </div>
    <div class="span">
      ${time(s, 'from', s.from, t.from, (from) => set({ ...t, from }))} ${time(s, 'to', s.to, t.to, (to) => set({ ...t, to }))}
    </div>`
}
