import { html, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import type { Answers, InvitedDoc } from '../core/owner/answers'
import { MAKES } from '../core/owner/makes'
import type { Texts } from '../core/owner/texts'
import type { Desk, Reason } from './desk'
import { field, picks, times } from './fields'

type Faults = Record<string, string>

/** Where the camera is, and its account. */
export function askCamera(s: Texts, a: Answers, faults: Faults, shown: boolean, changed: () => void, show: () => void): TemplateResult {
  const { entry } = a
  const set = (part: Partial<typeof entry>) => {
    a.entry = { ...a.entry, ...part }
    changed()
  }
  const make = MAKES.find((m) => m.id === entry.make)
  const hints: Record<string, string> = { ezviz: s.passwordHintEzviz, tapo: s.passwordHintTapo, dahua: s.passwordHintImou }
  const whole = make?.main === ''
  return html`<h1>${s.cameraTitle}</h1>
    <div class="field">
      <label for="make">${s.make}</label>
      <select
        id="make"
        @change=${(e: Event) => {
          const next = MAKES.find((m) => m.id === (e.target as HTMLSelectElement).value)
          set({ make: next?.id ?? '', user: entry.user || (next?.user ?? '') })
        }}
      >
        <option value="" .selected=${entry.make === ''}>…</option>
        ${MAKES.map((m) => html`<option value=${m.id} .selected=${entry.make === m.id}>${m.name || s.otherMake}</option>`)}
      </select>
      ${faults['make'] ? html`<p class="error">${faults['make']}</p>` : nothing}
    </div>
    ${field({
      id: 'host',
      label: whole ? s.whole : s.host,
      value: entry.host,
      plain: true,
      hint: whole ? s.wholeHint : s.hostHint,
      error: faults['host'],
      set: (host) => set({ host }),
    })}
    ${field({ id: 'user', label: s.user, value: entry.user, plain: true, set: (user) => set({ user }) })}
    ${field({
      id: 'password',
      label: s.password,
      value: entry.password,
      type: shown ? 'text' : 'password',
      plain: true,
      autocomplete: 'new-password',
      hint: [hints[entry.make], s.passwordHint].filter(Boolean).join(' '),
      set: (password) => set({ password }),
      tail: html`<button type="button" aria-pressed=${shown ? 'true' : 'false'} @click=${show}>${shown ? s.hide : s.show}</button>`,
    })}`
}

/** What for, when, and for how long. Nothing is chosen beforehand. */
export function askUse(desk: Desk, a: Answers, reasons: readonly Reason[], faults: Faults, changed: () => void): TemplateResult {
  const { s, lang } = desk
  const set = <K extends 'purposes' | 'when' | 'times' | 'until'>(key: K, value: Answers[K]) => {
    a[key] = value
    changed()
  }
  return html`<h1>${s.useTitle}</h1>
    ${picks({
      id: 'purposes',
      label: s.purposes,
      hint: s.purposesHint,
      error: faults['purposes'],
      many: true,
      options: reasons.map((r) => ({ value: r.code, label: r[lang] })),
      chosen: a.purposes,
      set: (v) => set('purposes', v),
    })}
    ${picks({
      id: 'when',
      label: s.when,
      error: faults['when'],
      options: [
        { value: 'always', label: s.always },
        { value: 'some', label: s.some },
      ] as const,
      chosen: a.when ? [a.when] : [],
      set: ([v]) => set('when', v!),
    })}
    ${a.when === 'some' ? html`<div class="field">${times(s, a.times, (t) => set('times', t))}</div>` : nothing}
    ${picks({
      id: 'until',
      label: s.until,
      error: faults['until'],
      options: [
        { value: 'withdrawn', label: s.untilWithdrawn },
        { value: 'year', label: s.untilYear },
      ] as const,
      chosen: a.until ? [a.until] : [],
      set: ([v]) => set('until', v!),
    })}`
}

/** A part of the agreement; what stands before its first full stop behind the number says what it is about. */
function clause(part: string): TemplateResult {
  const m = /^(\d+\. [^.]+\.) (.*)$/s.exec(part)
  return m ? html`<p><b>${m[1]}</b> ${m[2]}</p>` : html`<p><b>${part}</b></p>`
}

/** The text, who agrees, and the box that nobody ticks for them. */
export function askAgreement(desk: Desk, a: Answers, text: InvitedDoc['agreement'], faults: Faults, changed: () => void): TemplateResult {
  const { s, lang } = desk
  const set = (part: Partial<Answers>) => {
    Object.assign(a, part)
    changed()
  }
  return html`<h1>${s.agreeTitle}</h1>
    <div class="paper">${text[lang].trim().split('\n\n').map(clause)}</div>
    ${field({ id: 'name', label: s.cameraName, value: a.name, hint: s.cameraNameHint, error: faults['name'], set: (name) => set({ name }) })}
    ${field({ id: 'owner', label: s.owner, value: a.owner, autocomplete: 'name', error: faults['owner'], set: (owner) => set({ owner }) })}
    ${field({
      id: 'contact',
      label: s.contact,
      value: a.contact,
      type: 'tel',
      autocomplete: 'tel',
      hint: s.contactHint,
      error: faults['contact'],
      set: (contact) => set({ contact }),
    })}
    <label class="pick"
      ><input type="checkbox" id="agreed" .checked=${live(a.agreed)} @change=${(e: Event) => set({ agreed: (e.target as HTMLInputElement).checked })} />${s.agreed}</label
    >
    ${faults['agreed'] ? html`<p class="error">${faults['agreed']}</p>` : nothing}`
}
