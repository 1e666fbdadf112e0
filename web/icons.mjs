// Draws the installed app's icons from public/icon.svg with Chromium: node icons.mjs, when the drawing has changed.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const folder = join(import.meta.dirname, 'public/icons')
const mark = (await readFile(join(import.meta.dirname, 'public/icon.svg'), 'utf8')).replace('<svg ', '<svg style="display:block" width="100%" height="100%" ')

// Phones cut a maskable icon to any shape within its middle four fifths, so its ground goes to the edges. An iPhone rounds the corners itself.
const icons = [
  { name: 'icon-192.png', size: 192, whole: true },
  { name: 'icon-512.png', size: 512, whole: true },
  { name: 'maskable-192.png', size: 192, scale: 0.78 },
  { name: 'maskable-512.png', size: 512, scale: 0.78 },
  { name: 'apple-180.png', size: 180, scale: 0.9 },
]

await mkdir(folder, { recursive: true })
const browser = await chromium.launch({ executablePath: process.env.BROWSER ?? '/usr/bin/chromium' })
const page = await browser.newPage({ deviceScaleFactor: 1 })
for (const { name, size, whole, scale } of icons) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(
    `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${whole ? 'transparent' : '#11161e'}">` +
      `<div style="width:${size * (scale ?? 1)}px;height:${size * (scale ?? 1)}px">${mark}</div>`,
  )
  await writeFile(join(folder, name), await page.screenshot({ omitBackground: true }))
}
await browser.close()
