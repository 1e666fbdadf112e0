// Package onvif talks to cameras and recorders in ONVIF: it finds them on the
// LAN, asks what they are and where their streams are, and moves them.
//
// [Discover] finds devices by WS-Discovery, and [Find] one again that has
// another address now, by its endpoint reference. A [Device] is a client of one
// of them: SOAP 1.2 over HTTP or HTTPS (ONVIF Core Specification, sections 5.4
// and 5.9), the Media, Media2 and PTZ services.
//
// A device is not trusted: only the host that was configured is dialled,
// whatever host its answers name, and not before Config.Permit was asked. An
// answer holds at most 1 MiB, 32 levels and 50,000 elements; document types and
// entities are refused. What people will read of it is bounded and free of
// control characters.
//
// A login is shown as a WS-UsernameToken digest, and by HTTP Digest (RFC 7616)
// where the device asks for that; never in clear. A device that refused it is
// not asked again by the same Device: many lock an account after a few attempts.
package onvif
