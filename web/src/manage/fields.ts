import { html, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import type { Texts } from '../core/manage/texts'
import { icon } from './icons'

/* The fields of this page's forms. Each says what it wants, and what is wrong with it, to eyes and to screen readers. */

export interface TextField {
  id: string
  label: string
  value: string
  set: (value: string) => void
  hint?: string | undefined
  error?: string | undefined
  /** good news under the field */
  note?: string | undefined
  optional?: boolean
  type?: 'text' | 'number' | 'password' | 'date' | 'time' | 'datetime-local' | 'search'
  mode?: 'text' | 'url' | 'decimal'
  code?: boolean
  placeholder?: string | undefined
  disabled?: boolean
  autocomplete?: string
  left?: () => void
  /** characters, at most */
  most?: number
  /** stands at the right, inside the field */
  tail?: TemplateResult | typeof nothing
}

export function textField(s: Texts, f: TextField): TemplateResult {
  const described = [f.error && `${f.id}-e`, f.note && `${f.id}-n`, f.hint && `${f.id}-h`].filter(Boolean).join(' ')
  return html`<div class="field ${f.error ? 'wrong' : ''}">
    <label for=${f.id}>${f.label}${f.optional ? html` <span class="opt">${s.optional}</span>` : nothing}</label>
    <div class="box ${f.disabled ? 'still' : ''}">
      <input
        id=${f.id}
        class=${f.code ? 'code' : ''}
        type=${f.type ?? 'text'}
        inputmode=${f.mode ?? nothing}
        autocomplete=${f.autocomplete ?? 'off'}
        autocapitalize=${f.code ? 'none' : nothing}
        spellcheck="false"
        maxlength=${f.most ?? nothing}
        placeholder=${f.placeholder ?? nothing}
        aria-invalid=${f.error ? 'true' : 'false'}
        aria-describedby=${described || nothing}
        ?disabled=${f.disabled ?? false}
        .value=${live(f.value)}
        @input=${(e: Event) => f.set((e.target as HTMLInputElement).value)}
        @change=${() => f.left?.()}
      />${f.tail ?? nothing}
    </div>
    ${f.error ? html`<p class="error" id="${f.id}-e">${f.error}</p>` : nothing}
    ${f.note ? html`<p class="good" id="${f.id}-n" role="status">${f.note}</p>` : nothing}
    ${f.hint ? html`<p class="hint" id="${f.id}-h">${f.hint}</p>` : nothing}
  </div>`
}

/** The days as people count them: from Monday. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0]

export interface TextArea {
  id: string
  label: string
  value: string
  set: (value: string) => void
  hint?: string | undefined
  error?: string | undefined
  rows: number
  placeholder?: string
}

/** textArea is a field of several lines, for what programs read. */
export function textArea(f: TextArea): TemplateResult {
  const described = [f.error && `${f.id}-e`, f.hint && `${f.id}-h`].filter(Boolean).join(' ')
  return html`<div class="field ${f.error ? 'wrong' : ''}">
    <label for=${f.id}>${f.label}</label>
    <div class="box">
      <textarea
        id=${f.id}
        class="code"
        rows=${f.rows}
        autocapitalize="none"
        spellcheck="false"
        placeholder=${f.placeholder ?? nothing}
        aria-invalid=${f.error ? 'true' : 'false'}
        aria-describedby=${described || nothing}
        .value=${live(f.value)}
        @input=${(e: Event) => f.set((e.target as HTMLTextAreaElement).value)}
      ></textarea>
    </div>
    ${f.error ? html`<p class="error" id="${f.id}-e">${f.error}</p>` : nothing}
    ${f.hint ? html`<p class="hint" id="${f.id}-h">${f.hint}</p>` : nothing}
  </div>`
}

export interface Choices {
  id: string
  label: string
  kind: 'radio' | 'checkbox'
  options: readonly { value: string; label: string; hint?: string }[]
  chosen: readonly string[]
  set: (chosen: string[]) => void
  error?: string | undefined
  /** side by side, without hints */
  row?: boolean
}

export function choices(c: Choices): TemplateResult {
  const toggle = (value: string) => {
    if (c.kind === 'radio') return c.set([value])
    c.set(c.chosen.includes(value) ? c.chosen.filter((v) => v !== value) : [...c.chosen, value])
  }
  return html`<fieldset class="choices ${c.row ? 'row' : ''} ${c.error ? 'wrong' : ''}" aria-describedby=${c.error ? `${c.id}-e` : nothing}>
    <legend>${c.label}</legend>
    <div class="cards">
      ${c.options.map(
        (o) => html`<label class="card">
          <input
            type=${c.kind}
            name=${c.id}
            value=${o.value}
            .checked=${live(c.chosen.includes(o.value))}
            aria-describedby=${o.hint ? `${c.id}-${o.value}` : nothing}
            @change=${() => toggle(o.value)}
          />
          <span><b>${o.label}</b>${o.hint ? html`<small id="${c.id}-${o.value}">${o.hint}</small>` : nothing}</span>
        </label>`,
      )}
    </div>
    ${c.error ? html`<p class="error" id="${c.id}-e">${c.error}</p>` : nothing}
  </fieldset>`
}

export function tick(id: string, label: string, on: boolean, set: (on: boolean) => void, hint = ''): TemplateResult {
  return html`<label class="card tick">
    <input
      type="checkbox"
      id=${id}
      .checked=${live(on)}
      aria-describedby=${hint ? `${id}-h` : nothing}
      @change=${(e: Event) => set((e.target as HTMLInputElement).checked)}
    />
    <span><b>${label}</b>${hint ? html`<small id="${id}-h">${hint}</small>` : nothing}</span>
  </label>`
}

/** What a whole form has to say. */
export function banner(kind: 'bad' | 'warn' | 'good' | 'plain', text: string | TemplateResult): TemplateResult {
  const drawing = kind === 'good' ? 'check' : kind === 'plain' ? 'info' : 'alert'
  return html`<div class="banner ${kind}" role=${kind === 'bad' ? 'alert' : nothing}>${icon(drawing, 20)}<div>${text}</div></div>`
}

/** findBox is where a list is searched. */
export function findBox(label: string, clear: string, query: string, typed: (text: string) => void): TemplateResult {
  return html`<label class="find">
    ${icon('search', 20)}<input
      type="search"
      autocomplete="off"
      spellcheck="false"
      aria-label=${label}
      placeholder=${label}
      .value=${query}
      @input=${(e: Event) => typed((e.target as HTMLInputElement).value)}
    />${query ? html`<button class="x" aria-label=${clear} @click=${() => typed('')}>${icon('close', 18)}</button>` : nothing}
  </label>`
}
