/** What owners of household cameras agreed to, and invitations to agree. */
import { clockOf, grouped, minutes, spansOf, ZONE, type Hours } from './grants'

export interface Reason {
  code: string
  vi: string
  en: string
}

export const STATES = ['open', 'hours', 'off', 'masked', 'none', 'expired', 'withdrawn'] as const
export type ConsentState = (typeof STATES)[number]

/** GET /api/v1/inventory/cameras/{id}/consent; without an agreement only the state. */
export interface Consent {
  owner?: string
  contact?: string
  purposes?: string[] | null
  given?: string
  from?: string
  until?: string
  hours?: Hours | null
  how?: string
  document?: string
  masks?: unknown[] | null
  off?: string
  withdrawn?: string
  by?: string
  by_name?: string
  state: string
  changes_at?: string
}

/** A state that this page does not know is not called open. */
export function stateOf(state: string | undefined): ConsentState {
  return STATES.find((s) => s === state) ?? 'none'
}

/** The form for what was signed on paper. */
export interface ConsentForm {
  owner: string
  contact: string
  purposes: string[]
  document: string
  /** local days, as <input type="date"> has them; `until` is included, '' without an end */
  from: string
  until: string
  /** at all hours, as they are now, or on these days between these times */
  when: 'always' | 'kept' | 'weekly'
  days: number[]
  hourFrom: string
  hourTo: string
}

const two = (n: number) => String(n).padStart(2, '0')

/** The local day of a time: "2026-11-22". */
export function dayOf(t: Date): string {
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`
}

/** @param now Unix ms */
export function newConsent(now: number): ConsentForm {
  return {
    owner: '',
    contact: '',
    purposes: [],
    document: '',
    from: dayOf(new Date(now)),
    until: '',
    when: 'always',
    days: [1, 2, 3, 4, 5, 6, 0],
    hourFrom: '18:00',
    hourTo: '06:00',
  }
}

/** The form of what stands, to write what was signed instead of it. @param now Unix ms */
export function formOfConsent(c: Consent, now: number): ConsentForm {
  const f = newConsent(now)
  if (!c.owner || c.withdrawn) return f
  const spans = grouped(c.hours?.spans ?? [])
  const [only] = spans
  return {
    ...f,
    owner: c.owner,
    contact: c.contact ?? '',
    purposes: [...(c.purposes ?? [])],
    document: c.how === 'paper' ? (c.document ?? '') : '',
    from: c.from ? dayOf(new Date(c.from)) : f.from,
    until: c.until ? dayOf(new Date(Date.parse(c.until) - 1)) : '',
    when: !c.hours ? 'always' : spans.length === 1 ? 'weekly' : 'kept',
    ...(only && spans.length === 1 ? { days: only.days, hourFrom: only.from, hourTo: only.to === clockOf(1440) ? '00:00' : only.to } : {}),
  }
}

export type ConsentFault = 'missing' | 'long' | 'purposes' | 'until' | 'past' | 'days' | 'hours'
export type ConsentField = 'owner' | 'contact' | 'purposes' | 'document' | 'from' | 'until' | 'hours'

/** @param now Unix ms */
export function checkConsent(f: ConsentForm, now: number): Partial<Record<ConsentField, ConsentFault>> {
  const faults: ReturnType<typeof checkConsent> = {}
  const text = (field: 'owner' | 'document' | 'contact', most: number, must: boolean) => {
    const n = [...f[field].trim()].length
    if (n > most) faults[field] = 'long'
    else if (must && n === 0) faults[field] = 'missing'
  }
  text('owner', 100, true)
  text('contact', 200, false)
  text('document', 100, true)
  if (f.purposes.length === 0) faults.purposes = 'purposes'
  if (!f.from) faults.from = 'missing'
  if (f.until && f.until < dayOf(new Date(now))) faults.until = 'past'
  else if (f.until && f.until < f.from) faults.until = 'until'
  if (f.when === 'weekly' && f.days.length === 0) faults.hours = 'days'
  else if (f.when === 'weekly' && (minutes(f.hourFrom) === undefined || minutes(f.hourTo) === undefined)) faults.hours = 'hours'
  return faults
}

export interface ConsentDocument {
  owner: string
  contact?: string
  purposes: string[]
  from?: string
  until?: string
  hours?: Hours
  document: string
}

/** The document to send. A form that begins today begins now; its last day is whole. @param now Unix ms */
export function consentDocument(f: ConsentForm, old: Consent | undefined, now: number): ConsentDocument {
  const d: ConsentDocument = { owner: f.owner.trim(), purposes: [...f.purposes], document: f.document.trim() }
  if (f.contact.trim()) d.contact = f.contact.trim()
  if (old?.from && dayOf(new Date(old.from)) === f.from) d.from = old.from
  else if (f.from !== dayOf(new Date(now))) d.from = new Date(`${f.from}T00:00`).toISOString()
  if (f.until) d.until = nextDay(f.until).toISOString()
  if (f.when === 'weekly') d.hours = { zone: ZONE, spans: spansOf(f.days, f.hourFrom, f.hourTo) }
  if (f.when === 'kept' && old?.hours) d.hours = old.hours
  return d
}

function nextDay(day: string): Date {
  const t = new Date(`${day}T00:00`)
  t.setDate(t.getDate() + 1)
  return t
}

/** GET /api/v1/invitations */
export interface Invitation {
  key: string
  area: string
  area_name?: string
  name?: string
  note?: string
  by_name?: string
  made: string
  until: string
  used?: string
  camera?: string
  state?: string
}

export const DAYS = [1, 3, 7, 14] as const

export function invitationState(i: Invitation, now: number): 'open' | 'used' | 'expired' {
  if (i.used) return 'used'
  return Date.parse(i.until) > now ? 'open' : 'expired'
}
