/**
 * Types of <camera-view>, for pages that are written in TypeScript. Put this file
 * beside your sources; it declares the element for document.createElement,
 * querySelector and addEventListener, and adds nothing to what is run.
 */

/** What the element is at; see the table of states in docs/embedding.md. */
export type CameraState =
  | 'asking' | 'opening' | 'live' | 'weak' | 'stale' | 'paused' | 'tap' | 'offline' | 'nonet' | 'denied' | 'idle'
  | 'missing' | 'refused' | 'ended' | 'origin' | 'crowded' | 'stopped' | 'setUp' | 'unsupported' | 'alone'

/** What is asked for when a token is wanted. renew: to go on with what runs. */
export interface TokenAsk {
  camera: string
  renew: boolean
}

/** Gives a token that your server has issued; undefined where there is none. */
export type GetToken = (ask: TokenAsk) => string | undefined | Promise<string | undefined>

/** The element's events. All of them bubble, and cross the bounds of shadow roots. */
export interface CameraViewEventMap {
  /** A token is wanted and no getToken is set: answer by setToken. */
  'token-needed': CustomEvent<TokenAsk>
  /** The state is another; text: in words, as screen readers hear it. */
  'camera-state': CustomEvent<{ state: CameraState; text: string }>
  /** The first picture of a look is on the screen, ms after it was asked for. Its size in pixels. */
  'first-picture': CustomEvent<{ ms: number; width: number; height: number }>
  /** Each second while pictures come. age: of the picture, ms, where it is measured. */
  stats: CustomEvent<{ age?: number; width: number; height: number; bitsPerSecond: number; framesPerSecond: number }>
  /** The look is over for want of a token that the gateway takes. */
  'session-expired': CustomEvent<{ code: string }>
  /** Something went wrong; code: of the table of errors in docs/embedding.md. */
  'camera-error': CustomEvent<{ code: string; text: string }>
}

/** A camera of a gateway, live. */
export interface CameraView extends HTMLElement {
  /** the camera's id at the gateway */
  camera: string
  /** the gateway's address, where the module comes from another */
  gateway: string
  /** which encoding is wanted; auto: as the size asks */
  stream: 'auto' | 'main' | 'sub'
  theme: 'dark' | 'light' | 'auto'
  /** where name, state and controls are: around the picture, over it, or nowhere */
  chrome: 'outside' | 'overlay' | 'none'
  fit: 'contain' | 'cover'
  /** which controls there are, by their names between blanks; 'none' for none, null for all */
  controls: string | null | undefined
  /** the element is as large as what it stands in, not as high as its picture */
  fill: boolean
  /** nothing is sent or watched */
  paused: boolean
  /** write only: for one officer, one camera and a few minutes */
  token: string
  /** asked whenever a token is wanted; without it there is the event token-needed */
  getToken: GetToken | undefined
  readonly state: CameraState

  /** Goes on after a pause; begins again where something had stopped it. */
  play(): void
  /** Holds the picture. Nothing is sent, or watched, until play. */
  pause(): void
  setToken(token: string): void

  addEventListener<K extends keyof CameraViewEventMap>(type: K, listener: (this: CameraView, event: CameraViewEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void
  addEventListener<K extends keyof HTMLElementEventMap>(type: K, listener: (this: CameraView, event: HTMLElementEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void
  removeEventListener<K extends keyof CameraViewEventMap>(type: K, listener: (this: CameraView, event: CameraViewEventMap[K]) => unknown, options?: boolean | EventListenerOptions): void
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void
}

declare global {
  interface HTMLElementTagNameMap {
    'camera-view': CameraView
  }
}
