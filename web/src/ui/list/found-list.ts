import { html, nothing, type PropertyValues } from 'lit'
import type { Camera } from '../../core/cameras'
import { Finder, type Found } from '../../core/find'
import { count } from '../../core/list-text'
import { distance, placeOf } from '../../core/near'
import { ListPart } from './list-part'
import { wayTo } from './way'

/** More are not drawn: who has so many types on. */
const SHOWN = 60

/** What was made of the names lives as long as the page: the first letter waits for nothing. */
const finder = new Finder()

/** The cameras that fit a query, the best first. Its slot stands where there are none. */
export class FoundList extends ListPart {
  static override properties = { ...ListPart.properties, query: { attribute: false } }
  declare query: string

  private found: Found = { cameras: [], count: 0 }

  protected override willUpdate(changed: PropertyValues): void {
    const { directory: d, current, where } = this.listed
    if (this.differs(changed, 'directory')) finder.take(d)
    else if (!changed.has('query')) return
    const here = where?.here
    const far = (c: Camera) => {
      const at = placeOf(c)
      return here && at ? distance(here, at) : Infinity
    }
    this.found = finder.find(this.query, SHOWN, { area: d.get(current)?.area, distance: here && far })
  }

  override render() {
    const { found } = this
    const { directory: d, language: lang, where } = this.listed
    if (found.count === 0) return html`<p class="none" role="status">${this.l.nothingFound(this.query)}</p><slot></slot>`
    const rest = found.count - found.cameras.length
    const here = where?.here
    return html`<p class="sr" role="status">${this.l.found(count(found.count, lang))}</p>
      <ul>
        ${found.cameras.map((c) => this.row(c, { line: d.areaName(c.area), star: true, tail: here ? wayTo(c, here, lang) : nothing }))}
      </ul>
      ${rest > 0 ? html`<p class="end">${this.l.narrow(count(rest, lang))}</p>` : nothing}`
  }
}
customElements.define('found-list', FoundList)

/** Has the names ready before the first letter. */
export function prepare(d: Parameters<Finder['take']>[0]): void {
  finder.take(d)
}
