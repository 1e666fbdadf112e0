import { addUsage, dayOf, readUsage, type Usage } from '../core/usage'
import { keep } from './keep'

const SAVE_MS = 5000

/** What pictures have taken of the network today. */
export class Meter {
  usage: Usage | undefined = readUsage(keep.get('usage'))
  private saved = 0

  add(bytes: number): void {
    this.usage = addUsage(this.usage, bytes, dayOf(new Date()))
    if (performance.now() - this.saved >= SAVE_MS) this.save()
  }

  save(): void {
    this.saved = performance.now()
    keep.set('usage', JSON.stringify(this.usage ?? null))
  }
}
