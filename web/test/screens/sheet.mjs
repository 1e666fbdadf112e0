// A sheet of each group: all its pictures at a glance, as a page and as one picture.
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const WIDTH = { phone: 195, side: 422, tablet: 273, desk: 427 }

function page(group, made) {
  const figures = made.map(
    ({ file, size }) => `<figure style="width:${WIDTH[size]}px"><a href="${file}"><img src="${file}" width="${WIDTH[size]}"></a><figcaption>${basename(file, '.png')}</figcaption></figure>`,
  )
  return `<!doctype html><meta charset="utf-8"><title>${group}</title>
<style>body{margin:20px;background:#777;font:11px/1.3 system-ui;color:#fff;display:flex;flex-wrap:wrap;gap:14px;align-items:start}
figure{margin:0}img{display:block}figcaption{padding-top:4px;overflow-wrap:anywhere}</style>${figures.join('\n')}`
}

/** @param made [{group, file, size}], the files below `out` */
export async function sheets(browser, out, made) {
  const context = await browser.newContext({ viewport: { width: 1720, height: 1000 } })
  try {
    const look = await context.newPage()
    for (const group of new Set(made.map((m) => m.group))) {
      const html = join(out, `${group}.html`)
      await writeFile(html, page(group, made.filter((m) => m.group === group)))
      await look.goto(pathToFileURL(html).href)
      await look.screenshot({ path: join(out, `${group}.png`), fullPage: true })
    }
  } finally {
    await context.close()
  }
}
