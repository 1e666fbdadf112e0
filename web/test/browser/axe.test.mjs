// axe over every row of the table of screens: see test/screens/table.mjs.
import assert from 'node:assert/strict'
import { test } from './bounded.mjs'
import { violations } from './faults.mjs'
import { theWard } from './screened.mjs'
import { table } from '../screens/table.mjs'
import { open, plain } from '../screens/walk.mjs'

/** What axe finds wrong, with its reasons. */
async function faults(page) {
  return (await violations(page)).map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => `${n.target.flat().join(' ')} ${n.any.concat(n.all)[0]?.message ?? ''}`).join('; ')}`)
}

/** What axe does not look at: things to press that are smaller than a finger, and pages that are wider than their screen. */
function tight() {
  const found = []
  const walk = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) walk(e.shadowRoot)
      if (!/^(BUTTON|SELECT|SUMMARY)$/.test(e.nodeName) && !(e.nodeName === 'A' && getComputedStyle(e).display !== 'inline')) continue
      if (!e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || e.closest('.sr, .spots')) continue
      const { width, height } = e.getBoundingClientRect()
      if (width < 1 || height < 1 || (width >= 47.5 && height >= 47.5)) continue
      found.push(`${e.nodeName.toLowerCase()}.${e.className} is ${Math.round(width)}×${Math.round(height)}: ${e.textContent.trim().slice(0, 40)}`)
    }
  }
  walk(document)
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} px wide, the screen ${innerWidth}`)
  return found
}

// A portal's page is that portal's; the frame in it is looked at in embed.test.mjs.
for (const row of table.filter((r) => r.group !== 'portal')) {
  const { sizes, themes } = { ...plain, ...row }
  test(`${row.name} is accessible in ${themes.join(', ')}`, async () => {
    const w = await theWard()
    const wrong = []
    let looked = 0
    await open(w, row, async (page, { size, theme }) => {
      // Colours change with the theme, places with the size: not every size is looked at in every theme.
      if (size !== sizes[0] && theme !== themes[0]) return
      looked++
      for (const f of [...(await faults(page)), ...(await page.evaluate(tight))]) wrong.push(`${size} ${theme}: ${f}`)
    }, { langs: ['vi'] })
    assert.ok(looked > 0, 'the row is looked at')
    assert.deepEqual(wrong, [])
  })
}
