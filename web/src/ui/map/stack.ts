import { html } from 'lit'
import type { Camera } from '../../core/cameras'
import { closedWords } from '../../core/household'
import { formatClock } from '../../core/format'
import { strings, type Lang } from '../../core/i18n'
import { listStrings } from '../../core/list-text'
import { mapStrings } from '../../core/map/map-text'
import { markOf } from '../../core/map/terrain'
import { icon } from '../icons'

/** A camera's state in words. */
export function stateWords(c: Camera, lang: Lang, now: number): string {
  const s = strings[lang]
  const l = listStrings[lang]
  const mark = markOf(c)
  if (mark === 'shut') return closedWords(c, s, now)
  if (mark === 'off') return c.since ? l.lostSince(formatClock(c.since, now)) : l.lost
  return mark === 'case' ? s.caseNeeded : mapStrings[lang].on
}

/** Cameras that stand in one place, as a list over the map. */
export function stackList(cameras: readonly Camera[], current: string, lang: Lang, choose: (id: string) => void, close: () => void) {
  const t = mapStrings[lang]
  const title = t.samePlace(String(cameras.length))
  const now = Date.now()
  return html`<section class="stack" role="dialog" aria-label=${title} @keydown=${(e: KeyboardEvent) => escape(e, close)}>
    <header>
      <h2>${title}</h2>
      <button class="close" aria-label=${t.close} @click=${close}>${icon('close', 22)}</button>
    </header>
    <ul>
      ${cameras.map((c) => {
        const cur = c.id === current
        return html`<li class="${markOf(c)} ${cur ? 'cur' : ''}">
          <button aria-current=${cur ? 'true' : 'false'} @click=${() => choose(c.id)}>
            <i></i><b>${c.name}</b><small>${cur ? strings[lang].watching : stateWords(c, lang, now)}</small>
          </button>
        </li>`
      })}
    </ul>
  </section>`
}

function escape(e: KeyboardEvent, close: () => void): void {
  if (e.key !== 'Escape') return
  e.preventDefault()
  close()
}
