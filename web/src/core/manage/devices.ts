import { fold } from '../fold'
import { part, type Api, type Problem } from './api'
import type { CameraRow, CameraSettings } from './camera-form'
import { goodID, nameFault, proposeID } from './naming'

/* Cameras and recorders that speak ONVIF: where they are, what they show, and how their channels become cameras. */

/** A device that answered the search, by its own word. */
export interface FoundDevice {
  /** stays when its address changes */
  identity: string
  name?: string
  model?: string
  location?: string
  /** the most likely first */
  addresses: string[]
}

export interface DeviceProfile {
  url: string
  profile: string
  name?: string
  /** absent: the device does not say */
  codec?: string
  width?: number
  height?: number
}

/** One picture of a device: a camera has one, a recorder several. */
export interface DeviceChannel {
  main: DeviceProfile
  sub?: DeviceProfile
  ptz?: boolean
  h265_only?: boolean
}

/** What a device says after a login. */
export interface DeviceReport {
  /** why the rest is missing */
  cause?: string
  identity?: string
  maker?: string
  model?: string
  firmware?: string
  channels: DeviceChannel[]
}

/** What another form hands over: the login never stands in an address of the page. */
export interface DeviceSeed {
  address: string
  user: string
  password: string
  name: string
  area: string
  kind: string
}

export type DeviceFault = 'missing' | 'deviceScheme' | 'deviceLogin' | 'deviceHost' | 'long'

const MAX = 2048

/**
 * Where a device is asked, as the gateway reads it (gateway/onvif, ParseAddress): of a host, host:port, or the URL of
 * the device service. Of a stream's address, the host is what is meant.
 */
