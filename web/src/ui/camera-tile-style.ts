import { css } from 'lit'

/** One picture slot, in each of its states. */
export const tileStyle = css`
  :host {
    display: grid;
    grid-template-rows: minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
    position: relative;
    overflow: hidden;
    background: #000;
  }
  :host([caption]) {
    grid-template-rows: minmax(0, 1fr) var(--tile-caption, 30px);
    background: var(--s1);
    border-radius: 10px;
  }
  .v {
    position: relative;
    overflow: hidden;
    background: #000;
    min-height: 0;
    width: 100%;
    aspect-ratio: var(--tile-aspect, 16 / 9);
    /* Words over a picture are the same in every theme. */
    --tx: #f3f6fa;
    --bg: #0a0d12;
    --bad: #ff7a6b;
    --edge: #ffffff44;
  }
  :host([caption]) .v {
    opacity: var(--dim, 1);
  }
  /* The large picture has gone through the night's filter as a whole. */
  :host(:not([caption])) .v {
    --night: none;
  }
  video,
  .still {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    transition: filter 0.35s;
  }
  img.still {
    object-fit: cover;
  }
  video {
    transform: var(--zoom, none);
    object-fit: var(--tile-fit, contain);
    background: transparent;
  }
  /* Covers a video that still shows another camera. The video is not hidden
     itself: browsers stop telling of the pictures of a hidden one. */
  .cover {
    position: absolute;
    inset: 0;
    overflow: hidden;
    background: #05070b;
  }
  /* Opening: what was there last, clearly not the live picture. */
  .opening .still {
    filter: blur(6px) brightness(0.62) saturate(0.5);
    transform: scale(1.06);
  }
  /* It may be live, but for a moment nothing says so. */
  .opening video {
    filter: saturate(0.5) brightness(0.72);
  }
  .stale video,
  .stale .still {
    filter: grayscale(0.75) brightness(0.72);
  }
  .rest .still {
    filter: grayscale(1) brightness(0.6);
  }
  .tap video,
  .tap .still {
    filter: brightness(0.6);
  }
  .nonet video,
  .nonet .still {
    filter: grayscale(1) brightness(0.35);
  }
  .offline video,
  .offline .still {
    filter: grayscale(1) blur(3px) brightness(0.34);
    transform: scale(1.03);
  }
  .skeleton,
  .over {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    pointer-events: none;
  }
  .skeleton {
    color: #3a4658;
    background: linear-gradient(105deg, #11161e 35%, #1a222e 50%, #11161e 65%) 100% 0 / 250% 100%;
  }
  .opening .skeleton {
    animation: sweep 1.8s ease-in-out infinite;
  }
  .denied .skeleton,
  .offline .skeleton,
  .nonet .skeleton {
    background: #05070b;
    color: transparent;
  }
  @keyframes sweep {
    to {
      background-position: 0 0;
    }
  }
  .pill {
    height: 28px;
    display: inline-flex;
    align-items: center;
    padding: 0 12px;
    border-radius: 14px;
    background: #06090ed1;
    color: #fff;
    font-size: 13px;
    font-weight: 600;
    white-space: nowrap;
  }
  .cap {
    display: flex;
    align-items: center;
    gap: 7px;
    padding: 0 9px;
    min-width: 0;
    font-size: 12px;
    color: var(--t2);
  }
  .cap b {
    flex: 1;
    min-width: 0;
    color: var(--tx);
    font-size: 13px;
    font-weight: 620;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .cap span {
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    max-width: 60%;
  }
  .cap .dot {
    width: 8px;
    height: 8px;
  }
  .cap.is-weak span,
  .cap.is-stale span {
    color: var(--warn);
    font-weight: 620;
  }
  .cap.is-offline span {
    color: var(--bad);
  }
  .open {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    border-radius: 10px;
  }
  .open:focus-visible {
    outline-offset: -3px;
  }
  @media (min-width: 900px) and (min-height: 501px) {
    .cap b {
      font-size: var(--tile-name, 13.5px);
    }
    .cap {
      font-size: var(--tile-words, 12.5px);
    }
  }
  @media (forced-colors: active) {
    .pill {
      border: 1px solid;
    }
  }
`
