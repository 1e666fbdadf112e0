import { css, html, nothing, type PropertyValues } from 'lit'
import { part } from '../core/manage/api'
import { snippet, tokenCall, type Portal, type PortalViewer } from '../core/manage/portals'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { icon } from './icons'
import { Part } from './part'
import { Poll } from './poll'
import { thingStyle } from './thing-style'

const EVERY_MS = 10_000

/** What runs by a portal now, with the ways to end it; its secret; and what its developer needs. */
export class PortalLive extends Part {
  static override properties = {
    portal: { attribute: false },
    viewers: { state: true },
    secret: { state: true },
    copied: { state: true },
  }
  declare portal: Portal
  /** undefined: not told yet */
  declare viewers: PortalViewer[] | undefined
  /** as long as it is shown */
  declare secret: string
  declare copied: string

  static override styles = [
    base,
    formStyle,
    thingStyle,
    css`
      :host {
        display: block;
        margin-bottom: 26px;
      }
      .group {
        margin-bottom: 22px;
      }
      .group:first-child {
        border-top: 0;
        padding-top: 0;
      }
      .once {
        padding: 18px;
        border-radius: 18px;
        border: 1.5px solid var(--ac);
        background: var(--acs);
      }
      .once p {
        margin: 4px 0 12px;
        font-size: 14.5px;
        line-height: 1.5;
      }
      .secret {
        padding: 12px 14px;
        overflow-wrap: anywhere;
        user-select: all;
      }
      pre {
        margin: 10px 0 0;
        padding: 14px;
        border-radius: 13px;
        background: var(--s2);
        font-size: 13px !important;
        line-height: 1.5;
        overflow-x: auto;
      }
      h3 {
        margin-top: 14px;
        font-size: 14.5px;
        font-weight: 620;
      }
    `,
  ]

  constructor() {
    super()
    new Poll(this, EVERY_MS, () => void this.load())
    this.secret = ''
    this.copied = ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('portal')) return
    if (changed.get('portal')?.id !== this.portal.id) {
      this.viewers = undefined
      this.secret = ''
    }
    void this.load()
  }

  private get path(): string {
    return `portals/${part(this.portal.id)}`
  }

  private async load(): Promise<void> {
    const { path } = this
    const a = await this.office.api.get<{ viewers: PortalViewer[] | null }>(`${path}/viewers`)
    if (path === this.path && a.ok) this.viewers = a.value.viewers ?? []
  }

  override render() {
    return html`${this.running()} ${this.secrets()} ${this.embed()}`
  }

  private running() {
    const { s, viewers, office } = this
    return html`<section class="group" aria-label=${s.running}>
      <h2>${s.running}</h2>
      ${viewers?.length === 0 ? html`<p class="hint">${s.nobodyRuns}</p>` : nothing}
      <ul>
        ${(viewers ?? []).map((v) => {
          const name = v.name || v.officer
          const what = v.camera || office.areaName(v.area ?? '')
          return html`<li class="thing">
            ${icon('eye', 22)}
            <div>
              <b>${name}</b>
              <small>${[v.name ? v.officer : '', s.runningSince(what, office.time(v.since))].filter(Boolean).join(' · ')}</small>
            </div>
            <button type="button" class="text small bad" aria-label=${s.endOneOf(name)} @click=${() => void this.end(v)}>${s.endOne}</button>
          </li>`
        })}
      </ul>
      <div class="buttons">
        <button type="button" class="soft small bad" @click=${() => void this.end()}>${icon('leave', 19)}${s.endAllPortal}</button>
      </div>
    </section>`
  }

  /** Ends one officer's looking, or everybody's. */
  private async end(v?: PortalViewer): Promise<void> {
    const { s, office, portal } = this
    const name = v ? v.name || v.officer : portal.name
    const sure = await office.ask({
      title: v ? s.endOneAsk(name) : s.endAllAsk(name),
      text: v ? s.endOneText : s.endAllText,
      yes: v ? s.endOne : s.endAllPortal,
      bad: true,
    })
    if (!sure) return
    const a = await office.api.call(`${this.path}/end`, { method: 'POST', body: v ? { officer: v.officer } : {} })
    if (office.went(a)) office.say(s.endedPortal)
    await this.load()
    this.emit('secret') // the portal's version is another
  }

  private secrets() {
    const { s, secret } = this
    if (secret) {
      return html`<section class="group once" aria-label=${s.secretTitle}>
        <h2>${s.secretTitle}</h2>
        <p>${s.secretOnce}</p>
        <div class="box"><span class="secret code">${secret}</span></div>
        <div class="buttons">
          ${this.copying('secret', secret, s.secretCopy, 'go')}
          <button type="button" class="soft" @click=${() => (this.secret = '')}>${s.secretDone}</button>
        </div>
      </section>`
    }
    return html`<section class="group">
      <h2>${s.portalSecret}</h2>
      <p class="hint">${this.portal.has_secret ? s.portalSecretSet : s.portalSecretText}</p>
      <button type="button" class="soft small" @click=${this.makeSecret}>${icon('key', 19)}${s.makeSecret}</button>
    </section>`
  }

  private readonly makeSecret = async (): Promise<void> => {
    const { s, office } = this
    if (this.portal.has_secret && !(await office.ask({ title: s.makeSecretAsk, text: s.portalSecretSet, yes: s.makeSecret, bad: true }))) return
    const a = await office.api.call<{ secret: string }>(`${this.path}/secret`, { method: 'POST', body: {} })
    if (!a.ok) return office.say(office.explain(a.problem))
    this.secret = a.value.secret
    this.copied = ''
    this.emit('secret')
    await this.updateComplete
    this.renderRoot.querySelector('.once')?.scrollIntoView({ block: 'center' })
  }

  private embed() {
    const { s, portal } = this
    const camera = portal.cameras?.[0] ?? 'CAMERA'
    const gateway = portal.audience ?? location.origin
    const page = snippet(gateway, portal.id, camera)
    const call = tokenCall(gateway, portal.origins?.[0] ?? 'https://', camera)
    return html`<details>
      <summary>${s.embed}${icon('down', 20)}</summary>
      <p class="hint">${s.embedText}</p>
      <h3>${s.embedPage}</h3>
      <pre class="code" tabindex="0">${page}</pre>
      <div class="buttons">${this.copying('page', page, s.copySnippet, 'soft small')}</div>
      ${portal.has_secret
        ? html`<h3>${s.embedServer}</h3>
            <pre class="code" tabindex="0">${call}</pre>
            <div class="buttons">${this.copying('call', call, s.copySnippet, 'soft small')}</div>`
        : nothing}
      <br />
    </details>`
  }

  private copying(what: string, text: string, label: string, style: string) {
    const done = this.copied === what
    return html`<button type="button" class=${style} @click=${() => void this.copy(what, text)}>
      ${icon(done ? 'check' : 'copy', 19)}${done ? this.s.copied : label}
    </button>`
  }

  private async copy(what: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      this.copied = what
    } catch {
      // Where the clipboard is closed to the page, the text is there to be marked.
    }
  }
}
customElements.define('portal-live', PortalLive)

declare global {
  interface HTMLElementTagNameMap {
    'portal-live': PortalLive
  }
}
