import { css } from 'lit'

/** Things one below the other, each with a sign before it and what can be done to it behind. */
export const thingStyle = css`
  .thing {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: 12px;
    align-items: center;
    min-height: 60px;
    padding: 8px 0;
  }
  li + li .thing {
    border-top: 1px solid var(--ln);
  }
  .thing > svg {
    color: var(--t2);
  }
  b {
    font-weight: 620;
  }
  small {
    display: block;
    font-size: 13.5px;
    line-height: 1.45;
    color: var(--t2);
  }
`
