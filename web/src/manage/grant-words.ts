import { grouped, type Grant } from '../core/manage/grants'
import type { Office } from './office'

/** Grants in words. */

export function whoOf(office: Office, g: Grant): string {
  const { s } = office
  if (g.who.role) return s.whoRole((s.roleNames as Record<string, string>)[g.who.role] ?? g.who.role)
  if (g.who.group) return s.whoInGroup(g.who.group)
  return g.who_name || office.personName(g.who.person ?? '') || g.who.person || '–'
}

export function actionsOf(office: Office, g: Grant): string {
  return g.actions.map((a) => (office.s.actionNames as Record<string, string>)[a] ?? a).join(', ')
}

export function placesOf(office: Office, g: Grant): string {
  return [...(g.areas ?? []).map((a) => office.areaName(a)), ...(g.cameras ?? [])].join(', ')
}

export function whenOf(office: Office, g: Grant): string {
  const { s } = office
  const [from, until] = [office.time(g.from), office.time(g.until)]
  return [from && s.from(from), until && s.until(until)].filter(Boolean).join(' ') || s.whenAlways
}

/** "T2, T3 07:00–17:00" */
export function hoursOf(office: Office, g: Grant): string {
  return spansIn(office, grouped(g.hours?.spans ?? []))
}

export function spansIn(office: Office, spans: ReturnType<typeof grouped>): string {
  return spans
    .map((x) => `${x.days.length === 7 ? '' : `${x.days.map((d) => office.s.daysShort[d]).join(', ')} `}${x.from}–${x.to}`)
    .join('; ')
}

/** ended, begun or to begin; hours of the week aside */
export function standing(g: Grant, now: number): 'ended' | 'notBegun' | 'inForce' {
  if (g.until && Date.parse(g.until) <= now) return 'ended'
  return g.from && Date.parse(g.from) > now ? 'notBegun' : 'inForce'
}
