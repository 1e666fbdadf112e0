package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"time"
)

// Enter is Authenticate for who begins to look: a portal's token is used up by
// it, and counts only from the page that it was issued for. Its errors are
// ErrUnauthenticated, ErrOrigin, ErrCrowded, or what a table returns.
func (p *Policy) Enter(ctx context.Context, secret string, from From, now time.Time) (Subject, error) {
	visa, err := p.visa(ctx, secret, now)
	if err != nil {
		s, err := p.Authenticate(secret, now)
		if s.visit == visitOfficer || s.visit == visitPortal { // used before, or no token that looks
			return Subject{}, ErrUnauthenticated
		}
		return s, err
	}
	if !from.Own && from.Origin != visa.Origin {
		return Subject{}, ErrOrigin
	}
	return p.portals.take(ctx, visa, sha256.Sum256([]byte(secret)), now)
}

// Return is Enter for who goes on with what they began: the token that began it
// will do, and a fresh one prolongs it.
func (p *Policy) Return(ctx context.Context, secret string, from From, now time.Time) (Subject, error) {
	s, err := p.Authenticate(secret, now)
	if err != nil {
		return p.Enter(ctx, secret, from, now)
	}
	switch {
	case s.visit == visitPortal: // looks at nothing
		return Subject{}, ErrUnauthenticated
	case !p.comesFrom(s, from):
		return Subject{}, ErrOrigin
	}
	return s, nil
}

// Renew prolongs what s looks by: with a fresh token of the same portal, for the
// same officer, page and thing to look at. It returns the end. Its errors are
// Enter's.
func (p *Policy) Renew(ctx context.Context, s Subject, secret string, from From, now time.Time) (until time.Time, err error) {
	visa, err := p.visa(ctx, secret, now)
	if err != nil {
		return time.Time{}, ErrUnauthenticated
	}
	switch {
	case s.visit != visitOfficer || visa.lease() != s.credential:
		return time.Time{}, ErrUnauthenticated
	case !from.Own && from.Origin != visa.Origin:
		return time.Time{}, ErrOrigin
	}
	if _, err := p.portals.take(ctx, visa, sha256.Sum256([]byte(secret)), now); err != nil {
		return time.Time{}, err
	}
	return p.LooksUntil(s, now), nil
}

// visa reads a portal's token, and fetches the portal's keys where it names one
// that is not known.
func (p *Policy) visa(ctx context.Context, secret string, now time.Time) (Visa, error) {
	if p.portals == nil {
		return Visa{}, ErrUnauthenticated
	}
	var asked Portal
	visa, err := p.portals.read(secret, now)
	if !errors.Is(err, ErrKeyUnknown) {
		return visa, err
	}
	_, _ = p.settings.Portals.Read(secret, func(id string) (Portal, bool) {
		asked, _ = p.portals.portal(id)
		return asked, asked.ID != ""
	})
	if asked.JWKS == "" || asked.Disabled || p.settings.Portals.Learn(ctx, asked) != nil {
		return Visa{}, ErrUnauthenticated
	}
	return p.portals.read(secret, now)
}

// comesFrom says whether a subject may come from a page. Only a portal's officers
// are bound to theirs.
func (p *Policy) comesFrom(s Subject, from From) bool {
	if s.visit != visitOfficer || from.Own {
		return true
	}
	p.portals.mu.Lock()
	defer p.portals.mu.Unlock()
	l, ok := p.portals.leases[s.credential]
	return ok && l.visa.Origin == from.Origin
}

// LooksUntil is when what an officer of a portal looks by ends, unless it is
// prolonged; zero for everybody else.
func (p *Policy) LooksUntil(s Subject, now time.Time) time.Time {
	if s.visit != visitOfficer {
		return time.Time{}
	}
	l, ok := p.portals.running(s.credential, now)
	if !ok {
		return now
	}
	return l.end()
}

// IsOne says whether one person is behind s, on however many devices: a token may
// be in many hands.
func (s Subject) IsOne() bool { return s.session != "" || s.visit == visitOfficer }

// FromPortal says whether s is an officer whom a portal sends.
func (s Subject) FromPortal() bool { return s.visit == visitOfficer }

// HasPortals says whether there may be portals at all.
func (p *Policy) HasPortals() bool { return p.portals != nil }

// IsPortalOrigin says whether an origin is that of a portal's pages, which may
// show pictures to its officers and get nothing else.
func (p *Policy) IsPortalOrigin(origin string) bool {
	if p.portals == nil || origin == "" {
		return false
	}
	for _, row := range p.people.Portals.All() {
		if !row.Value.Disabled && slices.Contains(row.Value.Origins, origin) {
			return true
		}
	}
	return false
}

// FrameOrigins are those of the pages that may put a portal's frame around
// themselves; ok is false for a portal that there is not, or not now.
func (p *Policy) FrameOrigins(portal string) (origins []string, ok bool) {
	if p.portals == nil {
		return nil, false
	}
	v, ok := p.portals.portal(portal)
	if !ok || v.Disabled {
		return nil, false
	}
	return slices.Clone(v.Origins), true
}
