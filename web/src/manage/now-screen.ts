import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { part } from '../core/manage/api'
import { REASON, inOrder, peopleIn, type OpenView } from '../core/manage/now'
import { base } from '../ui/shared'
import { textField } from './fields'
import { formStyle } from './form-style'
import { icon, type IconName } from './icons'
import { loading, notLoaded, nothingYet } from './list-parts'
import { longOf, reasonOf } from './log-words'
import { nowStyle } from './now-style'
import { Part } from './part'
import { Poll } from './poll'
import { questionStyle } from './question-style'
import { screenStyle } from './screen-style'

const EVERY_MS = 3_000
const DRAWINGS: Record<string, IconName> = { person: 'users', token: 'key', officer: 'globe', guest: 'link', invited: 'home' }

/** Who watches what at this moment, and the way to end one look. */
export class NowScreen extends Part {
  static override styles = [base, formStyle, screenStyle, questionStyle, nowStyle]
  static override properties = { views: { state: true }, failed: { state: true }, ending: { state: true }, reason: { state: true }, fault: { state: true }, busy: { state: true } }
  /** undefined: not told yet */
  declare views: OpenView[] | undefined
  declare failed: boolean
  /** which is about to be ended */
  declare ending: OpenView | undefined
  declare reason: string
  declare fault: string
  declare busy: boolean
  private run = 0

  constructor() {
    super()
    new Poll(this, EVERY_MS, () => void this.load())
    this.failed = false
    this.reason = ''
    this.fault = ''
    this.busy = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.load()
  }

  private async load(): Promise<void> {
    const run = ++this.run
    const a = await this.office.api.get<{ views: OpenView[] | null }>('views')
    if (run !== this.run) return
    this.failed = !a.ok
    if (a.ok) this.views = inOrder(a.value.views ?? [])
  }

  override render() {
    const { s, views } = this
    return html`<div class="screen alone">
        <section class="list" aria-label=${s.now}>
          <header class="head">
            <div>
              <h1>${s.now}</h1>
              <p>${s.nowText}</p>
            </div>
            <button class="square menu" aria-label=${s.menu} @click=${() => this.emit('menu')}>${icon('more', 24)}</button>
          </header>
          <div class="scroll" tabindex="-1">
            ${views?.length ? html`<p class="lead">${s.nowLead(views.length, peopleIn(views))}</p>` : nothing} ${this.body()}
          </div>
        </section>
      </div>
      ${this.dialog()}`
  }

  private body() {
    const { s, views } = this
    if (!views) return this.failed ? notLoaded(s, () => void this.load()) : loading(s, 3)
    if (views.length === 0) return nothingYet('eye', s.nowLead(0, 0), s.nowEmpty)
    return html`<ul>${repeat(views, (v) => v.id, (v) => this.row(v))}</ul>`
  }

  private row(v: OpenView) {
    const { s, office } = this
    const named = (names: object, key: string | undefined) => (names as Record<string, string>)[key ?? ''] ?? ''
    const kind = v.kind === 'public' ? '' : (named(s.kinds, v.kind) || v.kind)
    const why = [v.reason ? reasonOf(office, v.reason) : '', v.case ?? ''].filter(Boolean).join(' · ')
    const by = v.way === 'officer' ? s.nowBy(v.portal_name || v.portal || '') : named(s.nowKinds, v.way)
    return html`<li class="view">
      <span class="face">${icon(DRAWINGS[v.way] ?? 'users', 20)}</span>
      <div class="who">
        <b>${v.who}</b>
        <small>${[v.number ?? '', by].filter(Boolean).join(' · ')}</small>
        <small>${[v.device ?? '', named(s.nowWheres, v.where)].filter(Boolean).join(' · ')}</small>
      </div>
      <div class="what">
        <b>${v.camera_name}</b>
        <small>${[office.areaName(v.area), kind].filter(Boolean).join(' · ')}</small>
        ${why ? html`<small class="why">${icon('file', 16)}${why}</small>` : nothing}
      </div>
      <div class="how">
        <span class="is"><span class="dot ${v.state === 'opening' ? '' : v.state}"></span>${named(s.nowStates, v.state)}</span>
        <small>${[named(s.nowQualities, v.quality), v.width ? `${v.width}×${v.height}` : ''].filter(Boolean).join(' · ')}</small>
        <small>${s.nowSince(longOf(office, Date.now() - v.since))}</small>
      </div>
      <button class="soft bad" aria-label=${s.nowEndOf(v.who, v.camera_name)} @click=${() => void this.ask(v)}>${s.nowEnd}</button>
    </li>`
  }

  private async ask(v: OpenView): Promise<void> {
    this.ending = v
    this.reason = ''
    this.fault = ''
    await this.updateComplete
    const dialog = this.renderRoot.querySelector('dialog')!
    dialog.showModal()
    dialog.querySelector('input')!.focus()
  }

  private dialog() {
    const { s, ending: v } = this
    return html`<dialog aria-labelledby="t" @close=${() => (this.ending = undefined)}>
      ${v
        ? html`<form novalidate @submit=${this.end}>
            <h2 id="t">${s.nowEndTitle(v.who)}</h2>
            <p class="of">${v.camera_name}</p>
            <p>${s.nowEndText}</p>
            ${textField(s, {
              id: 'reason',
              label: s.nowEndWhy,
              value: this.reason,
              hint: s.nowEndHint,
              error: this.fault || undefined,
              most: REASON.most,
              set: (reason) => {
                this.reason = reason
                this.fault = ''
              },
            })}
            <div class="buttons">
              <button type="button" class="soft" @click=${this.shut}>${s.cancel}</button>
              <button class="go bad" ?disabled=${this.busy}>${s.nowEnd}</button>
            </div>
          </form>`
        : nothing}
    </dialog>`
  }

  private readonly shut = (): void => this.renderRoot.querySelector('dialog')!.close()

  private readonly end = async (e: Event): Promise<void> => {
    e.preventDefault()
    const { s, office, ending: v } = this
    const reason = this.reason.trim()
    if (!v || this.busy) return
    if (reason.length < REASON.least) {
      this.fault = s.nowEndMissing
      return this.showFault()
    }
    this.busy = true
    const a = await office.api.call(`views/${part(v.id)}/end`, { method: 'POST', body: { reason } })
    this.busy = false
    if (a.ok) office.say(s.nowEnded)
    else if (a.problem.status === 404) office.say(s.nowGone)
    else office.say(office.explain(a.problem))
    this.shut()
    await this.load()
  }
}
customElements.define('now-screen', NowScreen)
