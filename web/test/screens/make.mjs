// make screenshots: a picture of every row of the table, a sheet of each group, and with --docs the pictures of docs/.
//   node web/test/screens/make.mjs [--only NAME] [--group NAME] [--size NAME] [--theme NAME] [--lang NAME] [--out FOLDER] [--docs]
import { execFile } from 'node:child_process'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { sheets } from './sheet.mjs'
import { table } from './table.mjs'
import { open, picture } from './walk.mjs'
import { openWard } from './ward.mjs'

const run = promisify(execFile)
const home = resolve(import.meta.dirname, '../../..')
const MOST_BYTES = 400_000

const { values: options } = parseArgs({
  options: Object.fromEntries([
    ...['only', 'group', 'size', 'theme', 'lang', 'out'].map((name) => [name, { type: 'string' }]),
    ['docs', { type: 'boolean' }],
  ]),
})
const out = resolve(options.out ?? join(home, 'web/test-results/screens'))
const asked = (row) => (!options.only || row.name === options.only) && (!options.group || row.group === options.group)
const only = Object.fromEntries(['size', 'theme', 'lang'].filter((o) => options[o]).map((o) => [`${o}s`, [options[o]]]))

/** Looks at rows, and goes on where one fails. @returns what failed */
async function look(w, rows, keep, fewer) {
  const failed = []
  for (const row of rows) {
    try {
      const failedAt = (page) => page.screenshot({ path: join(out, 'failed', `${row.name}.png`) }).catch(() => {})
      await open(w, row, (page, seen) => keep(row, page, seen), { ...fewer, failed: failedAt })
    } catch (e) {
      failed.push(`${row.name}: ${e.message.split('\n')[0]}`)
      console.error(failed.at(-1))
    }
  }
  return failed
}

/** Where ffmpeg is, 256 colours of its choice do for a picture in docs/. */
async function shrink(file) {
  const small = `${file}.small.png`
  const filter = 'split[a][b];[a]palettegen=stats_mode=full[p];[b][p]paletteuse=dither=sierra2_4a'
  const done = await run('ffmpeg', ['-v', 'error', '-y', '-i', file, '-vf', filter, small]).then(() => true, () => false)
  if (done) await rename(small, file)
  const { size } = await stat(file)
  if (size > MOST_BYTES) throw new Error(`${file} has ${size} bytes, ${MOST_BYTES} are allowed`)
}

async function pictures(w) {
  await rm(out, { recursive: true, force: true })
  const made = []
  const failed = await look(w, table.filter(asked), async (row, page, { size, theme, lang }) => {
    const file = join(row.group, `${row.name}-${size}-${theme}-${lang}.png`)
    await mkdir(join(out, row.group), { recursive: true })
    await picture(page, { path: join(out, file) })
    made.push({ group: row.group, file, size })
  }, only)
  await sheets(w.browser, out, made)
  console.log(`${made.length} pictures in ${out}`)
  return failed
}

/** The pictures of docs/, at twice the size on a phone. */
async function documents(w) {
  const rows = table.filter((r) => r.docs)
  return look(w, rows.flatMap((r) => Object.entries(r.docs).map(([size, name]) => ({ ...r, name, sizes: [size], themes: [r.themes?.[0] ?? 'dark'], langs: ['vi'], size }))), async (row, page) => {
    const file = join(home, 'docs', `${row.name}.png`)
    await picture(page, { path: file })
    await shrink(file)
    console.log(file)
  })
}

const browser = await chromium.launch({ executablePath: process.env.BROWSER ?? '/usr/bin/chromium' })
const ward = await openWard(browser)
try {
  const failed = options.docs ? await documents(ward) : await pictures(ward)
  if (failed.length > 0) process.exitCode = 1
} finally {
  await ward.closeAdmin?.()
  await browser.close()
  await ward.close()
}
