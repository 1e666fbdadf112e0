import { css } from 'lit'

/** Fields, cards to choose from, and buttons. */
export const formStyle = css`
  .field,
  .choices {
    display: block;
    border: 0;
    padding: 0;
    min-width: 0;
    margin-bottom: 20px;
  }
  item-picker {
    margin-bottom: 20px;
  }
  item-picker[compact] {
    margin: 0;
  }
  label,
  legend,
  .label {
    display: block;
    padding: 0;
    font-size: 14.5px;
    font-weight: 620;
    margin-bottom: 7px;
  }
  .opt {
    font-weight: 500;
    color: var(--t2);
    font-size: 13px;
  }
  .box {
    display: flex;
    align-items: center;
    min-height: 50px;
    border: 1px solid var(--fl);
    border-radius: 13px;
    background: var(--in);
  }
  .box.still {
    background: var(--s2);
    border-color: var(--ln);
  }
  .box:focus-within {
    outline: 2.5px solid var(--ac);
    outline-offset: -1px;
    border-color: var(--ac);
  }
  input:not([type='checkbox'], [type='radio'], [type='file']),
  textarea {
    flex: 1;
    min-width: 0;
    width: 100%;
    height: 48px;
    padding: 0 14px;
    border: 0;
    outline: 0;
    border-radius: 13px;
    background: none;
    color: var(--tx);
    font: inherit;
    /* under 16 px an iPhone zooms in */
    font-size: 16px;
  }
  textarea {
    display: block;
    height: auto;
    padding: 13px 14px;
    line-height: 1.45;
    resize: vertical;
  }
  .code {
    font-family: ui-monospace, 'SF Mono', Menlo, 'Roboto Mono', Consolas, monospace !important;
    font-size: 15px !important;
    letter-spacing: -0.01em;
  }
  input::placeholder {
    color: var(--t3);
    opacity: 1;
  }
  input:disabled {
    color: var(--t2);
    opacity: 1;
    -webkit-text-fill-color: var(--t2);
  }
  .hint,
  .error,
  .good {
    margin-top: 6px;
    font-size: 13.5px;
    line-height: 1.45;
    color: var(--t2);
  }
  .error {
    color: var(--bad);
    font-weight: 600;
  }
  .good {
    color: var(--ok);
    font-weight: 600;
  }
  .wrong .box {
    border-color: var(--bad);
  }
  .tail {
    align-self: stretch;
    min-width: 48px;
    padding: 0 14px;
    font-size: 14px;
    font-weight: 620;
    color: var(--ac);
    border-radius: 13px;
    display: grid;
    place-items: center;
  }
  .cards {
    display: grid;
    gap: 8px;
  }
  .row .cards {
    grid-template-columns: repeat(auto-fit, minmax(136px, 1fr));
  }
  .card {
    display: grid;
    grid-template-columns: 22px minmax(0, 1fr);
    gap: 12px;
    align-items: start;
    min-height: 50px;
    padding: 13px 14px;
    margin: 0;
    border: 1px solid var(--ln);
    border-radius: 13px;
    background: var(--in);
    cursor: pointer;
  }
  .card:has(:checked) {
    border-color: var(--ac);
    background: var(--acs);
  }
  .card:has(:focus-visible) {
    outline: 2.5px solid var(--ac);
    outline-offset: 2px;
  }
  .wrong .card {
    border-color: var(--bad);
  }
  .card input {
    width: 20px;
    height: 20px;
    margin: 1px 0 0;
    accent-color: var(--ac);
    outline: none;
  }
  .card b {
    display: block;
    font-weight: 600;
    font-size: 15px;
  }
  .card small {
    display: block;
    margin-top: 2px;
    font-weight: 500;
    font-size: 13.5px;
    line-height: 1.45;
    color: var(--t2);
  }
  .tick {
    margin-bottom: 12px;
  }
  .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
    gap: 0 14px;
  }
  .group {
    border-top: 1px solid var(--ln);
    padding-top: 20px;
    margin-top: 4px;
  }
  .group > h2 {
    font-size: 16.5px;
    font-weight: 660;
    letter-spacing: -0.01em;
    margin-bottom: 14px;
  }
  .group > h2 + .hint {
    margin: -8px 0 14px;
  }
  details {
    border-top: 1px solid var(--ln);
    margin: 4px 0 8px;
  }
  summary {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 52px;
    font-weight: 620;
    color: var(--ac);
    cursor: pointer;
    list-style: none;
    border-radius: 10px;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary svg {
    transition: transform 0.15s;
  }
  details[open] summary svg {
    transform: rotate(180deg);
  }
  .go,
  .soft,
  .text {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 9px;
    min-height: 50px;
    padding: 0 20px;
    border-radius: 14px;
    font-weight: 650;
    font-size: 15.5px;
    text-decoration: none;
    white-space: nowrap;
  }
  .go {
    background: var(--tx);
    color: var(--bg);
  }
  .go[disabled] {
    opacity: 0.55;
    cursor: default;
  }
  .go.bad {
    background: var(--bad);
    color: var(--bg);
  }
  .soft {
    background: var(--s2);
    color: var(--tx);
  }
  .text {
    color: var(--ac);
    padding: 0 12px;
  }
  .text.bad,
  .soft.bad {
    color: var(--bad);
  }
  .go:active,
  .soft:active,
  .text:active {
    opacity: 0.7;
  }
  .small {
    min-width: 48px;
    min-height: 48px;
    padding: 0 14px;
    font-size: 14.5px;
    border-radius: 12px;
  }
  .count {
    flex: none;
    min-width: 20px;
    padding: 0 6px;
    border-radius: 10px;
    background: var(--bad);
    color: var(--bg);
    font-size: 12.5px;
    font-weight: 700;
    line-height: 20px;
    text-align: center;
    font-variant-numeric: tabular-nums;
  }
  .banner {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr);
    gap: 12px;
    padding: 14px;
    margin-bottom: 18px;
    border-radius: 14px;
    background: var(--s2);
    font-size: 14.5px;
    line-height: 1.5;
  }
  .banner svg {
    color: var(--t2);
    margin-top: 1px;
  }
  .banner.bad {
    background: var(--bads);
  }
  .banner.bad svg {
    color: var(--bad);
  }
  .banner.warn {
    background: var(--warns);
  }
  .banner.warn svg {
    color: var(--warn);
  }
  .banner.good {
    margin-top: 0;
    background: var(--oks);
    color: var(--tx);
    font-weight: 500;
  }
  .banner.good svg {
    color: var(--ok);
  }
  .banner .soft {
    background: var(--bg);
  }
  .banner b {
    display: block;
    font-weight: 650;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    margin-top: 12px;
  }
  a {
    color: var(--ac);
  }
  .spin {
    width: 18px;
    height: 18px;
    border: 2.5px solid currentColor;
    border-top-color: transparent;
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  @media (forced-colors: active) {
    .go,
    .soft,
    .card {
      border: 1px solid;
    }
  }
`
