import '../style.css'
import './frame.css'
import { cameraOf, greeted, handed, originsOf, tokenOf, type TokenPlease } from '../core/portal-page'
import '../element/camera-view'

const view = document.querySelector('camera-view')!
const content = document.querySelector<HTMLMetaElement>('meta[name="matthan-origins"]')?.content ?? ''
const origins = originsOf(content)
let port: MessagePort | undefined
/** what was asked for before there was anybody to ask */
let waiting: TokenPlease | undefined

const first = tokenOf(location.hash)
if (first) history.replaceState(null, '', location.pathname + location.search)

view.addEventListener('tokenneeded', (e) => {
  const please: TokenPlease = { type: 'token-please', renew: (e as CustomEvent<{ renew: boolean }>).detail.renew }
  if (port) port.postMessage(please)
  else waiting = please
})

window.addEventListener('message', (e) => {
  if (e.source !== window.parent || window.parent === window) return
  const to = greeted(e, origins)
  if (!to) return
  // The page around was loaded anew, or changed its mind: the last one counts.
  port?.close()
  port = to
  to.onmessage = (m) => {
    const token = handed(m.data)
    if (token !== undefined) view.token = token
  }
  if (waiting) to.postMessage(waiting)
  waiting = undefined
})

document.title = cameraOf(location.pathname)
view.lang = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'vi'
document.documentElement.lang = view.lang
view.gateway = location.origin
view.token = first
view.camera = cameraOf(location.pathname)

if (window.parent === window && !first) void view.updateComplete.then(() => view.alone())
