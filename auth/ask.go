package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Bounds of requests.
const (
	MaxRequests = 10_000
	MaxOpen     = 5   // of one person
	maxAsked    = 100 // of one person that are kept, so that nobody leaves the others no place

	openFor      = 24 * time.Hour // after which nobody can answer any more
	keepEnded    = 24 * time.Hour
	keepRequests = 7 * 24 * time.Hour
)

// State is where a request stands.
type State string

const (
	Open      State = "open"
	Granted   State = "granted"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
)

// Request asks for a right in an area that is not one's own, for a time.
type Request struct {
	Person  string        `json:"person"` // who asks
	Name    string        `json:"name"`
	Area    string        `json:"area"` // with all below it
	Cameras []string      `json:"cameras,omitempty"`
	Actions []Action      `json:"actions"` // view, lookback, ptz
	For     time.Duration `json:"for"`     // from the answer on, at most MaxTemporary
	Reason  string        `json:"reason"`
	Asked   time.Time     `json:"asked"`

	State    State     `json:"state"`
	By       string    `json:"by,omitempty"` // who answered
	Note     string    `json:"note,omitempty"`
	Answered time.Time `json:"answered,omitzero"`
}

// grant is what comes of a request when the answer is yes.
func (r *Request) grant(key, by string, now time.Time) Grant {
	g := Grant{
		Who: Who{Person: r.Person}, Actions: r.Actions, From: now, Until: now.Add(r.For),
		By: by, Given: now, Reason: r.Reason, Request: key,
	}
	if len(r.Cameras) > 0 {
		g.Cameras = r.Cameras
	} else {
		g.Areas = []string{r.Area}
	}
	return g
}

// Ask puts a request before those who may Supervise its area, and returns its
// key. Area and Cameras say where: the whole area without its households, or
// these cameras. Whether they are there is for those who answer to see: a request
// for others is kept and nobody is shown it. It returns an ErrFaulty, or
// ErrDenied to who has no role that looks at cameras.
func (p *Policy) Ask(ctx context.Context, by Subject, r Request, now time.Time) (key string, err error) {
	person, err := p.person(by, now)
	if err != nil {
		return "", err
	}
	if !person.looks() {
		return "", ErrDenied
	}
	r = Request{
		Person: by.ID, Name: person.Name, Area: r.Area, Cameras: slices.Clone(r.Cameras), Actions: slices.Clone(r.Actions),
		For: r.For, Reason: cleanText(r.Reason, maxReason), Asked: now, State: Open,
	}
	if err := p.checkRequest(&r, now); err != nil {
		return "", err
	}
	key = rand.Text()
	if _, err := p.people.Requests.Put(ctx, key, r, 0); err != nil {
		return "", fmt.Errorf("keep the request: %w", err)
	}
	if p.settings.Tell == nil {
		return key, nil
	}
	if err := p.settings.Tell(ctx, r.notice(key)); err != nil {
		return key, fmt.Errorf("tell the supervisor of the request: %w", err)
	}
	return key, nil
}

func (p *Policy) checkRequest(r *Request, now time.Time) error {
	if p.path(r.Area) == nil || r.Area == AllAreas {
		return fmt.Errorf("%w: there is no area %.64q", ErrFaulty, r.Area)
	}
	if r.For <= 0 {
		return fmt.Errorf("%w: say for how long, at most %v", ErrFaulty, MaxTemporary)
	}
	g := r.grant("request", "answer", now)
	if _, err := g.check(); err != nil {
		return err
	}
	all := p.people.Requests.All()
	if len(all) >= MaxRequests {
		return fmt.Errorf("%w: there are too many requests: wait until some are answered", ErrFaulty)
	}
	open, own := 0, 0
	for _, row := range all {
		if row.Value.Person != r.Person {
			continue
		}
		if own++; row.Value.IsOpen(now) {
			open++
		}
	}
	switch {
	case own >= maxAsked:
		return fmt.Errorf("%w: you asked %d times in %d days: speak to the supervisor", ErrFaulty, own, keepRequests/(24*time.Hour))
	case open >= MaxOpen:
		return fmt.Errorf("%w: %d of your requests are open: wait, or withdraw one", ErrFaulty, open)
	}
	return nil
}

// IsOpen says whether the request waits for an answer, and can still have one.
func (r *Request) IsOpen(now time.Time) bool {
	return r.State == Open && now.Sub(r.Asked) < openFor
}

// Answer says yes or no to an open request; yes puts a grant in force that ends
// by itself, under the request's key. It takes the right to Supervise the
// request's area as it is now, and another person than the one who asks. It
// returns ErrUnknown, ErrDenied, or ErrConflict where it was answered already.
func (p *Policy) Answer(ctx context.Context, by Subject, key string, yes bool, note string, now time.Time) error {
	if _, err := p.person(by, now); err != nil {
		return err
	}
	r, revision, ok := p.people.Requests.Get(key)
	if !ok {
		return ErrUnknown
	}
	if r.Person == by.ID {
		return ErrDenied
	}
	if err := p.mayAnswer(by, &r, now); err != nil {
		return err
	}
	if !r.IsOpen(now) {
		return ErrConflict
	}
	open := r
	r.State, r.By, r.Note, r.Answered = Refused, by.ID, cleanText(note, maxReason), now
	if yes {
		r.State = Granted
	}
	// The request first: of two answers one wins, and a failure gives no right.
	revision, err := p.people.Requests.Put(ctx, key, r, revision)
	if err != nil {
		return fmt.Errorf("keep the answer: %w", err)
	}
	if !yes {
		return nil
	}
	g := r.grant(key, by.ID, now)
	if _, err = g.check(); err == nil {
		_, err = p.people.Grants.Put(ctx, key, g, 0)
	}
	if err != nil {
		_, back := p.people.Requests.Put(ctx, key, open, revision)
		return errors.Join(fmt.Errorf("keep the grant: %w", err), back)
	}
	return nil
}

// mayAnswer asks for the area, and for each camera where it hangs now.
func (p *Policy) mayAnswer(by Subject, r *Request, now time.Time) error {
	places, err := p.places(&Grant{Areas: []string{r.Area}, Cameras: r.Cameras})
	if err != nil {
		return err
	}
	for _, place := range places {
		if _, err := p.Decide(by, Supervise, place, now); err != nil {
			return err
		}
	}
	return nil
}

// Withdraw takes one's own open request back.
func (p *Policy) Withdraw(ctx context.Context, by Subject, key string, now time.Time) error {
	if _, err := p.person(by, now); err != nil {
		return err
	}
	r, revision, ok := p.people.Requests.Get(key)
	switch {
	case !ok || r.Person != by.ID:
		return ErrUnknown
	case !r.IsOpen(now):
		return ErrConflict
	}
	r.State, r.Answered = Withdrawn, now
	_, err := p.people.Requests.Put(ctx, key, r, revision)
	return err
}

// Requests are those that by asked, and those that by may answer, the oldest
// first.
func (p *Policy) Requests(by Subject, now time.Time) ([]Row[Request], error) {
	if _, err := p.person(by, now); err != nil {
		return nil, err
	}
	mine := p.careOf(by, Supervise, now)
	theirs := slices.DeleteFunc(p.people.Requests.All(), func(row Row[Request]) bool {
		return row.Value.Person != by.ID && !mine.allOf(&row.Value)
	})
	slices.SortFunc(theirs, func(a, b Row[Request]) int { return a.Value.Asked.Compare(b.Value.Asked) })
	return theirs, nil
}
