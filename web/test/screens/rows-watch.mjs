// What an officer sees.
import { listed, press, sheet, shows, watched } from './steps.mjs'

const group = 'watch'
const officer = { group, who: 'officer' }
const at = (camera) => `/#camera=${camera}`
const themes = ['dark', 'light', 'red']
const langs = ['vi', 'en']
const everywhere = { sizes: ['phone', 'side', 'tablet', 'desk'], themes }

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
      for (const i of [0, 2, 3]) await page.locator('camera-list .star').nth(i).click()
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

