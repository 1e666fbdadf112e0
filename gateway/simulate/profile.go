package simulate

import (
	"slices"
	"time"
)

// Profile is a kind of camera as it is met in the field: what it does against the
// rules, and how a Rig does the same. Without its functions it keeps the rules.
type Profile struct {
	Name   string // lower case with hyphens, the first part of its path
	Stands string // the make and model that it stands for where one is known, and the symptom
	UDP    bool   // shows over UDP only
	Login  bool   // asks for RigOptions.User

	clip     string // "" is the plain one
	control  string // what the video's path ends with, beside videoTrack
	channels int    // are this much higher than those asked for
	sessions int    // at a time; 0: maxRigSessions
	timeout  int    // seconds, as the Session header tells it; 0: 60, -1: it tells none

	// lease is how long a session lasts without a request that keeps it; 0: for ever.
	// keeps says which methods do; nil: all.
	lease time.Duration
	keeps func(method string) bool

	login *rigLogin

	sdp    func(x *exchange) string // gives another description than that in x.body
	answer func(x *exchange)        // changes an answer

	// What happens to each picture, in this order.
	units   func(s *shot)       // changes its NAL units
	pack    func(s *shot)       // makes packets of them; nil: packetization-mode 1
	packets func(s *shot)       // changes these
	life    func(s *shot) error // what happens over time; its error ends the connection
}

// Profiles lists all, those about the same matter next to each other.
func Profiles() []Profile {
	all := slices.Concat(setProfiles(), packetProfiles(), descriptionProfiles(), answerProfiles(), keepaliveProfiles(),
		loginProfiles(), clockProfiles(), lifeProfiles(), refusals())
	for i := range all {
		all[i].Login = all[i].login != nil
	}
	return all
}
