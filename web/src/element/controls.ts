import { html, nothing, svg } from 'lit'
import { embedStrings } from '../core/embed-text'
import { pictureStrings } from '../core/picture-text'
import type { Lang } from '../core/i18n'
import { tileStrings } from '../core/tile-text'
import { draw, tileIcon } from '../ui/tile-icons'

/** Lucide's “pause” and “camera”; see ../ui/icons.ts. */
const pauseIcon = svg`<rect x="14" y="3" width="5" height="18" rx="1"/><rect x="5" y="3" width="5" height="18" rx="1"/>`
const shutter = svg`<path d="M13.997 4a2 2 0 0 1 1.76 1.05l.486.9A2 2 0 0 0 18.003 7H20a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2h1.997a2 2 0 0 0 1.759-1.048l.489-.904A2 2 0 0 1 10.004 4z"/><circle cx="12" cy="13" r="3"/>`

export type Control = 'pause' | 'snapshot' | 'fullscreen'

/** The controls that a page names; all where it names none. */
export function wants(controls: string | null | undefined, which: Control): boolean {
  return !controls || controls.split(/\s+/).includes(which)
}

/** What the controls do, and which of them there are. */
export interface Hand {
  lang: Lang
  has(which: Control): boolean
  paused: boolean
  full: boolean
  taking: boolean
  act(which: Control): void
}

/** The control's key, with the focus inside. */
const KEYS: Record<string, Control> = { ' ': 'pause', s: 'snapshot', f: 'fullscreen' }

/** The keys there are, as aria-keyshortcuts has them. */
export function shortcuts(hand: Hand): string {
  const keys = Object.entries(KEYS).filter(([, which]) => hand.has(which))
  return keys.map(([key]) => (key === ' ' ? 'Space' : key.toUpperCase())).join(' ')
}

/** A key was pressed with the focus inside; what is not ours goes on to the page. */
export function pressed(e: KeyboardEvent, hand: Hand): void {
  const which = KEYS[e.key.toLowerCase()]
  if (!which || e.ctrlKey || e.altKey || e.metaKey || e.repeat || e.defaultPrevented || !hand.has(which)) return
  // A button that has the focus is pressed by the space bar itself.
  if (e.key === ' ' && e.composedPath()[0] instanceof HTMLButtonElement) return
  e.preventDefault()
  hand.act(which)
}

export function bar(hand: Hand) {
  const e = embedStrings[hand.lang]
  const s = tileStrings[hand.lang]
  const p = pictureStrings[hand.lang]
  const button = (which: Control, label: string, icon: unknown) =>
    hand.has(which)
      ? html`<button
          part="button"
          class=${which === 'fullscreen' ? 'end' : ''}
          aria-label=${label}
          title=${label}
          aria-disabled=${which === 'snapshot' && hand.taking ? 'true' : nothing}
          @click=${() => hand.act(which)}
        >
          ${icon}
        </button>`
      : nothing
  return html`<div class="bar" part="controls">${button('pause', hand.paused ? e.play : e.pause, hand.paused ? tileIcon('play', 22) : draw(pauseIcon, 22))}${button(
      'snapshot',
      hand.taking ? p.taking : p.take,
      draw(shutter, 22),
    )}${button('fullscreen', hand.full ? s.leaveFullscreen : s.fullscreen, tileIcon(hand.full ? 'minimize' : 'maximize', 21, 2))}</div>`
}
