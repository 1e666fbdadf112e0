import { css } from 'lit'

/** A list, and beside it (or over it, on a phone) one thing of it. */
export const screenStyle = css`
  :host {
    display: block;
    height: 100%;
    min-height: 0;
  }
  .screen {
    height: 100%;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
  }
  /* What a list comes to, in a sentence. */
  .lead {
    margin: 2px 8px 12px;
    font-size: 21px;
    font-weight: 660;
    letter-spacing: -0.015em;
    line-height: 1.35;
    text-wrap: balance;
  }
  .list,
  .detail {
    grid-area: 1 / 1;
    min-height: 0;
    display: flex;
    flex-direction: column;
  }
  .detail {
    background: var(--bg);
  }
  .screen.open .list,
  .screen:not(.open) .detail {
    display: none;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 64px;
    padding: calc(8px + var(--top)) 8px 6px 16px;
  }
  .head > div {
    flex: 1;
    min-width: 0;
  }
  h1 {
    font-size: 22px;
    font-weight: 680;
    letter-spacing: -0.018em;
    line-height: 1.25;
  }
  .head p {
    font-size: 13.5px;
    color: var(--t2);
  }
  .head .go {
    display: none;
  }
  /* The name has the room; the sign alone says the rest. */
  .top .wide {
    display: none;
  }
  .square {
    width: 48px;
    height: 48px;
    flex: none;
    display: grid;
    place-items: center;
    border-radius: 14px;
    color: var(--t2);
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    padding: 4px 16px 10px;
  }
  .find {
    flex: 1 1 200px;
    display: flex;
    align-items: center;
    gap: 10px;
    height: 48px;
    margin: 0;
    padding: 0 4px 0 14px;
    border-radius: 14px;
    background: var(--s2);
    color: var(--t2);
    font-weight: 500;
  }
  .find:focus-within {
    outline: 2.5px solid var(--ac);
  }
  .find input {
    height: 100% !important;
    padding: 0 !important;
  }
  .find input::-webkit-search-cancel-button {
    display: none;
  }
  .find .x {
    width: 48px;
    height: 48px;
    display: grid;
    place-items: center;
    border-radius: 12px;
  }
  .scroll {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--s3) transparent;
    padding: 0 8px 12px;
  }
  .bar {
    padding: 10px 16px;
    border-top: 1px solid var(--ln);
    background: var(--bg);
  }
  .bar .go {
    width: 100%;
  }
  li {
    border-radius: 14px;
  }
  li + li .item {
    border-top: 1px solid var(--ln);
  }
  .item {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: center;
    gap: 12px;
    width: 100%;
    min-height: 64px;
    margin: 0 8px;
    width: calc(100% - 16px);
    padding: 9px 4px;
    color: inherit;
    text-align: left;
    text-decoration: none;
  }
  .item b {
    display: block;
    font-size: 15.5px;
    font-weight: 620;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  .item small {
    display: block;
    margin-top: 1px;
    font-size: 13.5px;
    line-height: 1.4;
    color: var(--t2);
    overflow-wrap: anywhere;
  }
  .item .end {
    font-size: 13px;
    color: var(--t2);
    text-align: right;
    max-width: 120px;
  }
  li.cur {
    background: var(--acs);
  }
  li.cur .item,
  li.cur + li .item {
    border-color: transparent;
  }
  .off .end,
  .offline {
    color: var(--bad) !important;
  }
  .face {
    width: 40px;
    height: 40px;
    display: grid;
    place-items: center;
    border-radius: 13px;
    background: var(--s2);
    color: var(--t2);
    font-size: 14px;
    font-weight: 650;
  }
  .tag {
    display: inline-block;
    padding: 2px 8px;
    margin-left: 6px;
    border-radius: 7px;
    background: var(--s2);
    color: var(--t2);
    font-size: 12.5px;
    font-weight: 620;
    white-space: nowrap;
    vertical-align: 1px;
  }
  .tag.under {
    margin: 5px 0 1px;
  }
  .tag.bad {
    background: var(--bads);
    color: var(--bad);
  }
  .tag.warn {
    background: var(--warns);
    color: var(--warn);
  }
  .tag.good {
    background: var(--oks);
    color: var(--ok);
  }
  .none {
    padding: 12vh 28px 28px;
    text-align: center;
    color: var(--t2);
    line-height: 1.5;
  }
  .none h2 {
    color: var(--tx);
    font-size: 19px;
    font-weight: 660;
    margin-bottom: 8px;
  }
  .none p {
    max-width: 400px;
    margin: 0 auto;
    text-wrap: balance;
  }
  .none .mark {
    width: 64px;
    height: 64px;
    margin: 0 auto 18px;
    display: grid;
    place-items: center;
    border-radius: 20px;
    background: var(--s2);
    color: var(--ac);
  }
  .none .buttons {
    justify-content: center;
    margin-top: 20px;
  }
  .bone {
    height: 46px;
    margin: 14px 12px;
    border-radius: 12px;
    background: var(--s2);
  }
  .morerows {
    display: block;
    margin: 10px auto;
  }

  @media (min-width: 700px) {
    .head {
      padding: calc(14px + var(--top)) 24px 10px 24px;
    }
    .head .go {
      display: inline-flex;
    }
    .head .menu,
    .bar.add {
      display: none;
    }
    .tools {
      padding: 4px 24px 12px;
    }
    .scroll {
      padding: 0 16px 20px;
    }
  }
  @media (min-width: 1100px) {
    .screen {
      grid-template-columns: minmax(380px, 5fr) minmax(440px, 6fr);
    }
    .screen.alone {
      grid-template-columns: minmax(0, 1fr);
    }
    .screen .list,
    .screen.open .list,
    .screen:not(.open) .detail {
      display: flex;
      grid-area: auto;
    }
    .screen .detail {
      grid-area: auto;
    }
    .detail {
      background: var(--s1);
      border-left: 1px solid var(--ln);
    }
  }
`

