import { css } from 'lit'

/** The channels of a device, one under the other. */
export const channelStyle = css`
  :host {
    height: auto;
  }
  .where {
    margin-bottom: 16px;
    font-size: 14.5px;
    color: var(--t2);
    overflow-wrap: anywhere;
  }
  .all {
    position: sticky;
    top: -20px;
    z-index: 1;
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    min-height: 56px;
    background: var(--bg);
    border-bottom: 1px solid var(--ln);
  }
  .all label {
    display: flex;
    align-items: center;
    gap: 14px;
    min-height: 48px;
    margin: 0;
    padding-left: 13px;
    font-size: 15.5px;
    font-weight: 650;
    cursor: pointer;
  }
  .all b {
    font-weight: 650;
  }
  [type='checkbox'] {
    width: 22px;
    height: 22px;
    margin: 0;
    accent-color: var(--ac);
  }
  .channels {
    margin-bottom: 8px;
  }
  .channels li {
    display: grid;
    grid-template-columns: 48px minmax(0, 1fr);
    align-items: start;
    gap: 2px;
    padding: 12px 0;
  }
  .channels li + li {
    border-top: 1px solid var(--ln);
  }
  .take {
    width: 48px;
    height: 50px;
    margin: 0;
    display: grid;
    place-items: center;
    cursor: pointer;
  }
  .in + .in {
    margin-top: 8px;
  }
  small,
  .settled small {
    display: block;
    margin-top: 6px;
    font-size: 13.5px;
    line-height: 1.45;
    color: var(--t2);
    overflow-wrap: anywhere;
  }
  .out .box input {
    color: var(--t2);
  }
  .signs {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 8px;
    margin-top: 6px;
  }
  .signs small {
    margin: 0;
  }
  .row .cards {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }
  .signs .sign {
    padding: 2px 8px;
    border-radius: 7px;
    background: var(--s2);
    color: var(--t2);
    font-size: 12.5px;
    font-weight: 620;
  }
  .signs .warn {
    background: var(--warns);
    color: var(--warn);
  }
  .channels .settled {
    grid-template-columns: 48px minmax(0, 1fr) auto;
    align-items: center;
  }
  .settled > .sign {
    display: grid;
    place-items: center;
    color: var(--t3);
  }
  .settled > .added {
    color: var(--ok);
  }
  .settled b {
    font-weight: 620;
    overflow-wrap: anywhere;
  }
  .settled small {
    margin-top: 1px;
  }
  @media (min-width: 700px) {
    .all {
      top: -24px;
    }
  }
  @media (min-width: 1100px) {
    .all {
      background: var(--s1);
    }
  }
`
