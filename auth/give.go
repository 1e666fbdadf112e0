package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Give puts a grant in force and returns its key. By must be permitted to
// Administer every area of it, and the areas of its cameras; nobody gives
// rights to themselves, nor to a role or group of their own. By, Given,
// Emergency and Request are set here. It returns ErrDenied or an ErrFaulty.
func (p *Policy) Give(ctx context.Context, by Subject, g Grant, now time.Time) (key string, err error) {
	giver, err := p.person(by, now)
	if err != nil {
		return "", err
	}
	g.By, g.Given, g.Emergency, g.Request = by.ID, now, false, ""
	g = g.copy()
	if _, err := g.check(); err != nil {
		return "", err
	}
	if g.names(by.ID, &giver) {
		return "", fmt.Errorf("%w: nobody gives rights to themselves: ask another administrator", ErrDenied)
	}
	places, err := p.places(&g)
	if err != nil {
		return "", err
	}
	for _, place := range places {
		if _, err := p.Decide(by, Administer, place, now); err != nil {
			return "", err
		}
	}
	if len(p.people.Grants.All()) >= MaxGrants {
		return "", fmt.Errorf("%w: there are %d grants already: revoke some, or give to roles and groups", ErrFaulty, MaxGrants)
	}
	key = rand.Text()
	if _, err := p.people.Grants.Put(ctx, key, g, 0); err != nil {
		return "", fmt.Errorf("keep the grant: %w", err)
	}
	return key, nil
}

// Revoke ends a grant at once. It takes the right to Supervise one of its
// places, or to have been given it: to end a right is easier than to give it.
func (p *Policy) Revoke(ctx context.Context, by Subject, key string, now time.Time) error {
	if _, err := p.person(by, now); err != nil {
		return err
	}
	g, _, ok := p.people.Grants.Get(key)
	if !ok {
		return ErrUnknown
	}
	if !p.mayRevoke(by, &g, now) {
		return ErrDenied
	}
	if g.Emergency {
		return p.endEmergency(ctx, key, now)
	}
	return remove(ctx, p.people.Grants, key)
}

func (p *Policy) mayRevoke(by Subject, g *Grant, now time.Time) bool {
	if g.Who.Person != "" && g.Who.Person == by.ID {
		return true
	}
	return p.careOf(by, Supervise, now).someOf(g)
}

// places are a grant's areas, and those of its cameras, to ask Decide for.
func (p *Policy) places(g *Grant) ([]Resource, error) {
	var places []Resource
	for _, area := range g.Areas {
		path := p.path(area)
		if path == nil {
			return nil, fmt.Errorf("%w: there is no area %q", ErrFaulty, area)
		}
		places = append(places, Resource{Areas: path})
	}
	for _, id := range g.Cameras {
		camera, ok := p.camera(id)
		if !ok {
			return nil, fmt.Errorf("%w: there is no camera %q", ErrFaulty, id)
		}
		places = append(places, Resource{Areas: camera.Areas})
	}
	return places, nil
}

func (p *Policy) camera(id string) (Resource, bool) {
	if p.settings.Camera == nil {
		return Resource{}, false
	}
	return p.settings.Camera(id)
}

// copy has nothing in common with its original, whose owner may change it.
func (g Grant) copy() Grant {
	g.Actions, g.Areas = slices.Clone(g.Actions), slices.Clone(g.Areas)
	g.Cameras, g.Kinds = slices.Clone(g.Cameras), slices.Clone(g.Kinds)
	g.Reason = cleanText(g.Reason, maxReason)
	if g.Hours != nil {
		g.Hours = &Hours{g.Hours.Zone, slices.Clone(g.Hours.Spans)}
	}
	return g
}

// Sweep deletes what has ended: sessions at once, grants, requests and
// shares after a time in which a screen may still show them. The audit log has them for longer.
func (p *Policy) Sweep(ctx context.Context, now time.Time) error {
	if p.people == nil {
		return nil
	}
	if p.portals != nil {
		p.portals.forget(func(l *embedLease) bool { return !now.Before(l.end()) })
		if err := sweep(ctx, p.people.Embeds, func(e *Embed) bool { return now.Sub(e.Until) > embedSkew }); err != nil {
			return err
		}
	}
	return errors.Join(
		sweep(ctx, p.people.Sessions, func(s *Session) bool { return s.ended(now) }),
		sweep(ctx, p.people.Grants, func(g *Grant) bool { return !g.Until.IsZero() && now.Sub(g.Until) > keepEnded }),
		sweep(ctx, p.people.Requests, func(r *Request) bool { return now.Sub(r.Asked) > keepRequests }),
		p.sweepInvitations(ctx, now),
		sweep(ctx, p.people.Shares, func(s *Share) bool { return now.Sub(s.end()) > keepEnded }),
	)
}

// sweep leaves a row alone that somebody changes meanwhile: it is asked about
// again the next time.
func sweep[T any](ctx context.Context, t Table[T], over func(*T) bool) (err error) {
	for _, row := range t.All() {
		if !over(&row.Value) {
			continue
		}
		if e := t.Delete(ctx, row.Key, row.Revision); e != nil && !errors.Is(e, ErrConflict) {
			err = errors.Join(err, fmt.Errorf("sweep: %w", e))
		}
	}
	return err
}
