// Package login signs people in with an OpenID provider: the embedded one,
// Keycloak, Entra ID, ADFS, Zitadel or Dex, all in the same way.
//
// It is the relying party (OpenID Connect Core 1.0): authorization code with
// PKCE, state and nonce, all three bound to the browser by a sealed cookie that
// holds them, so that sign-ins under way take no memory. The provider is looked
// up when it is first needed, and again until it answers: one that is down
// keeps nobody out who is in.
//
// Rules turn the provider's claims into roles, groups and areas. Whoever has no
// role has no session. Sessions themselves are kept elsewhere: see Sessions.
//
// All cookies are __Host- cookies. Browsers keep them over https only, Chromium
// and Firefox also at http://localhost, Safari not even there: then the answer
// comes back without its cookie and is refused with a page that says so.
package login
