import { css, html, nothing, type PropertyValues } from 'lit'
import type { Camera } from '../../core/cameras'
import { count } from '../../core/list-text'
import { Openness, pathTo, treeOf, type Branch } from '../../core/tree'
import { icon } from '../icons'
import { keep } from '../keep'
import { ListPart } from './list-part'

/** An area's cameras that are drawn before somebody asks for the rest. */
const FIRST = 60
/** Deeper than this nothing is moved further to the right: names need the room. */
const DEEPEST = 4

/** The areas, of any depth, and the cameras in those that are open. */
export class AreaTree extends ListPart {
  static override properties = { ...ListPart.properties, whole: { state: true } }
  /** areas whose every camera is drawn */
  declare whole: ReadonlySet<string>

  static override styles = [
    ...ListPart.styles,
    css`
      h2 {
        position: sticky;
        top: 0;
        z-index: 1;
        padding: 0 4px;
        background: var(--s1);
      }
      .area {
        flex: 1;
        min-width: 0;
        min-height: 48px;
        display: grid;
        grid-template-columns: 24px minmax(0, 1fr) auto;
        align-items: center;
        gap: 6px;
        padding: 4px 10px 4px 6px;
        border-radius: 12px;
        text-align: left;
      }
      .area > svg {
        justify-self: center;
        color: var(--t2);
        transition: transform 0.15s;
      }
      .area[aria-expanded='true'] > svg {
        transform: rotate(90deg);
      }
      .area:active {
        background: var(--s2);
      }
      .area b {
        color: var(--tx);
        overflow-wrap: anywhere;
      }
      .area span {
        text-align: right;
      }
      .area em {
        display: block;
        color: var(--bad);
        font-size: 12.5px;
        font-style: normal;
      }
      .d1 .area {
        padding-left: 22px;
      }
      .d2 .area {
        padding-left: 38px;
      }
      .d3 .area {
        padding-left: 54px;
      }
      .d4 .area {
        padding-left: 70px;
      }
      .rest {
        display: block;
        margin: 8px auto 12px;
      }
    `,
  ]

  private roots: Branch[] = []
  private path: string[] = []
  private readonly openness = new Openness(keep.get('open'))

  constructor() {
    super()
    this.whole = new Set()
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { directory: d, current } = this.listed
    if (this.differs(changed, 'directory')) this.roots = treeOf(d)
    if (this.differs(changed, 'directory', 'current')) this.path = pathTo(this.roots, d.get(current)?.area ?? '')
  }

  override render() {
    const [only] = this.roots
    if (only && this.roots.length === 1 && only.branches.length === 0) return this.cameras(only, true)
    return this.roots.map((b) => this.branch(b, 0))
  }

  private branch(b: Branch, depth: number): unknown {
    const { language: lang, directory } = this.listed
    const open = this.openness.isOpen(b, this.path, directory.cameras.length)
    return html`<section class="d${Math.min(depth, DEEPEST)}">
      <h2>
        <button class="area" aria-expanded=${open ? 'true' : 'false'} @click=${() => this.toggle(b, !open)}>
          ${icon('right', 18, 2.2)}<b>${b.name}</b>
          <span>${count(b.count, lang)}${b.off > 0 ? html`<em>${this.l.off(count(b.off, lang))}</em>` : nothing}</span>
        </button>
      </h2>
      ${open ? html`${b.branches.map((x) => this.branch(x, depth + 1))}${this.cameras(b, false)}` : nothing}
    </section>`
  }

  private cameras(b: Branch, alone: boolean) {
    const list = this.whole.has(b.id) ? b.cameras : b.cameras.slice(0, FIRST)
    const rest = b.cameras.length - list.length
    if (list.length === 0) return nothing
    const line = (c: Camera) => (alone ? b.name : c.id)
    return html`<ul>
        ${list.map((c) => this.row(c, { line: line(c), star: true }))}
      </ul>
      ${rest > 0
        ? html`<button class="soft rest" @click=${() => (this.whole = new Set([...this.whole, b.id]))}>
            ${this.l.rest(count(rest, this.listed.language))}
          </button>`
        : nothing}`
  }

  private toggle(b: Branch, open: boolean): void {
    this.openness.set(b.id, open)
    keep.set('open', this.openness.text())
    this.requestUpdate()
  }
}
customElements.define('area-tree', AreaTree)
