// Package provider is a small OpenID provider for sites that have none. It is
// served by the same process as the gateway and has one client: the gateway.
//
// The protocol is the library's (github.com/zitadel/oidc). What the library
// leaves open is closed here: a code is good once and for a minute, PKCE is
// demanded, a refresh token is good once and its second use ends all that came
// from the same sign-in, sign-ins that are under way are bounded, and only the
// browser that began one may finish it.
//
// # Accounts
//
// An account has no default password. The first one, and whoever has forgotten
// theirs, gets a link that is good once and for an hour (SetUpLink,
// RecoverLink). An account's sign-ins stand in its record, so that they outlast
// the process, and end with a change of that record.
//
// # Cookies
//
// All are __Host- cookies, which browsers keep only over https. Chromium and
// Firefox make an exception for http://localhost and keep them there too;
// Safari does not, and nobody does for other names: there the sign-in ends
// with the page that says that this browser did not begin it.
package provider
