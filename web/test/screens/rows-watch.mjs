// What an officer sees, on a device of their own and in another portal.
import { hot } from '../browser/devices.mjs'
import { framePage, tokenOf } from '../browser/portal-site.mjs'
import { wire } from '../browser/wire.mjs'
import { hold, listed, press, sheet, shows, watched } from './steps.mjs'
import { PORTAL } from './ward.mjs'

const group = 'watch'
const officer = { group, who: 'officer' }
const at = (camera) => `/#camera=${camera}`
const themes = ['dark', 'light', 'red']
const langs = ['vi', 'en']
/** A picture that is under way for so long is called late by the page itself (WEAK_MS of core/state.ts). */
const WEAK_WAY_MS = 1800
const everywhere = { sizes: ['phone', 'side', 'tablet', 'desk'], themes }

/** On the tablet in the car, with a grid of so many pictures; then whatever more is done. */
const inTheCar = (name, n, more = async () => {}) => ({
  ...officer, name, at: at('lang-ha-thai-ha'), sizes: ['car'], themes,
  go: async (page) => {
    await listed(page)
    await shows(page, 'lang-ha-thai-ha')
    await press(page, `.shapes button:nth-child(${{ 1: 1, 4: 2, 6: 3, 9: 4 }[n]})`)
    await page.waitForFunction(() => window.matthan.diagnostics().tiles.every((t) => !t.camera || t.state !== 'opening'))
    await more(page)
  },
})

/** A picture in a state that the gateway's word on the camera would end: that word does not come. */
const held = (name, state, go, more = {}) => {
  let deaf = false
  return {
    ...officer, name, at: at('lang-ha-thai-ha'), themes, langs,
    go: async (page, w) => {
      await page.routeWebSocket(/\/ws/, (ws) => {
        const server = ws.connectToServer()
        server.onMessage((m) => (deaf && JSON.parse(m).type === 'tile') || ws.send(m))
      })
      await page.reload()
      await go(page, w, () => (deaf = true))
      await shows(page, 'lang-ha-thai-ha', state)
    },
    ...more,
    undo: (w) => {
      deaf = false
      w.cameras.child.kill('SIGCONT')
    },
  }
}

/** Runs in the page, before all else: as an iPhone that saves power, it plays nothing before a tap. */
function untapped() {
  HTMLMediaElement.prototype.play = function () {
    this.pause()
    return Promise.reject(new DOMException('not without a tap', 'NotAllowedError'))
  }
  Object.defineProperty(HTMLMediaElement.prototype, 'autoplay', { get: () => false, set() {} })
}

/** A page of the people's sheet over the picture. */
const over = (name, page, more = {}) => ({
  ...officer, name, at: at('lang-ha-thai-ha'), themes: ['dark', 'light'],
  go: async (p) => {
    await shows(p, 'lang-ha-thai-ha')
    await sheet(p, page)
  },
  ...more,
})

/** A camera that gives no picture, in the words that say why. */
const without = (name, camera, state, more = {}) => ({
  ...officer, name, at: at(camera), themes,
  go: async (page) => {
    await listed(page)
    await shows(page, camera, state)
  },
  ...more,
})

