import { css } from 'lit'

/** Colours are the element's own: in another page there are none of ours. */
export const viewStyle = css`
  :host {
    --bg: #0a0d12;
    --s1: #11161e;
    --s2: #19202b;
    --s3: #232c3a;
    --tx: #f3f6fa;
    --t2: #a9b4c4;
    --t3: #8591a3;
    --ac: #6db3ff;
    --ok: #43d08a;
    --warn: #ffc04d;
    --bad: #ff7a6b;
    display: block;
    container-type: inline-size;
    overflow: hidden;
    border-radius: var(--camera-view-radius, 14px);
    background: #0c1118;
    color: var(--tx);
    font: 500 14px/1.35 system-ui, sans-serif;
    font-variant-numeric: tabular-nums;
    text-align: start;
    color-scheme: dark;
  }
  :host([hidden]) {
    display: none;
  }
  figure {
    display: grid;
    /* A long name does not push the picture aside. */
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    height: 100%;
  }
  figcaption {
    display: flex;
    align-items: center;
    gap: 14px;
    min-height: 44px;
    padding-left: 16px;
  }
  figcaption > b {
    flex: 0 1 auto;
    min-width: 0;
    font-size: 15px;
    font-weight: 640;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .state {
    flex: none;
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 560;
    white-space: nowrap;
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
    text-align: right;
    white-space: nowrap;
    overflow: hidden;
    color: var(--t2);
    font-size: 13px;
  }
  figcaption button {
    flex: none;
    display: grid;
    place-items: center;
    align-self: stretch;
    width: 46px;
    min-height: 44px;
    color: var(--t2);
  }
  figcaption button:hover {
    color: var(--tx);
  }
  figcaption button:focus-visible {
    outline-offset: -4px;
    border-radius: 12px;
  }
  .room {
    container-type: inline-size;
    display: grid;
    align-items: center;
    justify-items: center;
    min-height: 0;
  }
  camera-tile,
  .box {
    width: 100%;
    aspect-ratio: 16 / 9;
  }
  /* In a box of a given height, as a frame is, the picture is as large as it can be. */
  :host([fill]) figure,
  :host(:fullscreen) figure {
    height: 100%;
  }
  :host([fill]),
  :host(:fullscreen) {
    height: 100%;
    width: 100%;
    border-radius: 0;
  }
  :host([fill]) .room,
  :host(:fullscreen) .room {
    container-type: size;
  }
  :host([fill]) camera-tile,
  :host(:fullscreen) camera-tile {
    width: min(100cqw, 100cqh * 16 / 9);
  }
  :host([fill]) .box {
    height: 100%;
    aspect-ratio: auto;
  }
  .plain .room {
    background: #05070b;
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
    font-size: 16px;
    font-weight: 640;
    text-wrap: balance;
  }
  .box small {
    max-width: 34em;
    font-size: 13.5px;
    color: #c3ccd8;
    text-wrap: balance;
  }
  .box .ring {
    margin-bottom: 8px;
  }
  .box > span {
    color: var(--t2);
  }
  .box button {
    flex: none;
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 44px;
    margin-top: 10px;
    padding: 0 18px;
    border-radius: 14px;
    background: var(--s3);
    font-weight: 620;
  }
  @container (max-width: 619px) {
    .numbers {
      font-size: 0;
    }
  }
  /* A tile among others: what it is stands below it. */
  @container (max-width: 359px) {
    figure {
      grid-template-rows: minmax(0, 1fr) auto;
    }
    figcaption {
      order: 2;
      gap: 8px;
      padding-left: 12px;
    }
    figcaption > b {
      flex: 1;
      font-size: 13.5px;
      order: 2;
    }
    .is-live > span,
    .numbers {
      display: none;
    }
    .state:not(.is-live) {
      order: 2;
      font-size: 13px;
    }
    figcaption button {
      order: 3;
    }
    .box small {
      display: none;
    }
    .box > b {
      font-size: 14px;
    }
  }
  @media (forced-colors: active) {
    .box button {
      border: 1px solid;
    }
  }
`
