import { css } from 'lit'

export const mapStyle = css`
  :host {
    --map-ground: var(--s1);
    --map-line: var(--ln);
    display: block;
    position: relative;
    overflow: hidden;
    background: var(--map-ground);
    color: var(--tx);
  }
  .pane,
  .ground {
    position: absolute;
    inset: 0;
    overflow: hidden;
  }
  .ground {
    contain: strict;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
    cursor: grab;
  }
  .ground:active {
    cursor: grabbing;
  }
  .ground.over {
    cursor: pointer;
  }
  .ground > * {
    position: absolute;
    pointer-events: none;
  }
  /* The operator's own map. By night it is veiled: a light map at the wheel blinds. */
  .tiles {
    inset: 0;
    isolation: isolate;
  }
  .tiles > div,
  .tiles img {
    position: absolute;
    top: 0;
    left: 0;
    transform-origin: 0 0;
  }
  .tiles > div {
    will-change: transform;
  }
  .tiles img {
    /* more than its place, so that no seam shows between two */
    width: 257px;
    height: 257px;
    opacity: 0;
  }
  .tiles img.come {
    opacity: 1;
    transition: opacity 0.15s;
  }
  .tiles::after {
    position: absolute;
    inset: 0;
    background: var(--map-ground);
  }
  .tiles.light::after {
    content: '';
    opacity: 0.15;
  }
  .tiles.dark::after {
    content: '';
    opacity: 0.62;
  }
  .tiles.red::after {
    content: '';
    background: #480000;
    mix-blend-mode: multiply;
  }
  .credit {
    position: absolute;
    right: 70px;
    bottom: calc(12px + var(--cover, 0px));
    max-width: calc(100% - 216px);
    padding: 2px 7px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--map-ground) 80%, transparent);
    color: var(--t2);
    font-size: 11.5px;
    line-height: 1.35;
    text-align: right;
    pointer-events: none;
  }
  canvas,
  .me {
    top: 0;
    left: 0;
    transform-origin: 0 0;
    will-change: transform;
  }
  /* Where one stands: how sure that is, which way one looks, and the dot. */
  .me i {
    position: absolute;
    border-radius: 50%;
  }
  .me .sure {
    inset: -50px;
    width: 100px;
    height: 100px;
    background: var(--tx);
    opacity: 0.1;
  }
  .me .cone {
    inset: -54px;
    width: 108px;
    height: 108px;
    background: radial-gradient(circle closest-side, var(--tx) 11%, transparent);
    clip-path: polygon(50% 50%, 21% -2%, 79% -2%);
    opacity: 0.55;
  }
  .me .dot {
    inset: -9.5px;
    width: 19px;
    height: 19px;
    background: var(--map-ground);
    forced-color-adjust: none;
  }
  .me .dot::before,
  .me .dot::after {
    content: '';
    position: absolute;
    border-radius: 50%;
    inset: 1.5px;
    background: var(--tx);
  }
  .me .dot::after {
    inset: 6px;
    background: var(--map-ground);
  }
  .ruler {
    left: 16px;
    bottom: calc(14px + var(--cover, 0px));
    color: var(--t2);
    font-size: 11.5px;
    font-weight: 600;
    line-height: 1.4;
    text-shadow:
      0 0 2px var(--map-ground),
      0 0 3px var(--map-ground),
      0 0 3px var(--map-ground);
  }
  .ruler i {
    display: block;
    height: 6px;
    border: 1.75px solid var(--t2);
    border-top: 0;
    filter: drop-shadow(0 0 1px var(--map-ground)) drop-shadow(0 0 1px var(--map-ground));
  }
  .pane:focus-visible {
    outline-offset: -3px;
  }
  /* What a keyboard and a screen reader go through lies where it is seen; fingers and mice go to the canvas. */
  .spots button {
    position: absolute;
    top: -22px;
    left: -22px;
    width: 44px;
    height: 44px;
    border-radius: 50%;
    pointer-events: none;
  }
  .moving .spots {
    opacity: 0;
  }
  .north {
    position: absolute;
    top: 10px;
    right: 14px;
    width: 40px;
    display: grid;
    justify-items: center;
    padding: 4px 0;
    border-radius: 12px;
    /* on an operator's map, whatever that has there */
    background: color-mix(in srgb, var(--map-ground) 80%, transparent);
    color: var(--t2);
    font-size: 12px;
    font-weight: 700;
    line-height: 1.1;
    pointer-events: none;
  }
  .tools {
    position: absolute;
    right: 10px;
    bottom: calc(10px + var(--cover, 0px));
    display: grid;
    gap: 8px;
  }
  .tools > *,
  .pair {
    border-radius: 15px;
    background: var(--s2);
    box-shadow:
      0 0 0 1px var(--ln),
      0 3px 10px #0005;
  }
  .tools button {
    width: 48px;
    height: 48px;
    display: grid;
    place-items: center;
  }
  .pair {
    display: grid;
  }
  .pair button + button {
    border-top: 1px solid var(--ln);
  }
  .tools .on {
    color: var(--ac);
  }
  .tools button:active {
    opacity: 0.7;
  }
  .tools :focus-visible {
    border-radius: 15px;
    outline-offset: -2px;
  }
  .note {
    position: absolute;
    top: 10px;
    left: 12px;
    max-width: calc(100% - 84px);
    padding: 6px 11px;
    border-radius: 12px;
    background: var(--s2);
    box-shadow: 0 0 0 1px var(--ln);
    color: var(--t2);
    font-size: 13px;
    pointer-events: none;
  }
  .note:empty {
    display: none;
  }
  .note.bad {
    color: var(--warn);
  }
  .none {
    position: absolute;
    inset: 0;
    display: grid;
    align-content: center;
    justify-items: center;
    gap: 8px;
    padding: 26px 28px;
    text-align: center;
    text-wrap: balance;
    color: var(--t2);
  }
  .none b {
    color: var(--tx);
    font-weight: 600;
  }
  .stack {
    position: absolute;
    inset: auto 0 0;
    max-height: 100%;
    display: flex;
    flex-direction: column;
    border-radius: 20px 20px 0 0;
    border-top: 1px solid var(--ln);
    background: var(--s2);
    box-shadow: 0 -6px 24px #0006;
    animation: rise 0.18s ease-out;
  }
  @keyframes rise {
    from {
      transform: translateY(24px);
      opacity: 0;
    }
  }
  .stack header {
    display: grid;
    grid-template-columns: 1fr 48px;
    align-items: center;
    padding: 4px 6px 0 18px;
  }
  .stack h2 {
    font-size: 15px;
    font-weight: 650;
  }
  .stack header button {
    height: 48px;
    display: grid;
    place-items: center;
    border-radius: 14px;
    color: var(--t2);
  }
  .stack ul {
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    padding: 0 10px calc(10px + var(--cover, 0px));
  }
  .stack li + li {
    border-top: 1px solid var(--ln);
  }
  .stack li button {
    display: grid;
    grid-template-columns: 20px 1fr;
    gap: 2px 10px;
    align-items: center;
    width: 100%;
    min-height: 56px;
    padding: 8px;
    text-align: left;
    border-radius: 12px;
  }
  .stack b {
    font-size: 14.5px;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .stack small {
    grid-column: 2;
    font-size: 13px;
    color: var(--t2);
  }
  .stack .off small {
    color: var(--bad);
  }
  .stack .cur small {
    color: var(--ac);
  }
  .stack li i {
    grid-row: 1 / 3;
    width: 13px;
    height: 13px;
    justify-self: center;
    border-radius: 50%;
    border: 2px solid var(--ac);
    background: var(--ac);
  }
  .stack .off i,
  .stack .shut i,
  .stack .case i {
    background: none;
    border-color: var(--t3);
  }
  .stack .off i {
    border-color: var(--bad);
  }
  .stack .case i {
    border-color: var(--warn);
  }
  @media (forced-colors: active) {
    .tools > *,
    .stack {
      border: 1px solid;
    }
  }
`
