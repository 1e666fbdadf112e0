import { css } from 'lit'

/** While driving: the pictures, and under them what one tap does. */
export const driveStyle = css`
  .app.drive {
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    grid-template-areas: 'stage' 'drive';
  }
  .app.drive.grid:not(.theatre),
  .app.drive.map:not(.theatre),
  .app.drive:not(.theatre) {
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    grid-template-areas: 'stage' 'drive';
  }
  .app.drive > header,
  .app.drive > footer,
  .app.drive > .strip,
  .app.drive > .sheet,
  .app.drive > camera-rail {
    display: none;
  }
  /* An alarm is said to whoever drives, too. */
  .app.drive > people-float {
    grid-area: stage;
  }
  .app.drive:not(.theatre) {
    --room: calc(100dvh - 96px - var(--bottom));
    --tile-caption: 46px;
    --tile-name: 19px;
    --tile-words: 18px;
  }
  .app.drive.grid .stage {
    container-type: size;
    place-items: center;
  }
  .app.drive.grid .tiles {
    width: min(100cqw, (100cqh - 2 * 46px - 14px) * 16 / 9 + 15px);
    padding: 4px 5px 5px;
  }
  .drivebar {
    grid-area: drive;
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 10px calc(16px + var(--right)) calc(12px + var(--bottom)) calc(16px + var(--left));
    background: var(--bg);
  }
  .drivebar .what {
    min-width: 0;
    display: grid;
    gap: 2px;
    font-size: 18px;
  }
  .drivebar h1 {
    font-size: 22px;
    font-weight: 680;
  }
  .drivebar .what span {
    display: flex;
    align-items: center;
    gap: 9px;
    color: var(--t2);
  }
  .drivebar .is-weak,
  .drivebar .is-stale {
    color: var(--warn);
  }
  .drivebar .is-offline {
    color: var(--bad);
  }
  .drivebar .gap {
    flex: 1;
  }
  .big {
    flex: none;
  }
  button.big {
    min-width: 78px;
    height: 74px;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 12px;
    padding: 0 18px;
    border-radius: 22px;
    background: var(--s3);
    color: var(--tx);
    font-size: 19px;
    font-weight: 660;
    white-space: nowrap;
  }
  button.big:active {
    opacity: 0.7;
  }
  button.passenger {
    background: none;
    border: 2px solid var(--t3);
  }
  @media (max-width: 899px) {
    .drivebar {
      flex-wrap: wrap;
      justify-content: center;
    }
    .drivebar .what,
    .drivebar .gap {
      flex: 1 0 100%;
    }
    .drivebar .gap {
      display: none;
    }
  }
`
