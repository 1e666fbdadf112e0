import { withComment } from '../core/jpeg'
import { comment, fileName, margin, type Facts } from '../core/picture'

const QUALITY = 0.92
const INK = '#10151d'
const AWAIT_MS = 15_000

export type Outcome = 'saved' | 'unrecorded' | 'refused' | 'closed' | 'failed'

/** What the video shows now. */
export function grab(video: HTMLVideoElement): HTMLCanvasElement {
  const still = Object.assign(document.createElement('canvas'), { width: video.videoWidth, height: video.videoHeight })
  still.getContext('2d', { alpha: false })!.drawImage(video, 0, 0)
  return still
}

/** Has the gateway record the picture, and only then saves it. @param token '' for who is signed in */
export async function save(still: HTMLCanvasElement, facts: Facts, token: string): Promise<Outcome> {
  const outcome = await record(facts, token)
  if (outcome !== 'saved') return outcome
  const blob = await new Promise<Blob | null>((done) => framed(still, facts).toBlob(done, 'image/jpeg', QUALITY))
  if (!blob) return 'failed'
  const file = withComment(new Uint8Array(await blob.arrayBuffer()), comment(facts))
  const url = URL.createObjectURL(new Blob([file], { type: 'image/jpeg' }))
  Object.assign(document.createElement('a'), { href: url, download: fileName(facts) }).click()
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000)
  return 'saved'
}

async function record(facts: Facts, token: string): Promise<Outcome> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  if (token) headers['Authorization'] = `Bearer ${token}`
  try {
    const r = await fetch(`api/v1/cameras/${encodeURIComponent(facts.id)}/pictures`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ view: facts.mark.code }),
      cache: 'no-store',
      credentials: token ? 'omit' : 'same-origin',
      signal: AbortSignal.timeout(AWAIT_MS),
    })
    if (r.status === 204) return 'saved'
    if (r.status === 409) return 'closed'
    if (r.status === 500) return 'unrecorded'
    return r.status === 401 || r.status === 403 || r.status === 404 ? 'refused' : 'failed'
  } catch {
    return 'failed'
  }
}

/** The picture as it was, and under it, on white, what it is. */
function framed(still: HTMLCanvasElement, facts: Facts): HTMLCanvasElement {
  const { width, height } = still
  const unit = Math.max(12, width / 58)
  const [pad, row] = [unit * 0.9, unit * 1.42]
  const page = Object.assign(document.createElement('canvas'), { width, height: Math.round(height + pad * 1.3 + row * 2) })
  const g = page.getContext('2d', { alpha: false })!
  g.fillStyle = '#fff'
  g.fillRect(0, 0, page.width, page.height)
  g.drawImage(still, 0, 0)
  const m = margin(facts)
  // Left, and what has to be read in full on the right.
  const line = (y: number, left: string, right: string) => {
    g.font = `600 ${unit}px system-ui, sans-serif`
    g.fillStyle = INK
    g.textAlign = 'right'
    g.fillText(right, width - pad, y)
    const room = width - 3 * pad - g.measureText(right).width
    g.textAlign = 'left'
    g.fillText(cut(g, left, room), pad, y)
  }
  const first = height + pad + unit * 0.85
  line(first, m.place ? `${m.camera} · ${m.place}` : m.camera, m.time)
  line(first + row, m.who, m.code)
  return page
}

/** The text, or as much of its beginning as there is room for. */
function cut(g: CanvasRenderingContext2D, text: string, room: number): string {
  if (g.measureText(text).width <= room) return text
  let n = text.length
  while (n > 0 && g.measureText(`${text.slice(0, n)}…`).width > room) n--
  return `${text.slice(0, n)}…`
}
