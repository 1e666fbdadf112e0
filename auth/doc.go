// Package auth decides who may do what, and for how long.
//
// A caller shows a secret: a tool its bearer token (RFC 6750), a person's
// browser the cookie of its session. Policy.Authenticate turns it into a
// Subject, and every act is asked of Policy.Decide, the one place where rights
// are worked out. Nothing is permitted unless a rule says so.
//
// A permission is a lease: it ends at Permission.Until at the latest, and
// whoever acts under it asks again then, and at once when Policy.Changed says
// that the rules are new.
//
// # People
//
// A person is whom a provider's issuer and subject name. What the provider
// claims, mapped by the configuration's rules, makes a role (without one there
// is no session), groups and areas. A role permits some actions in the claimed
// areas; a Grant adds to that for a role, a group or one person, at its time. A
// block here wins over all of it. Nobody gives rights to themselves, but for a
// short emergency that the supervisor is told of; a right across the boundary
// is asked for with a Request.
//
// All of that lives in tables that the wiring brings. The package keeps no
// files, and knows cameras and areas only by their identifiers.
//
// # Citizens' cameras
//
// A household's camera is seen by nobody, whatever right they hold, but within
// the Consent of its owner: in its time and hours, while it is not switched off or
// masked, and for an open Case of a Reason that the owner agreed to. Decide says so
// for everybody in one place, gate.
//
// # The audit log
//
// A Record is one entry of the log of who looked at what and who changed what; a
// Recorder keeps it. The package auth/audit says how the log is chained, signed
// and verified.
package auth
