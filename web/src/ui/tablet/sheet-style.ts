import { css } from 'lit'

/** The tablet's sheets: at its middle, large enough for a thumb in a car that shakes. */
export const sheetStyle = css`
  dialog {
    margin: auto;
    width: min(94vw, 560px);
    max-height: min(92dvh, 720px);
    padding: 10px 20px 22px;
    border: 1px solid var(--ln);
    border-radius: 22px;
    background: var(--s1);
    color: var(--tx);
    overflow: auto;
    overscroll-behavior: contain;
  }
  dialog::backdrop {
    background: #05070bb3;
  }
  header {
    display: grid;
    grid-template-columns: 1fr 48px;
    align-items: center;
    margin: 0 -10px 6px 0;
  }
  h2 {
    font-size: 18px;
    font-weight: 650;
  }
  header button,
  .bin {
    width: 48px;
    height: 48px;
    display: grid;
    place-items: center;
    border-radius: 14px;
    color: var(--t2);
  }
  h3 {
    margin: 14px 2px 4px;
    font-size: 13px;
    font-weight: 620;
    color: var(--t2);
  }
  .row {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: center;
    border-top: 1px solid var(--ln);
  }
  h3 + ul .row:first-child {
    border-top: 0;
  }
  .open {
    display: flex;
    align-items: center;
    gap: 14px;
    min-width: 0;
    min-height: 58px;
    padding: 6px 2px;
    border-radius: 12px;
    text-align: left;
  }
  .open svg {
    color: var(--t2);
  }
  .open span {
    min-width: 0;
  }
  .open b {
    display: block;
    font-size: 15.5px;
    font-weight: 620;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .open small {
    font-size: 13px;
    color: var(--t2);
  }
  .open[aria-current='true'],
  .open[aria-current='true'] svg {
    color: var(--ac);
  }
  .none,
  .note {
    padding: 10px 2px;
    font-size: 14px;
    color: var(--t2);
  }
  .note.bad {
    color: var(--bad);
  }
  form {
    display: grid;
    gap: 10px;
    margin-top: 16px;
    padding-top: 14px;
    border-top: 1px solid var(--ln);
  }
  label {
    display: grid;
    gap: 6px;
    font-size: 13.5px;
    font-weight: 600;
    color: var(--t2);
  }
  input,
  select {
    font: inherit;
    font-size: 16px;
    width: 100%;
    min-height: 50px;
    padding: 0 14px;
    border: 1px solid #8591a3;
    border-radius: 14px;
    background: var(--s2);
    color: var(--tx);
  }
  .do {
    min-height: 54px;
    padding: 0 22px;
    border-radius: 18px;
    background: var(--tx);
    color: var(--bg);
    font-size: 16px;
    font-weight: 660;
  }
  .do.plain {
    background: var(--s3);
    color: var(--tx);
  }
  .pick {
    display: grid;
    gap: 8px;
  }
  .pick.times {
    grid-template-columns: repeat(6, 1fr);
  }
  .pick button {
    min-height: 52px;
    padding: 4px 14px;
    border-radius: 14px;
    background: var(--s2);
    font-size: 15px;
    font-weight: 600;
    text-align: left;
  }
  .pick.times button {
    padding: 0 4px;
    text-align: center;
  }
  .pick [aria-pressed='true'] {
    background: var(--acs);
    color: var(--ac);
    outline: 2px solid var(--ac);
    outline-offset: -2px;
  }
  .acts {
    display: grid;
    grid-auto-flow: column;
    gap: 10px;
    margin-top: 18px;
  }
`
