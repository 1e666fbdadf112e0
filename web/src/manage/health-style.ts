import { css } from 'lit'

/** The table of cameras: what there is room for, by its own width. */
export const healthStyle = css`
  .list {
    container-type: inline-size;
  }
  .lead.bad {
    color: var(--bad);
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin: 0 8px 10px;
  }
  .chips button {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-height: 48px;
    padding: 0 14px;
    border-radius: 13px;
    background: var(--s2);
    font-size: 14.5px;
    font-weight: 600;
  }
  .chips b {
    font-weight: 680;
    font-variant-numeric: tabular-nums;
  }
  .chips [aria-pressed='true'] {
    background: var(--tx);
    color: var(--bg);
  }
  .narrow {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px;
    margin: 0 8px 12px;
  }
  .narrow item-picker {
    flex: 1 1 200px;
    max-width: 420px;
  }
  .csv {
    min-height: 48px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    text-align: left;
  }
  thead {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  thead th {
    padding: 8px;
    font-size: 13px;
    font-weight: 620;
    color: var(--t2);
    white-space: nowrap;
  }
  tbody tr {
    position: relative;
    border-top: 1px solid var(--ln);
  }
  tbody th,
  tbody td {
    padding: 11px 8px;
    vertical-align: top;
    font-weight: 500;
    font-size: 15px;
    line-height: 1.4;
  }
  tbody a {
    color: inherit;
    text-decoration: none;
    font-weight: 620;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  /* The whole row leads there. */
  tbody a::after {
    content: '';
    position: absolute;
    inset: 0;
    border-radius: 12px;
  }
  tbody a:focus-visible {
    outline: none;
  }
  tbody a:focus-visible::after {
    outline: 2.5px solid var(--ac);
    outline-offset: -3px;
  }
  small {
    display: block;
    font-size: 13.5px;
    line-height: 1.45;
    color: var(--t2);
  }
  .under {
    display: block;
    margin-top: 7px;
  }
  .state {
    width: 42%;
    min-width: 132px;
  }
  .is {
    display: flex;
    align-items: center;
    gap: 9px;
    font-weight: 600;
  }
  .c-offline .is {
    color: var(--bad);
  }
  .w1,
  .w2 {
    display: none;
  }
  .num {
    text-align: right;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .cur {
    background: var(--acs);
  }
  @media (hover: hover) {
    tbody tr:hover {
      background: var(--s2);
    }
    tbody tr.cur:hover {
      background: var(--acs);
    }
  }
  @container (min-width: 640px) {
    thead {
      position: static;
      width: auto;
      height: auto;
      clip-path: none;
    }
    .w1 {
      display: table-cell;
    }
    .under {
      display: none;
    }
    tbody th {
      width: 32%;
    }
    .state {
      width: 23%;
      min-width: 170px;
    }
    .day {
      min-width: 150px;
    }
  }
  @container (min-width: 900px) {
    .w2 {
      display: table-cell;
    }
  }
`
