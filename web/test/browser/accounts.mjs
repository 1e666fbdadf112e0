// Accounts of people in the tests, without a page: their passwords, and their way in.
import assert from 'node:assert/strict'

export const password = 'mat khau rat dai cua toi'

/** Sets the password by a one-time link. */
export async function settle(context, link, { login, name }) {
  await context.request.get(link)
  const form = { name, login, password, again: password }
  const r = await context.request.post(new URL('/id/link', link).href, { form })
  assert.equal(r.status(), 200, await r.text())
}

/** Signs in as a browser does, from the page to the provider and back. */
export async function signIn(context, origin, login) {
  const form = await context.request.get(`${origin}/auth/login`)
  const id = /name="id" value="([^"]+)"/.exec(await form.text())?.[1]
  assert.ok(id, 'a login page')
  const r = await context.request.post(form.url(), { form: { id, lang: 'vi', login, password } })
  assert.equal(r.status(), 200, await r.text())
}
