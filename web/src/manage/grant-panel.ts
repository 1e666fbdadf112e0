import { html, nothing } from 'lit'
import { part } from '../core/manage/api'
import type { Grant } from '../core/manage/grants'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner } from './fields'
import { formStyle } from './form-style'
import { actionsOf, hoursOf, placesOf, standing, whenOf, whoOf } from './grant-words'
import { icon } from './icons'
import { Part } from './part'
import { panelStyle } from './screen-style'

/** One grant, to be read and revoked. */
export class GrantPanel extends Part {
  static override styles = [base, formStyle, panelStyle]
  static override properties = { grant: { attribute: false } }
  declare grant: Grant | undefined

  override render() {
    const { s, office, grant: g } = this
    const kinds = (g?.kinds ?? []).map((k) => (s.kinds as Record<string, string>)[k] ?? k).join(', ')
    const rows: [string, string][] = g
      ? [
          [s.what, actionsOf(office, g)],
          [s.where, placesOf(office, g)],
          [s.kind, kinds],
          [s.when, [whenOf(office, g), hoursOf(office, g)].filter(Boolean).join(' · ')],
          [s.reason, g.reason ?? ''],
          ['', g.by ? s.givenBy(g.by_name || office.personName(g.by) || g.by, office.time(g.given)) : ''],
        ]
      : []
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('grants')}>${icon('back', 24)}</a>
        <h1>${g ? whoOf(office, g) : '\u00a0'}</h1>
      </header>
      <div class="body">
        ${g ? nothing : banner('warn', s.gone)}
        ${g && (g.emergency || g.request) ? banner('plain', g.emergency ? s.emergency : s.requested) : nothing}
        ${g && standing(g, Date.now()) !== 'inForce' ? banner('plain', s[standing(g, Date.now()) as 'ended' | 'notBegun']) : nothing}
        <dl>
          ${rows.filter(([, v]) => v).map(([k, v]) => html`<div><dt>${k || s.given}</dt><dd>${v}</dd></div>`)}
        </dl>
      </div>
      ${g && standing(g, Date.now()) !== 'ended'
        ? html`<div class="foot"><button class="soft bad" type="button" @click=${this.revoke}>${icon('bin', 20)}${s.revoke}</button></div>`
        : nothing}`
  }

  private readonly revoke = async (): Promise<void> => {
    const { s, office, grant } = this
    if (!(await office.ask({ title: s.revokeAsk, text: s.revokeText, yes: s.revoke, bad: true }))) return
    const a = await office.api.call(`grants/${part(grant!.key)}`, { method: 'DELETE' })
    if (!office.went(a)) return
    office.say(s.revoked)
    this.emit('stored')
    location.hash = hashOf('grants')
  }
}
customElements.define('grant-panel', GrantPanel)
