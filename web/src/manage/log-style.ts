import { css } from 'lit'

/** The log's list, its days, and the chips of what is looked for. */
export const logStyle = css`
  .ways {
    display: grid;
    grid-template-columns: auto 1fr 1fr;
    gap: 8px;
    padding: 0 16px 10px;
  }
  .ways .soft {
    gap: 6px;
    padding: 0 6px;
    font-size: 14px;
  }
  .ways .soft[aria-current='page'] {
    background: var(--acs);
    color: var(--ac);
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    padding: 0 16px 10px;
  }
  .chips button {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-height: 48px;
    max-width: 100%;
    padding: 0 12px;
    border-radius: 12px;
    background: var(--acs);
    font-size: 14.5px;
    font-weight: 600;
    text-align: left;
    overflow-wrap: anywhere;
  }
  .chips svg {
    color: var(--t2);
  }
  .day {
    position: sticky;
    top: 0;
    z-index: 1;
    margin: 0 8px;
    padding: 10px 4px 6px;
    background: var(--bg);
    font-size: 13.5px;
    font-weight: 650;
    color: var(--t2);
  }
  .denied .face {
    background: var(--bads);
    color: var(--bad);
  }
  .item .end {
    font-variant-numeric: tabular-nums;
    align-self: start;
    padding-top: 2px;
  }
  .end b {
    font-size: 14.5px;
    font-variant-numeric: tabular-nums;
  }
  .fault {
    margin: 0 16px 10px;
  }
  .fault .banner {
    margin: 0;
  }
  .fault a {
    display: inline-block;
    min-height: 48px;
    padding: 11px 0;
    font-weight: 620;
  }
  @media (min-width: 700px) {
    .ways {
      display: flex;
    }
    .ways .soft {
      padding: 0 14px;
      font-size: 14.5px;
    }
    .ways,
    .chips {
      padding-left: 24px;
      padding-right: 24px;
    }
    .fault {
      margin: 0 24px 12px;
    }
  }
`
