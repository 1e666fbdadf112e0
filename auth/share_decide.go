package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// guestID is how the ID of an outsider begins; the share's key follows.
const guestID = "share:"

// GuestID is the ID of the outsider to whom a share is.
func GuestID(key string) string { return guestID + key }

// shareBook is the table of shares as of one moment, by what finds one.
type shareBook struct {
	stale    <-chan struct{}     // closed when the table has changed since
	byLink   map[string]string   // keys, by Share.Link
	byDevice map[string]string   // keys, by Share.Device
	byPerson map[string][]string // keys, by Share.Opened
}

// sharesNow are the shares as they are now.
func (p *Policy) sharesNow() *shareBook {
	if l := p.shares.Load(); l != nil && !closed(l.stale) {
		return l
	}
	l := &shareBook{stale: p.people.Shares.Changed(), byLink: map[string]string{}, byDevice: map[string]string{}, byPerson: map[string][]string{}}
	for _, row := range p.people.Shares.All() {
		l.byLink[row.Value.Link] = row.Key
		if row.Value.Device != "" {
			l.byDevice[row.Value.Device] = row.Key
		}
		if row.Value.Opened != "" {
			l.byPerson[row.Value.Opened] = append(l.byPerson[row.Value.Opened], row.Key)
		}
	}
	p.shares.Store(l)
	return l
}

// ownRight is the right of a person themselves, signed in or not: not one by a
// share, so that nobody passes on what was shared with them.
func (p *Policy) ownRight(person string, a Action, r Resource, now time.Time) (hold, bool) {
	who, revision, ok := p.people.People.Get(person)
	if !ok || who.welcome() != nil {
		return hold{}, false
	}
	return p.bound().rightsOf(person, &who, revision, now).find(a, r)
}

// sharedUntil says until when a share lets somebody look at its camera: as long as who
// made it may, and never at a household's.
func (p *Policy) sharedUntil(s *Share, now time.Time) (until time.Time, ok bool) {
	r, ok := p.camera(s.Camera)
	if !ok {
		return time.Time{}, false
	}
	return p.sharedAt(s, r, now)
}

func (p *Policy) sharedAt(s *Share, r Resource, now time.Time) (until time.Time, ok bool) {
	if s.Camera == "" || r.Camera != s.Camera || !s.Running(now) {
		return time.Time{}, false
	}
	if _, takes := p.lends(r.Camera, r.Kind); takes {
		return time.Time{}, false
	}
	until = earliest(now.Add(MaxLease), s.Until)
	for _, a := range sharing(s.Outside) {
		h, ok := p.ownRight(s.By, a, r, now)
		if !ok {
			return time.Time{}, false
		}
		until = earliest(until, h.until)
	}
	return until, true
}

// decideShared is Decide for a person who has no right of their own: by what a
// colleague shared.
func (p *Policy) decideShared(s Subject, a Action, r Resource, now, session time.Time) (Permission, error) {
	if r.Camera == "" || a != View && a != List {
		return Permission{}, ErrDenied
	}
	for _, key := range p.sharesNow().byPerson[s.ID] {
		v, _, ok := p.people.Shares.Get(key)
		if !ok || v.Opened != s.ID || v.Outside {
			continue
		}
		if until, ok := p.sharedAt(&v, r, now); ok {
			return Permission{Until: earliest(until, session), By: "share " + key}, nil
		}
	}
	return Permission{}, ErrDenied
}

// guests are the outsiders to whom something is shared. They look at that one
// camera, and nothing else is there for them.
type guests struct{ *Policy }

func (g guests) authenticate(_ string, sum [sha256.Size]byte, now time.Time) (Subject, error) {
	key, ok := g.sharesNow().byDevice[hex.EncodeToString(sum[:])]
	if !ok {
		return Subject{}, ErrUnauthenticated
	}
	s := Subject{ID: GuestID(key), credential: sum}
	v, ok := g.share(s)
	if _, lends := g.sharedUntil(&v, now); !ok || !lends {
		return Subject{}, ErrUnauthenticated
	}
	s.Name = v.For
	return s, nil
}

// share is the one that s came by, as long as it runs on the same device.
func (g guests) share(s Subject) (Share, bool) {
	v, _, ok := g.people.Shares.Get(strings.TrimPrefix(s.ID, guestID))
	return v, ok && v.Outside && v.Device == hex.EncodeToString(s.credential[:])
}

func (g guests) decide(s Subject, a Action, r Resource, now time.Time) (Permission, error) {
	v, ok := g.share(s)
	if !ok {
		return Permission{}, errEnded
	}
	until, ok := g.sharedUntil(&v, now)
	switch {
	case !ok:
		return Permission{}, errEnded
	case !slices.Contains([]Action{Connect, View}, a) || a == View && r.Camera != v.Camera:
		return Permission{}, ErrDenied
	case a == View:
		if until, ok = g.sharedAt(&v, r, now); !ok {
			return Permission{}, ErrDenied
		}
	}
	return Permission{Until: until, By: "share of " + v.By}, nil
}

// Guest is the key of the share that an outsider came by, "" for all others.
func (s Subject) Guest() string {
	if s.visit != guestKind {
		return ""
	}
	return strings.TrimPrefix(s.ID, guestID)
}

// guestKind is theirs among the visitors.
const guestKind = "share"
