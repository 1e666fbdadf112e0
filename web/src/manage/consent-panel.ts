import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { part } from '../core/manage/api'
import { stateOf, type Consent, type Reason } from '../core/manage/consents'
import { grouped } from '../core/manage/grants'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner, textField } from './fields'
import { formStyle } from './form-style'
import { spansIn } from './grant-words'
import { icon } from './icons'
import { Part } from './part'
import { panelStyle } from './screen-style'
import './consent-form'
import './link-card'

/** One citizen's camera: what its owner agreed to, on paper or by themselves; and the ways to change that on their behalf. */
export class ConsentPanel extends Part {
  static override properties = {
    camera: { attribute: false },
    name: { attribute: false },
    reasons: { attribute: false },
    consent: { state: true },
    state: { state: true },
    trouble: { state: true },
    mode: { state: true },
    link: { state: true },
    document: { state: true },
    wrong: { state: true },
  }
  declare camera: string
  declare name: string
  declare reasons: Reason[]
  declare consent: Consent | undefined
  declare state: 'loading' | 'ready' | 'gone'
  declare trouble: string
  declare mode: 'read' | 'paper' | 'withdraw'
  private version = ''
  /** the owner's link, as long as it is shown */
  declare link: string
  declare document: string
  declare wrong: boolean

  static override styles = [
    base,
    formStyle,
    panelStyle,
    css`
      .acts {
        display: grid;
        gap: 10px;
        margin-top: 24px;
      }
      .acts .soft,
      .acts .go {
        justify-content: flex-start;
        white-space: normal;
        text-align: left;
      }
      @media (min-width: 700px) {
        .acts {
          justify-items: start;
        }
      }
      .group {
        margin-top: 26px;
      }
    `,
  ]

