export interface Area {
  id: string
  name: string
  parent?: string
}

export interface Camera {
  id: string
  name: string
  area: string
  kind: string
  position?: [number, number]
  streams?: string[]
  state?: string
  /** its pictures may be taken away */
  export?: boolean
  /** Unix ms; of an offline camera */
  since?: number
  /** a household's, which its owner does not let be watched now: off, hours, or why else */
  closed?: string
  /** when it opens by itself, RFC 3339; absent where it does not */
  closed_until?: string
  /** a household's, which is to be watched on an open case, and none that covers it is open */
  needs_case?: boolean
}

export interface Group {
  area: string
  /** "Phường Láng", or with its parents where the name alone is not unique */
  name: string
  cameras: Camera[]
}

/** Vietnamese order, and numbers by their size. */
export const collator = new Intl.Collator('vi', { numeric: true, sensitivity: 'base' })

/** The cameras and areas of one answer of the gateway, in the order of the screen. */
export class Directory {
  readonly groups: Group[]
  /** all cameras, in the order of the groups */
  readonly cameras: Camera[]
  readonly areas: ReadonlyMap<string, Area>
  private readonly byId: Map<string, Camera>

  constructor(areas: readonly Area[], cameras: readonly Camera[]) {
    this.areas = new Map(areas.map((a) => [a.id, a]))
    this.byId = new Map(cameras.map((c) => [c.id, c]))
    const order = this.treeOrder(areas)
    const groups = new Map<string, Camera[]>()
    for (const c of cameras) {
      const group = groups.get(c.area)
      if (group) group.push(c)
      else groups.set(c.area, [c])
    }
    this.groups = [...groups]
      .map(([area, list]) => ({
        area,
        name: this.areaName(area),
        cameras: list.sort((a, b) => collator.compare(a.name, b.name)),
      }))
      .sort((a, b) => (order.get(a.area) ?? 1e9) - (order.get(b.area) ?? 1e9) || collator.compare(a.name, b.name))
    this.cameras = this.groups.flatMap((g) => g.cameras)
  }

  get(id: string): Camera | undefined {
    return this.byId.get(id)
  }

  areaName(id: string): string {
    return this.areas.get(id)?.name ?? id
  }

  /** The names of an area and those it lies in, the innermost first. */
  path(id: string): string[] {
    const ids = new Set<string>()
    for (let at: string | undefined = id; at && !ids.has(at); at = this.areas.get(at)?.parent) ids.add(at)
    return [...ids].map((a) => this.areaName(a))
  }

  /** The cameras of these ids that are there, in the order given. */
  pick(ids: readonly string[]): Camera[] {
    return ids.flatMap((id) => this.byId.get(id) ?? [])
  }

  /** Position of each area when the tree is walked from its roots, siblings by name. */
  private treeOrder(areas: readonly Area[]): Map<string, number> {
    const children = new Map<string, Area[]>()
    for (const a of areas) {
      const parent = a.parent && this.areas.has(a.parent) ? a.parent : ''
      children.set(parent, [...(children.get(parent) ?? []), a])
    }
    const order = new Map<string, number>()
    const walk = (id: string) => {
      for (const a of (children.get(id) ?? []).sort((x, y) => collator.compare(x.name, y.name))) {
        if (order.has(a.id)) continue
        order.set(a.id, order.size)
        walk(a.id)
      }
    }
    walk('')
    return order
  }
}

/** The neighbour of a camera in a list that has no end: after the last comes the first. */
export function neighbour<T extends { id: string }>(list: readonly T[], id: string, step: number): T | undefined {
  if (list.length === 0) return undefined
  const i = list.findIndex((c) => c.id === id)
  if (i < 0) return list[0]
  return list[(((i + step) % list.length) + list.length) % list.length]
}

/** The page of a grid that holds a camera. */
export function page(list: readonly Camera[], id: string, size: number): Camera[] {
  const i = Math.max(0, list.findIndex((c) => c.id === id))
  const start = i - (i % size)
  return list.slice(start, start + size)
}

/**
 * Puts cameras on tiles so that one already shown keeps its tile: its picture
 * runs on while the rest changes.
 */
export function place(cameras: readonly string[], now: readonly string[]): string[] {
  const next = now.map((c) => (cameras.includes(c) ? c : ''))
  for (const c of cameras) {
    if (next.includes(c)) continue
    const free = next.indexOf('')
    if (free >= 0) next[free] = c
  }
  return next
}
