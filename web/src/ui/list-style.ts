import { css } from 'lit'

/** The tabs and the search field over the lists. */
export const listStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    /* a small phone, or the column beside a large picture */
    container-type: inline-size;
    padding-top: 8px;
  }
  .find {
    display: none;
    align-items: center;
    gap: 8px;
    margin: 0 14px 10px;
  }
  :host([searching]) .find {
    display: flex;
  }
  label {
    flex: 1;
    min-width: 0;
    display: flex;
    align-items: center;
    gap: 10px;
    height: 48px;
    padding-left: 14px;
    border-radius: 14px;
    background: var(--s2);
    color: var(--t2);
  }
  label:focus-within {
    outline: 2.5px solid var(--ac);
  }
  input {
    flex: 1;
    min-width: 0;
    height: 100%;
    border: 0;
    outline: 0;
    background: none;
    color: var(--tx);
    font: inherit;
    /* under 16 px an iPhone zooms in */
    font-size: 16px;
  }
  input:focus-visible {
    outline: none;
  }
  input::placeholder {
    color: var(--t2);
    opacity: 1;
    font-size: 14.5px;
    text-overflow: ellipsis;
  }
  input::-webkit-search-cancel-button {
    display: none;
  }
  .x,
  .done {
    width: 48px;
    height: 48px;
    display: grid;
    place-items: center;
    border-radius: 14px;
    color: var(--t2);
  }
  .done {
    color: inherit;
  }
  .seg {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    margin: 0 14px 4px;
    padding: 2px;
    border-radius: 14px;
    background: var(--s2);
  }
  .seg button {
    height: 48px;
    border-radius: 12px;
    font-size: 13.5px;
    font-weight: 600;
    letter-spacing: -0.01em;
    color: var(--t2);
  }
  .seg [aria-pressed='true'] {
    background: var(--s3);
    color: var(--tx);
  }
  @media (forced-colors: active) {
    .seg [aria-pressed='true'] {
      border: 2px solid;
    }
  }
  @container (max-width: 359px) {
    .find,
    .seg {
      margin-left: 8px;
      margin-right: 8px;
    }
    .seg {
      grid-template-columns: repeat(4, auto);
    }
    .seg button {
      font-size: 12.5px;
    }
  }
  camera-map {
    flex: 1;
    margin-top: 7px;
  }
  .scroll {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--s3) transparent;
    padding-bottom: calc(12px + var(--cover, 0px));
  }
  .none {
    padding: 26px 28px;
    color: var(--t2);
    text-align: center;
    text-wrap: balance;
  }
  .bone {
    display: grid;
    grid-template-columns: 80px 1fr;
    gap: 11px;
    margin: 12px 14px;
  }
  .bone i {
    height: 45px;
    border-radius: 9px;
    background: var(--s2);
  }
  .bone i + i {
    height: 16px;
    align-self: center;
    width: 70%;
  }
  /* a phone on its side: what is above the list takes one row of it */
  @media (orientation: landscape) and (max-height: 500px) {
    :host {
      display: grid;
      grid-template: auto minmax(0, 1fr) / 1fr 1fr;
    }
    .find {
      order: 1;
      margin: 0 14px 4px 0;
    }
    .scroll,
    camera-map {
      order: 2;
      grid-column: 1 / -1;
    }
  }
  @media (min-width: 900px) and (min-height: 501px) {
    .find {
      display: flex;
    }
    .done {
      display: none;
    }
  }
`
