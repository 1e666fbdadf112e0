// A portal's page, as its developer writes it against the served types; see types.test.mjs.
import type { CameraView, GetToken } from '../../public/camera-view'

const getToken: GetToken = async ({ camera, renew }) => {
  const answer = await fetch(`/token/${camera}?renew=${renew}`, { method: 'POST' })
  return answer.ok ? ((await answer.json()) as { token: string }).token : undefined
}

const view = document.createElement('camera-view')
view.camera = 'lang-ha-thai-ha'
view.theme = 'light'
view.chrome = 'overlay'
view.controls = 'pause fullscreen'
view.getToken = getToken
view.addEventListener('camera-state', (event) => console.log(event.detail.state, event.detail.text.length))
view.addEventListener('first-picture', function (event) {
  console.log(this.camera, event.detail.ms.toFixed(), event.detail.width)
})
view.addEventListener('stats', ({ detail }) => console.log(detail.age?.toFixed(), detail.bitsPerSecond))
view.addEventListener('click', (event) => console.log(event.clientX))
document.body.append(view)
const found: CameraView | null = document.querySelector('camera-view')
found?.pause()
found?.play()
found?.setToken('')

// @ts-expect-error there is no such theme
view.theme = 'blue'
// @ts-expect-error the state is the element's to tell
view.state = 'live'
// @ts-expect-error an event's detail has what the event says
view.addEventListener('first-picture', (event) => event.detail.code)
// @ts-expect-error a token is a text
view.getToken = () => 7
