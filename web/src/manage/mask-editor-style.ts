import { css } from 'lit'

/** The whole screen on a phone, a sheet in the middle of a larger one. */
export const maskEditorStyle = css`
  dialog {
    width: 100vw;
    max-width: 100vw;
    height: 100dvh;
    max-height: none;
    margin: auto;
    padding: 0;
    border: 0;
    background: var(--s1);
    color: var(--tx);
  }
  dialog[open] {
    display: flex;
    flex-direction: column;
  }
  dialog::backdrop {
    background: var(--shade);
  }
  header {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: max(8px, env(safe-area-inset-top)) 8px 4px 20px;
  }
  h2 {
    flex: 1;
    min-width: 0;
    font-size: 17.5px;
    font-weight: 660;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  header button {
    width: 48px;
    height: 48px;
    display: grid;
    place-items: center;
    border-radius: 14px;
    color: var(--t2);
  }
  .work {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 0 0 20px;
  }
  /* Beside the picture is room to scroll by, and for a phone's own gesture at its rim. */
  .stage {
    display: grid;
    place-items: center;
    padding: 4px 20px 0;
  }
  .frame {
    position: relative;
    width: min(100%, calc(58dvh * var(--ratio, 1.7778)));
    aspect-ratio: var(--ratio, 1.7778);
    border-radius: 12px;
    overflow: hidden;
    background: linear-gradient(#8592a5, #b9c3d1);
  }
  .frame > * {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .thirds path {
    stroke: #ffffff8c;
    stroke-dasharray: 4 6;
    vector-effect: non-scaling-stroke;
    fill: none;
  }
  .beside {
    padding: 0 20px;
  }
  .say {
    min-height: 44px;
    margin: 10px 0 8px;
    font-size: 15px;
    font-weight: 600;
    line-height: 1.45;
  }
  .keys {
    display: block;
    font-size: 13.5px;
    font-weight: 400;
    color: var(--t2);
  }
  @media (hover: none) {
    .keys {
      display: none;
    }
  }
  .tools {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
  }
  .tools button {
    min-height: 48px;
    padding: 0 10px;
  }
  .tools [disabled] {
    opacity: 0.5;
    cursor: default;
  }
  .tools .go {
    grid-column: 1 / -1;
  }
  .note {
    margin: 14px 0 0;
    font-size: 14px;
    line-height: 1.5;
    color: var(--t2);
  }
  .note.wait {
    display: flex;
    align-items: center;
    gap: 10px;
  }
  .banner {
    margin: 14px 0 0;
  }
  footer {
    display: flex;
    gap: 8px;
    padding: 10px 20px max(12px, env(safe-area-inset-bottom));
    border-top: 1px solid var(--ln);
  }
  footer .go {
    flex: 1;
  }
  footer .text {
    min-width: 88px;
  }
  @media (min-width: 700px) {
    dialog {
      width: min(calc(100vw - 64px), 860px);
      height: fit-content;
      max-height: calc(100dvh - 48px);
      border-radius: 20px;
      box-shadow: var(--rise);
    }
    .tools {
      display: flex;
      flex-wrap: wrap;
    }
    .tools button {
      padding: 0 18px;
    }
    .say {
      min-height: 46px;
    }
  }
  /* A phone on its side: the picture and what is done with it stand beside each other. */
  @media (max-height: 480px) {
    .work {
      display: grid;
      grid-template-columns: minmax(0, 1.4fr) minmax(220px, 1fr);
      align-items: start;
    }
    .frame {
      width: 100%;
    }
    .beside {
      padding: 0 16px;
    }
  }
`
