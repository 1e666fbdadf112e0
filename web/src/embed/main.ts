import '../style.css'
import './frame.css'
import type { CameraView, TokenAsk } from '../element/camera-view'
import { asked, around, cameraOf, greeted, heard, looksOf, originsOf, tokenOf, type Said } from '../core/portal-page'
import '../element/camera-view'

/** Until the page around answers, it is told this often, ms, and this many times, that there is somebody to talk to. */
const READY_MS = 500
const READY_TIMES = 20

const view: CameraView = document.querySelector('camera-view')!
const content = document.querySelector<HTMLMetaElement>('meta[name="matthan-origins"]')?.content ?? ''
const origins = originsOf(content)
const framed = window.parent !== window
let port: MessagePort | undefined
/** what was asked for and has not come: whoever says hello next is asked again */
let waiting: Said | undefined

const first = tokenOf(location.hash)
if (first) history.replaceState(null, '', location.pathname + location.search)

function say(said: Said): void {
  port?.postMessage(said)
}

view.addEventListener('token-needed', (e) => {
  const please: Said = { type: 'token-please', renew: (e as CustomEvent<TokenAsk>).detail.renew }
  waiting = please
  say(please)
})

// What a page hears of the element, it hears of the frame.
for (const type of ['camera-state', 'first-picture', 'stats', 'session-expired', 'camera-error'] as const) {
  view.addEventListener(type, (e) => say({ ...(e as CustomEvent<object>).detail, type }))
}

window.addEventListener('message', (e) => {
  if (!framed || e.source !== window.parent) return
  const to = greeted(e, origins)
  if (!to) return
  // The page around was loaded anew, or changed its mind: the last one counts.
  port?.close()
  port = to
  to.onmessage = (m) => {
    const token = heard(m.data)
    if (token !== undefined) {
      waiting = undefined
      view.token = token
    }
    const act = asked(m.data)
    if (act) view[act]()
  }
  if (waiting) say(waiting)
  say({ type: 'camera-state', state: view.state })
})

/** Says to the page around that it may say hello, whichever of the two came first. */
function ready(times: number): void {
  if (port || times === 0) return
  for (const origin of around(origins, location.ancestorOrigins)) window.parent.postMessage({ type: 'matthan-ready' }, origin)
  window.setTimeout(() => ready(times - 1), READY_MS)
}

const camera = cameraOf(location.pathname)
document.title = camera
Object.assign(view, looksOf(location.search))
document.documentElement.lang = view.lang = view.language
document.documentElement.dataset['theme'] = view.theme
view.gateway = location.origin
view.token = first
view.camera = camera

if (framed) ready(READY_TIMES)
else if (!first) void view.updateComplete.then(() => view.alone())
