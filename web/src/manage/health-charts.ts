import { css, html, svg, type TemplateResult } from 'lit'
import { dotsOf, hoursOf, runsOf, type Lapse } from '../core/manage/health'

/* Small charts. Height says what colour says, so that nobody needs to tell red from green. */

const QUARTERS = 96
const HEIGHTS: Record<string, number> = { l: 20, f: 16, m: 11, o: 6 }

/** A day in quarters of an hour: tall where there were pictures, low where there were none, a line where nobody watched. */
export function strip(day: string, label: string): TemplateResult {
  return html`<svg class="strip" viewBox="0 0 ${QUARTERS} 20" preserveAspectRatio="none" role="img" aria-label=${label}>
    <rect class="none1" x="0" y="18.4" width=${QUARTERS} height="1.6"></rect>
    ${runsOf(day).map((r) => {
      const h = HEIGHTS[r.letter] ?? 2
      return svg`<rect class=${`q-${r.letter}`} x=${r.from} y=${20 - h} width=${r.length} height=${h}></rect>`
    })}
  </svg>`
}

/** The hours under a strip. What has no viewBox keeps its letters' size at any width. */
export function hours(now: number): TemplateResult {
  return html`<svg class="hours" width="100%" height="20" aria-hidden="true">
    ${hoursOf(now, QUARTERS, 6).map((h) =>
      h.at < 0.03 || h.at > 0.97 ? '' : svg`<text x=${percent(h.at)} y="15" text-anchor="middle">${h.hour}h</text>`,
    )}
  </svg>`
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`

/** How long the first pictures took, the oldest first, with a line at their median. */
export function waits(firsts: readonly Lapse[], median: number, label: string, show: (ms: number) => string): TemplateResult {
  const { top, dots } = dotsOf(firsts)
  const height = 150
  const y = (v: number) => 12 + (1 - Math.min(1, v)) * (height - 24)
  const left = 0.17
  const rule = (kind: string, v: number) => svg`<line class=${kind} x1=${percent(left - 0.02)} x2="100%" y1=${y(v)} y2=${y(v)}></line>`
  return html`<svg class="waits" width="100%" height=${height} role="img" aria-label=${label}>
    ${[0, 0.5, 1].map((v) => svg`${rule('rule', v)}<text x=${percent(left - 0.035)} y=${y(v) + 4.5} text-anchor="end">${show(v * top)}</text>`)}
    ${rule('middle', median / top)}
    ${dots.map((d) => svg`<circle class=${d.ms > 1000 ? 'late' : 'soon'} cx=${percent(left + d.x * (0.98 - left))} cy=${y(d.y)} r="4.5"></circle>`)}
  </svg>`
}

export const chartStyle = css`
  .strip {
    display: block;
    width: 100%;
    height: 20px;
  }
  .none1 {
    fill: var(--t3);
    opacity: 0.55;
  }
  .q-l {
    fill: var(--ok);
  }
  .q-f,
  .q-m {
    fill: var(--warn);
  }
  .q-o {
    fill: var(--bad);
  }
  .hours,
  .waits {
    display: block;
    overflow: visible;
  }
  .hours text,
  .waits text {
    fill: var(--t2);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  .rule {
    stroke: var(--ln);
  }
  .middle {
    stroke: var(--ac);
    stroke-width: 2;
    stroke-dasharray: 7 5;
  }
  .soon {
    fill: var(--ok);
  }
  .late {
    fill: var(--warn);
  }
`
