package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// maxEmergencies bounds those of one person in a day.
const maxEmergencies = 10

// ErrInForce is, beside ErrDenied, the answer to a second emergency at a time.
var ErrInForce = errors.New("your emergency is still in force")

// Emergency gives by a right to the named areas or cameras for at most
// MaxEmergency from now, where the settings allow that. It takes the role of a
// viewer or supervisor and a stated reason, is told to the supervisor before it
// holds, covers no household, and there is one at a time. Of g only Actions,
// Areas, Cameras, Until and Reason count.
func (p *Policy) Emergency(ctx context.Context, by Subject, g Grant, now time.Time) (key string, err error) {
	person, err := p.person(by, now)
	if err != nil {
		return "", err
	}
	if !p.mayEmergency() || !person.looks() {
		return "", ErrDenied
	}
	if g.Until.IsZero() {
		g.Until = now.Add(MaxEmergency)
	}
	g = Grant{
		Who: Who{Person: by.ID}, Actions: g.Actions, Areas: g.Areas, Cameras: g.Cameras,
		From: now, Until: g.Until, By: by.ID, Given: now, Reason: g.Reason, Emergency: true,
	}.copy()
	if err := p.checkEmergency(&g); err != nil {
		return "", err
	}
	key = "emergency-" + by.ID // one at a time
	last, revision, ok := p.people.Grants.Get(key)
	switch {
	case ok && now.Before(last.Until):
		return "", fmt.Errorf("%w: %w until %s", ErrDenied, ErrInForce, last.Until.UTC().Format(time.RFC3339))
	case p.emergenciesOf(by.ID, now) >= maxEmergencies:
		return "", fmt.Errorf("%w: you had %d emergencies in a day: speak to the supervisor", ErrFaulty, maxEmergencies)
	}
	if err := p.settings.Tell(ctx, g.notice(key, person.Name)); err != nil {
		return "", fmt.Errorf("tell the supervisor of the emergency: %w", err)
	}
	if ok {
		if err := p.keepPast(ctx, &last); err != nil {
			return "", err
		}
	}
	if _, err := p.people.Grants.Put(ctx, key, g, revision); err != nil {
		return "", fmt.Errorf("keep the emergency: %w", err)
	}
	return key, nil
}

// checkEmergency gives the same answer for a camera that is not there and for a
// household's: which of the two is not theirs to know.
func (p *Policy) checkEmergency(g *Grant) error {
	if _, err := g.check(); err != nil {
		return err
	}
	if slices.Contains(g.Areas, AllAreas) {
		return fmt.Errorf("%w: name the areas of the emergency", ErrFaulty)
	}
	for _, id := range g.Cameras {
		if camera, ok := p.camera(id); !ok || camera.Kind == Household {
			return fmt.Errorf("%w: %.64q is no camera for an emergency: ask for a household's", ErrFaulty, id)
		}
	}
	_, err := p.places(g)
	return err
}

// emergenciesOf counts those of a person in the last day.
func (p *Policy) emergenciesOf(person string, now time.Time) (n int) {
	for _, row := range p.people.Grants.All() {
		if g := &row.Value; g.Emergency && g.By == person && now.Sub(g.Given) < noticesFor {
			n++
		}
	}
	return n
}

// keepPast keeps an emergency that is over beside the next one: whoever had it
// cannot make it unseen by having another.
func (p *Policy) keepPast(ctx context.Context, g *Grant) error {
	key := "past-" + g.By + "-" + strconv.FormatInt(g.Given.UnixMilli(), 36)
	if _, err := p.people.Grants.Put(ctx, key, *g, 0); err != nil && !errors.Is(err, ErrConflict) {
		return fmt.Errorf("keep the last emergency: %w", err)
	}
	return nil
}

// endEmergency ends one at once, and leaves it to be seen.
func (p *Policy) endEmergency(ctx context.Context, key string, now time.Time) error {
	err := change(ctx, p.people.Grants, key, func(g *Grant, found bool) error {
		if !found || !now.Before(g.Until) {
			return errNothing
		}
		g.Until = now
		return nil
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}
