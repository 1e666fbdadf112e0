import type { Text } from './protocol'

/** A reason for which a household's camera may be watched, as the gateway words it. */
export interface CaseReason extends Text {
  code: string
}

/** What a person works on: stated once, it opens every household's camera that it covers, until it is closed. */
export interface Case {
  reason: string
  number: string
  /** RFC 3339 */
  opened?: string
}

export const MAX_NUMBER = 40

/** A case's number as the gateway takes it: 3 to 40 letters, digits, blanks and . / - _ */
export function goodNumber(number: string): boolean {
  const n = number.trim()
  return /^[\p{L}\p{M}\p{Nd} ./_-]{3,40}$/u.test(n) && /[\p{L}\p{Nd}]/u.test(n)
}

/** Reads GET /api/v1/case; undefined where none is open. */
export function readCase(doc: unknown): Case | undefined {
  const c = doc as Partial<Case> | null | undefined
  return c && typeof c.reason === 'string' && c.reason !== '' && typeof c.number === 'string' ? (c as Case) : undefined
}

interface CaseApi {
  reasons(): Promise<CaseReason[]>
  openCase(): Promise<Case | undefined>
  stateCase(reason: string, number: string): Promise<unknown>
  closeCase(): Promise<unknown>
}

/** The case that is open on this session, if one is. */
export class Cases {
  open: Case | undefined
  reasons: CaseReason[] = []
  private turn = 0

  constructor(
    private readonly api: CaseApi,
    private readonly events: {
      changed(): void
      /** other cameras may be watched now */
      rights(): void
    },
  ) {}

  /** Asks which case is open; what cannot be had stands as it was. */
  async load(): Promise<void> {
    const turn = ++this.turn
    try {
      const open = await this.api.openCase()
      if (turn !== this.turn) return
      this.open = open
      if (open) await this.loadReasons()
    } catch {
      // Where no case can be opened, none is.
    }
    this.events.changed()
  }

  /** They are the same for everybody, and fetched once. */
  async loadReasons(): Promise<void> {
    if (this.reasons.length > 0) return
    this.reasons = await this.api.reasons()
    this.events.changed()
  }

  /** States a case, instead of the one that is open. */
  async state(reason: string, number: string): Promise<void> {
    await this.api.stateCase(reason, number.trim())
    this.turn++
    this.open = { reason, number: number.trim() }
    this.events.changed()
    this.events.rights()
    await this.load()
  }

  async close(): Promise<void> {
    await this.api.closeCase()
    this.turn++
    this.open = undefined
    this.events.changed()
    this.events.rights()
  }
}
