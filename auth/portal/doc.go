// Package portal reads and signs the tokens by which other portals let their
// officers look at cameras, and fetches the keys that portals publish.
//
// A token is a JWT (RFC 7519) in compact form, signed by Ed25519 (RFC 8037) and by
// nothing else. Its header holds exactly alg "EdDSA", typ "embed+jwt" and kid; a
// header that names a key or an address of its own (jwk, jku, x5u, x5c) is
// refused, since the one who signs does not say by what is verified. Its claims:
//
//	iss     the portal's id
//	aud     the gateway's origin, exactly
//	sub     the officer, by the portal's own name for them
//	name    of the officer, for people; optional
//	cam     the camera, or
//	area    an area with all below it
//	org     the origin of the page that shows it
//	reason  and
//	case    of a citizen's camera: what it is looked at for
//	iat, exp, jti; nbf is respected where it is there
//
// What these mean is decided in auth, where a token is used once.
package portal
