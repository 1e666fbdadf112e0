package auth

import (
	"context"
	"slices"
	"time"
)

const (
	// restEvery bounds how often Changed fires on people's account: Decide never
	// waits for it.
	restEvery  = 20 * time.Millisecond
	sweepEvery = 10 * time.Minute
	// edgeLimit is the longest wait for a grant's or consent's edge: a clock may be
	// set meanwhile.
	edgeLimit = time.Minute
)

// Run watches the tables and the clock until ctx ends, closes Changed when what
// they permit is new, and sweeps out what has ended. That somebody is at work, or signs in
// once more with the same claims, changes nothing of that and is not told.
func (p *Policy) Run(ctx context.Context) {
	if p.people == nil {
		<-ctx.Done()
		return
	}
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	rest := time.NewTimer(restEvery)
	defer rest.Stop()
	held, seen := p.listen(), p.look()
	p.tell() // of what changed before
	edge := time.NewTimer(0)
	defer edge.Stop()
	next := forever // when a grant, a share or a consent begins or ends by itself
	for {
		select {
		case <-ctx.Done():
			return
		case <-rest.C:
		}
		over := false // a case
		select {
		case <-ctx.Done():
			return
		case <-held.people:
		case <-held.grants:
		case <-held.requests:
		case <-held.sessions:
		case <-held.portals:
		case <-held.keys:
		case <-held.consents:
		case <-held.invitations:
		case <-held.shares:
		case <-p.ended:
			over = true
		case <-edge.C:
			if !time.Now().Before(next) {
				p.tell()
			}
			next = p.edge(time.Now())
			edge.Reset(min(time.Until(next), edgeLimit))
			rest.Reset(restEvery)
			continue
		case now := <-ticker.C:
			if err := p.Sweep(ctx, now); err != nil && p.settings.Log != nil {
				p.settings.Log.Warn("ended sessions and grants stay in the store; trying again", "error", err)
			}
		}
		before, last := held, seen
		held, seen = p.listen(), p.look() // in this order, so that no change falls between them
		again := closed(before.grants) || closed(before.requests) || closed(before.consents) || closed(before.invitations) ||
			closed(before.shares) || closed(before.portals) || closed(before.keys)
		if again || over || last.lost(seen) {
			p.tell()
		}
		if closed(before.grants) || closed(before.consents) || closed(before.shares) {
			edge.Reset(0)
		}
		rest.Reset(restEvery)
	}
}

// edge is when the next grant or share begins or ends to permit something, or a citizen's
// camera to be open.
func (p *Policy) edge(now time.Time) time.Time {
	next := forever
	for _, row := range p.people.Grants.All() {
		if zone, err := row.Value.check(); err == nil {
			_, at := row.Value.window(now, zone)
			next = earliest(next, at)
		}
	}
	for _, row := range p.people.Shares.All() {
		if row.Value.Running(now) {
			next = earliest(next, row.Value.Until)
		}
	}
	for _, a := range p.lent().byCamera {
		_, _, at := a.window(now)
		next = earliest(next, at)
	}
	return next
}

// ears are the tables' channels.
type ears struct {
	people, grants, requests, sessions, consents, invitations, shares, portals, keys <-chan struct{}
}

func (p *Policy) listen() ears {
	t := p.people
	e := ears{
		people: t.People.Changed(), grants: t.Grants.Changed(), requests: t.Requests.Changed(), sessions: t.Sessions.Changed(),
		consents: t.Consents.Changed(), invitations: t.Invitations.Changed(), shares: t.Shares.Changed(),
	}
	if p.portals != nil {
		e.portals, e.keys = t.Portals.Changed(), p.settings.Portals.Changed()
	}
	return e
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c: // never, of a nil one
		return true
	default:
		return false
	}
}

// sight is what rights hang on, beside the grants.
type sight struct {
	people   map[string]Person
	sessions map[string]Session
}

func (p *Policy) look() sight {
	s := sight{map[string]Person{}, map[string]Session{}}
	for _, row := range p.people.People.All() {
		s.people[row.Key] = row.Value
	}
	for _, row := range p.people.Sessions.All() {
		row.Value.Sealed = nil
		s.sessions[row.Key] = row.Value
	}
	return s
}

// lost says whether something that was there is gone or other. What is only
// new was nobody's ground for a decision.
func (s sight) lost(next sight) bool {
	for key, before := range s.people {
		after, ok := next.people[key]
		if !ok || before.Blocked != after.Blocked || !slices.Equal(before.Roles, after.Roles) ||
			!slices.Equal(before.Groups, after.Groups) || !slices.Equal(before.Areas, after.Areas) {
			return true
		}
	}
	for key, before := range s.sessions {
		if after, ok := next.sessions[key]; !ok || before.Person != after.Person || !before.End.Equal(after.End) || before.lostCase(&after) {
			return true
		}
	}
	return false
}

// lostCase says whether the case that was open is closed, or another one now.
func (s *Session) lostCase(next *Session) bool {
	return s.Case != nil && (next.Case == nil || s.Case.Reason != next.Case.Reason || s.Case.Number != next.Case.Number)
}
