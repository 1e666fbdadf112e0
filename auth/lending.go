package auth

import (
	"slices"
	"time"
)

// lending is the table of consents as of one moment, by their cameras.
type lending struct {
	stale    <-chan struct{} // closed when the table has changed since
	byCamera map[string]*agreement
}

// agreement is a consent that was checked.
type agreement struct {
	*Consent
	revision uint64
	valid    bool
	zone     *time.Location
	drawn    bool // its masks are drawn into all pictures: they close nothing
}

// window is Consent.window; one that is not understood is none.
func (a *agreement) window(now time.Time) (open bool, why Closed, edge time.Time) {
	if a == nil || !a.valid {
		return false, ClosedNone, forever
	}
	open, why, edge = a.Consent.window(now, a.zone)
	if why == ClosedMasked && a.drawn {
		seen := *a.Consent
		seen.Masks = nil
		return seen.window(now, a.zone)
	}
	return open, why, edge
}

// lent are the consents as they are now.
func (p *Policy) lent() *lending {
	fresh := func(l *lending) bool { return l != nil && !closed(l.stale) }
	if l := p.consents.Load(); fresh(l) {
		return l
	}
	p.binding.Lock()
	defer p.binding.Unlock()
	last := p.consents.Load()
	if fresh(last) {
		return last
	}
	l := &lending{stale: p.people.Consents.Changed(), byCamera: map[string]*agreement{}}
	for _, row := range p.people.Consents.All() {
		if last != nil { // reading a time zone is slow
			if old := last.byCamera[row.Key]; old != nil && old.revision == row.Revision {
				l.byCamera[row.Key] = old
				continue
			}
		}
		zone, err := row.Value.check()
		valid := err == nil || row.Value.Given.IsZero() // a draft opens nothing, and need not be whole
		l.byCamera[row.Key] = &agreement{&row.Value, row.Revision, valid, zone, p.settings.DrawsMasks}
	}
	p.consents.Store(l)
	return l
}

// lends finds a camera's consent, nil where there is none, and says whether the
// camera takes one: a household's does, and any that has ever had one, so that
// changing its kind frees nothing.
func (p *Policy) lends(camera, kind string) (a *agreement, takes bool) {
	if p.people == nil {
		return nil, kind == Household
	}
	a = p.lent().byCamera[camera]
	return a, a != nil || kind == Household
}

// pictures says whether an action needs, or shows, what a camera sees.
func (a Action) pictures() bool { return a == View || a == Lookback || a == Export || a == PTZ }

// gate has the last word on pictures of citizens' cameras, whatever right was
// held: nobody sees them but within what the owner agreed to, and for a case that
// they stated. It tells why not only to who holds the right.
func (p *Policy) gate(s Subject, a Action, r Resource, held Permission, now time.Time) (Permission, error) {
	if !a.pictures() {
		return held, nil
	}
	consent, takes := p.lends(r.Camera, r.Kind)
	switch {
	case !takes:
		return held, nil
	case s.session == "" && s.visit == "":
		return Permission{}, ErrDenied // a tool states no case
	case held.draft:
		return p.ownDraft(consent, held)
	}
	open, _, edge := consent.window(now)
	if !open {
		return Permission{}, ErrClosed
	}
	held.Until = earliest(held.Until, edge)
	if s.session != "" {
		held = p.withCase(s, held, now)
	}
	if held.Case == "" || !slices.Contains(consent.Purposes, held.Reason) {
		return Permission{}, ErrCase
	}
	return held, nil
}

// ownDraft is for who is just setting their own camera up, and sees it until
// they have agreed to anything.
func (p *Policy) ownDraft(c *agreement, held Permission) (Permission, error) {
	if c == nil || !c.Given.IsZero() || !c.Withdrawn.IsZero() {
		return Permission{}, ErrDenied
	}
	return held, nil
}

// withCase adds what a person's session states.
func (p *Policy) withCase(s Subject, held Permission, now time.Time) Permission {
	held.Reason, held.Case = "", ""
	session, _, ok := p.people.Sessions.Get(s.session)
	if !ok || session.Case == nil {
		return held
	}
	c := session.Case
	if end := c.Opened.Add(SessionLife); now.Before(end) {
		held.Reason, held.Case, held.Until = c.Reason, c.Number, earliest(held.Until, end)
	}
	return held
}

// Lending is how a citizen's camera stands.
type Lending struct {
	Takes   bool      // it is a citizen's
	Closed  Closed    // why nobody sees it now; "": who has a right and a case does
	Changes time.Time // when Closed changes by itself; zero: not by itself
	Until   time.Time // when the consent ends; zero: when it is withdrawn, or there is none

	Purposes []Reason // what it may be viewed for
}

// Lending says how a camera stands. It permits nothing.
func (p *Policy) Lending(r Resource, now time.Time) (l Lending) {
	consent, takes := p.lends(r.Camera, r.Kind)
	if l.Takes = takes; !takes {
		return l
	}
	_, why, edge := consent.window(now)
	if l.Closed = why; edge.Before(forever) {
		l.Changes = edge
	}
	if consent != nil {
		l.Until, l.Purposes = consent.Until, slices.Clone(consent.Purposes)
	}
	return l
}
