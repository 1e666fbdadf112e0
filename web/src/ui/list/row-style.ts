import { css } from 'lit'

/** Rows of cameras, and what stands between them. */
export const rowStyle = css`
  :host {
    display: block;
    color: var(--tx);
  }
  h2 {
    display: flex;
    gap: 8px;
    padding: 10px 14px 6px;
    color: var(--t2);
    font-size: 13px;
    font-weight: 600;
  }
  li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    margin: 0 14px;
  }
  li + li {
    border-top: 1px solid var(--ln);
  }
  .row {
    display: grid;
    grid-template-columns: 80px minmax(0, 1fr) auto;
    gap: 11px;
    align-items: center;
    min-width: 0;
    min-height: 58px;
    padding: 6px 0;
    text-align: left;
    border-radius: 10px;
  }
  .row:active {
    background: var(--s2);
  }
  camera-still {
    width: 80px;
    height: 45px;
    border-radius: 9px;
  }
  .cur camera-still {
    outline: 2px solid var(--ac);
    outline-offset: 1px;
  }
  .name {
    min-width: 0;
  }
  b {
    display: block;
    font-size: 14.5px;
    line-height: 1.35;
    font-weight: 600;
    letter-spacing: -0.012em;
  }
  /* The second street of a crossroads matters as much as the first. */
  .name b {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  small {
    display: block;
    font-size: 13px;
    line-height: 1.4;
    color: var(--t2);
    overflow-wrap: anywhere;
  }
  .cur small {
    color: var(--ac);
  }
  .off b,
  .shut b {
    color: var(--t2);
  }
  .shut small i {
    display: flex;
  }
  .off small {
    color: var(--bad);
  }
  small i {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    margin-right: 7px;
    color: var(--ac);
    font-style: normal;
    vertical-align: -2px;
  }
  .way {
    display: grid;
    grid-template-columns: auto 26px;
    align-items: center;
    gap: 4px;
    font-size: 14px;
    font-weight: 600;
    white-space: nowrap;
  }
  .way svg,
  .way em {
    justify-self: center;
    color: var(--ac);
  }
  .way em {
    font-size: 12.5px;
    font-style: normal;
    font-weight: 650;
  }
  .off .way,
  .shut .way {
    color: var(--t2);
  }
  .star {
    width: 48px;
    margin-right: -8px;
    height: 48px;
    display: grid;
    place-items: center;
    border-radius: 14px;
    color: var(--t3);
  }
  .star[aria-pressed='true'] {
    color: var(--warn);
  }
  .star[aria-pressed='true'] svg {
    fill: currentColor;
  }
  .none {
    padding: 26px 28px;
    color: var(--t2);
    text-align: center;
    text-wrap: balance;
  }
  .none b {
    margin-bottom: 4px;
    color: var(--tx);
    font-size: 15px;
  }
  @container (max-width: 359px) {
    .row {
      grid-template-columns: 64px minmax(0, 1fr) auto;
      gap: 9px;
    }
    camera-still {
      width: 64px;
      height: 36px;
    }
  }
  .end {
    padding: 12px 20px 14px;
    color: var(--t2);
    font-size: 13px;
    text-align: center;
    text-wrap: balance;
  }
  .soft {
    min-height: 48px;
    padding: 6px 18px;
    border-radius: 14px;
    background: var(--s2);
    color: var(--tx);
    font-size: 14px;
    font-weight: 600;
  }
`
