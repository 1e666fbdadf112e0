/** What the API says of people, their rights and their devices. */

export const ROLES = ['viewer', 'supervisor', 'administrator', 'auditor'] as const
export type Role = (typeof ROLES)[number]

export const ACTIONS = ['view', 'lookback', 'export', 'ptz', 'supervise', 'administer', 'audit', 'share'] as const
export type Action = (typeof ACTIONS)[number]

export interface Account {
  login: string
  name: string
  roles: string[] | null
  areas: string[] | null
  disabled?: boolean
  key?: string
  seen?: string
  blocked?: boolean
  /** has no password yet */
  pending?: boolean
}

export interface Person {
  key: string
  name: string
  roles: string[] | null
  areas: string[] | null
  blocked?: boolean
  block_reason?: string
  seen?: string
  sessions?: number
}

export interface Right {
  source: string
  because: string
  actions: string[] | null
  areas: string[] | null
  cameras: string[] | null
  kinds: string[] | null
  in_force: boolean
  why?: string
  changes?: string
}

export interface PersonRights extends Person {
  rights: Right[] | null
}

export interface Device {
  id: string
  device: string
  created: string
  used: string
  end: string
  current?: boolean
}

/** Somebody on the list: with a local account, known to another provider, or both. */
export interface Entry {
  name: string
  login: string
  key: string
  roles: string[]
  areas: string[]
  disabled: boolean
  blocked: boolean
  pending: boolean
  seen: string
}

/** Accounts first told by the gateway's own table; people without one follow. */
export function entries(accounts: readonly Account[] | undefined, people: readonly Person[] | undefined): Entry[] {
  const byKey = new Map((people ?? []).map((p) => [p.key, p]))
  const own = (accounts ?? []).map((a): Entry => {
    const p = a.key ? byKey.get(a.key) : undefined
    return {
      name: a.name,
      login: a.login,
      key: a.key ?? '',
      roles: a.roles ?? [],
      areas: a.areas ?? [],
      disabled: a.disabled ?? false,
      blocked: (a.blocked ?? p?.blocked) || false,
      pending: a.pending ?? false,
      seen: a.seen ?? p?.seen ?? '',
    }
  })
  const have = new Set(own.map((e) => e.key).filter(Boolean))
  const others = (people ?? [])
    .filter((p) => !have.has(p.key))
    .map((p): Entry => ({
      name: p.name,
      login: '',
      key: p.key,
      roles: p.roles ?? [],
      areas: p.areas ?? [],
      disabled: false,
      blocked: p.blocked ?? false,
      pending: false,
      seen: p.seen ?? '',
    }))
  const collator = new Intl.Collator('vi', { numeric: true, sensitivity: 'base' })
  return [...own, ...others].sort((a, b) => collator.compare(a.name, b.name) || collator.compare(a.login, b.login))
}

export interface AccountForm {
  login: string
  name: string
  roles: string[]
  areas: string[]
  disabled: boolean
}

export const newAccount = (): AccountForm => ({ login: '', name: '', roles: ['viewer'], areas: [], disabled: false })

export function accountDocument(f: AccountForm): Account {
  const roles = ROLES.filter((r) => f.roles.includes(r)) as string[]
  const d: Account = { login: f.login, name: f.name.trim(), roles, areas: f.areas.includes('all') ? ['all'] : [...f.areas] }
  if (f.disabled) d.disabled = true
  return d
}
