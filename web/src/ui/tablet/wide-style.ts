import { css } from 'lit'

/** The page's parts from 900 px on: rail, bar, pictures and list. */
export const wideStyle = css`
  @media (min-width: 900px) and (min-height: 501px) {
    .app:not(.theatre) {
      --room: calc(100dvh - 54px - 48px - 150px);
      grid-template: calc(54px + var(--top)) auto auto minmax(0, 1fr) / calc(80px + var(--left)) minmax(0, 1fr) 308px;
      grid-template-areas: 'side bar bar' 'side stage list' 'side strip list' 'side rail list';
    }
    .app.map:not(.theatre) {
      grid-template-columns: calc(80px + var(--left)) minmax(0, 1fr) 40vw;
    }
    .app.grid:not(.theatre) {
      grid-template: calc(54px + var(--top)) minmax(0, 1fr) / calc(80px + var(--left)) minmax(0, 1fr);
      grid-template-areas: 'side bar' 'side stage';
    }
    .app.grid.listed:not(.theatre) {
      grid-template: calc(54px + var(--top)) minmax(0, 1fr) / calc(80px + var(--left)) minmax(0, 1fr) 308px;
      grid-template-areas: 'side bar bar' 'side stage list';
    }
    .app.grid.listed.map:not(.theatre) {
      grid-template-columns: calc(80px + var(--left)) minmax(0, 1fr) 34vw;
    }
    .app:not(.theatre) > header,
    .app:not(.theatre) > footer,
    .app.grid:not(.theatre) > .strip,
    .app.grid:not(.listed):not(.theatre) > .sheet {
      display: none;
    }
    .app.grid:not(.listed) > people-float {
      grid-area: stage;
    }
    .app:not(.theatre) .stage {
      background: var(--bg);
    }
    .app:not(.theatre) .tiles {
      width: min(100%, var(--room) * 16 / 9);
      margin: 0 auto;
    }
    .app.grid .stage {
      container-type: size;
      place-items: center;
    }
    /* Whole pictures, as large as all of them have room. */
    .app.grid .tiles {
      width: min(100cqw, (100cqh - var(--n) * var(--tile-caption, 30px) - (var(--n) - 1) * 5px - 9px) * 16 / 9 + (var(--n) - 1) * 5px + 10px);
      height: auto;
      margin: 0;
      padding: 4px 5px 5px;
    }
    .app:not(.theatre) .sheet {
      position: static;
      border-radius: 0;
      border-top: 0;
      border-left: 1px solid var(--ln);
      padding-top: 4px;
    }
    .map camera-rail {
      display: block;
    }
    camera-rail {
      --still-w: 160px;
      --still-h: 90px;
    }
  }
  /* Where there is room for neither: the phone's page, with the bar's parts away. */
  @media (max-width: 899px), (max-height: 500px) {
    .app > .rail,
    .app > .bar {
      display: none;
    }
  }
  .theatre > .rail,
  .theatre > .bar {
    display: none;
  }
`
