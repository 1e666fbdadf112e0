import { HIDDEN, SHAPES, type Shape } from './arrangement'
import type { Area } from './cameras'

/** An arrangement under a name: one's own, or that of an area, which a shift shares. */
export interface Layout {
  id: string
  name: string
  shape: Shape
  /** by position; '' for an empty tile, HIDDEN for a camera that is not ours to know of */
  cameras: string[]
  /** '' for one's own */
  area: string
  /** as the gateway has it; '' where it has none */
  version: string
  writes: boolean
}

/** As the gateway's, in letters and counts. */
export const MAX_NAME = 60
const MAX_TILES = 16
export const MAX_OWN = 20

/** The gateway answered no; text says why. */
export class LayoutRefusal extends Error {
  constructor(
    readonly status: number,
    readonly text: { vi: string; en: string } | undefined,
  ) {
    super(String(status))
  }
}

export interface Storage {
  get(key: string): string | null
  set(key: string, value: string): void
}

/** The layouts that somebody has: of a person at the gateway, with a copy here; of a link on this device only. */
export class Layouts {
  all: Layout[] = []
  /** where one may be shared */
  areas: Area[] = []
  private readonly key: string

  /** @param person the person's key, '' for a link */
  constructor(
    private readonly person: string,
    private readonly storage: Storage,
    private readonly fetch: (path: string, init: RequestInit) => Promise<Response>,
    private readonly changed: () => void,
  ) {
    this.key = `layouts.${person}`
    this.all = readLayouts(storage.get(this.key))
  }

  /** Asks the gateway; what is on the device stands until it answers. */
  async load(): Promise<void> {
    if (!this.person) return
    const r = await this.ask('GET', '').catch(() => undefined)
    if (!r) return
    const doc = (await r.json()) as { layouts?: unknown[]; areas?: Area[] }
    this.areas = doc.areas ?? []
    this.keep((doc.layouts ?? []).flatMap(fromGateway))
  }

  /** Keeps a layout under its name; the same name and place means the same one. */
  async save(l: Pick<Layout, 'name' | 'shape' | 'cameras' | 'area'>): Promise<void> {
    const name = l.name.trim().slice(0, MAX_NAME)
    const old = this.all.find((o) => o.name === name && o.area === l.area)
    const cameras = trimmed(l.cameras).slice(0, MAX_TILES)
    const next: Layout = { id: old?.id ?? newId(), name, shape: l.shape, cameras, area: l.area, version: old?.version ?? '', writes: true }
    if (this.person) {
      const tiles = cameras.map((c) => (c === HIDDEN ? { denied: true } : c ? { camera: c } : {}))
      const r = await this.ask('PUT', `/${next.id}`, next.version, { name, shape: l.shape, tiles, ...(l.area && { area: l.area }) })
      next.version = r.headers.get('ETag') ?? ''
    } else if (!old && this.all.length >= MAX_OWN) throw new LayoutRefusal(422, undefined)
    this.keep([...this.all.filter((o) => o !== old), next])
  }

  async remove(l: Layout): Promise<void> {
    if (this.person) await this.ask('DELETE', `/${l.id}`, l.version)
    this.keep(this.all.filter((o) => o !== l))
  }

  private keep(all: Layout[]): void {
    const order = new Intl.Collator('vi', { numeric: true })
    this.all = all.sort((a, b) => order.compare(a.area, b.area) || order.compare(a.name, b.name))
    this.storage.set(this.key, JSON.stringify(this.all))
    this.changed()
  }

  private async ask(method: string, path: string, version?: string, body?: object): Promise<Response> {
    const headers: Record<string, string> = {}
    if (body) headers['Content-Type'] = 'application/json'
    if (version) headers['If-Match'] = version
    else if (version === '') headers['If-None-Match'] = '*'
    const init: RequestInit = { method, headers, cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(10_000) }
    if (body) init.body = JSON.stringify(body)
    const r = await this.fetch(`api/v1/layouts${path}`, init)
    if (r.ok) return r
    const p = (await r.json().catch(() => ({}))) as { text?: { vi: string; en: string } }
    throw new LayoutRefusal(r.status, p.text)
  }
}

/** Without the empty tiles at its end. */
function trimmed(cameras: readonly string[]): string[] {
  return cameras.slice(0, cameras.findLastIndex((c) => c !== '') + 1)
}

function newId(): string {
  const b = crypto.getRandomValues(new Uint8Array(13))
  return Array.from(b, (n) => n.toString(16).padStart(2, '0')).join('')
}

const isText = (v: unknown): v is string => typeof v === 'string'

/** One layout of the gateway's answer; none where it is something else. */
function fromGateway(doc: unknown): Layout[] {
  const d = (doc ?? {}) as Record<string, unknown>
  const tiles = Array.isArray(d['tiles']) ? (d['tiles'] as { camera?: string; denied?: boolean }[]) : []
  const cameras = tiles.map((t) => (t.denied ? HIDDEN : (t.camera ?? '')))
  return readLayout({ ...d, cameras, area: d['area'] ?? '' })
}

function readLayout(d: Record<string, unknown>): Layout[] {
  const { id, name, cameras, area, version, writes } = d
  // A layout of one picture is a list: any grid shows it.
  const shape = SHAPES.find((s) => s === d['shape']) ?? '4'
  if (!isText(id) || !isText(name) || !Array.isArray(cameras) || !cameras.every(isText) || !isText(area)) return []
  return [{ id, name, shape, cameras: cameras.slice(0, MAX_TILES), area, version: isText(version) ? version : '', writes: writes === true }]
}

/** Layouts as they were kept; what cannot be read is left out. */
export function readLayouts(text: string | null): Layout[] {
  try {
    const v = JSON.parse(text ?? '[]') as unknown
    return Array.isArray(v) ? v.flatMap((d) => (d && typeof d === 'object' ? readLayout(d as Record<string, unknown>) : [])) : []
  } catch {
    return []
  }
}
