// Opens the rows of the table, one after the other, at every size, in every theme and language that they name.
import { HERE } from './ward.mjs'

/** Sizes by name, and the kind of device that has them. Touch devices turn and fold: one page is looked at in all its sizes. */
export const SIZES = {
  phone: { width: 390, height: 844, touch: true },
  side: { width: 844, height: 390, touch: true },
  tablet: { width: 820, height: 1180, touch: true },
  car: { width: 1280, height: 800, touch: true },
  desk: { width: 1280, height: 800, touch: false },
}
const ANDROID = 'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36'

/** What a row looks like where it does not say: on a phone, in the dark, in Vietnamese. */
export const plain = { sizes: ['phone'], themes: ['dark'], langs: ['vi'], who: '', at: '/' }

/** A new context as a row wants it: who is signed in, in which language, on which kind of device. */
async function device(w, row, { touch, lang, scale = 1 }) {
  const { width, height } = SIZES[row.sizes.find((s) => SIZES[s].touch === touch)]
  const context = await w.browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    hasTouch: touch,
    isMobile: touch,
    ...(touch ? { userAgent: ANDROID } : {}),
    locale: lang === 'vi' ? 'vi-VN' : 'en-GB',
    timezoneId: 'Asia/Ho_Chi_Minh',
    colorScheme: row.themes[0] === 'light' ? 'light' : 'dark',
    ignoreHTTPSErrors: true,
    serviceWorkers: 'block',
    geolocation: HERE,
    permissions: ['geolocation'],
    ...(row.who ? { storageState: w.people[row.who] } : {}),
  })
  await context.addInitScript((l) => localStorage.setItem('matthan.lang', l), lang)
  return context
}

/**
 * Opens a row and calls `look(page, {size, theme, lang})` at every size and in every theme of it.
 * @param only {sizes, themes, langs} to look at fewer
 */
export async function open(w, given, look, only = {}) {
  const row = { ...plain, ...given }
  for (const part of ['sizes', 'themes', 'langs']) if (only[part]) row[part] = row[part].filter((x) => only[part].includes(x))
  for (const lang of row.langs) {
    for (const touch of [true, false]) {
      const sizes = row.sizes.filter((s) => SIZES[s].touch === touch)
      if (sizes.length === 0) continue
      const context = await device(w, row, { touch, lang, scale: only.scale })
      try {
        const page = await context.newPage()
        page.setDefaultTimeout(60_000)
        const at = typeof row.at === 'function' ? await row.at(w) : row.at
        await page.goto(new URL(at, w.origin).href, { waitUntil: 'domcontentloaded' })
        await row.go?.(page, w)
        for (const size of sizes) await dressed(page, row, size, (theme) => look(page, { size, theme, lang }))
      } catch (e) {
        for (const page of context.pages()) await only.failed?.(page)
        throw e
      } finally {
        await row.undo?.(w)
        await context.close()
      }
    }
  }
}

/** At one size, in each theme that the page has. */
async function dressed(page, row, size, look) {
  const { width, height } = SIZES[size]
  await page.setViewportSize({ width, height })
  const seen = new Set()
  for (const theme of row.themes) {
    await wear(page, theme)
    await rested(page)
    await row.rest?.(page)
    // A page that does not know a theme looks as in one before: once is enough.
    const colours = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--bg') + getComputedStyle(document.body).backgroundColor)
    if (seen.has(colours)) continue
    seen.add(colours)
    await look(theme)
  }
}

async function wear(page, theme) {
  await page.emulateMedia({ colorScheme: theme === 'light' ? 'light' : 'dark' })
  // A page that follows the device hears of it with the next picture, and would undo what was put on before.
  await page.evaluate((t) => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done((document.documentElement.dataset.theme = t))))), theme)
}

/** Waits until fonts and pictures are there and what moves to a place has come to it. */
export async function rested(page) {
  await page.waitForFunction(
    () => {
      // A shadow tree's animations are its own root's, not the document's.
      const roots = (root) => [root, ...[...root.querySelectorAll('*')].flatMap((e) => (e.shadowRoot ? roots(e.shadowRoot) : []))]
      const moving = roots(document).some((r) => r.getAnimations().some((a) => a.playState === 'running' && a.effect?.getComputedTiming().endTime < 1000))
      const loading = [...document.images].some((i) => !i.complete)
      return document.fonts.status === 'loaded' && !moving && !loading
    },
    null,
    { polling: 50, timeout: 5000 },
  ).catch(() => {}) // what is seen then is what an officer sees
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
}

/** Runs in the page: sets what goes on with the time to what it is in every picture, and has no element draw it anew. */
async function still() {
  const set = [
    [/\b\d\d:\d\d:\d\d\b/g, '21:40:05'],
    [/\b([01]\d|2[0-3]):[0-5]\d\b(?!:)/g, '21:40'],
    [/\b\d\d\/\d\d\/20\d\d\b/g, '22/11/2026'],
    [/^((?:Trực tiếp|Live) · )?(?:≈\s)?0([.,])\d\d(?=\ss\b)/, '$10$224'],
    [/^((?:Mạng yếu|Weak network) · )?(?:≈\s)?[1-9]([.,])\d\d(?=\ss\b)/, '$11$285'],
    [/\b\d+[.,]\d\sMb\/s/g, (m) => m.replace(/\d+[.,]\d/, m.includes(',') ? '2,4' : '2.4')],
    [/^(Hôm nay|Today) \d+([.,]\d)?\s[MG]B/, '$1 18 MB'],
    [/≈ \d+([.,]\d)?\s[MG]B/, '≈ 1,1 GB'],
    [/\b[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{4}\b/g, '4QX-7RT2'],
  ]
  window.held = []
  const hold = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (!e.shadowRoot) continue
      if (e.requestUpdate) window.held.push(Object.assign(e, { requestUpdate: () => {} }))
      hold(e.shadowRoot)
    }
  }
  hold(document)
  await new Promise(requestAnimationFrame) // what was to be drawn already
  const walk = (root) => {
    for (const node of root.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) {
        let text = node.data
        for (const [what, to] of set) text = text.replace(what, to)
        if (text !== node.data) node.data = text
      } else if (node.nodeType === Node.ELEMENT_NODE && !['SCRIPT', 'STYLE', 'INPUT'].includes(node.nodeName)) {
        if (node.shadowRoot) walk(node.shadowRoot)
        walk(node)
      }
    }
  }
  walk(document.body)
}

/** A screenshot in which clocks, ages and codes stand still. */
export async function picture(page, options) {
  await page.evaluate(still)
  try {
    return await page.screenshot({ animations: 'disabled', caret: 'hide', ...options })
  } finally {
    await page.evaluate(() => {
      for (const e of window.held) {
        delete e.requestUpdate
        e.requestUpdate()
      }
    })
  }
}
