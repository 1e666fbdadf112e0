package auth

import "strings"

// Looking is a view that is open now.
type Looking struct {
	Record         // of its opening
	Way     Way    // by which whoever looks came
	Number  string // of whom looks; "": none is known
	Quality string // of the camera's streams, the one that is sent
}

// Way is by what somebody came.
type Way string

// All of them.
const (
	WayPerson  Way = "person"  // signed in
	WayToken   Way = "token"   // a tool
	WayOfficer Way = "officer" // of another portal
	WayGuest   Way = "guest"   // of a share
	WayInvited Way = "invited" // the owner of a camera, who sets it up
)

// Ways are all of them.
var Ways = []Way{WayPerson, WayToken, WayOfficer, WayGuest, WayInvited}

// Way is by what s came.
func (s Subject) Way() Way {
	switch {
	case s.session != "":
		return WayPerson
	case s.visit == visitOfficer:
		return WayOfficer
	case s.visit == guestKind:
		return WayGuest
	case s.visit != "":
		return WayInvited
	}
	return WayToken
}

// PortalOf is the portal that an officer came by, from the officer's ID, and its
// name; "" and "" for anybody else.
func (p *Policy) PortalOf(subject string) (id, name string) {
	rest, ok := strings.CutPrefix(subject, "portal:")
	if !ok || p.portals == nil {
		return "", ""
	}
	id, _, _ = strings.Cut(rest, ":")
	portal, _ := p.portals.portal(id)
	return id, portal.Name
}
