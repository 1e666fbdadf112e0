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
    pointer-events: none;
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
    animation: sweep 1.8s infinite;
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
    padding: 5px 12px;
    border-radius: 14px;
    line-height: 18px;
    background: var(--pill, #06090ed1);
    color: #fff;
    font-size: 13px;
    font-weight: 600;
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    .pill {
      border: 1px solid;
    }
  }
`
