/** Ends the session at the gateway, which leads to the page of who is not signed in. */
export function signOut(): void {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = 'auth/logout'
  // What is to be cleared is, but for favourites: see leaveNothing.
  form.append(Object.assign(document.createElement('input'), { name: 'cleared', value: 'yes' }))
  document.body.append(form)
  form.submit()
}