export const watch = [
  { ...officer, ...everywhere, name: 'live', langs, at: at('la-thanh-lang'), go: (page) => watched(page), docs: { phone: 'phone', desk: 'desk' } },
  {
    ...officer, ...everywhere, name: 'grid', at: at('lang-ha-thai-ha'), langs,
    go: async (page) => {
      await watched(page)
      await page.keyboard.press('Escape')
      await page.locator('.stage').focus()
      await page.keyboard.press('g')
      await page.waitForFunction(() => window.matthan.diagnostics().tiles.filter((t) => t.camera).length > 1)
      await page.waitForFunction(() => window.matthan.diagnostics().tiles.every((t) => !t.camera || t.state !== 'opening'))
    },
    docs: { tablet: 'grid' },
  },
  {
    ...officer, name: 'search', sizes: ['phone', 'desk'], themes, at: at('lang-ha-thai-ha'),
    go: async (page) => {
      await watched(page)
      if (page.viewportSize().width < 900) await press(page, 'nav .find')
      await page.locator('camera-list input').fill('lang')
    },
  },
  {
    ...officer, name: 'list', sizes: ['side'], themes, at: at('lang-ha-thai-ha'),
    go: async (page) => {
      const side = page.viewportSize()
      await page.setViewportSize({ width: side.height, height: side.width })
      await watched(page)
      await page.setViewportSize(side)
      await press(page, '.side .find')
      await page.locator('camera-list .row').first().waitFor()
    },
  },
  {
    ...officer, name: 'search-nothing', at: at('lang-ha-thai-ha'), themes: ['dark', 'light'], langs,
    go: async (page) => {
      await watched(page, 'lang-ha-thai-ha', [])
      await press(page, 'nav .find')
      await page.locator('camera-list input').fill('o cho dua')
      await page.locator('people-hint').waitFor()
    },
  },
  {
    ...officer, name: 'favourites', at: at('lang-ha-thai-ha'), themes: ['dark', 'light'],
    go: async (page) => {
      await watched(page)
      await press(page, 'camera-list .seg button:nth-child(3)')
      // They are the officer's on every device: the first page has given the stars.
      const off = page.locator('camera-list .star[aria-pressed=false]')
      await off.first().waitFor()
      while ((await page.locator('camera-list .star[aria-pressed=true]').count()) < 3) await off.first().click()
      await press(page, 'camera-list .seg button:nth-child(2)')
    },
  },
  {
    ...officer, name: 'map', sizes: ['phone', 'tablet', 'desk'], themes, at: at('lang-ha-thai-ha'), langs,
    go: async (page) => {
      await watched(page, 'lang-ha-thai-ha', [])
      await press(page, 'camera-list .seg button:last-child')
      await page.locator('camera-map .spots button').first().waitFor({ state: 'attached' })
    },
    docs: { phone: 'map' },
  },
  {
    ...officer, name: 'settings', sizes: ['phone', 'side', 'desk'], themes, langs, at: at('lang-ha-thai-ha'),
    go: async (page) => {
      await shows(page, 'lang-ha-thai-ha')
      await page.evaluate(() => document.querySelector('matthan-app').more())
      await page.locator('more-sheet dialog[open]').waitFor()
      await page.locator('people-entries button').first().waitFor()
    },
  },
  without('offline', 'vu-ngoc-phan', 'offline', { sizes: ['phone', 'side', 'desk'], langs }),
  without('denied', 'khong-co', 'denied', { langs }),
  without('owner-closed', 'nha-ong-sau', 'denied'),
  without('case-needed', 'nha-ba-tu', 'denied', { langs }),
  {
    ...officer, name: 'no-network', themes, at: at('lang-ha-thai-ha'),
    go: async (page) => {
      await page.addInitScript(() => {
        window.connections = []
        window.RTCPeerConnection = class extends window.RTCPeerConnection {
          constructor(...a) {
            super(...a)
            window.connections.push(this)
          }
        }
      })
      await page.reload()
      await watched(page, 'lang-ha-thai-ha', [])
      // The browser's switch leaves WebRTC alone.
      await page.evaluate(() => window.connections.forEach((c) => c.close()))
      await page.context().setOffline(true)
      await shows(page, 'lang-ha-thai-ha', 'nonet')
    },
  },
  {
    ...officer, name: 'opening', themes, langs, at: at('lang-ha-thai-ha'),
    go: async (page) => {
      // Without the gateway's answer there is no connection to bring a picture.
      await page.routeWebSocket(/\/ws/, (ws) => {
        const server = ws.connectToServer()
        server.onMessage((m) => JSON.parse(m).type === 'answer' || ws.send(m))
      })
      await page.reload()
      await shows(page, 'lang-ha-thai-ha', 'opening')
      await page.locator('camera-tile:not(.away) .still').waitFor()
    },
  },
  held('stale', 'stale', async (page, w, deafen) => {
    await watched(page, 'lang-ha-thai-ha', [])
    deafen()
    w.cameras.child.kill('SIGSTOP')
  }, { sizes: ['phone', 'side', 'desk'] }),
  {
    ...officer, name: 'weak', sizes: ['phone', 'side', 'desk'], themes, langs, at: at('lang-ha-thai-ha'),
    go: async (page, w) => {
      w.way = wire()
      await w.way.carry(page)
      await page.reload()
      await watched(page, 'lang-ha-thai-ha', [])
      w.way.delay = WEAK_WAY_MS
      await shows(page, 'lang-ha-thai-ha', 'weak')
    },
    rest: (page) => shows(page, 'lang-ha-thai-ha', 'weak'),
    undo: (w) => w.way.close(),
  },
  {
    ...officer, name: 'tap', themes, langs, at: at('lang-ha-thai-ha'),
    go: async (page) => {
      await page.addInitScript(untapped)
      await page.reload()
      await shows(page, 'lang-ha-thai-ha', 'tap')
    },
  },
  {
    ...officer, name: 'hot', langs, at: at('lang-ha-thai-ha'),
    go: async (page) => {
      await page.addInitScript(hot)
      await page.reload()
      await watched(page, 'lang-ha-thai-ha', [])
      await page.evaluate(() => (window.hot = true))
      await page.waitForFunction(() => window.matthan.diagnostics().tiles[0].stream === 'sub')
    },
  },
  {
    ...officer, name: 'magnified', sizes: ['phone', 'side', 'desk'], themes: ['dark'], at: at('lang-ha-thai-ha'),
    go: async (page) => {
      await watched(page, 'lang-ha-thai-ha', [])
      await press(page, 'button.zoom')
    },
  },
  {
    ...officer, who: 'chief', name: 'turning', sizes: ['phone', 'side', 'tablet'], themes, langs, at: at('thai-ha-hoang-cau'),
    go: async (page) => {
      await shows(page, 'thai-ha-hoang-cau')
      await page.locator('turn-pad button').first().click()
      await page.locator('turn-pad .pad').waitFor()
    },
    undo: () => new Promise((done) => setTimeout(done, 500)), // the gateway sees that the page is gone
  },
  {
    ...officer, name: 'quick-menu', themes, langs, at: at('lang-ha-thai-ha'),
    go: async (page) => {
      await watched(page, 'lang-ha-thai-ha', [])
      await hold(page)
    },
  },
  {
    ...officer, name: 'area-tree', themes: ['dark', 'light'], at: at('lang-ha-thai-ha'),
    go: async (page) => {
      await watched(page)
      await press(page, 'camera-list .seg button:nth-child(3)')
      await page.locator('area-tree .row').first().waitFor()
    },
  },
  {
    ...officer, name: 'near-refused', themes: ['dark', 'light'], langs, at: at('lang-ha-thai-ha'),
    go: async (page) => {
      await page.context().clearPermissions()
      await page.reload()
      await watched(page, 'lang-ha-thai-ha', [])
      await press(page, 'camera-list .seg button:nth-child(1)')
      await page.locator('near-list button.soft').waitFor()
    },
  },
  { ...inTheCar('nine', 9), langs, docs: { car: 'tablet' } },
  { ...inTheCar('six', 6), themes: ['dark', 'light'] },
  inTheCar('arranging', 4, (page) => press(page, '.bar .arrange')),
  inTheCar('layouts', 4, async (page) => {
    await press(page, '.bar .layouts')
    await page.locator('tablet-layouts dialog[open]').waitFor()
  }),
  inTheCar('tours', 4, async (page) => {
    await press(page, '.rail button:nth-of-type(5)')
    await page.locator('tablet-tours dialog[open]').waitFor()
  }),
  inTheCar('driving', 4, (page) => press(page, '.bar .car')),
  over('account', 'account', { langs, sizes: ['phone', 'desk'] }),
  over('ask', 'ask', { langs }),
  over('emergency', 'emergency', { langs }),
  over('share', 'share', { langs }),
  over('case', 'case', { langs, at: at('nha-ba-tu'), go: async (p) => {
    await shows(p, 'nha-ba-tu', 'denied')
    await sheet(p, 'case')
    await p.locator('case-page button').nth(2).waitFor()
  } }),
  over('share-outside', 'share', {
    who: 'chief',
    go: async (p) => {
      await shows(p, 'lang-ha-thai-ha')
      await sheet(p, 'share')
      await p.locator('share-page .seg button').nth(1).click()
    },
  }),
  over('answer', 'answer', { who: 'chief', sizes: ['phone', 'desk'], langs, go: async (p) => {
    await shows(p, 'lang-ha-thai-ha')
    await sheet(p, 'answer')
    await p.locator('answer-page article').first().waitFor()
  } }),
  { group, name: 'mine', who: 'colleague', at: '/', themes: ['dark', 'light'], go: async (p) => {
    await listed(p)
    await sheet(p, 'mine')
  } },
  {
    group, who: 'newcomer', name: 'no-cameras', themes, langs,
    go: (page) => page.locator('camera-list .none').waitFor(),
  },
]

