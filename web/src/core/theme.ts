/** What can be chosen; `auto` is as the device has it. */
export const THEMES = ['dark', 'light', 'red', 'auto'] as const
export type Theme = (typeof THEMES)[number]

/** What the page wears: each a set of tokens in style.css. */
export type Worn = Exclude<Theme, 'auto'>

/** The browser's own bars beside the page: each theme's --bg. */
export const GROUND: Record<Worn, string> = { dark: '#0a0d12', light: '#eef1f5', red: '#000000' }

/** What was kept; dark where nothing was, as the night is the normal case. */
export function readTheme(kept: string | null): Theme {
  return THEMES.find((t) => t === kept) ?? 'dark'
}

/** @param light the device is set to light */
export function worn(theme: Theme, light: boolean): Worn {
  return theme === 'auto' ? (light ? 'light' : 'dark') : theme
}
