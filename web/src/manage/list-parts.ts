import { html, type TemplateResult } from 'lit'
import type { Texts } from '../core/manage/texts'
import { icon, type IconName } from './icons'

/** What stands in a list's place when it could not be fetched. */
export function notLoaded(s: Texts, again: () => void): TemplateResult {
  return html`<div class="none">
    <p>${s.loadFailed}</p>
    <div class="buttons"><button class="soft" @click=${again}>${s.tryAgain}</button></div>
  </div>`
}

/** What stands there until it comes. */
export function loading(s: Texts, rows = 3): TemplateResult {
  return html`<p class="sr">${s.loading}</p>${Array.from({ length: rows }, () => html`<div class="bone" aria-hidden="true"></div>`)}`
}

/** What stands there when it holds nothing yet. */
export function nothingYet(sign: IconName, title: string, text: string): TemplateResult {
  return html`<div class="none">
    <div class="mark">${icon(sign, 30)}</div>
    <h2>${title}</h2>
    <p>${text}</p>
  </div>`
}