/** Before there is a picture, and after. */
export const doors = [
  { group: 'doors', name: 'gate', sizes: ['phone', 'side', 'desk'], themes, langs, go: (page) => page.locator('gate-screen .sign').waitFor() },
  {
    group: 'doors', name: 'gate-wrong-link', themes: ['dark', 'light'], langs,
    go: async (page) => {
      await page.locator('gate-screen input').fill('https://camera.example/')
      await press(page, 'gate-screen form button')
    },
  },
  { group: 'doors', name: 'gate-bad-link', at: '/#token=khong-dung-duoc-nua', themes: ['dark', 'light'], langs, go: (page) => page.locator('gate-screen .bad').waitFor() },
  {
    group: 'doors', name: 'gate-no-gateway', themes: ['dark', 'light'], langs, who: 'officer',
    go: async (page) => {
      await page.route(/\/api\/|\/ws/, (route) => route.abort())
      await page.routeWebSocket(/\/ws/, (ws) => ws.close())
      await page.reload()
      await page.locator('gate-screen .alone').waitFor()
    },
  },
  {
    group: 'doors', name: 'session-ended', who: 'officer', at: at('lang-ha-thai-ha'), sizes: ['phone', 'desk'], themes, langs,
    go: async (page) => {
      await shows(page, 'lang-ha-thai-ha')
      await page.context().clearCookies()
      await page.evaluate(() => window.dispatchEvent(new Event('online')))
      await page.locator('gate-screen h1').waitFor()
    },
  },
  { group: 'doors', name: 'sign-in', at: '/auth/login', sizes: ['phone', 'side', 'desk'], themes: ['dark', 'light'], go: (page) => page.locator('input[name=login]').waitFor() },
  { group: 'doors', name: 'sign-in-en', at: '/auth/login?lang=en', themes: ['dark', 'light'], go: (page) => page.locator('input[name=login]').waitFor() },
  {
    group: 'doors', name: 'sign-in-wrong', at: '/auth/login', themes: ['dark', 'light'],
    go: async (page) => {
      await page.locator('input[name=login]').fill('268-114')
      await page.locator('input[name=password]').fill('sai')
      await page.locator('input[name=password]').press('Enter')
      await page.locator('[role=alert]:visible').waitFor()
    },
  },
  {
    group: 'doors', name: 'first-password', themes: ['dark', 'light'],
    at: async (w) => {
      w.fresh ??= (await w.admin('PUT', 'accounts/nguoi-moi', { name: 'Người mới', roles: ['viewer'], areas: ['phuong-lang'] }, 201)).link
      return w.fresh
    },
    go: (page) => page.locator('input[type=password]').first().waitFor(),
  },
  { group: 'doors', name: 'root-certificate', at: '/root-certificate', sizes: ['phone', 'desk'], themes: ['dark', 'light'] },
  { group: 'doors', name: 'root-certificate-en', at: '/root-certificate?lang=en', themes: ['dark'] },
]

