// What the rows do on a page before it is looked at. Nothing here goes by a text, so that it serves every language.

/** Waits until the camera that is shown large is in one of these states. */
export async function shows(page, camera, ...states) {
  await page.waitForFunction(
    ([camera, states]) => window.matthan?.diagnostics().tiles.some((t) => t.camera === camera && states.includes(t.state)),
    [camera, states.length ? states : ['live', 'weak']],
    { polling: 50 },
  )
}

/** The list has come. */
export const listed = (page) => page.locator('camera-list .row').first().waitFor()

/** Presses what is there on a phone and on a desk alike. */
export const press = (page, selector) => page.locator(selector).first().click()

/** A live picture, with pictures of its neighbours in the rail and the list: each has been looked at for a moment. */
export async function watched(page, camera = 'lang-ha-thai-ha', before = ['la-thanh-lang', 'thai-ha-hoang-cau', 'lang-yen-lang']) {
  await listed(page)
  for (const id of [...before, camera]) {
    await page.evaluate((c) => (location.hash = `#camera=${c}`), id)
    await shows(page, id)
    await page.waitForFunction(() => {
      const tile = document.querySelector('matthan-app').shadowRoot.querySelector('camera-tile:not(.away)')
      return tile.shadowRoot.querySelector('video').videoWidth > 0 && tile.shadowRoot.querySelector('view-mark')
    })
  }
  await aged(page)
}

/** The line under the picture has its age and its rate. */
export async function aged(page) {
  await page.waitForFunction(() => {
    const { tiles } = window.matthan.diagnostics()
    return tiles.filter((t) => t.camera).every((t) => t.state !== 'opening')
  })
  // A picture that has just begun may be late for a moment.
  await page.waitForFunction(() => window.matthan.diagnostics().tiles.every((t) => t.state !== 'weak'), null, { timeout: 10_000 }).catch(() => {})
  await page.waitForFunction(() => /Mb\/s/.test(document.querySelector('matthan-app').shadowRoot.querySelector('.strip .q, .stats .q')?.textContent ?? ''), null, { timeout: 5000 }).catch(() => {})
}

/** Opens one of the people's pages over the picture. */
export async function sheet(page, name) {
  await page.locator('people-sheet').waitFor({ state: 'attached' })
  await page.evaluate((name) => {
    const app = document.querySelector('matthan-app').shadowRoot
    app.querySelector('more-sheet').dispatchEvent(new CustomEvent('people', { detail: { page: name } }))
  }, name)
  await page.locator('people-sheet dialog[open] h2').waitFor()
}

/** The administration has answered: nothing waits on the screen. */
export async function answered(page) {
  await page.locator('manage-app').waitFor()
  await page.waitForLoadState('networkidle')
}

/** Rests a finger on the picture until the menu is there. */
export async function hold(page) {
  const box = await page.locator('camera-tile:not(.away)').first().boundingBox()
  const client = await page.context().newCDPSession(page)
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, id: 1 }
  await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] })
  await page.locator('quick-menu dialog[open]').waitFor()
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await client.detach()
}
