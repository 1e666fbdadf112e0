import type { Area, AreaCode } from './areas'
import { goodID, nameFault } from './naming'

/** An area's fields, as they are typed; days as <input type="date"> has them. */
export interface AreaForm {
  id: string
  name: string
  parent: string
  level: string
  codes: { code: string; from: string; until: string }[]
}

export const newArea = (parent = ''): AreaForm => ({ id: '', name: '', parent, level: '', codes: [] })

export function areaFormOf(a: Area): AreaForm {
  return {
    id: a.id,
    name: a.name,
    parent: a.parent ?? '',
    level: a.level ?? '',
    codes: (a.codes ?? []).map((c) => ({ code: c.code, from: dayOf(c.from), until: dayOf(c.until) })),
  }
}

export function areaDocument(f: AreaForm): Area {
  const d: Area = { id: f.id, name: f.name.trim() }
  if (f.parent) d.parent = f.parent
  if (f.level.trim()) d.level = f.level.trim()
  const codes = f.codes.filter((c) => c.code.trim() || c.from || c.until).map(codeOf)
  if (codes.length) d.codes = codes
  return d
}

function codeOf(c: { code: string; from: string; until: string }): AreaCode {
  const out: AreaCode = { code: c.code.trim() }
  if (c.from) out.from = instant(c.from)
  if (c.until) out.until = instant(c.until)
  return out
}

/* Official codes change at midnight in Viet Nam, wherever the clerk's device thinks that it is. */

const ZONE_MS = 7 * 3600_000

function instant(day: string): string {
  return `${day}T00:00:00+07:00`
}

function dayOf(when: string | undefined): string {
  const at = Date.parse(when ?? '')
  return Number.isFinite(at) ? new Date(at + ZONE_MS).toISOString().slice(0, 10) : ''
}

export type AreaFault = 'missing' | 'tooLong' | 'id' | 'codes'

export function checkArea(f: AreaForm): Partial<Record<'name' | 'id' | 'codes', AreaFault>> {
  const faults: ReturnType<typeof checkArea> = {}
  const name = nameFault(f.name)
  if (name) faults.name = name === 'long' ? 'tooLong' : 'missing'
  if (!goodID(f.id) || f.id === 'all') faults.id = 'id'
  const wrong = f.codes.some((c) => {
    if (!c.code.trim() && !c.from && !c.until) return false
    return !/^[a-z0-9.-]{1,32}$/i.test(c.code.trim()) || (c.from !== '' && c.until !== '' && c.until <= c.from)
  })
  if (wrong) faults.codes = 'codes'
  return faults
}
