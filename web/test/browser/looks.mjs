// What the tests of the states share: that a tile does not look live, and screenshots of it where somebody wants to see them.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { PHONE } from './harness.mjs'

export const TABLET = { width: 1280, height: 800 }
const LYING = { width: 844, height: 390 }

/** A folder for screenshots; none are taken without. */
const folder = process.env.STATES_SHOTS ?? ''
if (folder) mkdirSync(folder, { recursive: true })

/** Takes the page as it is, upright, lying and at a tablet's size, and gives it its own size back. */
export async function shoot(page, name) {
  if (!folder) return
  const own = page.viewportSize()
  for (const [size, viewport] of Object.entries({ phone: PHONE, lying: LYING, tablet: TABLET })) {
    await page.setViewportSize(viewport)
    await page.waitForTimeout(250)
    await page.screenshot({ path: `${folder}/${name}-${size}.png` })
  }
  await page.setViewportSize(own)
}

/**
 * Fails where a tile that shows no live picture could be taken for one: a green
 * dot, the word, or a picture as bright and colourful as a live one.
 */
export async function notLive(page, tile = 0) {
  const look = await page.evaluate((tile) => {
    const app = document.querySelector('matthan-app').shadowRoot
    const host = app.querySelector(`camera-tile[data-tile="${tile}"]`)
    const root = host.shadowRoot
    const covered = root.querySelector('.cover') !== null
    const seen = covered ? root.querySelector('.cover .still') : root.querySelector('video')
    return {
      dots: [...app.querySelectorAll('.strip .dot.live, .side .dot.live')].length + [...root.querySelectorAll('.dot.live')].length,
      line: app.querySelector('.strip .line')?.textContent ?? '',
      filter: seen ? getComputedStyle(seen).filter : 'nothing to see',
    }
  }, tile)
  assert.equal(look.dots, 0, 'no green dot')
  assert.doesNotMatch(look.line, /Trực tiếp/)
  assert.notEqual(look.filter, 'none', 'the picture is veiled')
}

/** The words over a tile's picture. */
export async function veil(page, tile = 0) {
  const mid = page.locator(`camera-tile[data-tile="${tile}"] .mid`)
  await mid.waitFor()
  return {
    title: await mid.locator('b').allInnerTexts(),
    note: await mid.locator('small').allInnerTexts(),
    buttons: await mid.locator('button').allInnerTexts(),
  }
}

/** Every button over a tile's picture is large enough for a thumb, and inside the picture. */
export async function thumbs(page, tile = 0) {
  const boxes = await page.evaluate((tile) => {
    const root = document.querySelector('matthan-app').shadowRoot.querySelector(`camera-tile[data-tile="${tile}"]`).shadowRoot
    const box = (e) => (({ left, right, top, bottom, width, height }) => ({ left, right, top, bottom, width, height }))(e.getBoundingClientRect())
    const veil = root.querySelector('tile-veil')?.shadowRoot
    return { frame: box(root.querySelector('.v')), all: [...(veil?.querySelectorAll('button, b, small') ?? [])].filter((e) => e.offsetHeight).map((e) => ({ button: e.tagName === 'BUTTON', cut: e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0, ...box(e) })) }
  }, tile)
  for (const b of boxes.all) {
    if (b.button) assert.ok(b.height >= 48 && b.width >= 48, `a target of ${b.width} by ${b.height}`)
    assert.ok(b.left >= boxes.frame.left && b.right <= boxes.frame.right && b.top >= boxes.frame.top && b.bottom <= boxes.frame.bottom, `outside the picture: ${JSON.stringify(b)} of ${JSON.stringify(boxes.frame)}`)
    assert.ok(!b.cut, 'no text is cut')
  }
}
