/** Ends the session at the gateway, which leads to the page of who is not signed in. */
export function signOut(): void {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = 'auth/logout'
  document.body.append(form)
  form.submit()
}
