import { css, html } from 'lit'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { Part } from './part'
import { questionStyle } from './question-style'

/** A question before something that cannot be taken back. */
export class AskDialog extends Part {
  static override styles = [
    base,
    formStyle,
    questionStyle,
    css`
      p {
        margin-top: 8px;
        color: var(--t2);
        line-height: 1.5;
      }
      .buttons {
        margin-top: 22px;
      }
      .buttons button {
        flex: 1 1 140px;
        white-space: normal;
      }
    `,
  ]

  override render() {
    const q = this.office.question
    return html`<dialog role="alertdialog" aria-labelledby="t" aria-describedby="d" @cancel=${() => this.office.question?.answer(false)}>
      <h2 id="t">${q?.title ?? ''}</h2>
      <p id="d" ?hidden=${!q?.text}>${q?.text ?? ''}</p>
      <div class="buttons">
        <button class="soft" @click=${() => q?.answer(false)}>${q?.no ?? ''}</button>
        <button class="go ${q?.bad ? 'bad' : ''}" @click=${() => q?.answer(true)}>${q?.yes ?? ''}</button>
      </div>
    </dialog>`
  }

  protected override updated(): void {
    const dialog = this.renderRoot.querySelector('dialog')!
    const wanted = this.office.question !== undefined
    if (wanted && !dialog.open) dialog.showModal()
    else if (!wanted && dialog.open) dialog.close()
  }
}
customElements.define('ask-dialog', AskDialog)
