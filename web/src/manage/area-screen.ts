import { css, html, nothing } from 'lit'
import { fold } from '../core/fold'
import { hashOf, type Route } from '../core/manage/route'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { findBox } from './fields'
import { icon } from './icons'
import { notLoaded, nothingYet } from './list-parts'
import { Part } from './part'
import { screenStyle } from './screen-style'
import './area-panel'

/** Trees up to this size are open at first. */
const SMALL = 60
/** Deeper levels are not indented further: a phone is narrow. */
const INDENTED = 6

/** The tree of areas, and one of them open. */
export class AreaScreen extends Part {
  static override styles = [
    base,
    formStyle,
    screenStyle,
    css`
      .node {
        display: grid;
        grid-template-columns: 48px minmax(0, 1fr);
        align-items: center;
        padding-left: calc(var(--depth, 0) * 18px);
        border-radius: 14px;
      }
      .d1 { --depth: 1; }
      .d2 { --depth: 2; }
      .d3 { --depth: 3; }
      .d4 { --depth: 4; }
      .d5 { --depth: 5; }
      .d6 { --depth: 6; }
      li + li .node .item {
        border-top: 0;
      }
      .node .item {
        grid-template-columns: minmax(0, 1fr) auto;
        margin: 0;
        width: 100%;
        min-height: 56px;
        padding: 7px 12px 7px 4px;
      }
      .twist {
        width: 48px;
        height: 48px;
        display: grid;
        place-items: center;
        border-radius: 12px;
        color: var(--t2);
      }
      .twist svg {
        transition: transform 0.15s;
      }
      .twist[aria-expanded='false'] svg {
        transform: rotate(-90deg);
      }
      .twig {
        width: 7px;
        height: 7px;
        border-radius: 50%;
        background: var(--s3);
        margin: auto;
      }
      .node .item > svg {
        color: var(--t3);
      }
      .other b {
        color: var(--t2);
      }
    `,
  ]
  static override properties = { route: { attribute: false }, query: { state: true }, shut: { state: true } }
  declare route: Route
  declare query: string
  /** areas whose inside is not shown; undefined: nobody has touched any yet */
  declare shut: ReadonlySet<string> | undefined

  constructor() {
    super()
    this.query = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.office.loadAreas()
  }

  override render() {
    const { s, office, route } = this
    const n = office.areas.all.filter(office.mine).length
    return html`<div class="screen ${route.id ? 'open' : ''}">
      <section class="list" aria-label=${s.areas}>
        <header class="head">
          <div>
            <h1>${s.areas}</h1>
            <p>${s.areaCount(String(n))}</p>
          </div>
          <a class="go small" href=${hashOf('areas', '+')}>${icon('plus', 20)}${s.addArea}</a>
          <button class="square menu" aria-label=${s.menu} @click=${() => this.emit('menu')}>${icon('more', 24)}</button>
        </header>
        ${office.areas.all.length > 8 ? this.tools() : nothing}
        <div class="scroll" tabindex="-1">${this.body()}</div>
        <div class="bar add"><a class="go" href=${hashOf('areas', '+')}>${icon('plus', 20)}${s.addArea}</a></div>
      </section>
      <section class="detail" aria-label=${route.id === '+' ? s.newArea : s.editArea}>
        ${route.id
          ? html`<area-panel .office=${office} .area=${route.id} .startParent=${route.from}></area-panel>`
          : html`<div class="none"><div class="mark">${icon('tree', 30)}</div><p>${s.chooseAnArea}</p></div>`}
      </section>
    </div>`
  }

  private tools() {
    const { s } = this
    return html`<div class="tools">
      ${findBox(s.searchArea, s.clear, this.query, (text) => (this.query = text))}
    </div>`
  }

  private body() {
    const { s, office } = this
    if (office.areasKnown === false) {
      return notLoaded(s, () => void office.loadAreas())
    }
    if (office.areas.all.length === 0) {
      return nothingYet('tree', s.noAreas, s.noAreasText)
    }
    if (fold(this.query)) {
      const found = office.areas.search(this.query, () => true, 100)
      if (found.length === 0) return html`<div class="none"><p>${s.noAreaFound}</p></div>`
      return html`<ul>${found.map((a) => this.node(a.id, 0, true))}</ul>`
    }
    return html`<ul>${this.visible().map((n) => this.node(n.area.id, n.depth, n.leaf))}</ul>`
  }

  private isShut(id: string, depth: number): boolean {
    if (this.shut) return this.shut.has(id)
    return this.office.areas.all.length > SMALL && depth > 0
  }

  /** Those whose parents are all open. */
  private visible() {
    const hidden = new Set<string>()
    return this.office.areas.ordered.filter(({ area, depth }) => {
      const parent = area.parent ?? ''
      if (hidden.has(parent) || (parent && this.office.areas.get(parent) && this.isShut(parent, depth - 1))) {
        hidden.add(area.id)
        return false
      }
      return true
    })
  }

  private node(id: string, depth: number, leaf: boolean) {
    const { s, office, route } = this
    const a = office.areas.get(id)!
    const shut = !leaf && this.isShut(id, depth)
    const code = a.codes?.find((c) => !c.until || Date.parse(c.until) > Date.now())?.code
    const line = [a.level, code, this.query ? office.areas.pathName(id) : ''].filter(Boolean).join(' · ')
    return html`<li class=${route.id === id ? 'cur' : ''}>
      <div class="node d${Math.min(depth, INDENTED)} ${office.mine(a) ? '' : 'other'}">
        ${leaf
          ? html`<span class="twig"></span>`
          : html`<button
              class="twist"
              aria-expanded=${shut ? 'false' : 'true'}
              aria-label="${shut ? s.open : s.collapse}: ${a.name}"
              @click=${() => this.twist(id, shut)}
            >
              ${icon('down', 20)}
            </button>`}
        <a class="item" href=${hashOf('areas', id)} aria-current=${route.id === id ? 'true' : 'false'}>
          <span><b>${a.name}</b>${line ? html`<small>${line}</small>` : nothing}</span>${icon('right', 18)}
        </a>
      </div>
    </li>`
  }

  private twist(id: string, open: boolean): void {
    const { areas } = this.office
    const now = new Set(this.shut ?? areas.ordered.filter((n) => !n.leaf && this.isShut(n.area.id, n.depth)).map((n) => n.area.id))
    if (open) now.delete(id)
    else now.add(id)
    this.shut = now
  }
}
customElements.define('area-screen', AreaScreen)