  constructor() {
    super()
    this.state = 'loading'
    this.trouble = ''
    this.mode = 'read'
    this.link = ''
    this.document = ''
    this.wrong = false
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('camera')) return
    this.mode = 'read'
    this.link = this.document = ''
    this.state = 'loading'
    void this.load()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.office.unsaved = undefined
  }

  private async load(): Promise<void> {
    const { camera } = this
    const a = await this.office.api.get<Consent>(`inventory/cameras/${part(camera)}/consent`)
    if (camera !== this.camera) return
    this.consent = a.ok ? a.value : undefined
    this.version = a.ok ? a.etag : ''
    this.trouble = a.ok ? '' : this.office.explain(a.problem)
    this.state = a.ok ? 'ready' : 'gone'
    this.office.unsaved = () => this.isConnected && this.link !== ''
  }

  override render() {
    const { s, mode } = this
    return html`<header class="top">
        ${mode === 'read'
          ? html`<a class="square" aria-label=${s.back} href=${hashOf('households')}>${icon('back', 24)}</a>`
          : html`<button class="square" aria-label=${s.back} @click=${() => this.turn('read')}>${icon('back', 24)}</button>`}
        <h1>${mode === 'paper' ? s.enterPaper : this.name || this.camera}</h1>
      </header>
      ${this.content()}`
  }

  private content() {
    const { s, office, consent: c } = this
    if (this.state === 'loading') return html`<div class="body"><p>${s.loading}…</p></div>`
    if (this.state === 'gone' || !c) return html`<div class="body">${banner('warn', this.trouble)}</div>`
    if (this.mode === 'paper') {
      return html`<consent-form
        .office=${office}
        .camera=${this.camera}
        .old=${c}
        .version=${this.version}
        .reasons=${this.reasons}
        @saved=${() => void this.changed()}
      ></consent-form>`
    }
    return html`<div class="body">
      ${this.link ? this.card(c) : nothing} ${this.standing(c)} ${this.facts(c)}
      ${this.mode === 'withdraw' ? this.withdrawing() : this.acts(c)}
    </div>`
  }

  private turn(mode: 'read' | 'paper' | 'withdraw'): void {
    this.mode = mode
    this.trouble = ''
    this.wrong = false
  }

  /** How it stands, in a sentence that needs no other. */
  private standing(c: Consent) {
    const { s, office } = this
    const state = stateOf(c.state)
    const when = office.time(c.changes_at)
    const more = when && state === 'open' ? ` ${s.closesAt(when)}` : when && state === 'hours' ? ` ${s.opensAt(when)}` : ''
    const kind = state === 'open' ? 'good' : state === 'hours' || state === 'off' ? 'plain' : 'warn'
    return banner(kind, html`<b>${s.consentStates[state]}</b>${s.consentExplained[state]}${more}`)
  }

  private facts(c: Consent) {
    const { s, office } = this
    if (!c.owner) return nothing
    const purposes = (c.purposes ?? []).map((p) => this.reasons.find((r) => r.code === p)?.[office.lang] ?? p)
    const how = c.how === 'link' || c.how === 'paper' ? s.hows[c.how] : ''
    const rows: [string, string | TemplateResult][] = [
      [s.owner, c.owner],
      [s.contact, c.contact ?? ''],
      [s.purposes, purposes.join('; ')],
      [s.consentHours, c.hours ? spansIn(office, grouped(c.hours.spans)) : s.consentHoursAlways],
      [s.when, [office.time(c.from) && s.from(office.time(c.from)), c.until ? s.until(office.time(c.until)) : s.untilWithdrawn.toLowerCase()].filter(Boolean).join(' ')],
      [s.consentHow, [how, c.how === 'paper' ? c.document : ''].filter(Boolean).join(' · ')],
      [s.enteredBy, s.invitedBy(c.by_name ?? '', office.time(c.given))],
    ]
    return html`<dl>
      ${rows.filter(([, v]) => v).map(([k, v]) => html`<div><dt>${k}</dt><dd>${v}</dd></div>`)}
    </dl>`
  }

  private acts(c: Consent) {
    const { s } = this
    const agreed = Boolean(c.owner && c.given) && !c.withdrawn
    return html`<div class="acts">
        <button type="button" class=${agreed ? 'soft' : 'go'} @click=${() => this.turn('paper')}>${icon('pen', 20)}${agreed ? s.changePaper : s.enterPaper}</button>
        <a class="soft" href=${hashOf('cameras', this.camera)}>${icon('camera', 20)}${s.settings}</a>
      </div>
      ${agreed
        ? html`<section class="group">
              <h2>${s.ownerLink}</h2>
              <p class="hint">${s.ownerLinkText}</p>
              <button type="button" class="soft" @click=${this.makeLink}>${icon('link', 20)}${s.makeOwnerLink}</button>
            </section>
            <section class="group">
              <h2>${s.withdraw}</h2>
              <p class="hint">${s.withdrawText}</p>
              <button type="button" class="soft bad" @click=${() => this.turn('withdraw')}>${icon('bin', 20)}${s.withdrawYes}</button>
            </section>`
        : nothing}`
  }

  private card(c: Consent) {
    const { s, office } = this
    return html`<link-card
      .office=${office}
      .url=${this.link}
      .heading=${s.ownerLinkTitle}
      .text=${s.ownerLinkOnce}
      .message=${s.ownerMessage(c.owner ?? '', this.name)}
      @done=${() => (this.link = '')}
    ></link-card>`
  }

  private readonly makeLink = async (): Promise<void> => {
    const { s, office } = this
    if (!(await office.ask({ title: s.ownerLinkAsk, text: s.ownerLinkAskText, yes: s.makeOwnerLink }))) return
    const a = await office.api.call<{ link: string }>(`inventory/cameras/${part(this.camera)}/owner-link`, { method: 'POST', body: {} })
    if (!a.ok) return office.say(office.explain(a.problem))
    this.link = a.value.link
    await this.updateComplete
    this.renderRoot.querySelector('.body')?.scrollTo({ top: 0 })
  }

  private withdrawing() {
    const { s } = this
    return html`<form class="group" novalidate @submit=${this.withdraw}>
      <h2>${s.withdraw}</h2>
      <p class="hint">${s.withdrawText}</p>
      ${textField(s, {
        id: 'wd',
        label: s.withdrawDocument,
        value: this.document,
        hint: s.withdrawDocumentHint,
        error: this.wrong ? s.consentFaults.missing : undefined,
        set: (text) => {
          this.document = text
          this.wrong = false
        },
      })}
      <div class="buttons">
        <button class="go bad">${icon('bin', 20)}${s.withdrawYes}</button>
        <button type="button" class="soft" @click=${() => this.turn('read')}>${s.cancel}</button>
      </div>
    </form>`
  }

  private readonly withdraw = async (e: Event): Promise<void> => {
    e.preventDefault()
    const { s, office } = this
    const document = this.document.trim()
    this.wrong = document === ''
    if (this.wrong) return this.showFault()
    if (!(await office.ask({ title: s.withdrawAsk(this.name || this.camera), text: s.withdrawText, yes: s.withdrawYes, bad: true }))) return
    const a = await office.api.call(`inventory/cameras/${part(this.camera)}/consent`, { method: 'DELETE', body: { document } })
    if (!office.went(a)) return
    office.say(s.withdrawn)
    this.emit('stored')
    location.hash = hashOf('households')
  }

  private async changed(): Promise<void> {
    this.turn('read')
    this.emit('stored')
    await this.load()
  }
}
customElements.define('consent-panel', ConsentPanel)
