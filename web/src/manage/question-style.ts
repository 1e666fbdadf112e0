import { css } from 'lit'

/** A question in the middle of the page. */
export const questionStyle = css`
  dialog {
    width: min(calc(100vw - 32px), 460px);
    max-height: calc(100dvh - 32px);
    margin: auto;
    padding: 24px;
    border: 0;
    border-radius: 22px;
    background: var(--s1);
    color: var(--tx);
    box-shadow: var(--rise);
    overflow-y: auto;
  }
  dialog::backdrop {
    background: var(--shade);
  }
  dialog h2 {
    font-size: 19px;
    font-weight: 670;
    letter-spacing: -0.012em;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }
`
