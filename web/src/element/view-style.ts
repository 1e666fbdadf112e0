import { css } from 'lit'

/**
 * The element's shape. It folds by its own width, in em, so that large letters fold
 * it as a narrow place does: a bar above and one below the picture; one strip below;
 * only what and whether it is live.
 */
export const viewStyle = css`
  :host {
    display: block;
    container-type: inline-size;
    /* Where its width is not the page's to say: its own is none to its browser. */
    contain-intrinsic-inline-size: 480px;
    min-width: 0;
    overflow: hidden;
    border-radius: var(--cv-radius, 14px);
    /* Seen where the system takes the colours over. */
    outline: 1px solid transparent;
    outline-offset: -1px;
    font: 500 var(--cv-size, max(14px, 0.875rem)) / 1.4 var(--cv-font, system-ui, sans-serif);
    font-variant-numeric: tabular-nums;
    text-align: start;
  }
  :host([hidden]) {
    display: none;
  }
  .view {
    position: relative;
    display: grid;
    /* A long name does not push the picture aside. */
    grid-template: 'head' auto 'room' minmax(0, 1fr) 'bar' auto / minmax(0, 1fr);
    height: 100%;
    border: 1px solid var(--ln);
    border-radius: inherit;
    overflow: hidden;
    background: var(--s1);
    color: var(--tx);
    outline: none;
  }
  /* Above the picture, whatever it shows: light on the outside, dark on the inside. */
  .view:focus-visible::after {
    content: '';
    position: absolute;
    z-index: 4;
    inset: 0;
    border: 3px solid var(--ac);
    border-radius: inherit;
    box-shadow: inset 0 0 0 2px #000a;
    pointer-events: none;
  }
  .head {
    grid-area: head;
    display: flex;
    align-items: center;
    gap: 4px 14px;
    min-width: 0;
    min-height: 46px;
    padding: 4px 16px;
  }
  .head > b {
    flex: 0 1 auto;
    min-width: 0;
    font-size: 1.08em;
    font-weight: 640;
  }
  .head > b,
  .state > span,
  .numbers {
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .state {
    flex: 0 0.4 auto;
    min-width: 0;
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 560;
  }
  .state .ring {
    border-color: var(--t3);
    border-top-color: var(--tx);
  }
  .is-weak,
  .is-stale {
    color: var(--warn);
  }
  .is-offline {
    color: var(--bad);
  }
  .is-idle,
  .is-ring {
    color: var(--t2);
  }
  .numbers {
    flex: 1;
    min-width: 0;
    text-align: end;
    color: var(--t2);
    font-size: 0.93em;
  }
  .bar {
    grid-area: bar;
    display: flex;
    align-items: center;
    gap: 2px;
    /* Of one height, whichever controls there are: the page does not jump. */
    min-height: 52px;
    padding: 2px 6px;
  }
  .bar .end {
    margin-inline-start: auto;
  }
  .bar button {
    flex: none;
    display: grid;
    place-items: center;
    width: 48px;
    height: 48px;
    border-radius: 12px;
    color: var(--t2);
  }
  .bar button:hover {
    color: var(--tx);
  }
  .bar button:focus-visible {
    outline-offset: -5px;
    color: var(--tx);
  }
  .room {
    grid-area: room;
    position: relative;
    container-type: inline-size;
    display: grid;
    align-items: center;
    justify-items: center;
    min-height: 0;
    background: #05070b;
  }
  camera-tile,
  .box {
    grid-area: 1 / 1;
    width: 100%;
    aspect-ratio: var(--cv-aspect, 16 / 9);
    --tile-aspect: var(--cv-aspect, 16 / 9);
    --tile-title: 1.14em;
  }
  :host([fit='cover']) camera-tile {
    --tile-fit: cover;
  }
  .box {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: safe center;
    gap: 4px;
    overflow-y: auto;
    padding: 12px 20px;
    text-align: center;
  }
  .box > svg {
    margin-bottom: 6px;
    color: #c9d2df;
  }
  .box > b {
    font-size: 1.14em;
    font-weight: 640;
    text-wrap: balance;
  }
  .box small {
    max-width: 34em;
    font-size: 0.96em;
    color: #c3ccd8;
    text-wrap: balance;
  }
  .box .ring {
    width: 22px;
    height: 22px;
    margin-bottom: 8px;
  }
  .box button {
    flex: none;
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 48px;
    margin-top: 10px;
    padding: 0 18px;
    border-radius: 14px;
    background: var(--s3);
    font-weight: 620;
  }
  .held {
    color: #fff;
    z-index: 3;
    pointer-events: none;
  }
  .held button {
    pointer-events: auto;
    background: var(--tx);
    color: var(--bg);
  }
  .pill {
    padding: 3px 12px;
    border-radius: 14px;
    background: #06090ed1;
    font-size: 0.93em;
    font-weight: 600;
  }
`