/** A share's link and its pin, for who has no account. */
const guest = (name, go) => ({ group: 'guest', name, at: (w) => w.guest.link, sizes: ['phone', 'side', 'desk'], themes, langs, go })
export const guests = [
  guest('guest-pin', (page) => page.locator('pin-pad').waitFor()),
  guest('guest-look', async (page, w) => {
    await page.locator('pin-pad').waitFor()
    for (const d of w.guest.pin) await page.getByRole('button', { name: d, exact: true }).click()
    await page.locator('.state.is-live').waitFor()
  }),
  {
    ...guest('guest-gone', (page) => page.locator('guest-app h1').waitFor()), sizes: ['phone'],
    at: (w) => `${w.guest.link.split('#')[0]}#${'x'.repeat(43)}`,
  },
]

/** A camera in the page of another portal, for an officer of that portal. */
const framed = (name, camera, ready) => ({
  group: 'portal', name, sizes: ['phone', 'tablet', 'desk'], themes: ['dark', 'light'],
  at: (w) => {
    w.site.answer = () => tokenOf(w, { portal: PORTAL, camera, officer: '268-114' })
    const style = 'width:min(100vw,760px);aspect-ratio:16/10;margin:24px auto'
    w.site.pages.set(`/${name}`, framePage(w, { portal: PORTAL, camera, style }))
    return `${w.site.origin}/${name}`
  },
  go: (page) => page.frameLocator('#camera').locator(ready).waitFor(),
})
export const portals = [
  framed('frame', 'lang-ha-thai-ha', 'camera-view .state.is-live'),
  framed('frame-offline', 'vu-ngoc-phan', 'camera-view .state.is-offline'),
]
