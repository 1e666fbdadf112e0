import { fold, score, initials } from '../fold'

/** An official code, from a time until another (RFC 3339; absent: since ever, still in force). */
export interface AreaCode {
  code: string
  from?: string
  until?: string
}

export interface Area {
  id: string
  name: string
  parent?: string
  level?: string
  codes?: AreaCode[]
  /** the caller administers it; others are there for their names */
  mine?: boolean
  /** false: of the configuration file */
  stored?: boolean
}

/** Stands for the whole tree in rights. */
export const ALL = 'all'

const collator = new Intl.Collator('vi', { numeric: true, sensitivity: 'base' })

/** The areas of one answer as a tree; siblings by name. Never changed. */
export class AreaTree {
  readonly all: readonly Area[]
  /** roots first, each followed by what is below it */
  readonly ordered: readonly { area: Area; depth: number; leaf: boolean }[]
  private readonly byId: Map<string, Area>
  private readonly below: Map<string, Area[]>

  constructor(areas: readonly Area[]) {
    this.all = areas
    this.byId = new Map(areas.map((a) => [a.id, a]))
    this.below = new Map()
    for (const a of areas) {
      const parent = a.parent && this.byId.has(a.parent) ? a.parent : ''
      this.below.set(parent, [...(this.below.get(parent) ?? []), a])
    }
    for (const list of this.below.values()) list.sort((x, y) => collator.compare(x.name, y.name))
    const ordered: { area: Area; depth: number; leaf: boolean }[] = []
    const seen = new Set<string>()
    const walk = (id: string, depth: number) => {
      for (const area of this.children(id)) {
        if (seen.has(area.id)) continue // a loop, which the gateway refuses, must not hang the page
        seen.add(area.id)
        ordered.push({ area, depth, leaf: this.children(area.id).length === 0 })
        walk(area.id, depth + 1)
      }
    }
    walk('', 0)
    this.ordered = ordered
  }

  get(id: string): Area | undefined {
    return this.byId.get(id)
  }

  /** "" gives the roots. */
  children(id: string): readonly Area[] {
    return this.below.get(id) ?? []
  }

  /** The area's name; its id where it is not known. */
  name(id: string): string {
    return this.byId.get(id)?.name ?? id
  }

  /** The areas above, the highest first, without itself. */
  above(id: string): Area[] {
    const path: Area[] = []
    const seen = new Set([id])
    for (let a = this.byId.get(this.byId.get(id)?.parent ?? ''); a && !seen.has(a.id); a = this.byId.get(a.parent ?? '')) {
      seen.add(a.id)
      path.unshift(a)
    }
    return path
  }

  /** "Hà Nội › Quận Đống Đa", the names above; "" at a root. */
  pathName(id: string): string {
    return this.above(id)
      .map((a) => a.name)
      .join(' › ')
  }

  /** Whether an area is `top` or below it. */
  within(id: string, top: string): boolean {
    return id === top || this.above(id).some((a) => a.id === top)
  }

  /** Areas that fit a query, the best first, at most `limit`. Without a query: in the tree's order. */
  search(query: string, allowed: (a: Area) => boolean, limit = 60): Area[] {
    const q = fold(query)
    const list = this.ordered.map((o) => o.area).filter(allowed)
    if (q === '') return list.slice(0, limit)
    return list
      .map((area) => ({ area, n: score(q, fold(`${area.name} ${area.id} ${this.pathName(area.id)}`), initials(area.name)) + (fold(area.name).startsWith(q) ? 3 : 0) }))
      .filter((r) => r.n > 0)
      .sort((a, b) => b.n - a.n)
      .slice(0, limit)
      .map((r) => r.area)
  }
}
