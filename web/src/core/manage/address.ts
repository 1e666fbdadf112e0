/** A camera's address, split as the gateway splits it (gateway/rtsp, ParseURL): the login never stays in it. */
export interface Address {
  /** rtsp:// or rtsps://, without a login */
  clean: string
  user: string
  password: string
}

/** What is wrong with an address; the texts are in the screens' languages. */
export type AddressFault = 'scheme' | 'long' | 'at' | 'host' | 'letters'

const MAX = 2048

/**
 * Takes the login out of an address. Of a password, '/', '?' and '#' must be
 * percent-encoded; other signs, even '@', may stand as people type them. An
 * address without a scheme that begins like a host is taken for rtsp.
 */
export function parseAddress(raw: string): Address | AddressFault {
  let text = raw.trim()
  if (/^[\w.[\]:-]+(\/|$)/.test(text) && !text.includes('://') && /[.:]/.test(text)) text = `rtsp://${text}`
  if (new TextEncoder().encode(text).length > MAX) return 'long'
  const m = /^(rtsps?):\/\/([^/?#]*)(.*)$/is.exec(text)
  if (!m) return 'scheme'
  const scheme = m[1]!.toLowerCase()
  let host = m[2]!
  const tail = m[3]!
  let user = ''
  let password = ''
  const at = host.lastIndexOf('@')
  if (at >= 0) {
    const login = host.slice(0, at)
    const colon = login.indexOf(':')
    user = decoded(colon < 0 ? login : login.slice(0, colon))
    password = colon < 0 ? '' : decoded(login.slice(colon + 1))
    host = host.slice(at + 1)
  }
  // Most likely a password was cut at its slash: the rest of it must not pass for a path.
  if (tail.includes('@')) return 'at'
  if (!goodHost(host)) return 'host'
  if (tail.includes('#') || /[\s\u0000-\u001f\u007f]/.test(tail) || /%(?![0-9a-f]{2})/i.test(tail)) return 'letters'
  return { clean: `${scheme}://${host}${tail}`, user, password }
}

function decoded(s: string): string {
  try {
    return decodeURIComponent(s)
  } catch {
    return s
  }
}

/** host, host:port, [IPv6] or [IPv6]:port */
function goodHost(host: string): boolean {
  const m = /^(\[[0-9a-f:.]+\]|[^\s:@[\]%"<>\\^`{|}]+)(?::(\d{1,5}))?$/i.exec(host)
  if (!m) return false
  const port = m[2] === undefined ? 554 : Number(m[2])
  return port > 0 && port < 65536
}

/** How makers write the small stream beside the large one: main, sub. */
const pairs: [RegExp, string][] = [
  [/(\/Streaming\/Channels\/\d*0)1(?=\/?$|\?)/i, '$12'], // Hikvision
  [/([?&]subtype=)0/i, '$11'], // Dahua, KBVision
  [/(\/h26[45]\/ch\d+\/)main(?=\/)/i, '$1sub'], // older Hikvision
  [/(\/(?:stream|ch|channel)?\d*[/_-]?)main(?=\/?$|[?_./])/i, '$1sub'],
  [/(\/(?:live|stream|unicast\/c\d+\/s))0(?=\/|$)/i, '$11'], // Uniview
]

/** The likely address of the small stream, '' where none is known. */
export function subOf(main: string): string {
  for (const [pattern, to] of pairs) if (pattern.test(main)) return main.replace(pattern, to)
  return ''
}
