import { LitElement } from 'lit'
import type { Texts } from '../core/manage/texts'
import type { Office } from './office'

/** An element of this page: it has the office, and is drawn again when something there changes. */
export class Part extends LitElement {
  static override properties = { office: { attribute: false } } as Record<string, object>
  declare office: Office
  private quit: (() => void) | undefined

  get s(): Texts {
    return this.office.s
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.quit = this.office.listen(() => this.requestUpdate())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.quit?.()
  }

  protected emit(type: string, detail: unknown = ''): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }

  /** The first field that is wrong comes into view, and has the cursor. */
  protected async showFault(): Promise<void> {
    await this.updateComplete
    const first = this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"], .choices.wrong input, item-picker[wrong]')
    first?.scrollIntoView({ block: 'center' })
    first?.focus()
  }
}
