import { html, svg, type TemplateResult } from 'lit'

/*
 * Icons from Lucide (https://lucide.dev), ISC License:
 * Copyright (c) Lucide Contributors; portions from Feather, MIT, Copyright (c) Cole Bemis.
 */
const paths = {
  left: svg`<path d="m15 18-6-6 6-6"/>`,
  right: svg`<path d="m9 18 6-6-6-6"/>`,
  star: svg`<path d="m12 2 3.09 6.26 6.91 1.01-5 4.87 1.18 6.88L12 17.77l-6.18 3.25L7 14.14 2 9.27l6.91-1.01z"/>`,
  maximize: svg`<path d="M8 3H5a2 2 0 0 0-2 2v3"/><path d="M21 8V5a2 2 0 0 0-2-2h-3"/><path d="M3 16v3a2 2 0 0 0 2 2h3"/><path d="M16 21h3a2 2 0 0 0 2-2v-3"/>`,
  minimize: svg`<path d="M8 3v3a2 2 0 0 1-2 2H3"/><path d="M21 8h-3a2 2 0 0 1-2-2V3"/><path d="M3 16h3a2 2 0 0 1 2 2v3"/><path d="M16 21v-3a2 2 0 0 1 2-2h3"/>`,
  grid: svg`<rect width="18" height="18" x="3" y="3" rx="2"/><path d="M12 3v18"/><path d="M3 12h18"/>`,
  square: svg`<rect width="18" height="18" x="3" y="3" rx="2"/>`,
  search: svg`<circle cx="11" cy="11" r="8"/><path d="m21 21-4.34-4.34"/>`,
  more: svg`<circle cx="12" cy="12" r="1"/><circle cx="19" cy="12" r="1"/><circle cx="5" cy="12" r="1"/>`,
  close: svg`<path d="M18 6 6 18"/><path d="m6 6 12 12"/>`,
  videoOff: svg`<path d="M10.66 6H14a2 2 0 0 1 2 2v2.5l5.248-3.062A.5.5 0 0 1 22 7.87v8.196"/><path d="M16 16a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h2"/><path d="m2 2 20 20"/>`,
  house: svg`<path d="M15 21v-8a1 1 0 0 0-1-1h-4a1 1 0 0 0-1 1v8"/><path d="M3 10a2 2 0 0 1 .709-1.528l7-6a2 2 0 0 1 2.582 0l7 6A2 2 0 0 1 21 10v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/>`,
  camera: svg`<path d="M16.75 12h3.632a1 1 0 0 1 .894 1.447l-2.034 4.069a1 1 0 0 1-1.708.134l-2.124-2.97"/><path d="M17.106 9.053a1 1 0 0 1 .447 1.341l-3.106 6.211a1 1 0 0 1-1.342.447L3.61 12.3a2.92 2.92 0 0 1-1.3-3.91L3.69 5.6a2.92 2.92 0 0 1 3.92-1.3z"/><path d="M2 19h3.76a2 2 0 0 0 1.8-1.1L9 15"/><path d="M2 21v-4"/><path d="M7 9h.01"/>`,
}

/** Icons that no first picture needs: they come with what uses them, which imports trouble-icons.ts or rare-icons.ts. */
export type RareIcon = 'wifiOff' | 'lock' | 'link' | 'leave' | 'copy' | 'check' | 'play' | 'refresh' | 'user'
type Icon = keyof typeof paths | RareIcon

const all: Partial<Record<Icon, TemplateResult<2>>> = paths

export function addIcons(more: Partial<Record<RareIcon, TemplateResult<2>>>): void {
  Object.assign(all, more)
}

export function icon(name: Icon, size = 22, width = 1.9): TemplateResult {
  return draw(all[name], size, width)
}

/** An icon of these paths, on a square of 24. */
export function draw(path: TemplateResult<2> | undefined, size: number, width = 1.9): TemplateResult {
  return html`<svg
    aria-hidden="true"
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width=${width}
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    ${path}
  </svg>`
}
