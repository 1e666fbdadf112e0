import { css } from 'lit'

/** A sheet from below, or from the side where there is more width than height: its title, its lines, its choices. */
export const sheetStyle = css`
  dialog {
    margin: auto auto 0;
    width: min(100vw, 480px);
    max-width: 100vw;
    max-height: calc(100dvh - 12px - var(--top, 0px));
    border: 0;
    border-top: 1px solid var(--ln);
    border-radius: 22px 22px 0 0;
    padding: 8px 14px calc(14px + var(--bottom));
    background: var(--s1);
    color: var(--tx);
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--s3) transparent;
    -webkit-touch-callout: none;
    -webkit-user-select: none;
    user-select: none;
  }
  dialog::backdrop {
    background: var(--behind);
  }
  header {
    display: grid;
    grid-template-columns: 1fr 48px;
    align-items: center;
    margin: 0 -8px 4px 4px;
  }
  h2 {
    font-size: 17.5px;
    font-weight: 650;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }
  h2 small {
    display: block;
    font-weight: 500;
  }
  small {
    font-size: 13px;
    line-height: 1.35;
    color: var(--t2);
  }
  header button {
    width: 48px;
    height: 48px;
    display: grid;
    place-items: center;
    border-radius: 14px;
    color: var(--t2);
  }
  .label {
    margin: 10px 4px 8px;
    font-size: 13px;
    color: var(--t2);
  }
  .seg,
  .opts {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 1fr;
    padding: 3px;
    margin-bottom: 10px;
    border-radius: 14px;
    background: var(--s2);
  }
  .seg button,
  .opts button {
    min-height: 50px;
    padding: 4px;
    border-radius: 11px;
    font-size: 14.5px;
    font-weight: 600;
    line-height: 1.25;
    color: var(--t2);
  }
  .seg [aria-pressed='true'],
  .opts [aria-pressed='true'] {
    background: var(--s3);
    color: var(--tx);
    box-shadow: inset 0 0 0 1.5px var(--edge);
  }
  .item {
    display: flex;
    align-items: center;
    gap: 14px;
    width: 100%;
    min-height: 58px;
    padding: 8px 4px;
    text-align: left;
    border-top: 1px solid var(--ln);
    color: inherit;
    text-decoration: none;
  }
  .item svg {
    color: var(--t2);
  }
  .item > span {
    flex: 1;
    min-width: 0;
  }
  .item b {
    font-weight: 600;
    display: block;
  }
  .item[aria-disabled='true'] {
    opacity: 0.5;
  }
  .item.on svg {
    color: var(--warn);
    fill: currentColor;
  }
  /* A switch: the knob on the right is on. */
  .item > i {
    flex: none;
    width: 52px;
    height: 32px;
    padding: 4px;
    border-radius: 16px;
    background: var(--s3);
    box-shadow: inset 0 0 0 1.5px var(--edge);
  }
  .item > i::after {
    content: '';
    display: block;
    width: 24px;
    height: 24px;
    border-radius: 50%;
    background: var(--t2);
    transition: transform 0.15s;
  }
  [aria-checked='true'] > i {
    background: var(--ac);
  }
  [aria-checked='true'] > i::after {
    background: var(--bg);
    transform: translateX(20px);
  }
  @media (min-width: 900px), (max-height: 500px) and (orientation: landscape) {
    dialog {
      margin: 0 0 0 auto;
      width: min(440px, 62vw);
      height: 100dvh;
      max-height: 100dvh;
      border-radius: 22px 0 0 22px;
      border-top: 0;
      border-left: 1px solid var(--ln);
      padding-right: calc(14px + var(--right));
    }
  }
  @media (forced-colors: active) {
    .seg [aria-pressed='true'],
    .opts [aria-pressed='true'],
    .item > i {
      border: 2px solid;
    }
    .item > i::after {
      background: CanvasText;
    }
  }
`
