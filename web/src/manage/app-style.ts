import { css } from 'lit'

/** The page's frame: sections at the thumb on a phone, at the side elsewhere. */
export const appStyle = css`
  :host {
    display: block;
    height: 100vh;
    height: 100dvh;
  }
  .app {
    height: 100%;
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    background: var(--bg);
  }
  main {
    grid-area: 1 / 1;
    min-width: 0;
    min-height: 0;
  }
  nav {
    grid-area: 2 / 1;
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: minmax(0, 1fr);
    padding: 5px 6px calc(5px + var(--bottom));
    background: var(--s1);
    border-top: 1px solid var(--ln);
  }
  nav a,
  nav button {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 4px;
    min-width: 0;
    min-height: 56px;
    border-radius: 14px;
    font-size: 12px;
    font-weight: 620;
    text-decoration: none;
    color: var(--t2);
  }
  nav [aria-current='page'] {
    color: var(--ac);
    background: var(--acs);
  }
  /* How many cameras are offline. */
  nav a,
  nav button {
    position: relative;
  }
  nav .count {
    position: absolute;
    top: 4px;
    left: calc(50% + 10px);
  }
  nav .brand,
  nav .gap,
  nav .side {
    display: none;
  }
  /* A form has the whole phone. */
  .inside nav,
  nav.single {
    display: none;
  }
  .inside main {
    padding-bottom: var(--bottom);
  }

  .toast {
    position: fixed;
    z-index: 9;
    left: 50%;
    bottom: calc(150px + var(--bottom));
    max-width: min(92vw, 480px);
    padding: 13px 20px;
    border-radius: 14px;
    background: var(--tx);
    color: var(--bg);
    font-weight: 620;
    line-height: 1.4;
    box-shadow: var(--rise);
    transform: translate(-50%, 12px);
    opacity: 0;
    visibility: hidden;
    transition:
      opacity 0.16s,
      transform 0.16s;
    pointer-events: none;
  }
  .toast.shown {
    visibility: visible;
    opacity: 1;
    transform: translate(-50%, 0);
  }

  .gate {
    height: 100%;
    display: flex;
    flex-direction: column;
    justify-content: center;
    width: min(100%, 440px);
    margin: 0 auto;
    padding: 24px 20px 10vh;
  }
  .gate .mark {
    width: 64px;
    height: 64px;
    display: grid;
    place-items: center;
    border-radius: 20px;
    background: var(--s2);
    color: var(--ac);
    margin-bottom: 22px;
  }
  .gate h1 {
    font-size: 24px;
    font-weight: 680;
    letter-spacing: -0.015em;
    line-height: 1.25;
    margin-bottom: 10px;
    text-wrap: balance;
  }
  .gate p {
    font-size: 16px;
    line-height: 1.5;
    color: var(--t2);
    margin-bottom: 26px;
  }

  @media (min-width: 700px) {
    .app {
      grid-template: minmax(0, 1fr) / 92px minmax(0, 1fr);
    }
    main {
      grid-area: 1 / 2;
    }
    nav,
    nav.single,
    .inside nav {
      grid-area: 1 / 1;
      display: flex;
      flex-direction: column;
      gap: 6px;
      padding: calc(14px + var(--top)) 10px calc(12px + var(--bottom));
      border-top: 0;
      border-right: 1px solid var(--ln);
      /* a phone held sideways, or a low window */
      overflow-y: auto;
      scrollbar-width: none;
    }
    nav a,
    nav button {
      flex: none;
      min-height: 64px;
    }
    nav .gap {
      display: block;
      flex: 1;
    }
    nav .side {
      display: flex;
    }
    nav .further {
      display: none;
    }
    nav span {
      text-align: center;
    }
    .toast {
      bottom: 40px;
    }
  }
  @media (min-width: 1200px) {
    .app {
      grid-template-columns: 228px minmax(0, 1fr);
    }
    nav,
    nav.single,
    .inside nav {
      padding: 18px 14px 14px;
    }
    nav .brand {
      display: block;
      padding: 4px 12px 18px;
      line-height: 1.3;
    }
    .brand b {
      display: block;
      font-size: 18.5px;
      font-weight: 700;
      letter-spacing: -0.015em;
    }
    .brand span {
      font-size: 13.5px;
      color: var(--t2);
    }
    nav a,
    nav button {
      flex-direction: row;
      justify-content: flex-start;
      gap: 13px;
      width: 100%;
      min-height: 50px;
      padding: 0 13px;
      font-size: 15px;
    }
    nav .count {
      position: static;
      margin-left: auto;
    }
  }
`
