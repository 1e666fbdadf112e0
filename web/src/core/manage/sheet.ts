import type { Text } from '../protocol'

/** What the gateway says of a file that is imported. */
export interface SheetMessage {
  row?: number
  /** its header as the file has it */
  column?: string
  /** of the column in a spreadsheet */
  letter?: string
  code: string
  params?: string[]
  text?: Text
}

export type Outcome = 'added' | 'changed' | 'unchanged' | 'refused'

export interface SheetLine {
  row: number
  area?: boolean
  id?: string
  name?: string
  outcome: Outcome
  fields?: string[]
  problems?: SheetMessage[]
  warnings?: SheetMessage[]
}

export type Counts = Record<Outcome, number>

export interface SheetReport {
  lines: SheetLine[] | null
  cameras: Counts
  areas: Counts
  problems?: SheetMessage[]
  warnings?: SheetMessage[]
  more?: number
  applied: boolean
}

/** The media type by the file's ending; undefined for what is no sheet. */
export function typeOf(name: string): 'text/csv' | 'application/yaml' | undefined {
  if (/\.(csv|tsv|txt)$/i.test(name)) return 'text/csv'
  if (/\.ya?ml$/i.test(name)) return 'application/yaml'
  return undefined
}

/** Is this the report of an import, not a problem document? */
export function isReport(body: unknown): body is SheetReport {
  const b = body as Partial<SheetReport> | undefined
  return typeof b === 'object' && b !== null && 'lines' in b && typeof b.cameras === 'object'
}

/** What is wrong comes first, then what changes, then what stays. */
export function sorted(lines: readonly SheetLine[]): SheetLine[] {
  const rank: Record<Outcome, number> = { refused: 0, added: 1, changed: 2, unchanged: 3 }
  return [...lines].sort((a, b) => rank[a.outcome] - rank[b.outcome] || a.row - b.row)
}
