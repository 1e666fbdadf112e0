import { html, svg, type TemplateResult } from 'lit'

/*
 * Icons from Lucide (https://lucide.dev), ISC License:
 * Copyright (c) Lucide Contributors; portions from Feather, MIT, Copyright (c) Cole Bemis.
 */
const first = {
  maximize: svg`<path d="M8 3H5a2 2 0 0 0-2 2v3"/><path d="M21 8V5a2 2 0 0 0-2-2h-3"/><path d="M3 16v3a2 2 0 0 0 2 2h3"/><path d="M16 21h3a2 2 0 0 0 2-2v-3"/>`,
  minimize: svg`<path d="M8 3v3a2 2 0 0 1-2 2H3"/><path d="M21 8h-3a2 2 0 0 1-2-2V3"/><path d="M3 16h3a2 2 0 0 1 2 2v3"/><path d="M16 21v-3a2 2 0 0 1 2-2h3"/>`,
  videoOff: svg`<path d="M10.66 6H14a2 2 0 0 1 2 2v2.5l5.248-3.062A.5.5 0 0 1 22 7.87v8.196"/><path d="M16 16a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h2"/><path d="m2 2 20 20"/>`,
  house: svg`<path d="M15 21v-8a1 1 0 0 0-1-1h-4a1 1 0 0 0-1 1v8"/><path d="M3 10a2 2 0 0 1 .709-1.528l7-6a2 2 0 0 1 2.582 0l7 6A2 2 0 0 1 21 10v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/>`,
  camera: svg`<path d="M16.75 12h3.632a1 1 0 0 1 .894 1.447l-2.034 4.069a1 1 0 0 1-1.708.134l-2.124-2.97"/><path d="M17.106 9.053a1 1 0 0 1 .447 1.341l-3.106 6.211a1 1 0 0 1-1.342.447L3.61 12.3a2.92 2.92 0 0 1-1.3-3.91L3.69 5.6a2.92 2.92 0 0 1 3.92-1.3z"/><path d="M2 19h3.76a2 2 0 0 0 1.8-1.1L9 15"/><path d="M2 21v-4"/><path d="M7 9h.01"/>`,
}

/** Of one picture, wherever it stands; the last four come with trouble-icons.ts. */
export type TileIcon = keyof typeof first | 'wifiOff' | 'lock' | 'play' | 'refresh'

const all: Record<string, TemplateResult<2>> = first

/** Adds icons that no first picture needs. */
export function addIcons(more: Record<string, TemplateResult<2>>): void {
  Object.assign(all, more)
}

export function tileIcon(name: TileIcon, size = 22, width = 1.9): TemplateResult {
  return iconNamed(name, size, width)
}

/** Nothing, as long as what adds the icon has not come. */
export function iconNamed(name: string, size: number, width: number): TemplateResult {
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
