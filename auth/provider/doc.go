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
// # Passkeys
//
// An account may hold passkeys (WebAuthn). They serve instead of the password,
// with the owner verified by finger, face or code always, and after it where
// the owner or the configuration demands that. Their checks are the library's
// (github.com/go-webauthn/webauthn); kept here is that a challenge is good once,
// for five minutes, for one browser, purpose and sign-in, that a count which
// went back is refused and told, and that an unknown passkey, a withdrawn one
// and a wrong answer get one answer. They need an issuer with a DNS name, and
// belong to that name: after a change of it they are worth nothing, and whoever
// demanded them comes in by a link.
//
// Whoever has shown who they are may see and change their passkeys for five
// minutes in that browser (/passkeys), or until they sign out. What they change
// is told in Account.Notes and by Events; removing a passkey ends what was
// signed in by it. A recovery link removes none: the device may only be at
// home. It stands for the passkey once, in the sign-in that follows in the same
// browser, so that whoever lost the device gets in and removes it.
//
// # Cookies
//
// All are __Host- cookies, which browsers keep only over https. Chromium and
// Firefox make an exception for http://localhost and keep them there too;
// Safari does not, and nobody does for other names: there the sign-in ends
// with the page that says that this browser did not begin it.
package provider
