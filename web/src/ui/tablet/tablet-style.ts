import { css } from 'lit'

/** Rail, bar, grids, and what moves tiles. */
export const tabletStyle = css`
  .rail {
    grid-area: side;
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 6px;
    padding: calc(10px + var(--top)) 0 calc(10px + var(--bottom)) var(--left);
    background: var(--s1);
    border-right: 1px solid var(--ln);
    overflow: hidden auto;
    scrollbar-width: none;
  }
  .rail button {
    flex: none;
    position: relative;
    width: 74px;
    height: 62px;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 6px;
    border-radius: 16px;
    font-size: 11.5px;
    font-weight: 620;
    line-height: 1.2;
    color: var(--t2);
    white-space: nowrap;
  }
  .rail [aria-pressed='true'] {
    background: var(--acs);
    color: var(--ac);
  }
  .rail .gap {
    flex: 1;
  }
  .today {
    max-width: 72px;
    font-size: 11.5px;
    line-height: 1.3;
    text-align: center;
    color: var(--t2);
  }

  .bar {
    grid-area: bar;
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
    padding: var(--top) calc(14px + var(--right)) 0 14px;
    border-bottom: 1px solid var(--ln);
  }
  .title {
    flex: 1;
    display: flex;
    align-items: baseline;
    gap: 10px;
    min-width: 0;
    overflow: hidden;
  }
  .title h1 {
    flex: 0 1 auto;
    min-width: 40%;
    line-height: 1.4;
  }
  .title p {
    flex: 1 1 0;
    min-width: 0;
    font-size: 13px;
    color: var(--t2);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .bar .icon,
  .bar .square,
  .shapes button {
    flex: none;
    width: 48px;
    height: 48px;
    display: grid;
    place-items: center;
    border-radius: 14px;
    color: var(--t2);
  }
  .bar .icon[aria-pressed='true'] {
    color: var(--warn);
  }
  .pages,
  .shapes {
    flex: none;
    display: flex;
    align-items: center;
    border-radius: 14px;
  }
  .pages span {
    min-width: 30px;
    text-align: center;
    font-size: 14px;
    font-weight: 620;
    color: var(--t2);
  }
  .shapes {
    background: var(--s2);
  }
  .shapes [aria-pressed='true'] {
    background: var(--s3);
    color: var(--tx);
  }
  .chip {
    flex: none;
    display: flex;
    align-items: center;
    gap: 9px;
    height: 48px;
    padding: 0 14px;
    border-radius: 14px;
    background: var(--s2);
    font-size: 14px;
    white-space: nowrap;
  }
  .chip > svg,
  .chip .icon {
    color: var(--t2);
  }
  .chip b {
    font-weight: 640;
  }
  .chip.on {
    background: var(--acs);
    color: var(--ac);
  }
  .chip.on svg,
  .chip.on .icon {
    color: var(--ac);
  }
  span.chip.tour {
    padding: 0;
    gap: 0;
  }
  span.chip.tour b {
    min-width: 62px;
    text-align: center;
  }
  .chip.paused {
    background: var(--s3);
    color: var(--warn);
  }
  .chip.done {
    background: var(--tx);
    color: var(--bg);
  }
  .chip.done svg {
    color: inherit;
  }
  .bar time {
    flex: none;
    font-size: 18px;
    font-weight: 680;
  }
  .arranging .title {
    flex: 0 1 auto;
  }
  .arranging .title p {
    display: none;
  }
  .bar .hint {
    flex: 1 1 0;
    min-width: 0;
    font-size: 13.5px;
    line-height: 1.3;
    color: var(--t2);
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
  }
  .bar button:active,
  .rail button:active {
    opacity: 0.7;
  }
  @media (max-width: 1240px) {
    .bar .rate,
    .title p {
      display: none;
    }
  }
  @media (max-width: 1100px) {
    .bar time,
    .bar .fav {
      display: none;
    }
    .bar {
      gap: 5px;
      padding-inline: 10px;
    }
    .bar .chip {
      padding: 0 10px;
    }
    span.chip.tour {
      padding: 0;
    }
  }

  /* The grids. */
  .s4 {
    --n: 2;
  }
  .s6,
  .s9 {
    --n: 3;
  }
  .s4 .tiles,
  .s4 .cells {
    grid-template: repeat(2, minmax(0, 1fr)) / repeat(2, minmax(0, 1fr));
  }
  .s6 .tiles,
  .s6 .cells,
  .s9 .tiles,
  .s9 .cells {
    grid-template: repeat(3, minmax(0, 1fr)) / repeat(3, minmax(0, 1fr));
  }
  .s6 .tiles > .big {
    --tile-aspect: auto;
  }
  .s6 .tiles > .big,
  .s6 .cells > .cell:first-child {
    grid-area: span 2 / span 2;
  }
  .grid .tiles {
    position: relative;
  }
  .hole {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-width: 0;
    border-radius: 10px;
    border: 1.5px dashed #3a4658;
    font-size: 14px;
    color: var(--t2);
  }
  .hole b {
    font-size: 15px;
    font-weight: 620;
    color: var(--tx);
  }
  .cells {
    position: absolute;
    inset: 0;
    z-index: 2;
    display: grid;
    gap: inherit;
    padding: inherit;
  }
  .cells.idle {
    pointer-events: none;
    visibility: hidden;
  }
  .cell {
    position: relative;
    min-width: 0;
    border-radius: 10px;
    border: 2px dashed #ffffff7a;
    background: #05070b40;
    touch-action: none;
    cursor: grab;
  }
  .cell:focus-visible {
    outline: 3px solid var(--ac);
    outline-offset: -3px;
  }
  .cell.held {
    border: 3px solid var(--warn);
    background: #05070b8c;
  }
  .cell.over {
    border: 3px solid var(--ac);
    background: #6db3ff33;
  }
  .grip {
    position: absolute;
    top: 8px;
    right: 8px;
    width: 48px;
    height: 48px;
    display: grid;
    place-items: center;
    border-radius: 14px;
    background: #06090ed1;
    color: #fff;
  }
  .ghost {
    position: fixed;
    top: 0;
    left: 0;
    z-index: 9;
    max-width: 260px;
    margin: -64px 0 0 -60px;
    padding: 12px 18px;
    border-radius: 14px;
    background: var(--tx);
    color: var(--bg);
    font-size: 15px;
    font-weight: 650;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    pointer-events: none;
    box-shadow: 0 8px 28px #000a;
  }
  @media (forced-colors: active) {
    .cell.held,
    .cell.over,
    .shapes [aria-pressed='true'],
    .rail [aria-pressed='true'] {
      outline: 3px solid Highlight;
    }
  }
`
