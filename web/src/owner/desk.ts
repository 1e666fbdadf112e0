import { startLang, type Lang } from '../core/i18n'
import { Api, type Problem } from '../core/manage/api'
import { texts, type Texts } from '../core/owner/texts'
import { keep } from '../ui/keep'

/** What the page was opened with. It stays in the address, so that a bookmark leads here again, and is kept nowhere else. */
export function secretIn(hash: string): { kind: 'none' | 'invitation' | 'owner'; secret: string } {
  const secret = hash.replace(/^#/, '')
  if (!/^[\w.~-]{16,200}$/.test(secret)) return { kind: 'none', secret: '' }
  return { kind: secret.startsWith('i.') ? 'invitation' : 'owner', secret }
}

/** What all screens of this page have. */
export class Desk {
  lang: Lang = startLang(keep.get('lang'))
  readonly api: Api

  constructor(
    readonly secret: string,
    private readonly changed: () => void,
    out: () => void,
  ) {
    this.api = new Api('../api/v1/', out, undefined, secret)
  }

  get s(): Texts {
    return texts[this.lang]
  }

  setLang(lang: Lang): void {
    this.lang = lang
    keep.set('lang', lang)
    this.changed()
  }

  /** A problem in words. */
  words(p: Problem): string {
    if (p.code === 'network') return this.s.noNetwork
    return p.text?.[this.lang] ?? this.s.failed
  }
}

export interface Reason {
  code: string
  vi: string
  en: string
}
