import { css } from 'lit'

/** The page with nothing but the picture: full screen, or a phone on its side. */
export const theatreStyle = css`
  /* Only the picture. */
  .theatre {
    position: fixed;
    inset: 0;
    z-index: 4;
    height: 100vh;
    height: 100dvh;
    background: var(--stage);
    grid-template: minmax(0, 1fr) auto auto auto / minmax(0, 1fr);
    grid-template-areas: 'stage' 'stats' 'right' 'left';
    padding: var(--top) var(--right) var(--bottom) var(--left);
  }
  /* Heard, not seen. */
  .theatre > header {
    position: absolute;
    width: 1px;
    height: 1px;
    min-height: 0;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .theatre.searching > .sheet {
    padding: var(--top) var(--right) 0 var(--left);
  }
  .theatre .stage {
    container-type: size;
    place-items: center;
  }
  .theatre .tiles {
    width: min(100cqw, 100cqh * 16 / 9);
  }
  .theatre.grid .tiles {
    height: 100cqh;
    width: min(100cqw, (100cqh - 65px) * 16 / 9 + 15px);
    padding: 0 5px;
    align-content: center;
  }
  .theatre .side {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 10px 12px;
  }
  .side.l {
    grid-area: left;
  }
  .side.r {
    grid-area: right;
    padding-bottom: 0;
  }
  .theatre .side .gap {
    flex: 1;
  }
  .side picture-button {
    flex: 0 1 58px;
    min-width: 48px;
  }
  .b {
    flex: 0 1 58px;
    min-width: 48px;
    height: 58px;
    display: grid;
    place-items: center;
    border-radius: 18px;
    position: relative;
    background: var(--key);
    color: var(--tx);
  }
  .b.fav[aria-pressed='true'] {
    color: var(--warn);
  }
  .b.p {
    background: var(--tx);
    color: var(--bg);
  }
  .stats {
    grid-area: stats;
    display: flex;
    justify-content: space-between;
    gap: 12px;
    padding: 8px 16px 0;
  }
  .stats .stt {
    display: flex;
    align-items: center;
    gap: 9px;
    font-size: 14px;
  }
  .stt {
    font-size: 12.5px;
    font-weight: 650;
    line-height: 1.35;
    text-align: center;
  }
  .stt.q {
    color: var(--t2);
    font-weight: 550;
  }
  .stt.is-weak,
  .stt.is-stale {
    color: var(--warn);
  }
  .stt.is-offline {
    color: var(--bad);
  }
  @media (min-aspect-ratio: 16/9) {
    .theatre {
      grid-template: minmax(0, 1fr) / minmax(75px, min-content) minmax(0, 1fr) 75px;
      grid-template-areas: 'left stage right';
    }
    .b,
    .side picture-button {
      flex: none;
      width: 58px;
    }
    .theatre .side {
      flex-direction: column;
      justify-content: center;
      gap: 7px;
      padding: 8px;
      width: 75px;
    }
    .stats {
      grid-area: left;
      flex-direction: column;
      justify-content: center;
      align-items: center;
      gap: 8px;
      /* between the buttons above and the one below: the picture keeps its size, whatever is said */
      margin: 131px 0 66px;
      padding: 0;
      pointer-events: none;
    }
    .stats .stt {
      display: block;
      font-size: 12.5px;
    }
    .stats span {
      display: block;
    }
    .stats .dot,
    .stats .ring {
      display: block;
      margin: 0 auto 5px;
    }
  }
`
