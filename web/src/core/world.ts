import type { Env } from './env'
import type { Peer } from './peer'
import type { Look } from './rates'
import type { Text } from './protocol'
import type { Socket } from './signaling'

/** What a session needs of the browser. */
export interface World extends Env {
  socket(): Socket
  peer(tiles: number, ice: RTCIceServer[]): Peer
  token(): string
  /** The link is thin, or a mobile one: start with small streams. */
  thin(): boolean
}

export interface Events {
  /** Something that a screen may show has changed. */
  changed(): void
  /** New tracks, one a tile; videos are attached before the answer comes. */
  tracks(t: MediaStreamTrack[]): void
  /** The gateway ended the session; only the user can go on. */
  ended(code: string, text: Text | undefined): void
  failed(code: string, text: Text): void
  /** The list of cameras has changed. */
  listed(): void
  /** Something may wait for who is signed in, or was answered. */
  noticed(): void
  /** what has come since the last call */
  received(bytes: number, look: Look): void
}
