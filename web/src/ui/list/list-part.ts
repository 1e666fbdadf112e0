import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { Camera, Directory } from '../../core/cameras'
import { closedWords, shownUnasked } from '../../core/household'
import { formatClock } from '../../core/format'
import type { Lang, Strings } from '../../core/i18n'
import { listStrings } from '../../core/list-text'
import type { Position } from '../position'
import { icon } from '../icons'
import { base } from '../shared'
import type { Stills } from '../stills'
import '../camera-still'
import { rowStyle } from './row-style'

/** What a row says beside the camera's name and state. */
export interface RowExtras {
  /** the second line, where the camera's state needs none */
  line: string
  /** at the end of what is tapped: how far, and where to */
  tail?: TemplateResult | typeof nothing
  /** whether a star stands beside it */
  star?: boolean
}

/** What a list is made of. Another one comes with each change, be it of a still only. */
export interface Listed {
  directory: Directory
  favourites: readonly string[]
  current: string
  stills: Stills
  s: Strings
  language: Lang
  where: Position | undefined
}

/** A list of cameras, each with a still that is fetched while its row is on the screen. Fires pick and star with a camera's id. */
export abstract class ListPart extends LitElement {
  static override properties = { listed: { attribute: false } }
  declare listed: Listed

  static override styles = [base, rowStyle]

  private readonly watched = new Set<Element>()
  /** of those, which are on the screen */
  private readonly seen = new Set<Element>()
  private readonly sight = new IntersectionObserver((entries) => this.sighted(entries))

  /** texts that all lists share */
  protected get l() {
    return listStrings[this.listed.language]
  }

  /** Whether one of these is another than before. */
  protected differs(changed: PropertyValues, ...keys: (keyof Listed)[]): boolean {
    const before = changed.get('listed') as Listed | undefined
    return changed.has('listed') && keys.some((k) => before?.[k] !== this.listed[k])
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.sight.disconnect()
    this.watched.clear()
    this.seen.clear()
    this.listed.stills.want('list', [])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.requestUpdate()
  }

  protected override updated(_: PropertyValues): void {
    const rows = new Set(this.renderRoot.querySelectorAll('li[data-camera]'))
    for (const row of rows) {
      if (this.watched.has(row)) continue
      this.watched.add(row)
      this.sight.observe(row)
    }
    let gone = false
    for (const row of this.watched) {
      if (rows.has(row)) continue
      this.watched.delete(row)
      this.seen.delete(row)
      this.sight.unobserve(row)
      gone = true
    }
    if (gone) this.sighted([])
  }

  /** Asks for the stills of the rows that are on the screen, from the top. */
  private sighted(entries: IntersectionObserverEntry[]): void {
    for (const e of entries) {
      if (e.isIntersecting) this.seen.add(e.target)
      else this.seen.delete(e.target)
    }
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>('li[data-camera]')].filter((row) => this.seen.has(row))
    this.listed.stills.want('list', rows.map((row) => row.dataset['camera']!).filter((id) => shownUnasked(this.listed.directory.get(id))))
  }

  protected row(c: Camera, { line, tail = nothing, star = false }: RowExtras) {
    const { s } = this.listed
    const now = Date.now()
    // What its owner has closed is not lost.
    const shut = closedWords(c, s, now)
    const off = !shut && c.state === 'offline'
    const cur = c.id === this.listed.current
    return html`<li class="${cur ? 'cur' : ''} ${off ? 'off' : shut ? 'shut' : ''}" data-camera=${c.id}>
      <button class="row" aria-current=${cur ? 'true' : 'false'} @click=${() => this.emit('pick', c.id)}>
        <camera-still .still=${this.listed.stills.look(c.id)} ?off=${off}></camera-still>
        <span class="name"><b>${c.name}</b><small>${this.house(c)}${shut || this.state(c, off, now) || line}</small></span>
        ${tail}
      </button>
      ${star ? this.star(c) : nothing}
    </li>`
  }

  private state(c: Camera, off: boolean, now: number): string {
    const { s } = this.listed
    if (off) return c.since ? this.l.lostSince(formatClock(c.since, now)) : this.l.lost
    if (c.needs_case) return s.caseNeeded
    return c.id === this.listed.current ? s.watching : ''
  }

  private star(c: Camera) {
    const { s } = this.listed
    const on = this.listed.favourites.includes(c.id)
    return html`<button
      class="star"
      aria-pressed=${on ? 'true' : 'false'}
      aria-label="${on ? s.removeFavourite : s.addFavourite}: ${c.name}"
      @click=${() => this.emit('star', c.id)}
    >
      ${icon('star', 20)}
    </button>`
  }

  private house(c: Camera) {
    return c.kind === 'household' ? html`<i>${icon('house', 14, 2.2)}${this.l.household}</i>` : nothing
  }

  protected emit(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }
}
