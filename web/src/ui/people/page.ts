import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit'
import type { Desk } from '../../core/desk'
import { formatClock, textIn } from '../../core/format'
import type { Lang } from '../../core/i18n'
import { Refusal, type AreaHit } from '../../core/people'
import { peopleStrings, type PeopleStrings } from '../../core/people-text'
import { icon } from '../icons'

export type PageName = 'account' | 'ask' | 'mine' | 'answer' | 'emergency' | 'share' | 'case'

/** What was typed so far, of a request or an emergency. It outlives its page, not the tab. */
export interface Draft {
  area: AreaHit | undefined
  camera: string
  ready: number | undefined
  text: string
}

export function emptyDraft(): Draft {
  return { area: undefined, camera: '', ready: undefined, text: '' }
}

/** A page of the people's sheet: what they have in common. */
export abstract class Page extends LitElement {
  static override properties: PropertyDeclarations = {
    desk: { attribute: false },
    language: { attribute: false },
    stamp: { attribute: false },
    draft: { attribute: false },
    query: { attribute: false },
    nameOf: { attribute: false },
    busy: { state: true },
    fault: { state: true },
  }
  declare desk: Desk
  declare language: Lang
  /** changes when the desk does */
  declare stamp: number
  declare draft: Draft
  /** what was searched for before, without success */
  declare query: string
  /** an area's name by its id */
  declare nameOf: (area: string) => string
  declare busy: boolean
  declare fault: string

  constructor() {
    super()
    this.busy = false
    this.fault = ''
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('fault') && this.fault) this.renderRoot.querySelector('.fault')?.scrollIntoView({ block: 'nearest' })
  }

  protected get p(): PeopleStrings {
    return peopleStrings[this.language]
  }

  protected clock(time: string | number | undefined): string {
    return formatClock(typeof time === 'number' ? time : Date.parse(time ?? ''), this.desk.now)
  }

  /**
   * Does one thing at a time, and says what went wrong.
   * @param gone where there is no such thing, or no right to it @returns whether it was done
   */
  protected async act(what: () => Promise<unknown>, otherwise = this.p.failed, gone = this.p.refused): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.fault = ''
    try {
      await what()
      return true
    } catch (e) {
      this.fault = this.wordsOf(e, otherwise, gone)
      return false
    } finally {
      this.busy = false
    }
  }

  private wordsOf(e: unknown, otherwise: string, gone: string): string {
    if (!(e instanceof Refusal)) return otherwise
    if (e.code === 'answered') return this.p.quicker
    // The page knows better than the gateway says what is not there.
    if (e.status === 404) return gone
    return textIn(e.text, this.language) || otherwise
  }

  protected faultLine() {
    return html`<div role="alert">${this.fault ? html`<p class="fault">${this.fault}</p>` : nothing}</div>`
  }

  /** The buttons below, within the thumb's reach: away, and what the page is for. */
  protected bar(main: TemplateResult | typeof nothing = nothing, back: PageName | undefined = undefined) {
    const label = back ? this.p.back : this.p.close
    return html`<div class="bar">
      <button class="away" aria-label=${label} @click=${() => (back ? this.go(back) : this.leave())}>${icon(back ? 'left' : 'close', 24)}</button>
      ${main}
    </div>`
  }

  protected go(page: PageName): void {
    this.dispatchEvent(new CustomEvent('page', { detail: page, bubbles: true, composed: true }))
  }

  protected leave(): void {
    this.dispatchEvent(new CustomEvent('leave', { bubbles: true, composed: true }))
  }
}
