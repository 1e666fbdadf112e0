import { css, html, nothing, type PropertyValues } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Camera } from '../../core/cameras'
import { formatAgo } from '../../core/format'
import { count } from '../../core/list-text'
import { Around, LISTED, placeOf, type Near } from '../../core/near'
import { formatWay, nearStrings } from '../../core/near-text'
import type { Here } from '../position'
import { ListPart } from './list-part'
import { ROUGH, way } from './way'

/** After a finger or a wheel has moved the list, rows stay where they are for so long, ms. */
const HOLD_MS = 1500
/** and under a finger that stays, no longer than this: its end may never be told */
const DOWN_MS = 10_000

/** The cameras around the device, the nearest first; while it moves, those ahead before the others. Fires among with their ids. */
export class NearList extends ListPart {
  static override styles = [
    ...ListPart.styles,
    css`
      .told {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 10px;
        padding: 4px 14px;
        color: var(--t2);
        font-size: 13px;
      }
      .told p {
        padding: 5px 0;
      }
      .poor {
        color: var(--warn);
      }
      .none .soft {
        display: block;
        margin: 16px auto 0;
      }
      ul + h2 {
        margin-top: 4px;
      }
    `,
  ]

  private readonly around = new Around()
  /** what the list is scrolled in */
  private root: Node | undefined
  private held = false
  /** the position that the rows are of */
  private seenFrom: Here | undefined
  /** rows stand where they do because they are held */
  private late = false
  /** nobody has said where they are: an officer looks for them all the same */
  private unplaced: readonly Camera[] = []
  private release: number | undefined
  private told = ''

  private get t() {
    return nearStrings[this.listed.language]
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.root = this.getRootNode()
    this.root.addEventListener('scroll', this.hold, { capture: true, passive: true })
    for (const type of ['pointerdown', 'pointerup', 'pointercancel']) window.addEventListener(type, this.hold)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.root?.removeEventListener('scroll', this.hold, { capture: true })
    for (const type of ['pointerdown', 'pointerup', 'pointercancel']) window.removeEventListener(type, this.hold)
    clearTimeout(this.release)
    this.held = false
  }

  /** Somebody is about to tap. */
  private readonly hold = (e: Event): void => {
    const down = e.type === 'pointerdown'
    if (down ? !e.composedPath().includes(this) : e.type !== 'scroll' && !this.held) return
    this.held = true
    clearTimeout(this.release)
    this.release = window.setTimeout(
      () => {
        this.held = false
        this.requestUpdate()
      },
      down ? DOWN_MS : HOLD_MS,
    )
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { directory, where } = this.listed
    const listed = this.differs(changed, 'directory')
    if (listed) this.unplaced = directory.cameras.filter((c) => !placeOf(c))
    const { here, going } = where ?? {}
    // A new still alone moves nobody.
    if (!here || !going || (!listed && here === this.seenFrom && !this.late)) return
    this.seenFrom = here
    // A row that has the keyboard's focus would lose it on its way.
    const focused = this.renderRoot instanceof ShadowRoot && this.renderRoot.activeElement?.matches(':focus-visible')
    this.late = this.held || focused === true
    this.around.update(directory.cameras, here, going, this.late)
  }

  override render() {
    const { t } = this
    const here = this.listed.where?.here
    if (!here) return this.waiting()
    const { list } = this.around
    if (list.length === 0) return html`<p class="none">${t.noPlaces}</p>${this.others()}`
    const ahead = list.filter((n) => n.ahead)
    const rest = list.filter((n) => !n.ahead)
    return html`${this.status(here)}
      ${ahead.length > 0 ? html`<h2>${t.ahead}</h2>${this.rows(ahead, here)}` : nothing}
      ${ahead.length > 0 && rest.length > 0 ? html`<h2>${t.around}</h2>` : nothing}
      ${rest.length > 0 ? this.rows(rest, here) : nothing}
      ${this.end()}`
  }

  private rows(list: readonly Near[], here: Here) {
    const d = this.listed.directory
    return html`<ul>
      ${repeat(
        list,
        (n) => n.camera.id,
        (n) => this.row(n.camera, { line: d.areaName(n.camera.area), tail: way(n.distance, n.bearing, here, this.listed.language) }),
      )}
    </ul>`
  }

  /** How good the position is, where it is not good; and an iPhone's compass, which wants a tap. */
  private status(here: Here) {
    const { t } = this
    const { where, language: lang } = this.listed
    const lost = where?.trouble === 'noFix'
    const words = lost ? t.old(formatAgo(Date.now() - here.at, lang)) : here.accuracy > ROUGH ? t.sure(formatWay(here.accuracy, lang)) : ''
    const ask = where?.compass === 'ask' && here.heading === undefined
    return html`<div class="told" ?hidden=${!words && !ask}>
      <p class="poor" role="status">${words}</p>
      ${ask ? html`<button class="soft" @click=${() => void where?.askCompass()}>${t.compass}</button>` : nothing}
    </div>`
  }

  private waiting() {
    const { t } = this
    const { where } = this.listed
    const say = (title: string, why: string, more: unknown = nothing) =>
      html`<div class="none" role="status"><b>${title}</b>${why}${more}</div>`
    const again = html`<button class="soft" @click=${() => where?.again()}>${t.again}</button>`
    switch (where?.trouble) {
      case 'refused':
        return say(t.refused, this.howTo(), again)
      case 'noFix':
        return say(t.noFix, t.noFixWhy)
      case 'unsupported':
        return say(t.unsupported, t.unsupportedWhy)
    }
    return where?.asking ? say(t.asking, t.askingWhy) : say(t.locating, t.locatingWhy)
  }

  private howTo(): string {
    const { userAgent, maxTouchPoints } = navigator
    // A tablet of Apple's says that it is a desktop.
    if (/iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)) return this.t.refusedApple
    return /Android/.test(userAgent) || maxTouchPoints > 0 ? this.t.refusedAndroid : this.t.refusedDesk
  }

  private end() {
    const { unplaced } = this
    if (this.listed.directory.cameras.length - unplaced.length > LISTED) return html`<p class="end">${this.t.farther(count(LISTED, this.listed.language))}</p>`
    return unplaced.length > 0 ? html`<p class="end">${this.t.unplaced(count(unplaced.length, this.listed.language))}</p>${this.others()}` : nothing
  }

  /** What has no place has no order but the list's. */
  private others() {
    const d = this.listed.directory
    return html`<ul>${repeat(this.unplaced.slice(0, LISTED), (c) => c.id, (c) => this.row(c, { line: d.areaName(c.area) }))}</ul>`
  }

  /** The first order is told at once, so that swiping goes the same way; later ones when somebody chooses. */
  protected override updated(changed: PropertyValues): void {
    super.updated(changed)
    if (this.told || this.around.list.length === 0) return
    this.tell()
  }

  protected override emit(type: string, detail: unknown): void {
    if (type === 'pick') this.tell()
    super.emit(type, detail)
  }

  private tell(): void {
    const ids = this.around.list.map((n) => n.camera.id)
    if (ids.join() === this.told) return
    this.told = ids.join()
    super.emit('among', ids)
  }
}
customElements.define('near-list', NearList)