/** One thing: its form, with the buttons that stay in reach of the thumb. */
export const panelStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    height: 100%;
  }
  .top {
    display: flex;
    align-items: center;
    gap: 4px;
    min-height: 64px;
    padding: calc(6px + var(--top)) 8px 6px 6px;
    border-bottom: 1px solid var(--ln);
  }
  .top h1 {
    flex: 1;
    min-width: 0;
    font-size: 18.5px;
    font-weight: 670;
    letter-spacing: -0.014em;
    line-height: 1.3;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    padding: 3px 2px;
  }
  .square {
    width: 48px;
    height: 48px;
    flex: none;
    display: grid;
    place-items: center;
    border-radius: 14px;
    color: var(--t2);
  }
  .body {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--s3) transparent;
    padding: 20px 16px 28px;
  }
  .body > * {
    max-width: 640px;
    margin-left: auto;
    margin-right: auto;
  }
  .foot {
    display: flex;
    gap: 10px;
    padding: 10px 16px;
    border-top: 1px solid var(--ln);
    justify-content: center;
  }
  .foot .go {
    flex: 1;
    max-width: 640px;
  }
  @media (min-width: 700px) {
    .body {
      padding: 24px 28px 36px;
    }
    .top .wide {
      display: inline;
    }
    .top {
      padding-left: 14px;
      padding-right: 16px;
    }
    .foot {
      padding: 12px 28px;
    }
  }
  @media (min-width: 1100px) {
    .body > * {
      margin-left: 0;
    }
    .foot {
      justify-content: flex-start;
    }
    .foot .go {
      flex: 0 1 260px;
    }
  }
  dl {
    display: grid;
    gap: 14px;
  }
  dt {
    font-size: 13.5px;
    color: var(--t2);
  }
  dd {
    margin: 1px 0 0;
    overflow-wrap: anywhere;
  }
`
