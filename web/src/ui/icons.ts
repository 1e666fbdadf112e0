import { svg, type TemplateResult } from 'lit'
import { addIcons, draw, iconNamed, type TileIcon } from './tile-icons'

/* Icons from Lucide; see tile-icons.ts. */
const paths = {
  left: svg`<path d="m15 18-6-6 6-6"/>`,
  right: svg`<path d="m9 18 6-6-6-6"/>`,
  star: svg`<path d="m12 2 3.09 6.26 6.91 1.01-5 4.87 1.18 6.88L12 17.77l-6.18 3.25L7 14.14 2 9.27l6.91-1.01z"/>`,
  grid: svg`<rect width="18" height="18" x="3" y="3" rx="2"/><path d="M12 3v18"/><path d="M3 12h18"/>`,
  square: svg`<rect width="18" height="18" x="3" y="3" rx="2"/>`,
  search: svg`<circle cx="11" cy="11" r="8"/><path d="m21 21-4.34-4.34"/>`,
  magnify: svg`<circle cx="11" cy="11" r="8"/><path d="m21 21-4.34-4.34"/><path d="M11 8v6"/><path d="M8 11h6"/>`,
  more: svg`<circle cx="12" cy="12" r="1"/><circle cx="19" cy="12" r="1"/><circle cx="5" cy="12" r="1"/>`,
  close: svg`<path d="M18 6 6 18"/><path d="m6 6 12 12"/>`,
}

/** Icons that come with what uses them, which imports rare-icons.ts. */
type RareIcon = 'link' | 'leave' | 'copy' | 'check' | 'user'
type Icon = keyof typeof paths | TileIcon | RareIcon

addIcons(paths)

export function icon(name: Icon, size = 22, width = 1.9): TemplateResult {
  return iconNamed(name, size, width)
}

export { draw }
