import { css } from 'lit'

/** Rows of open views: one below the other on a phone, in columns where there is room. */
export const nowStyle = css`
  .list {
    container-type: inline-size;
  }
  .view {
    display: grid;
    grid-template-columns: 40px minmax(0, 1fr) auto;
    gap: 6px 12px;
    align-items: start;
    padding: 14px 8px;
    border-radius: 0;
    border-top: 1px solid var(--ln);
  }
  .view > div {
    min-width: 0;
    grid-column: 2 / 4;
  }
  .view .who {
    grid-column: 2;
  }
  .view > button {
    grid-area: 1 / 3;
    min-height: 48px;
  }
  b {
    display: block;
    font-size: 15.5px;
    font-weight: 620;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  small {
    display: block;
    font-size: 13.5px;
    line-height: 1.45;
    color: var(--t2);
    overflow-wrap: anywhere;
  }
  small:empty {
    display: none;
  }
  .why {
    display: flex;
    gap: 6px;
    color: var(--tx);
    font-weight: 550;
  }
  .why svg {
    margin-top: 2px;
    color: var(--t2);
  }
  .is {
    display: flex;
    align-items: center;
    gap: 9px;
    font-size: 15px;
    font-weight: 600;
  }
  @container (min-width: 760px) {
    .view {
      grid-template-columns: 40px minmax(0, 6fr) minmax(0, 6fr) minmax(0, 5fr) auto;
      gap: 16px;
    }
    .view > div,
    .view .who,
    .view > button {
      grid-area: auto;
    }
  }
  dialog p {
    margin-top: 8px;
    line-height: 1.5;
    color: var(--t2);
  }
  dialog .of {
    margin-top: 4px;
    color: var(--tx);
    font-weight: 600;
  }
  dialog .field {
    margin: 18px 0 0;
  }
  dialog .buttons {
    margin-top: 20px;
  }
  dialog .buttons button {
    flex: 1 1 140px;
  }
`
