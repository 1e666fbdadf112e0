import { html, nothing, svg } from 'lit'
import { embedStrings } from '../core/embed-text'
import type { Lang } from '../core/i18n'
import { tileStrings } from '../core/tile-text'
import { draw, tileIcon } from '../ui/tile-icons'

/** Lucide's “pause”; see ../ui/icons.ts. */
const pauseIcon = svg`<rect x="14" y="3" width="5" height="18" rx="1"/><rect x="5" y="3" width="5" height="18" rx="1"/>`

export type Control = 'pause' | 'fullscreen'

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
  act(which: Control): void
}

/** The control's key, with the focus inside. */
const KEYS: Record<string, Control> = { ' ': 'pause', f: 'fullscreen' }

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
  const button = (which: Control, label: string, icon: unknown) =>
    hand.has(which)
      ? html`<button
          part="button"
          class=${which === 'fullscreen' ? 'end' : ''}
          aria-label=${label}
          title=${label}
          @click=${() => hand.act(which)}
        >
          ${icon}
        </button>`
      : nothing
  const pause = button('pause', hand.paused ? e.play : e.pause, hand.paused ? tileIcon('play', 22) : draw(pauseIcon, 22))
  const full = button('fullscreen', hand.full ? s.leaveFullscreen : s.fullscreen, tileIcon(hand.full ? 'minimize' : 'maximize', 21, 2))
  return html`<div class="bar" part="controls">${pause}${full}</div>`
}
