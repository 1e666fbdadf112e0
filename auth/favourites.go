package auth

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// MaxFavourites is how many cameras a person may have starred.
const MaxFavourites = 200

// Favourites are the cameras that a person has starred, in their order. They give
// no right to any of them.
type Favourites struct {
	Cameras []string `json:"cameras"`
}

// Favourites are by's own, as far as by may know of the cameras, and their
// revision, 0 where none were ever kept.
func (p *Policy) Favourites(by Subject, now time.Time) ([]string, uint64, error) {
	if _, err := p.person(by, now); err != nil {
		return nil, 0, err
	}
	kept, revision, _ := p.people.Favourites.Get(by.ID)
	return slices.DeleteFunc(slices.Clone(kept.Cameras), func(id string) bool { return !p.knowsCamera(by, id, now) }), revision, nil
}

// PutFavourites keeps by's own over the given revision; 0: there must be none.
// Starred cameras that by may not know of now keep their stars, behind the
// others. It returns ErrConflict or an ErrFaulty.
func (p *Policy) PutFavourites(ctx context.Context, by Subject, cameras []string, revision uint64, now time.Time) (uint64, error) {
	if _, err := p.person(by, now); err != nil {
		return 0, err
	}
	if len(cameras) > MaxFavourites {
		return 0, fmt.Errorf("%w: there is room for %d favourites: remove some", ErrFaulty, MaxFavourites)
	}
	old, _, _ := p.people.Favourites.Get(by.ID)
	var kept Favourites
	for _, id := range cameras {
		switch {
		case slices.Contains(kept.Cameras, id):
			return 0, fmt.Errorf("%w: a camera stands among the favourites once", ErrFaulty)
		case !slices.Contains(old.Cameras, id) && !p.knowsCamera(by, id, now):
			return 0, fmt.Errorf("%w: there is no camera %.64q for you", ErrFaulty, id)
		}
		kept.Cameras = append(kept.Cameras, id)
	}
	for _, id := range old.Cameras {
		if len(kept.Cameras) < MaxFavourites && !slices.Contains(kept.Cameras, id) && !p.knowsCamera(by, id, now) {
			kept.Cameras = append(kept.Cameras, id)
		}
	}
	next, err := p.people.Favourites.Put(ctx, by.ID, kept, revision)
	if err != nil {
		return 0, fmt.Errorf("keep the favourites: %w", err)
	}
	return next, nil
}
