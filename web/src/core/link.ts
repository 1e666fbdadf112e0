/** What a link's fragment says. The fragment never leaves the device. */
export interface Link {
  token: string | undefined
  camera: string | undefined
  /** the secret of a colleague's share */
  share?: string
}

export function parseHash(hash: string): Link {
  const p = new URLSearchParams(hash.replace(/^#/, ''))
  const share = p.get('share')
  return { token: p.get('token')?.trim() || undefined, camera: p.get('camera') || undefined, ...(share ? { share } : {}) }
}

/** The fragment that stays in the address bar: the camera, never the token. */
export function cameraHash(camera: string): string {
  return camera ? `#camera=${encodeURIComponent(camera)}` : ''
}

/** Takes a token out of what was pasted: a whole link, its fragment, or the token alone. */
export function readPasted(text: string): Link {
  const t = text.trim()
  const i = t.indexOf('#')
  if (i >= 0) return parseHash(t.slice(i))
  if (/^(token|camera)=/.test(t)) return parseHash(t)
  // An address without a fragment holds no token.
  if (t === '' || /\s/.test(t) || /^https?:/.test(t)) return { token: undefined, camera: undefined }
  return { token: t, camera: undefined }
}
