import { css } from 'lit'

/**
 * What the people's pages share. Each is a column: what scrolls, and below it,
 * within the thumb's reach, the bar with the buttons.
 */
export const pageStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    flex: 1;
  }
  .scroll {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--s3) transparent;
    padding: 2px 16px 18px;
  }
  .bar {
    display: flex;
    gap: 10px;
    padding: 10px 16px calc(12px + var(--bottom));
    border-top: 1px solid var(--ln);
  }
  .bar .away,
  .square {
    flex: none;
    width: 56px;
    height: 56px;
    display: grid;
    place-items: center;
    border-radius: 18px;
    background: var(--s2);
    color: var(--tx);
  }
  .go,
  .soft,
  .danger {
    display: flex;
    flex: 1;
    align-items: center;
    justify-content: center;
    gap: 9px;
    min-height: 56px;
    padding: 6px 16px;
    border-radius: 18px;
    font-weight: 650;
    font-size: 16px;
    line-height: 1.2;
    text-align: center;
    text-decoration: none;
    background: var(--s3);
    color: var(--tx);
  }
  .go {
    background: var(--tx);
    color: var(--bg);
  }
  .danger {
    background: var(--bad);
    color: var(--bg);
  }
  .small {
    flex: none;
    min-height: 48px;
    padding: 4px 14px;
    border-radius: 14px;
    font-size: 14.5px;
  }
  button:active {
    opacity: 0.72;
  }
  button[aria-disabled='true'] {
    opacity: 0.6;
  }
  h3 {
    margin: 18px 0 8px;
    font-size: 14px;
    font-weight: 620;
    color: var(--t2);
  }
  h3:first-child {
    margin-top: 4px;
  }
  .none {
    padding: 30px 20px;
    text-align: center;
    text-wrap: balance;
    color: var(--t2);
  }
  .fault {
    display: flex;
    gap: 9px;
    align-items: flex-start;
    margin-top: 14px;
    padding: 11px 13px;
    border-radius: 14px;
    border: 1.5px solid var(--bad);
    color: var(--bad);
    font-weight: 600;
    font-size: 14.5px;
  }
  .line {
    display: flex;
    align-items: center;
    gap: 13px;
    min-height: 60px;
    padding: 8px 0;
    border-top: 1px solid var(--ln);
  }
  ul > .line:first-child,
  li:first-child > .line {
    border-top: 0;
  }
  .line > svg {
    color: var(--t2);
  }
  .line > span,
  .what {
    flex: 1;
    min-width: 0;
  }
  .line b,
  .what b {
    display: block;
    font-weight: 620;
    overflow-wrap: anywhere;
  }
  small {
    display: block;
    margin-top: 1px;
    font-size: 13px;
    line-height: 1.35;
    color: var(--t2);
    overflow-wrap: anywhere;
  }
  .tag {
    display: inline-block;
    margin-left: 7px;
    padding: 1px 8px;
    border-radius: 9px;
    background: var(--acs);
    color: var(--ac);
    font-size: 12px;
    font-style: normal;
    font-weight: 640;
    vertical-align: 1px;
  }
  input,
  textarea {
    display: block;
    width: 100%;
    min-height: 52px;
    padding: 0 14px;
    border: 1px solid transparent;
    border-radius: 14px;
    background: var(--s2);
    color: var(--tx);
    font: inherit;
    /* under 16 px an iPhone zooms in */
    font-size: 16px;
  }
  textarea {
    padding: 14px;
    resize: none;
    field-sizing: content;
    max-height: 150px;
  }
  input::placeholder,
  textarea::placeholder {
    color: var(--t2);
    opacity: 1;
  }
  input::-webkit-search-cancel-button {
    display: none;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-bottom: 10px;
  }
  .chips button,
  .seg button {
    min-height: 48px;
    padding: 4px 15px;
    border-radius: 24px;
    border: 1.5px solid transparent;
    background: var(--s2);
    font-size: 14.5px;
    font-weight: 600;
    color: var(--tx);
  }
  .seg {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 1fr;
    gap: 8px;
  }
  .seg button {
    padding: 4px;
    border-radius: 14px;
  }
  [aria-pressed='true'],
  .chips [aria-pressed='true'],
  .seg [aria-pressed='true'] {
    border-color: var(--ac);
    background: var(--acs);
    color: var(--ac);
  }
  @media (max-height: 500px) {
    .bar {
      padding: 8px 14px calc(8px + var(--bottom));
    }
    .go,
    .soft,
    .danger,
    .bar .away {
      min-height: 50px;
      height: 50px;
    }
    .small {
      height: auto;
    }
  }
  @media (forced-colors: active) {
    .go,
    .soft,
    .danger,
    .square,
    .bar .away,
    .chips button,
    .seg button,
    input,
    textarea {
      border: 1px solid;
    }
    [aria-pressed='true'] {
      outline: 3px solid Highlight;
    }
  }
`
