import { css } from 'lit'

export const guestStyle = css`
  :host {
    display: grid;
    grid-template-rows: 1fr auto;
    height: 100dvh;
    padding: var(--top) var(--right) var(--bottom) var(--left);
  }
  .box {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: safe center;
    gap: 6px;
    min-height: 0;
    overflow-y: auto;
    padding: 20px 24px;
    text-align: center;
  }
  h1 {
    font-size: 24px;
    font-weight: 680;
    letter-spacing: -0.015em;
    text-wrap: balance;
  }
  h1:focus {
    outline: none;
  }
  .for {
    font-size: 16px;
    max-width: 30em;
    overflow-wrap: anywhere;
    text-wrap: balance;
  }
  .small {
    font-size: 14px;
    color: var(--t2);
    max-width: 30em;
    text-wrap: balance;
  }
  .said {
    min-height: 48px;
    display: grid;
    place-items: center;
    font-weight: 620;
    text-wrap: balance;
  }
  .said.bad {
    color: var(--bad);
  }
  pin-pad {
    margin-bottom: 16px;
  }
  .wait {
    display: flex;
    align-items: center;
    gap: 10px;
    font-size: 17px;
  }
  .sign {
    display: grid;
    place-items: center;
    width: 72px;
    height: 72px;
    margin-bottom: 12px;
    border-radius: 24px;
    background: var(--s2);
    color: var(--t2);
  }
  .go {
    min-height: 56px;
    margin-top: 22px;
    padding: 0 28px;
    border-radius: 18px;
    background: var(--tx);
    color: var(--bg);
    font-size: 16px;
    font-weight: 650;
  }
  footer {
    display: flex;
    justify-content: space-between;
    align-items: center;
    padding: 4px 20px 10px;
    color: var(--t3);
    font-size: 13px;
  }
  footer button {
    min-height: 48px;
    padding: 0 8px;
    color: var(--t2);
    font-weight: 600;
  }
  .look {
    display: grid;
    grid-template-rows: auto auto 1fr;
    min-height: 0;
  }
  header {
    padding: 12px 16px 10px;
  }
  header h1 {
    font-size: 19px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .state {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 22px;
    font-size: 14.5px;
    font-weight: 600;
    color: var(--t2);
  }
  .is-live {
    color: var(--tx);
  }
  .is-weak,
  .is-stale {
    color: var(--warn);
  }
  .is-offline {
    color: var(--bad);
  }
  .picture {
    background: #000;
  }
  .frame {
    position: relative;
  }
  .about {
    display: flex;
    flex-direction: column;
    gap: 14px;
    min-height: 0;
    overflow-y: auto;
    padding: 18px 16px 16px;
  }
  .left {
    display: grid;
    gap: 1px;
    padding: 14px 16px;
    border-radius: 18px;
    background: var(--s1);
  }
  .left span,
  .who span,
  .left small {
    font-size: 13.5px;
    color: var(--t2);
  }
  .left b {
    font-size: 42px;
    font-weight: 660;
    line-height: 1.1;
    letter-spacing: -0.01em;
  }
  .soon b {
    color: var(--warn);
  }
  .who {
    display: grid;
    padding: 0 16px;
  }
  .who b {
    font-size: 17px;
    font-weight: 640;
    overflow-wrap: anywhere;
  }
  .about > .small {
    padding: 0 16px;
    text-wrap: pretty;
  }
  .stop {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
    min-height: 56px;
    margin-top: auto;
    border-radius: 18px;
    background: var(--s2);
    font-size: 16px;
    font-weight: 650;
  }
  /* On its side, and on a desk: the picture is as large as it can be, the rest beside it. */
  @media (orientation: landscape) and (min-width: 600px) {
    :host {
      grid-template-rows: 1fr auto;
    }
    .look {
      grid-template-columns: minmax(0, 1fr) 240px;
      grid-template-rows: auto 1fr;
      grid-row: 1 / -1;
    }
    header {
      grid-column: 2;
    }
    header h1 {
      white-space: normal;
      font-size: 17px;
    }
    .picture {
      grid-column: 1;
      grid-row: 1 / -1;
      display: grid;
      align-items: center;
      height: 100dvh;
    }
    .frame {
      width: min(100%, 177.7dvh);
      justify-self: center;
    }
    .about {
      grid-column: 2;
      padding-top: 4px;
    }
    .left b {
      font-size: 32px;
    }
  }
  @media (forced-colors: active) {
    .go,
    .stop {
      border: 1px solid;
    }
  }
`
