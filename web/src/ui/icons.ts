import { svg, type TemplateResult } from 'lit'
import { draw, tilePaths } from './tile-icons'

/*
 * Icons from Lucide (https://lucide.dev), ISC License:
 * Copyright (c) Lucide Contributors; portions from Feather, MIT, Copyright (c) Cole Bemis.
 */
const paths = {
  ...tilePaths,
  left: svg`<path d="m15 18-6-6 6-6"/>`,
  right: svg`<path d="m9 18 6-6-6-6"/>`,
  star: svg`<path d="m12 2 3.09 6.26 6.91 1.01-5 4.87 1.18 6.88L12 17.77l-6.18 3.25L7 14.14 2 9.27l6.91-1.01z"/>`,
  grid: svg`<rect width="18" height="18" x="3" y="3" rx="2"/><path d="M12 3v18"/><path d="M3 12h18"/>`,
  square: svg`<rect width="18" height="18" x="3" y="3" rx="2"/>`,
  search: svg`<circle cx="11" cy="11" r="8"/><path d="m21 21-4.34-4.34"/>`,
  more: svg`<circle cx="12" cy="12" r="1"/><circle cx="19" cy="12" r="1"/><circle cx="5" cy="12" r="1"/>`,
  close: svg`<path d="M18 6 6 18"/><path d="m6 6 12 12"/>`,
  link: svg`<path d="M10 13a5 5 0 0 0 7.54.54l3-3a5 5 0 0 0-7.07-7.07l-1.72 1.71"/><path d="M14 11a5 5 0 0 0-7.54-.54l-3 3a5 5 0 0 0 7.07 7.07l1.71-1.71"/>`,
  leave: svg`<path d="m16 17 5-5-5-5"/><path d="M21 12H9"/><path d="M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4"/>`,
  copy: svg`<rect width="14" height="14" x="8" y="8" rx="2"/><path d="M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2"/>`,
  check: svg`<path d="M20 6 9 17l-5-5"/>`,
}

type Icon = keyof typeof paths

export function icon(name: Icon, size = 22, width = 1.9): TemplateResult {
  return draw(paths[name], size, width)
}

export { draw }
