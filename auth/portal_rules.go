package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// What portals' officers may, and the portals themselves.

var (
	// ErrOrigin is the answer to a token that comes from another page than the one
	// it was issued for.
	ErrOrigin = errors.New("the token is for a page of another origin")
	// ErrCrowded is the answer where as many of a portal's officers look as may.
	ErrCrowded = errors.New("as many of the portal's officers look already as may at once")
	// ErrKeyUnknown is a PortalTokens' answer to a token whose key the portal does
	// not have, as far as is known.
	ErrKeyUnknown = fmt.Errorf("%w: its key is not known", ErrUnauthenticated)
)

// PortalTokens reads portals' tokens and knows their keys.
type PortalTokens interface {
	// Read verifies a token's signature, and that it is for us. Its error is
	// ErrUnauthenticated, perhaps ErrKeyUnknown. It never waits.
	Read(raw string, portal func(id string) (Portal, bool)) (Visa, error)
	// Learn fetches the keys that a portal publishes, where it has not done so of
	// late.
	Learn(ctx context.Context, p Portal) error
	// Holds says whether a portal still has the key of a token.
	Holds(p Portal, v Visa) bool
	// Sign makes a token for a portal that has no keys of its own.
	Sign(v Visa) (string, error)
	// Changed is closed when the keys that portals publish are others; ask for it
	// before reading.
	Changed() <-chan struct{}
}

// The kinds of visitors that portals send.
const (
	visitOfficer = "officer" // somebody who looks, by a token
	visitPortal  = "portal"  // a portal's own server, by its secret
)

// From is where a request comes from, as its browser says.
type From struct {
	Origin string // "" where none was sent
	Own    bool   // it is a page of ours, such as the frame that portals embed
}

// portals are the visitors of all portals, and what each has running.
type portals struct {
	policy *Policy

	mu     sync.Mutex
	leases map[[sha256.Size]byte]embedLease
}

// embedLease is what an officer's tokens for one thing add up to. It ends with the
// one that holds longest, and is kept by the node that took it.
type embedLease struct {
	visa  Visa
	name  string    // as the first token has it: a subject stays the same
	taken time.Time // when the visa was
}

func (l *embedLease) end() time.Time {
	return earliest(l.visa.Expires, l.taken.Add(MaxEmbedLife))
}

func newPortals(p *Policy) *portals {
	return &portals{policy: p, leases: map[[sha256.Size]byte]embedLease{}}
}

// officers and backends are its two kinds of visitors.
type (
	officers struct{ *portals }
	backends struct{ *portals }
)

func (v *portals) portal(id string) (Portal, bool) {
	p, _, ok := v.policy.people.Portals.Get(id)
	return p, ok
}

// authenticate finds whose a token is that was used already. It uses none: what a
// token begins, Enter begins.
func (v officers) authenticate(secret string, sum [sha256.Size]byte, now time.Time) (Subject, error) {
	visa, err := v.read(secret, now)
	if err != nil {
		return Subject{}, ErrUnauthenticated
	}
	used, _, ok := v.policy.people.Embeds.Get(visa.key())
	if !ok || used.Token != hexOf(sum) {
		return Subject{}, ErrUnauthenticated
	}
	l, ok := v.running(visa.lease(), now)
	if !ok {
		return Subject{}, ErrUnauthenticated
	}
	return l.subject(), nil
}

func (l *embedLease) subject() Subject {
	return Subject{ID: l.visa.subject(), Name: l.name, Number: cleanText(l.visa.Officer, maxNumber), credential: l.visa.lease(), visit: visitOfficer}
}

// read verifies a token by what is known, and asks whether it counts now.
func (v *portals) read(secret string, now time.Time) (Visa, error) {
	tokens := v.policy.settings.Portals
	if tokens == nil || len(secret) > MaxSecret || strings.Count(secret, ".") != 2 {
		return Visa{}, ErrUnauthenticated
	}
	visa, err := tokens.Read(secret, v.portal)
	if err != nil {
		return Visa{}, err
	}
	p, ok := v.portal(visa.Portal)
	if !ok {
		return Visa{}, ErrUnauthenticated
	}
	return visa, visa.check(&p, now)
}

// running is a lease that nothing has ended.
func (v *portals) running(key [sha256.Size]byte, now time.Time) (embedLease, bool) {
	v.mu.Lock()
	l, ok := v.leases[key]
	v.mu.Unlock()
	if !ok || !now.Before(l.end()) {
		return embedLease{}, false
	}
	p, ok := v.portal(l.visa.Portal)
	return l, ok && v.holds(&p, &l)
}

