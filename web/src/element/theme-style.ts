import { css } from 'lit'

/**
 * The colours, each by the name that a page may set, and by ours: in another page
 * there are none of ours. What lies over the picture is on dark in every theme.
 */
export const themeStyle = css`
  :host {
    --s1: var(--cv-bg, #0c1118);
    --tx: var(--cv-text, #f3f6fa);
    --t2: var(--cv-muted, #a9b4c4);
    --ac: var(--cv-accent, #6db3ff);
    --ln: var(--cv-line, transparent);
    --ok: var(--cv-live, #43d08a);
    --warn: var(--cv-warn, #ffc04d);
    --bad: var(--cv-bad, #ff7a6b);
    --t3: #8591a3;
    color-scheme: dark;
  }
  :host([theme='light']) {
    --s1: var(--cv-bg, #fff);
    --tx: var(--cv-text, #10151d);
    --t2: var(--cv-muted, #4a5568);
    --ac: var(--cv-accent, #0b5fc4);
    --ln: var(--cv-line, #d3d9e3);
    --ok: var(--cv-live, #12834a);
    --warn: var(--cv-warn, #8a5a00);
    --bad: var(--cv-bad, #b3261e);
    --t3: #66728a;
    color-scheme: light;
  }
  @media (prefers-color-scheme: light) {
    :host([theme='auto']) {
      --s1: var(--cv-bg, #fff);
      --tx: var(--cv-text, #10151d);
      --t2: var(--cv-muted, #4a5568);
      --ac: var(--cv-accent, #0b5fc4);
      --ln: var(--cv-line, #d3d9e3);
      --ok: var(--cv-live, #12834a);
      --warn: var(--cv-warn, #8a5a00);
      --bad: var(--cv-bad, #b3261e);
      --t3: #66728a;
      color-scheme: light;
    }
  }
  .room,
  :host([chrome='overlay']) .view {
    --bg: #0a0d12;
    --tx: #f3f6fa;
    --t2: #dbe2ec;
    --t3: #8591a3;
    --s3: #232c3a;
    --ok: #43d08a;
    --warn: #ffc04d;
    --bad: #ff7a6b;
    --ac: var(--cv-accent, #6db3ff);
    color: var(--tx);
    color-scheme: dark;
  }
`
