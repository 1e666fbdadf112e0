import { fold } from './fold'
import { markOwner, timeOfDay } from './mark'
import type { Mark } from './protocol'

/** What a picture that is taken away says of itself. */
export interface Facts {
  camera: string
  /** its id */
  id: string
  area: string
  /** when it was taken, Unix ms */
  at: number
  /** at is by the capture clock of the camera or the gateway, not by the page's drawing it */
  exact: boolean
  mark: Mark
}

const two = (n: number) => String(n).padStart(2, '0')

function day(at: number): string {
  const d = new Date(at)
  return `${two(d.getDate())}/${two(d.getMonth() + 1)}/${d.getFullYear()}`
}

/** The margin under the picture: the camera and when, then who and the code. */
export function margin(f: Facts): { camera: string; place: string; time: string; who: string; code: string } {
  return {
    camera: f.camera,
    place: [f.area, f.id].filter(Boolean).join(' · '),
    time: `${f.exact ? '' : '≈ '}${timeOfDay(f.at)} ${day(f.at)}`,
    who: markOwner(f.mark),
    code: f.mark.code,
  }
}

/** The same for programs, as it stands in the file: one thing a line. */
export function comment(f: Facts): string {
  return [
    `camera: ${f.camera} (${f.id})`,
    `area: ${f.area}`,
    `time: ${new Date(f.at).toISOString()}${f.exact ? '' : ' (approximate)'}`,
    `officer: ${markOwner(f.mark)}`,
    `code: ${f.mark.code}`,
    'matthan',
  ].join('\n')
}

/** camera-time-code.jpg, of letters that every system takes. */
export function fileName(f: Facts): string {
  const d = new Date(f.at)
  const camera = fold(f.camera).replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60) || 'camera'
  const time = `${d.getFullYear()}${two(d.getMonth() + 1)}${two(d.getDate())}-${timeOfDay(f.at).replace(/:/g, '')}`
  return `${camera}-${time}-${f.mark.code}.jpg`
}