export function deviceAddress(raw: string): { url: string } | { fault: DeviceFault } {
  let text = raw.trim()
  if (text === '') return { fault: 'missing' }
  if (new TextEncoder().encode(text).length > MAX) return { fault: 'long' }
  const stream = /^rtsps?:\/\/(?:.*@)?(\[[^\]]*\]|[^/?#:@]*)/i.exec(text)
  if (stream) text = stream[1]!
  if (/^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text)) text = `[${text}]`
  if (!text.includes('://')) text = `http://${text}`
  if (!/^https?:\/\//i.test(text)) return { fault: 'deviceScheme' }
  if (/^https?:\/\/[^/?#]*@/i.test(text)) return { fault: 'deviceLogin' }
  let u: URL
  try {
    u = new URL(text)
  } catch {
    return { fault: 'deviceHost' }
  }
  if (u.hostname === '' || u.port === '0') return { fault: 'deviceHost' }
  if (u.pathname === '/') u.pathname = '/onvif/device_service'
  u.search = u.hash = ''
  return { url: u.href }
}

/** "HIKVISION DS-7616": makes write the one into the other as they like. */
export function makeOf(maker = '', model = ''): string {
  const [a, b] = [fold(maker), fold(model)]
  if (a.includes(b)) return maker
  return b.includes(a) ? model : `${maker} ${model}`
}

/** "10.1.2.3", "10.1.2.3:8000": as people speak of where it is. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}

/** The same as people type it: the usual path is left out. */
export function typedAs(url: string): string {
  const usual = /^http:\/\/([^/]+)\/onvif\/device_service$/i.exec(url)
  return usual ? usual[1]! : url
}

const bare = (identity: string): string => identity.trim().toLowerCase().replace(/^urn:/, '').replace(/^uuid:/, '')

/** The same make writes urn:uuid:, uuid: or the bare UUID, in either case. */
export function sameIdentity(a: string | undefined, b: string | undefined): boolean {
  return Boolean(a && b) && bare(a!) !== '' && bare(a!) === bare(b!)
}

/** The name of the host alone, '' where there is none. A stream's scheme is not one that URL takes apart. */
function hostname(url: string): string {
  try {
    return new URL(url.replace(/^rtsps?:/i, 'http:')).hostname
  } catch {
    return ''
  }
}

/** Those of our cameras that are a device's: by its identity, else by where they are. */
export function oursAt(device: Pick<FoundDevice, 'identity' | 'addresses'>, cameras: readonly CameraRow[]): CameraRow[] {
  const hosts = new Set(device.addresses.map(hostname))
  return cameras.filter((c) => {
    if (c.onvif?.identity && device.identity) return sameIdentity(c.onvif.identity, device.identity)
    return hosts.has(hostname(c.onvif?.address ?? c.main))
  })
}

/** The camera that a channel is already. */
export function ourChannel(channel: DeviceChannel, identity: string | undefined, cameras: readonly CameraRow[]): CameraRow | undefined {
  return cameras.find((c) => c.main === channel.main.url || (sameIdentity(c.onvif?.identity, identity) && c.onvif?.profile === channel.main.profile))
}

/** Ends of a profile's name that say how it is encoded, not what it shows. */
const ENCODING = /(?:^|[\s_.–-]+)(?:main[\s_-]?stream|main|primary|stream|luồng chính|h\.?26[45]\+?|media[\s_-]?profile|profile)[\s_-]*\d*$/i
/** What is left of names that a factory gave: nothing that tells two channels apart but their number. */
const FACTORY = /^(?:media[\s_-]?profile[\s_-]*)?(?:channel|camera|video|ch|cam|ipc|kênh)?[\s_.-]*(\d*)$/i

/** What a profile's name says of its channel: a name that somebody gave it, else perhaps its number. */
export function spokenName(profile: string): { name: string; number?: number } {
  let text = profile.trim()
  while (ENCODING.test(text)) text = text.replace(ENCODING, '').trim()
  const factory = FACTORY.exec(text)
  if (!factory) return { name: text }
  const n = Number(factory[1])
  return n > 0 && n < 1000 ? { name: '', number: n } : { name: '' }
}

/** A channel of a device as it stands in the list, on its way to a camera of ours. */
export interface ChannelRow {
  channel: DeviceChannel
  /** the camera that it is already */
  ours?: CameraRow
  chosen: boolean
  name: string
  id: string
  /** the id was typed: it follows the name no more */
  ownID: boolean
  added?: boolean
  fault?: RowFault
}

export type RowFault = { field: 'name' | 'id'; fault: 'missing' | 'tooLong' | 'id' | 'twice' } | { problem: Problem }

/** What the names are made of where the device gives none. */
export interface Naming {
  /** of the whole device */
  device: string
  numbered: (device: string, n: number) => string
  /** typed before for a camera alone */
  given?: string
}

/** The list: what is not ours yet is chosen, and has a name and an id. @param taken ids in use */
export function rowsOf(report: DeviceReport, cameras: readonly CameraRow[], naming: Naming, taken: ReadonlySet<string>): ChannelRow[] {
  const rows: ChannelRow[] = []
  const names = new Set<string>()
  for (const [i, channel] of report.channels.entries()) {
    const ours = ourChannel(channel, report.identity, cameras)
    const said = spokenName(channel.main.name ?? '')
    const own = report.channels.length === 1 ? naming.given || said.name || naming.device : said.name || naming.numbered(naming.device, said.number ?? i + 1)
    let name = ours?.name ?? own
    for (let n = 2; names.has(name) && !ours; n++) name = `${own} ${n}`
    names.add(name)
    rows.push({ channel, chosen: !ours, name, id: ours?.id ?? '', ownID: false, ...(ours ? { ours } : {}) })
  }
  for (const row of rows) if (!row.ours) row.id = freeID(row.name, rows, row, taken)
  return rows
}

/** An id for a row's name that neither another row nor a camera has. */
export function freeID(name: string, rows: readonly ChannelRow[], own: ChannelRow, taken: ReadonlySet<string>): string {
  return proposeID(fold(name) === '' ? 'camera' : name, (id) => taken.has(id) || rows.some((r) => r !== own && r.id === id))
}

/** What is wrong with the rows that are to be added, each with its fault; the others without one. */
export function checkRows(rows: readonly ChannelRow[]): ChannelRow[] {
  const ids = new Map<string, number>()
  for (const r of rows) if (r.chosen && !r.added) ids.set(r.id, (ids.get(r.id) ?? 0) + 1)
  return rows.map((row) => {
    const { fault: _, ...r } = row
    if (!r.chosen || r.added) return r
    const name = nameFault(r.name)
    if (name) return { ...r, fault: { field: 'name', fault: name === 'long' ? 'tooLong' : 'missing' } }
    if (!goodID(r.id)) return { ...r, fault: { field: 'id', fault: 'id' } }
    return ids.get(r.id)! > 1 ? { ...r, fault: { field: 'id', fault: 'twice' } } : r
  })
}

/** Where the device is asked, by which login, and what its cameras have in common. */
export interface Whence {
  /** of the device service */
  address: string
  identity: string
  user: string
  password: string
  anyCertificate: boolean
  area: string
  kind: string
}

/** The camera that a row becomes. */
export function cameraOf(row: ChannelRow, w: Whence): CameraSettings {
  const { main, sub, ptz } = row.channel
  return {
    id: row.id,
    name: row.name.trim(),
    area: w.area,
    kind: w.kind,
    main: main.url,
    ...(sub ? { sub: sub.url } : {}),
    ...(w.user ? { user: w.user, password: w.password } : {}),
    ...(w.anyCertificate ? { any_certificate: true } : {}),
    onvif: { address: w.address, ...(w.identity ? { identity: w.identity } : {}), profile: main.profile, ...(ptz ? { ptz: true } : {}) },
  }
}

/**
 * Adds one camera after the other: what is refused of one is no reason against the others. `told` hears of each; its
 * answer false ends it, and so does a network that is gone. What a lost answer was about is found to be there already.
 */
export async function addAll(api: Api, cameras: readonly CameraSettings[], told: (id: string, problem: Problem | undefined) => boolean): Promise<void> {
  for (const c of cameras) {
    const path = `inventory/cameras/${part(c.id)}`
    const a = await api.call(path, { method: 'PUT', body: c, version: '' })
    let problem = a.ok ? undefined : a.problem
    if (problem?.code === 'conflict') {
      const there = await api.get<CameraSettings>(path)
      if (there.ok && there.value.main === c.main && there.value.area === c.area) problem = undefined
    }
    if (!told(c.id, problem) || problem?.status === 0 || problem?.status === 401) return
  }
}

/** Pages of cameras at most: 500 on each. */
const PAGES = 40

/** All cameras that the person looks after; fewer where the gateway does not answer. */
export async function allCameras(api: Api): Promise<CameraRow[]> {
  const all: CameraRow[] = []
  let after = ''
  for (let page = 0; page < PAGES; page++) {
    const a = await api.get<{ cameras: CameraRow[] | null; next?: string }>(`inventory/cameras?${new URLSearchParams({ limit: '500', ...(after ? { after } : {}) }).toString()}`)
    if (!a.ok) break
    all.push(...(a.value.cameras ?? []))
    after = a.value.next ?? ''
    if (after === '') break
  }
  return all
}
