// Passkeys on the sign-in pages. A form with data-passkey is sent as usual, with
// the authenticator's answer in it. Without this script the form does not show.
(() => {
  'use strict'
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
      .replace(/=+$/, '')

  /** The options with bytes where JSON has base64url. Safari reads the JSON itself only from 18.4 on. */
  const parse = (json) => {
    const o = JSON.parse(json)
    o.challenge = bytes(o.challenge)
    if (o.user) o.user.id = bytes(o.user.id)
    for (const list of [o.allowCredentials, o.excludeCredentials]) for (const c of list ?? []) c.id = bytes(c.id)
    return o
  }

  const answer = (c) => {
    const r = c.response
    const response = { clientDataJSON: text(r.clientDataJSON) }
    if (r.attestationObject) {
      response.attestationObject = text(r.attestationObject)
      response.transports = r.getTransports?.() ?? []
    } else {
      response.authenticatorData = text(r.authenticatorData)
      response.signature = text(r.signature)
      if (r.userHandle) response.userHandle = text(r.userHandle)
    }
    return JSON.stringify({ id: c.id, rawId: text(c.rawId), type: c.type, response })
  }

  const ask = async (form) => {
    const failed = form.querySelector('[data-failed]')
    const button = form.querySelector('button')
    failed.hidden = true
    button.disabled = true
    try {
      const made = await navigator.credentials[form.dataset.passkey]({ publicKey: parse(form.dataset.options) })
      form.elements.answer.value = answer(made)
      form.submit()
    } catch (e) {
      // Browsers do not say whether somebody said no or had nothing to show.
      const why = { InvalidStateError: 'exists', NotAllowedError: 'cancelled', AbortError: 'cancelled' }[e.name] ?? 'unable'
      failed.textContent = form.dataset[why] ?? form.dataset.unable
      failed.hidden = false
      button.disabled = false
    }
  }

  const forms = [...document.querySelectorAll('form[data-passkey]')]
  // A passkey belongs to one name: by another, or by an address, the page can do nothing with it.
  const named = forms.every(({ dataset }) => {
    const o = JSON.parse(dataset.options)
    return (o.rpId ?? o.rp.id) === location.hostname
  })
  const able = named && window.isSecureContext && 'PublicKeyCredential' in window
  for (const form of forms) {
    form.hidden = !able
    form.addEventListener('submit', (e) => {
      e.preventDefault()
      void ask(form)
    })
  }
  for (const part of document.querySelectorAll('[data-able]')) part.hidden = !able
  for (const part of document.querySelectorAll('[data-unable-here]')) part.hidden = able
  // A page that comes back from the browser's cache holds a used challenge.
  window.addEventListener('pageshow', (e) => e.persisted && location.reload())
  if (!able) return

  const can = document.querySelector('input[name=can]')
  if (can) PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable?.().then((yes) => (can.value = yes ? '1' : ''), () => {})
  const known = document.querySelector('[data-known]')
  if (known) PublicKeyCredential.signalAllAcceptedCredentials?.(JSON.parse(known.dataset.known)).catch(() => {})
})()
