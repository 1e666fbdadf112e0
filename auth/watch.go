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
		select {
		case <-ctx.Done():
			return
		case <-held.people:
		case <-held.grants:
		case <-held.requests:
		case <-held.sessions:
		case <-held.consents:
		case <-held.shares:
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
		if closed(before.grants) || closed(before.requests) || closed(before.consents) || closed(before.shares) || last.lost(seen) {
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
type ears struct{ people, grants, requests, sessions, consents, shares <-chan struct{} }

func (p *Policy) listen() ears {
	t := p.people
	return ears{t.People.Changed(), t.Grants.Changed(), t.Requests.Changed(), t.Sessions.Changed(), t.Consents.Changed(), t.Shares.Changed()}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
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
