import { css } from 'lit'

/** The page on an upright phone; tablet/ has that of tablets and desks. */
export const appStyle = css`
  :host {
    display: block;
    height: 100vh;
    height: 100dvh;
  }
  .app {
    height: 100%;
    display: grid;
    position: relative;
    grid-template: auto auto auto auto minmax(0, 1fr) auto / minmax(0, 1fr);
    grid-template-areas: 'head' 'stage' 'strip' 'rail' 'list' 'foot';
    background: var(--bg);
  }
  header {
    grid-area: head;
    display: grid;
    grid-template-columns: 1fr 48px;
    align-items: center;
    min-height: calc(58px + var(--top));
    padding: var(--top) 6px 4px 16px;
  }
  h1 {
    font-size: 17.5px;
    font-weight: 650;
    letter-spacing: -0.012em;
    line-height: 1.25;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  header p {
    font-size: 13px;
    color: var(--t2);
    margin-top: 1px;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .square {
    width: 48px;
    height: 48px;
    display: grid;
    place-items: center;
    border-radius: 14px;
    color: var(--t2);
  }
  .square[aria-pressed='true'] {
    color: var(--warn);
  }
  [aria-pressed='true'] svg.star,
  .fav[aria-pressed='true'] svg {
    fill: currentColor;
  }

  .stage {
    grid-area: stage;
    position: relative;
    overflow: hidden;
    min-height: 0;
    touch-action: none;
    display: grid;
    background: var(--stage);
    -webkit-touch-callout: none;
    -webkit-user-select: none;
    user-select: none;
  }
  .grid .stage {
    touch-action: pan-y;
  }
  .stage:focus-visible {
    outline-offset: -3px;
  }
  .stage .tiles {
    display: grid;
    min-height: 0;
    transform: translateX(var(--drag, 0px));
    filter: var(--night, none);
    transition: transform 0.18s ease-out;
  }
  .stage.dragging .tiles {
    transition: none;
  }
  camera-tile.away {
    display: none;
  }
  .grid .stage {
    background: var(--bg);
  }
  .grid .tiles {
    filter: none;
    grid-template-columns: 1fr 1fr;
    gap: 5px;
    padding: 0 5px;
  }
  .grid camera-tile.sel {
    outline: 2.5px solid var(--ac);
    outline-offset: -1px;
    z-index: 1;
  }

  .strip {
    grid-area: strip;
    display: flex;
    align-items: center;
    gap: 9px;
    min-height: 48px;
    padding: 0 2px 0 14px;
    font-size: 14px;
    font-weight: 620;
    white-space: nowrap;
  }
  .strip .square {
    margin-left: -9px;
  }
  .strip .line {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .is-weak .line,
  .is-stale .line {
    color: var(--warn);
  }
  .is-offline .line {
    color: var(--bad);
  }
  /* Where there is no room for all of it, it wraps out of sight: half a number would be a wrong one. */
  .strip .q {
    flex: 1 1 0;
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    color: var(--t2);
    font-weight: 550;
    line-height: 1.3;
    height: 1.3em;
    overflow: hidden;
  }
  .strip .q::before {
    content: '';
    height: 1.3em;
  }
  .q span {
    margin-left: 6px;
    white-space: nowrap;
  }
  camera-rail {
    grid-area: rail;
  }
  .map camera-rail {
    display: none;
  }
  .sheet {
    grid-area: list;
    display: flex;
    flex-direction: column;
    min-height: 0;
    background: var(--s1);
    border-radius: 20px 20px 0 0;
    border-top: 1px solid var(--ln);
    overflow: hidden;
  }
  camera-list {
    flex: 1;
  }
  /* Where its first row will be, until its code is there. */
  camera-list:not(:defined) {
    margin: 74px 14px auto;
    flex: 0 0 45px;
    width: 80px;
    border-radius: 9px;
    background: var(--s2);
  }
  .searching .sheet {
    position: fixed;
    inset: 0;
    z-index: 5;
    padding-top: var(--top);
    border-radius: 0;
    border: 0;
  }

  footer {
    grid-area: foot;
    background: var(--s1);
    box-shadow: 0 -1px 0 var(--ln);
    padding: 0 10px calc(8px + var(--bottom));
    position: relative;
  }
  .data {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 9px;
    padding: 8px 8px 0;
    font-size: 12.5px;
    color: var(--t2);
    white-space: nowrap;
  }
  progress {
    flex: 1;
    min-width: 24px;
    height: 5px;
    border: 0;
    border-radius: 3px;
    overflow: hidden;
    appearance: none;
    background: var(--s3);
  }
  ::-webkit-progress-bar {
    background: none;
  }
  ::-webkit-progress-value {
    background: var(--part, var(--ac));
  }
  ::-moz-progress-bar {
    background: var(--part, var(--ac));
  }
  .near {
    --part: var(--warn);
  }
  .over {
    --part: var(--bad);
  }
  .over span:first-child {
    color: var(--bad);
  }
  nav {
    display: grid;
    grid-template-columns: 1fr 1fr 92px 1fr 1fr;
    align-items: end;
    padding-top: 5px;
  }
  nav.snaps {
    grid-template-columns: minmax(48px, 0.85fr) 1fr 1fr 84px 1fr minmax(48px, 0.85fr);
  }
  picture-button {
    min-height: 58px;
  }
  nav picture-button {
    margin: 0 4px;
  }
  nav button {
    height: 58px;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 5px;
    border-radius: 14px;
    font-size: 12px;
    font-weight: 600;
    color: var(--t2);
  }
  nav button svg {
    color: var(--tx);
  }
  .last {
    position: relative;
  }
  people-badge {
    display: contents;
  }
  nav:not(.snaps) .main {
    width: 84px;
    justify-self: center;
    gap: 3px;
    border-radius: 22px;
    background: var(--tx);
    color: var(--bg);
  }
  nav:not(.snaps) .main svg {
    color: var(--bg);
  }
  nav button:active,
  .b:active {
    opacity: 0.7;
  }
  @media (forced-colors: active) {
    nav:not(.snaps) .main,
    .b {
      border: 1px solid;
    }
    nav:not(.snaps) .main svg {
      color: inherit;
    }
  }

  /* Only the picture: more of it is in theatre-style.ts, which comes when it is wanted. */
  .theatre > .strip,
  .theatre > camera-rail,
  .theatre > footer,
  .theatre:not(.searching) > .sheet {
    display: none;
  }
`
