import { addUsage, dayOf, readBudget, readUsage, toSay, usedOn, type Usage } from '../core/usage'
import { keep } from './keep'

const SAVE_MS = 5000

/** What pictures have taken of the network today. */
export class Meter {
  usage: Usage | undefined = readUsage(keep.get('usage'))
  /** bytes a day; 0 for none */
  budget = readBudget(keep.get('budget'))
  private saved = 0

  add(bytes: number): void {
    this.usage = addUsage(this.usage, bytes, dayOf(new Date()))
    if (performance.now() - this.saved >= SAVE_MS) this.save()
  }

  save(): void {
    this.saved = performance.now()
    keep.set('usage', JSON.stringify(this.usage ?? null))
  }

  /** Bytes; from midnight on none. */
  get today(): number {
    return usedOn(this.usage, dayOf(new Date()))
  }

  /** The part of the budget that is to be spoken of, per cent; 0 for none. */
  get due(): number {
    return toSay(this.usage, this.budget, dayOf(new Date()))
  }

  said(part: number): void {
    if (this.usage) this.usage.said = part
    this.save()
  }

  allow(budget: number): void {
    this.budget = budget
    // Of another budget it is another part.
    if (this.usage) delete this.usage.said
    this.save()
    keep.set('budget', String(budget))
  }
}
