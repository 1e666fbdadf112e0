import { css } from 'lit'

/** How the element folds, and where its bars lie over the picture or are not there. */
export const foldStyle = css`
  /* In a box of a given height, as a frame is, the picture is as large as it can be. */
  :host([fill]),
  :host(:fullscreen) {
    container-type: size;
    width: 100%;
    height: 100%;
    border-radius: 0;
  }
  :host([fill]) .view,
  :host(:fullscreen) .view {
    border: 0;
  }
  :host([fill]) .room,
  :host(:fullscreen) .room {
    container-type: size;
  }
  :host([fill]) camera-tile,
  :host(:fullscreen) camera-tile {
    width: min(100cqw, 100cqh * 16 / 9);
  }
  :host([fill][fit='cover']) camera-tile,
  :host([fit='cover']:fullscreen) camera-tile {
    width: 100cqw;
    height: 100cqh;
    aspect-ratio: auto;
    --tile-aspect: auto;
  }
  :host([fill]) .box,
  :host(:fullscreen) .box {
    height: 100%;
    aspect-ratio: auto;
  }
  /* A wide box has no height to spare for two bars. */
  @container (min-aspect-ratio: 7 / 5) {
    .view {
      grid-template: 'head bar' auto 'room room' minmax(0, 1fr) / minmax(0, 1fr) auto;
    }
    .bar {
      padding: 0 4px 0 0;
    }
  }
  @container (max-width: 44em) {
    .numbers {
      flex-grow: 0;
      font-size: 0;
    }
  }
  /* A tile among others: what it is stands below it, in two lines. */
  @container (max-width: 34em) {
    .view {
      grid-template: 'room room' minmax(0, 1fr) 'head bar' auto / minmax(0, 1fr) auto;
    }
    .head {
      flex-flow: column;
      align-items: stretch;
      justify-content: center;
      gap: 0;
      min-height: 52px;
      padding: 4px 4px 4px 12px;
    }
    .head > b {
      font-size: 1em;
    }
    .state {
      gap: 7px;
      font-size: 0.9em;
    }
    .state .dot {
      width: 8px;
      height: 8px;
    }
    .numbers {
      display: none;
    }
    .bar {
      gap: 0;
      padding: 0 4px 0 0;
    }
    .box {
      padding: 8px 12px;
    }
    .box > b {
      font-size: 1em;
    }
    .box small {
      display: none;
    }
    camera-tile {
      --tile-title: 1em;
    }
  }
  /* A stamp: a light and a name. */
  @container (max-width: 17em) {
    .view {
      grid-template: 'room' minmax(0, 1fr) 'head' auto / minmax(0, 1fr);
    }
    .head {
      flex-flow: row-reverse;
      align-items: center;
      justify-content: flex-end;
      gap: 8px;
      min-height: 34px;
      padding: 4px 10px;
    }
    .head > b {
      flex: 1;
      font-size: 0.93em;
    }
    .state {
      flex: none;
    }
    .state > span,
    .bar,
    .box > svg,
    .held .pill {
      display: none;
    }
    .box {
      gap: 2px;
      padding: 4px 8px;
    }
    .box > b {
      font-size: 0.86em;
    }
    .box button {
      margin-top: 2px;
      padding: 0 10px;
      font-size: 0.93em;
      white-space: nowrap;
    }
    camera-tile {
      --tile-note: none;
      --tile-title: 0.93em;
    }
  }
  :host([chrome='none']) .head,
  :host([chrome='none']) .bar,
  :host([controls='none']) .bar {
    display: none;
  }
  :host([chrome='overlay']) .view,
  :host([chrome='none']) .view {
    grid-template: 'room' minmax(0, 1fr) / minmax(0, 1fr);
  }
  :host([chrome='overlay']) .head,
  :host([chrome='overlay']) .bar {
    grid-area: room;
    z-index: 2;
    align-self: start;
    min-height: 48px;
    padding: 4px 14px 18px;
    background: linear-gradient(#05070bf5 50%, #05070b99 75%, transparent);
    transition: opacity 0.2s;
  }
  :host([chrome='overlay']) .bar {
    align-self: end;
    padding: 18px 6px 2px;
    background: linear-gradient(transparent, #05070b99 30%, #05070bd9);
  }
  :host([chrome='overlay']) .bar button {
    color: var(--tx);
  }
  /* While the picture runs they are there for a pointer over it, and for the keyboard. */
  :host([chrome='overlay']) .calm:not(:hover, :focus-visible):not(:has(:focus-visible)) > :is(.head, .bar) {
    opacity: 0;
  }
  @media (forced-colors: active) {
    .box button,
    .bar button,
    .pill {
      border: 1px solid;
    }
    .bar button:focus-visible {
      outline-color: Highlight;
    }
  }
`
