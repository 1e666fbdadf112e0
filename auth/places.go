package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// MaxPlaces is how many addresses a consent remembers of its camera.
const MaxPlaces = 256

var (
	// ErrLent is the answer to entering a camera where a citizen's is, or was:
	// under another id its pictures would be seen past the consent.
	ErrLent = errors.New("a citizen's camera is, or was, at this address")
	// ErrEntered is the answer to a consent for a camera that is entered once
	// more, under another id that no consent closes.
	ErrEntered = errors.New("the same camera is entered under another id, too")
)

// LentPlaces are the places of all cameras that were ever lent, with their ids.
func LentPlaces(t Table[Consent]) map[string]string {
	out := map[string]string{}
	for _, row := range t.All() {
		for _, place := range row.Value.Places {
			if out[place] == "" {
				out[place] = row.Key
			}
		}
	}
	return out
}

// AddPlaces notes where a camera is to be from now on, while it is lent. It does
// so before the camera is there, since what is not noted could be entered once
// more. Its error is ErrFaulty where there are too many.
func AddPlaces(ctx context.Context, t Table[Consent], camera string, places []string) error {
	if c, _, ok := t.Get(camera); !ok || !c.lends() || !c.lacks(places) {
		return nil
	}
	err := change(ctx, t, camera, func(c *Consent, found bool) error {
		if !found || !c.lends() || !c.lacks(places) {
			return errNothing
		}
		return c.remember(places)
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// lends says whether somebody agreed, and did not withdraw.
func (c *Consent) lends() bool { return !c.Given.IsZero() && c.Withdrawn.IsZero() }

func (c *Consent) lacks(places []string) bool {
	return slices.ContainsFunc(places, func(p string) bool { return !slices.Contains(c.Places, p) })
}

// remember adds places to those that are known. None is ever forgotten: who
// changes the address often must not thereby free the first.
func (c *Consent) remember(places []string) error {
	all := slices.Clone(c.Places)
	for _, p := range places {
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	if len(all) > MaxPlaces {
		return fmt.Errorf("%w: this camera has had %d addresses already: give it a name in the DNS that stays", ErrFaulty, MaxPlaces)
	}
	c.Places = all
	return nil
}

// placesOf are a camera's places as the house knows them. It fails with
// ErrLent or ErrEntered where the camera cannot be lent as it is.
func (p *Policy) placesOf(camera string) ([]string, error) {
	if p.settings.Places == nil {
		return nil, nil
	}
	return p.settings.Places(camera)
}
