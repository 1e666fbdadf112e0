// Package auth decides who may do what, and for how long.
//
// A caller shows a bearer token (RFC 6750), Policy.Authenticate turns it into
// a Subject, and every act is asked of Policy.Decide, the one place where
// rights are worked out. Nothing is permitted unless a rule says so.
//
// A permission is a lease: it ends at Permission.Until at the latest, and
// whoever acts under it asks again then, and at once when Policy.Changed says
// that the rules are new.
//
// The package knows cameras and areas only by their identifiers.
package auth
