import { collator, type Camera, type Directory } from './cameras'

/** An area on the screen, with what lies in it. */
export interface Branch {
  id: string
  name: string
  branches: Branch[]
  /** of this area itself, in the list's order */
  cameras: readonly Camera[]
  /** cameras here and in all that lies within */
  count: number
  /** of those, how many are offline */
  off: number
}

/**
 * The areas that hold cameras, of any depth. What everything lies in is left
 * out: who has one ward needs no city to open first.
 */
export function treeOf(d: Directory): Branch[] {
  const all = new Map<string, Branch>()
  const roots: Branch[] = []
  const own = new Map(d.groups.map((g) => [g.area, g.cameras]))
  const branch = (id: string, below: ReadonlySet<string>): Branch => {
    const have = all.get(id)
    if (have) return have
    const made: Branch = { id, name: d.areaName(id), branches: [], cameras: own.get(id) ?? [], count: 0, off: 0 }
    all.set(id, made)
    const parent = d.areas.get(id)?.parent
    // A tree that goes round in a circle is cut where it closes.
    if (parent && d.areas.has(parent) && !below.has(parent)) branch(parent, new Set([...below, parent])).branches.push(made)
    else roots.push(made)
    return made
  }
  for (const { area } of d.groups) branch(area, new Set([area]))
  for (const r of roots) sum(r)
  return bare(sorted(roots))
}

function sum(b: Branch): void {
  b.branches.forEach(sum)
  b.count = b.cameras.length + b.branches.reduce((n, x) => n + x.count, 0)
  b.off = b.cameras.filter((c) => c.state === 'offline').length + b.branches.reduce((n, x) => n + x.off, 0)
}

function sorted(list: Branch[]): Branch[] {
  for (const b of list) b.branches = sorted(b.branches)
  return list.sort((a, b) => collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1))
}

function bare(roots: Branch[]): Branch[] {
  const [only] = roots
  return only && roots.length === 1 && only.cameras.length === 0 ? bare(only.branches) : roots
}

/** The branches that lead to a camera's area, that one too. */
export function pathTo(roots: readonly Branch[], area: string): string[] {
  for (const b of roots) {
    if (b.id === area) return [b.id]
    const rest = pathTo(b.branches, area)
    if (rest.length > 0) return [b.id, ...rest]
  }
  return []
}

/** So few are seen at once: nothing needs to be opened. */
const FEW = 40
/** Choices that are remembered; the oldest are forgotten. */
const KEPT = 200

/** What of a tree is open: what somebody opened or closed, else what holds the watched camera, or all of a few. */
export class Openness {
  private chosen: Map<string, boolean>

  /** @param kept what text() once gave */
  constructor(kept: string | null) {
    this.chosen = new Map(read(kept))
  }

  isOpen(b: Branch, path: readonly string[], all: number): boolean {
    return this.chosen.get(b.id) ?? (all <= FEW || path.includes(b.id))
  }

  set(id: string, open: boolean): void {
    this.chosen.delete(id)
    this.chosen.set(id, open)
    if (this.chosen.size > KEPT) this.chosen.delete(this.chosen.keys().next().value!)
  }

  text(): string {
    return JSON.stringify([...this.chosen])
  }
}

function read(kept: string | null): [string, boolean][] {
  try {
    const v = JSON.parse(kept ?? '[]') as unknown
    if (!Array.isArray(v)) return []
    const pair = (x: unknown): x is [string, boolean] => Array.isArray(x) && typeof x[0] === 'string' && typeof x[1] === 'boolean'
    return v.filter(pair).slice(-KEPT)
  } catch {
    return []
  }
}
