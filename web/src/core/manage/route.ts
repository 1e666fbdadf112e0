export const SCREENS = ['cameras', 'onvif', 'health', 'now', 'areas', 'accounts', 'grants', 'households', 'invitations', 'portals', 'import', 'log'] as const
export type ScreenName = (typeof SCREENS)[number]

/** Where the page is: a screen, and perhaps one thing on it. */
export interface Route {
  screen: ScreenName
  /** '' for the list, '+' for a new one, else an id */
  id: string
  /** of something new: where it begins, such as an area */
  from: string
}

/** "#/cameras/lang-ha" and the like; anything else is the cameras' list. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [screen = '', id = ''] = path.split('/')
  const known = SCREENS.find((s) => s === screen)
  if (!known) return { screen: 'cameras', id: '', from: '' }
  return { screen: known, id: decoded(id), from: new URLSearchParams(query).get('from') ?? '' }
}

function decoded(s: string): string {
  try {
    return decodeURIComponent(s)
  } catch {
    return ''
  }
}

export function hashOf(screen: ScreenName, id = '', from = ''): string {
  const where = id ? `#/${screen}/${id === '+' ? '+' : encodeURIComponent(id)}` : `#/${screen}`
  return from ? `${where}?${new URLSearchParams({ from }).toString()}` : where
}

/** What somebody may do here. */
export interface Offices {
  administer?: boolean
  supervise?: boolean
  audit?: boolean
}

/** The screens that have something for somebody. Where the gateway says nothing of it, it decides. */
export function screensFor(may: Offices | undefined): ScreenName[] {
  if (!may) return SCREENS.filter((s) => s !== 'log')
  const keeps = Boolean(may.administer || may.supervise)
  const administers: ScreenName[] = ['onvif', 'health', 'now', 'households', 'invitations', 'portals']
  return SCREENS.filter((s) => (s === 'log' ? may.audit : administers.includes(s) ? may.administer : keeps))
}
