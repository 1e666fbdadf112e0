// The page that has phones trust the gateway's own authority.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from './bounded.mjs'
import { faults } from './faults.mjs'
import { PHONE, theWorld } from './harness.mjs'
import { start, stop } from './programs.mjs'

const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'
const android = 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36'

test('the root certificate page tells each kind of phone its own steps first, and is accessible', async () => {
  const { browser } = await theWorld()
  const dir = await mkdtemp(join(tmpdir(), 'matthan-root-'))
  await writeFile(join(dir, 'm.yaml'), `http: ""\nhttps: "127.0.0.1:0"\ndata: ${JSON.stringify(join(dir, 'data'))}\nwebrtc: {udp: "127.0.0.1:0"}\n`)
  const gateway = await start(['run', '--config', join(dir, 'm.yaml')], /https=(https:\/\/\S+)/)
  try {
    for (const [userAgent, colorScheme, lang, first, title] of [
      [iPhone, 'dark', 'vi', 'iPhone, iPad', 'Để điện thoại này tin Mắt thần'],
      [android, 'light', 'en', 'Android', 'Have this phone trust Mắt thần'],
    ]) {
      const context = await browser.newContext({ viewport: PHONE, isMobile: true, hasTouch: true, ignoreHTTPSErrors: true, userAgent, colorScheme })
      try {
        const page = await context.newPage()
        page.setDefaultTimeout(10_000)
        const complaints = []
        page.on('console', (m) => m.type() === 'error' && !/favicon/.test(m.location().url) && complaints.push(m.text()))
        await page.goto(`${gateway.match[1]}/root-certificate?lang=${lang}`)
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
        assert.equal(await page.locator('.steps details[open] summary').innerText(), first)
        const closed = page.locator('details:not([open]) > summary')
        for (let n = await closed.count(); n > 0; n--) await closed.first().tap()
        const found = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth,
          small: [...document.querySelectorAll('a, summary')].filter((e) => e.getBoundingClientRect().height < 48).map((e) => e.textContent),
          style: getComputedStyle(document.querySelector('.go')).borderRadius,
        }))
        assert.deepEqual(found, { wide: PHONE.width, small: [], style: '18px' })
        assert.deepEqual(await faults(page), [])
        assert.deepEqual(complaints, [])
        const file = await context.request.get(new URL(await page.locator('.go').first().getAttribute('href'), page.url()).href)
        assert.equal(file.headers()['content-type'], 'application/x-x509-ca-cert')
      } finally {
        await context.close()
      }
    }
  } finally {
    await stop(gateway)
    await rm(dir, { recursive: true, force: true })
  }
})
