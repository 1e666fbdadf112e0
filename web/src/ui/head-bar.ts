import { html, nothing } from 'lit'
import { star, type Controls } from './controls'

/** What is looked at. */
export function headBar(c: Controls, theatre: boolean) {
  const v = c.viewer
  const s = v.strings
  if (v.tiles.mode === 'grid') {
    const live = v.views.filter((x) => x.kind === 'live' || x.kind === 'weak').length
    return html`<header>
      <div>
        <h1>${s.gridTitle}</h1>
        <p>${v.stilled ? s.gridStills(v.tiles.page.length) : s.gridCount(live, v.tiles.page.length)}</p>
      </div>
    </header>`
  }
  const camera = v.directory?.get(v.tiles.current)
  return html`<header>
    <div>
      <h1>${v.nameOf(v.tiles.current) || s.app}</h1>
      <p>${v.people.desk?.sharedWords(v.tiles.current, v.lang) || (camera ? `${v.directory!.areaName(camera.area)} · ${camera.id}` : '\u00a0')}</p>
    </div>
    ${theatre ? nothing : star(c, 'square')}
  </header>`
}