// holds says whether a portal still vouches for a lease, and still may.
func (v *portals) holds(p *Portal, l *embedLease) bool {
	return !p.Disabled && !p.voids(l.visa.Officer, l.visa.Issued) && !p.voids(l.visa.Officer, l.taken) &&
		slices.Contains(p.Origins, l.visa.Origin) && v.policy.settings.Portals.Holds(*p, l.visa)
}

// decide permits the pictures of what the token names and the portal may show.
func (v officers) decide(s Subject, a Action, r Resource, now time.Time) (Permission, error) {
	l, ok := v.running(s.credential, now)
	if !ok || l.visa.subject() != s.ID {
		return Permission{}, errEnded
	}
	held := Permission{Until: earliest(now.Add(MaxLease), l.end()), By: "portal " + l.visa.Portal}
	if a == Connect {
		return held, nil
	}
	p, _ := v.portal(l.visa.Portal)
	named := r.Camera == l.visa.Camera || l.visa.Area != "" && slices.Contains(r.Areas, l.visa.Area)
	if a != List && a != View || !named || !p.covers(r) {
		return Permission{}, ErrDenied
	}
	held.Reason, held.Case = Reason(l.visa.Reason), l.visa.Case // of which gate decides
	return held, nil
}

// take uses a token: it begins a lease, or prolongs the one that runs.
func (v *portals) take(ctx context.Context, visa Visa, sum [sha256.Size]byte, now time.Time) (Subject, error) {
	p, _ := v.portal(visa.Portal)
	if _, ok := v.running(visa.lease(), now); !ok && v.count(visa.Portal, now) >= p.viewers() {
		return Subject{}, ErrCrowded
	}
	row := Embed{Portal: visa.Portal, Token: hexOf(sum), Until: visa.Expires}
	switch _, err := v.policy.people.Embeds.Put(ctx, visa.key(), row, 0); {
	case errors.Is(err, ErrConflict):
		return Subject{}, ErrUnauthenticated // it was used before
	case err != nil:
		return Subject{}, fmt.Errorf("note that a token is used: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	key := visa.lease()
	l, ok := v.leases[key]
	next := embedLease{visa: visa, name: visa.Name, taken: now}
	if ok && now.Before(l.end()) {
		next.name = l.name
		if v.holds(&p, &l) && l.end().After(next.end()) {
			next = l // one that holds longer was faster
		}
	} else if v.countHeld(visa.Portal, now) >= p.viewers() {
		return Subject{}, ErrCrowded
	}
	v.leases[key] = next
	return next.subject(), nil
}

// count is how many of a portal's officers may look now.
func (v *portals) count(portal string, now time.Time) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.countHeld(portal, now)
}

func (v *portals) countHeld(portal string, now time.Time) (n int) {
	for _, l := range v.leases {
		if l.visa.Portal == portal && now.Before(l.end()) {
			n++
		}
	}
	return n
}

// forget drops the leases that a portal's administrator ended, and those that are
// over.
func (v *portals) forget(over func(*embedLease) bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for key, l := range v.leases {
		if over(&l) {
			delete(v.leases, key)
		}
	}
}

// authenticate finds the portal whose server shows a secret.
func (v backends) authenticate(_ string, sum [sha256.Size]byte, _ time.Time) (Subject, error) {
	want, found := []byte(hexOf(sum)), Subject{}
	for _, row := range v.policy.people.Portals.All() { // always all of them, so that time tells nothing
		if subtle.ConstantTimeCompare([]byte(row.Value.Secret), want) == 1 && !row.Value.Disabled {
			found = Subject{ID: "portal:" + row.Key, Name: row.Value.Name, credential: sum}
		}
	}
	if found.ID == "" {
		return Subject{}, ErrUnauthenticated
	}
	return found, nil
}

// decide lets a portal's server have tokens issued, and do nothing else.
func (v backends) decide(s Subject, a Action, _ Resource, now time.Time) (Permission, error) {
	id := strings.TrimPrefix(s.ID, "portal:")
	p, ok := v.portal(id)
	if !ok || p.Disabled || p.Secret == "" || subtle.ConstantTimeCompare([]byte(p.Secret), []byte(hexOf(s.credential))) != 1 {
		return Permission{}, errEnded
	}
	if a != Connect && a != Issue {
		return Permission{}, ErrDenied
	}
	return Permission{Until: now.Add(MaxLease), By: "portal " + id}, nil
}
