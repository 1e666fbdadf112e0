import { html, nothing } from 'lit'
import type { Masks } from '../core/owner/masks'
import type { Texts } from '../core/owner/texts'
import type { BoardWords } from './mask-board'

export const boardWords = (s: Texts): BoardWords => ({ corner: s.maskCornerName, edge: s.maskEdge })

/** What is to be done next, in words. */
export function maskState(s: Texts, masks: Masks): string {
  if (masks.drawing.length > 0) return s.maskCorner(masks.drawing.length)
  return masks.masks.length > 0 ? s.maskDrag : ''
}

/** The buttons under the picture: each acts, and has it drawn. */
export function maskTools(s: Texts, masks: Masks, draw: (act: () => void) => void) {
  const { chosen } = masks
  const button = (label: string, act: () => void, kind = 'soft') => html`<button type="button" class="act ${kind}" @click=${() => draw(act)}>${label}</button>`
  return html`<div class="tools">
    ${masks.canClose ? button(s.maskClose, () => masks.close(), '') : nothing}
    ${masks.drawing.length === 0 && !masks.full ? button(s.maskAdd, () => masks.add()) : nothing}
    ${masks.canUndo ? button(s.undo, () => masks.undo()) : nothing}
    ${chosen && chosen.corner >= 0 && masks.at(chosen) ? button(s.maskCornerRemove, () => masks.removeCorner(chosen), 'soft bad') : nothing}
    ${masks.masks.map((_, i) => button(s.remove(i + 1), () => masks.remove(i), 'soft bad'))}
  </div>`
}
