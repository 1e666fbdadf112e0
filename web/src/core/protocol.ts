/** The browser's side of the signaling protocol, version 1 (see the package documentation of `signaling`). */

export const VERSION = 1

export interface Text {
  vi: string
  en: string
}

export type Stream = 'main' | 'sub' | 'auto'

export interface ViewRequest {
  tile: number
  camera: string
  stream?: Stream
  /** the tile is small: the small stream is enough */
  small?: boolean
  /** a thin link is this tile's before it is the others' */
  first?: boolean
  /** a still stands for it where the link has no room for it */
  stills?: boolean
}

/** What is asked of the camera that a tile shows. */
export interface TurnRequest {
  tile: number
  act: 'take' | 'move' | 'home' | 'preset' | 'leave'
  pan?: number
  tilt?: number
  zoom?: number
  preset?: string
}

/** What the viewer sends. */
export type Outgoing =
  | { type: 'hello'; v: number; token: string; resume?: string }
  | { type: 'offer'; sdp: string; new?: boolean; thin?: boolean; tiles?: ViewRequest[] }
  | ({ type: 'view' } & ViewRequest)
  | { type: 'warm'; cameras: string[] }
  | { type: 'time'; t0: number }
  | { type: 'renew'; token: string }
  | ({ type: 'turn' } & TurnRequest)
  | { type: 'listen'; tile: number; on?: boolean }

export interface Welcome {
  type: 'welcome'
  v: number
  session: string
  resume: string
  resumed?: boolean
  subject: string
  now: number
  ice_servers: { urls: string[]; username?: string; credential?: string }[] | null
  max_tiles: number
}

export interface Answer {
  type: 'answer'
  sdp: string
}

export type TileState = 'idle' | 'opening' | 'live' | 'held' | 'offline' | 'denied'

export interface TileMessage {
  type: 'tile'
  tile: number
  camera: string
  state: TileState
  /** the camera's, for people; where it may be seen */
  name?: string
  stream?: string
  since?: number
  retry_at?: number
  code?: string
  text?: Text
  /** while a view of the camera is open */
  mark?: Mark
  /** its sound may be asked for */
  sound?: boolean
}

/** What is laid over a view's pictures. */
export interface Mark {
  /** XXX-XXXX, the beginning of the view's id in the audit log */
  code: string
  name: string
  number?: string
}

/** A picture with RTP timestamp t was taken at captured + (t - rtp)/90 ms, on the gateway's clock. */
export interface ClockMessage {
  type: 'clock'
  tile: number
  camera: string
  rtp: number
  captured: number
  source: string
}

export interface TimeMessage {
  type: 'time'
  t0: number
  t1: number
}

/** The list of cameras, or the rights to them, have changed. */
export interface CamerasMessage {
  type: 'cameras'
}

/** A fresh token of a portal was taken: its time is over then, Unix ms on the gateway's clock. */
export interface RenewedMessage {
  type: 'renewed'
  until: number
}

/** There is news for a person: an emergency, a request or an answer. */
export interface NoticesMessage {
  type: 'notices'
}

/** Who turns the camera of a tile. */
export interface Stick {
  type: 'stick'
  tile: number
  camera: string
  /** this viewer may */
  may?: boolean
  /** '' where nobody does */
  holder?: string
  mine?: boolean
  /** the camera answers */
  ready?: boolean
  failed?: boolean
  presets?: { id: string; name: string }[]
}

/** Whether the sound of a tile's camera is sent. */
export interface SoundMessage {
  type: 'sound'
  tile: number
  camera: string
  on?: boolean
}

export interface ErrorMessage {
  type: 'error'
  code: string
  text: Text
  tile?: number
}

export interface ByeMessage {
  type: 'bye'
  code: string
  text: Text
}

/** What the gateway sends. */
export type Incoming =
  | Welcome
  | Answer
  | TileMessage
  | ClockMessage
  | TimeMessage
  | CamerasMessage
  | NoticesMessage
  | Stick
  | SoundMessage
  | RenewedMessage
  | ErrorMessage
  | ByeMessage

/** The fields that this page counts on, by the kind of their values: texts, and finite numbers. */
const fields = new Map<string, Record<string, '' | 0>>(
  Object.entries({
    welcome: { session: '', resume: '' },
    answer: { sdp: '' },
    stick: { tile: 0, camera: '' },
    sound: { tile: 0 },
    tile: { tile: 0, camera: '', state: '' },
    clock: { tile: 0, rtp: 0, captured: 0, camera: '' },
    time: { t0: 0, t1: 0 },
    cameras: {},
    notices: {},
    renewed: { until: 0 },
    error: { code: '' },
    bye: { code: '' },
  }),
)

/** Reads one message; null for what this page does not know or cannot trust. */
export function parse(data: unknown): Incoming | null {
  if (typeof data !== 'string') return null
  let m: Record<string, unknown>
  try {
    m = JSON.parse(data) as Record<string, unknown>
  } catch {
    return null
  }
  if (typeof m !== 'object' || m === null || typeof m['type'] !== 'string') return null
  const want = fields.get(m['type'])
  if (!want) return null
  if (!Object.entries(want).every(([k, kind]) => (kind === '' ? typeof m[k] === 'string' : Number.isFinite(m[k])))) return null
  return m as unknown as Incoming
}
