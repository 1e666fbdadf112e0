import { html, nothing } from 'lit'
import { part } from '../core/manage/api'
import { invitationState, type Invitation } from '../core/manage/consents'
import { hashOf } from '../core/manage/route'
import { base } from '../ui/shared'
import { banner } from './fields'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { panelStyle } from './screen-style'

/** One invitation, to be read and revoked. Its link is not kept anywhere. */
export class InvitationPanel extends Part {
  static override styles = [base, formStyle, panelStyle]
  static override properties = { invitation: { attribute: false } }
  declare invitation: Invitation | undefined

  override render() {
    const { s, office, invitation: i } = this
    const state = i && invitationState(i, Date.now())
    const rows: [string, string][] = i
      ? [
          [s.inviteArea, i.area_name || office.areaName(i.area)],
          [s.inviteNote, i.note ?? ''],
          [s.invited, s.invitedBy(i.by_name ?? '', office.time(i.made))],
          [s.usableUntil, state === 'used' ? '' : office.time(i.until)],
          [s.agreedAt, office.time(i.used)],
        ]
      : []
    return html`<header class="top">
        <a class="square" aria-label=${s.back} href=${hashOf('invitations')}>${icon('back', 24)}</a>
        <h1>${i ? i.name || s.nameless : '\u00a0'}</h1>
      </header>
      <div class="body">
        ${i && state ? banner(state === 'used' ? 'good' : 'plain', s.invitationStates[state]) : banner('warn', s.gone)}
        <dl>
          ${rows.filter(([, v]) => v).map(([k, v]) => html`<div><dt>${k}</dt><dd>${v}</dd></div>`)}
        </dl>
        ${i?.camera && state === 'used'
          ? html`<div class="buttons"><a class="soft" href=${hashOf('households', i.camera)}>${icon('house', 20)}${s.openConsent}</a></div>`
          : nothing}
      </div>
      ${state === 'open'
        ? html`<div class="foot"><button class="soft bad" type="button" @click=${this.revoke}>${icon('bin', 20)}${s.uninvite}</button></div>`
        : nothing}`
  }

  private readonly revoke = async (): Promise<void> => {
    const { s, office, invitation } = this
    if (!(await office.ask({ title: s.uninviteAsk, text: s.uninviteText, yes: s.uninvite, bad: true }))) return
    const a = await office.api.call(`invitations/${part(invitation!.key)}`, { method: 'DELETE' })
    if (!office.went(a)) return
    office.say(s.uninvited)
    this.emit('stored')
    location.hash = hashOf('invitations')
  }
}
customElements.define('invitation-panel', InvitationPanel)
