import type { Mask } from '../owner/masks'
import { parseAddress, type AddressFault } from './address'
import { goodID, nameFault } from './naming'
import { formatPosition, parsePosition, type Position } from './position'

export const KINDS = ['public', 'office', 'institution', 'household'] as const
export type Kind = (typeof KINDS)[number]

/** A camera as the gateway tells administrators of it. It never tells a password. */
export interface CameraSettings {
  id: string
  name: string
  area: string
  kind: string
  position?: Position
  main: string
  sub?: string
  user?: string
  password?: string
  transport?: string
  keep_warm?: boolean
  any_certificate?: boolean
  sound?: boolean
  /** the code of each view is drawn into its live pictures */
  marked?: boolean
  /** where it is asked in ONVIF; the form leaves it alone */
  onvif?: { address: string; identity?: string; profile?: string; ptz?: boolean }
  /** corners, from [0, 0], left and top, to [1, 1]; the form leaves them out, and the gateway keeps them */
  masks?: [number, number][][]
}

export const pointsOf = (masks: CameraSettings['masks']): Mask[] => (masks ?? []).map((m) => m.map(([x, y]) => ({ x, y })))
export const pairsOf = (masks: readonly Mask[]): [number, number][][] => masks.map((m) => m.map((p) => [p.x, p.y]))

/** The same in the list. */
export interface CameraRow extends CameraSettings {
  state?: string
  /** Unix ms, or RFC 3339 */
  since?: number | string
  /** false: of the configuration file, which the page cannot change */
  stored?: boolean
  /** a citizen's: how its consent stands, and when that changes by itself, RFC 3339 */
  consent?: { state: string; changes_at?: string }
}

/** The form's fields, as they are typed. */
export interface CameraForm {
  id: string
  name: string
  area: string
  kind: string
  main: string
  sub: string
  user: string
  /** what is typed; '' leaves the stored one alone */
  password: string
  /** the camera wants an account without a password */
  bare: boolean
  position: string
  transport: string
  keepWarm: boolean
  anyCertificate: boolean
  sound: boolean
  marked: boolean
}

export const newCamera = (area = ''): CameraForm => ({
  id: '',
  name: '',
  area,
  kind: 'public',
  main: '',
  sub: '',
  user: '',
  password: '',
  bare: false,
  position: '',
  transport: 'auto',
  keepWarm: false,
  anyCertificate: false,
  sound: false,
  marked: false,
})

export function formOf(c: CameraSettings): CameraForm {
  return {
    id: c.id,
    name: c.name,
    area: c.area,
    kind: c.kind,
    main: c.main,
    sub: c.sub ?? '',
    user: c.user ?? '',
    password: '',
    bare: false,
    position: formatPosition(c.position),
    transport: c.transport || 'auto',
    keepWarm: c.keep_warm ?? false,
    anyCertificate: c.any_certificate ?? false,
    sound: c.sound ?? false,
    marked: c.marked ?? false,
  }
}

/** The gateway keeps a password only for the same account at the same addresses: it is never sent elsewhere. */
export function passwordIsKept(f: CameraForm, old: CameraSettings | undefined): boolean {
  return old !== undefined && f.user.trim() === (old.user ?? '') && f.main.trim() === old.main && f.sub.trim() === (old.sub ?? '')
}

export type CameraFault =
  | AddressFault
  | 'missing'
  | 'tooLong'
  | 'id'
  | 'position'
  | 'passwordAgain'
  | 'password'
  | 'userMissing'
  | 'otherLogin'

export type CameraField = 'id' | 'name' | 'area' | 'kind' | 'main' | 'sub' | 'user' | 'password' | 'position'

/**
 * Moves the login of an address into its own fields. A second address with
 * another login is a fault: the camera has one account.
 */
export function moveLogin(f: CameraForm, field: 'main' | 'sub'): { form: CameraForm; moved: boolean; fault?: CameraFault } {
  if (f[field].trim() === '') return { form: { ...f, [field]: '' }, moved: false }
  const a = parseAddress(f[field])
  if (typeof a === 'string') return { form: f, moved: false, fault: a }
  const form = { ...f, [field]: a.clean }
  if (a.user === '' && a.password === '') return { form, moved: false }
  const other = field === 'sub' && f.user.trim() !== '' && (f.user.trim() !== a.user || (f.password !== '' && a.password !== '' && f.password !== a.password))
  if (other) return { form, moved: false, fault: 'otherLogin' }
  return { form: { ...form, user: a.user, password: a.password, bare: a.password === '' && a.user !== '' }, moved: true }
}

/** What the page can say by itself; whether an id is free, the gateway knows. */
export function check(f: CameraForm, old: CameraSettings | undefined): Partial<Record<CameraField, CameraFault>> {
  const faults: Partial<Record<CameraField, CameraFault>> = {}
  const name = nameFault(f.name)
  if (name) faults.name = name === 'long' ? 'tooLong' : 'missing'
  if (!goodID(f.id)) faults.id = 'id'
  if (f.area === '') faults.area = 'missing'
  if (f.main.trim() === '') faults.main = 'missing'
  for (const field of ['main', 'sub'] as const) {
    const { fault } = moveLogin(f, field)
    if (fault) faults[field] = fault
  }
  if (f.position.trim() !== '' && !parsePosition(f.position)) faults.position = 'position'
  if (f.password !== '' && f.user.trim() === '') faults.user = 'userMissing'
  const silent = f.user.trim() !== '' && f.password === '' && !f.bare
  if (silent && !passwordIsKept(f, old)) faults.password = old?.user ? 'passwordAgain' : 'password'
  return faults
}

/** The document to send. An absent password leaves the stored one alone. */
export function documentOf(typed: CameraForm, old: CameraSettings | undefined): CameraSettings {
  const f = moveLogin(moveLogin(typed, 'main').form, 'sub').form
  const d: CameraSettings = { id: f.id, name: f.name.trim(), area: f.area, kind: f.kind, main: f.main }
  const position = parsePosition(f.position)
  if (position) d.position = position
  if (f.sub) d.sub = f.sub
  if (f.user.trim()) d.user = f.user.trim()
  if (f.password !== '') d.password = f.password
  else if (f.bare || (d.user === undefined && old?.user)) d.password = ''
  if (f.transport !== 'auto') d.transport = f.transport
  if (f.keepWarm && f.kind !== 'household') d.keep_warm = true
  if (f.sound && f.kind !== 'household') d.sound = true
  if (f.marked || old?.marked) d.marked = f.marked // said, not left out: then it would stay
  if (f.anyCertificate && /^rtsps:/i.test(f.main + f.sub)) d.any_certificate = true
  if (old?.onvif && f.main === old.main) d.onvif = old.onvif // it is of that device
  return d
}

/** The fields in which two versions differ, for who must choose between them. */
export function differences(a: CameraSettings, b: CameraSettings): (keyof CameraForm)[] {
  const [x, y] = [formOf(a), formOf(b)]
  return (Object.keys(x) as (keyof CameraForm)[]).filter((k) => x[k] !== y[k])
}
