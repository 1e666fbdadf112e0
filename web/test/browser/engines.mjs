// What the tests in other browsers than Chromium share: whether such a browser is there, and an officer who may sign in.
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { settle, theWards } from './wards.mjs'

/** The first of these programs that is there, by its whole path; undefined if none is. */
export function program(...names) {
  for (const name of names) for (const dir of (process.env.PATH ?? '').split(':')) if (existsSync(`${dir}/${name}`)) return `${dir}/${name}`
  return undefined
}

/** WebKitGTK's own small browser, which the driver drives. */
export function miniBrowser() {
  for (const lib of ['/usr/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/libexec'])
    for (const dir of existsSync(lib) ? readdirSync(lib).filter((d) => d.startsWith('webkit2gtk-4')) : []) if (existsSync(`${lib}/${dir}/MiniBrowser`)) return `${lib}/${dir}/MiniBrowser`
  return undefined
}

/** An account that has its password; see wards.mjs. Resolves to the wards. A login is used once. */
export async function anOfficer(login, roles = ['viewer'], areas = ['phuong-lang']) {
  const w = await theWards()
  const who = { login, name: `Cán bộ ${login}`, roles, areas }
  const made = await w.admin.request.put(`${w.origin}/api/v1/accounts/${login}`, { data: who })
  assert.equal(made.status(), 201, await made.text())
  const context = await w.browser.newContext({ ignoreHTTPSErrors: true })
  await settle(context, (await made.json()).link, who)
  await context.close()
  return w
}
