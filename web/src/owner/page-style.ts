import { css } from 'lit'

/** What the screens of this page share: one column, large type, buttons for a thumb. */
export const pageStyle = css`
  :host {
    display: block;
  }
  h1 {
    font-size: 27px;
    line-height: 1.25;
    font-weight: 700;
    margin: 6px 0 10px;
    text-wrap: balance;
  }
  h2 {
    font-size: 21px;
    font-weight: 680;
    margin: 30px 0 6px;
  }
  p {
    margin: 0 0 14px;
    color: var(--t2);
    overflow-wrap: anywhere;
  }
  .act {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
    width: 100%;
    min-height: 64px;
    padding: 12px 18px;
    border-radius: 16px;
    font-size: 21px;
    line-height: 1.25;
    font-weight: 680;
    color: #fff;
    background: var(--ac);
    margin-top: 14px;
    text-decoration: none;
  }
  .act.bad {
    background: var(--bad);
  }
  .act.good {
    background: var(--ok);
  }
  .act.soft {
    color: var(--ac);
    background: #fff;
    border: 2px solid var(--ac);
  }
  .act.soft.bad {
    color: var(--bad);
    border-color: var(--bad);
  }
  .act[disabled] {
    color: var(--t2);
    background: var(--s2);
    border: 2px solid var(--ln);
  }
  .act:active {
    filter: brightness(0.9);
  }
  .text {
    min-height: 48px;
    padding: 8px 2px;
    color: var(--ac);
    font-weight: 620;
    text-decoration: underline;
    text-underline-offset: 4px;
  }
  .alert,
  .warn {
    padding: 14px 16px;
    border-radius: 14px;
    background: var(--bads);
    border: 2px solid var(--bad);
    color: var(--tx);
    margin: 14px 0;
  }
  .warn {
    background: var(--warns);
    border-color: var(--warn);
  }
  .qr {
    display: block;
    width: min(78vw, 300px);
    height: auto;
    margin: 12px auto;
    border: 2px solid var(--ln);
    border-radius: 14px;
    background: #fff;
  }
  .wait {
    padding: 40px 0;
    text-align: center;
  }
`

/** Fields, for the screens that ask. */
export const fieldStyle = css`
  .field {
    margin: 0 0 18px;
  }
  label,
  legend {
    display: block;
    font-weight: 650;
    padding: 0;
    margin-bottom: 4px;
  }
  .hint {
    font-size: 18px;
    margin: 4px 0 0;
  }
  .error {
    color: var(--bad);
    font-weight: 620;
    margin: 6px 0 0;
  }
  input:not([type='checkbox'], [type='radio']),
  select {
    width: 100%;
    min-width: 0;
    min-height: 58px;
    padding: 8px 14px;
    font: inherit;
    font-size: 20px;
    color: var(--tx);
    background: #fff;
    border: 2px solid var(--fl);
    border-radius: 14px;
  }
  input[aria-invalid='true'] {
    border-color: var(--bad);
  }
  .with {
    display: flex;
    gap: 10px;
  }
  .with button {
    flex: none;
    min-width: 76px;
    border: 2px solid var(--fl);
    border-radius: 14px;
    font-weight: 620;
  }
  fieldset {
    border: 0;
    margin: 0 0 22px;
    padding: 0;
    min-width: 0;
  }
  legend {
    font-size: 21px;
  }
  .pick {
    display: flex;
    align-items: center;
    gap: 14px;
    min-height: 58px;
    padding: 8px 14px;
    margin: 8px 0 0;
    border: 2px solid var(--ln);
    border-radius: 14px;
    font-weight: 560;
  }
  .pick:has(:checked) {
    border-color: var(--ac);
    background: var(--acs);
  }
  .pick:has(:focus-visible) {
    outline: 3px solid var(--ac);
    outline-offset: 2px;
  }
  input[type='checkbox'],
  input[type='radio'] {
    flex: none;
    width: 28px;
    height: 28px;
    margin: 0;
    accent-color: var(--ac);
  }
  .days {
    display: grid;
    grid-template-columns: repeat(7, 1fr);
    gap: 5px;
    margin-top: 10px;
  }
  .days label {
    position: relative;
    display: grid;
    place-items: center;
    min-height: 54px;
    margin: 0;
    border: 2px solid var(--fl);
    border-radius: 12px;
    font-size: 18px;
  }
  .days input[type='checkbox'] {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    opacity: 0;
  }
  .days label:has(:checked) {
    color: #fff;
    background: var(--ac);
    border-color: var(--ac);
  }
  .days label:has(:focus-visible) {
    outline: 3px solid var(--ac);
    outline-offset: 2px;
  }
  .span {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 12px;
    margin-top: 12px;
  }
`
