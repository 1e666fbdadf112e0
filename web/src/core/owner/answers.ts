import type { CameraEntry } from './makes'
import { Masks } from './masks'
import type { Texts } from './texts'
import { chosenHours, type Hours, type Times } from './week'

/** GET /api/v1/invitation */
export interface InvitedDoc {
  area_name: string
  name: string
  until: string
  agreement: { vi: string; en: string; digest: string }
  draft?: { camera: string; main: string; sub?: string; user?: string }
}

/** What somebody has told of their camera so far. Nothing is chosen for them. */
export class Answers {
  entry: CameraEntry = { make: '', host: '', user: '', password: '' }
  camera = ''
  masks = new Masks()
  purposes: string[] = []
  when: '' | 'always' | 'some' = ''
  times: Times = { days: [], from: '', to: '' }
  until: '' | 'withdrawn' | 'year' = ''
  name = ''
  owner = ''
  contact = ''
  agreed = false

  /** The hours that were chosen; undefined: at all hours, null: they are not chosen yet. */
  hours(): Hours | undefined | null {
    if (this.when === 'always') return undefined
    return chosenHours(this.times)
  }

  /** What is missing of when and what for. */
  missing(s: Texts): Record<string, string> {
    const out: Record<string, string> = {}
    if (this.purposes.length === 0) out['purposes'] = s.noPurpose
    if (this.when === '') out['when'] = s.noWhen
    else if (this.hours() === null) out['when'] = s.noDays
    if (this.until === '') out['until'] = s.noUntil
    return out
  }

  /** What is missing of who agrees. */
  unsigned(s: Texts): Record<string, string> {
    const out: Record<string, string> = {}
    for (const key of ['name', 'owner', 'contact'] as const) if (this[key].trim() === '') out[key] = s.empty
    if (!this.agreed) out['agreed'] = s.agreeFirst
    return out
  }

  /** The body of POST /api/v1/invitation/agree. */
  body(digest: string, now: Date): object {
    const hours = this.hours()
    const until = new Date(now)
    until.setFullYear(until.getFullYear() + 1)
    return {
      name: this.name.trim(),
      owner: this.owner.trim(),
      contact: this.contact.trim(),
      purposes: this.purposes,
      ...(hours ? { hours } : {}),
      ...(this.until === 'year' ? { until: until.toISOString() } : {}),
      masks: this.masks.masks,
      text_digest: digest,
    }
  }
}
