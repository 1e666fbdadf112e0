import { GROUND, readTheme, worn, type Theme } from '../core/theme'
import { keep } from './keep'

const device = matchMedia('(prefers-color-scheme: light)')
let chosen = readTheme(keep.get('theme'))

function wear(): void {
  const to = worn(chosen, device.matches)
  document.documentElement.dataset['theme'] = to
  document.querySelector<HTMLMetaElement>('meta[name=theme-color]')?.setAttribute('content', GROUND[to])
}

export const theme = {
  get chosen(): Theme {
    return chosen
  },
  /** Puts it on at once, and keeps it. */
  choose(to: Theme): void {
    chosen = to
    keep.set('theme', to)
    wear()
  },
}

/** One tap to red, and back to what was there before. */
export function nightSwitch(): void {
  if (chosen === 'red') return theme.choose(readTheme(keep.get('daytime')))
  keep.set('daytime', chosen)
  theme.choose('red')
}

device.addEventListener('change', wear)
// Before the page is drawn for the first time.
wear()
