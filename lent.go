package main

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"slices"

	"matthan/auth"
	"matthan/gateway"
)

// lent knows the addresses of citizens' cameras again, so that nobody enters one
// of them once more, as another camera that no consent closes. What it compares
// with are digests, by a key that is not in the store: a copy of the store tells
// no address.
type lent struct {
	key      []byte
	consents auth.Table[auth.Consent]
	cameras  func() []gateway.Camera // all that there are
}

// newLent makes one of the store's key.
func newLent(cfg *Config, consents auth.Table[auth.Consent], cameras func() []gateway.Camera) (*lent, error) {
	root, err := storeKey(cfg)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, root[:], nil, "matthan lent addresses", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive the key of lent addresses: %w", err)
	}
	return &lent{key, consents, cameras}, nil
}

// digests are HMAC-SHA-256 of a camera's places, in hex.
func (l *lent) digests(c gateway.Camera) (out []string) {
	for _, place := range c.Places() {
		mac := hmac.New(sha256.New, l.key)
		mac.Write([]byte(place))
		out = append(out, hex.EncodeToString(mac.Sum(nil)))
	}
	return out
}

// of are the places of a camera that is about to be lent: auth.Settings.Places.
func (l *lent) of(id string) ([]string, error) {
	all := l.cameras()
	at := slices.IndexFunc(all, func(c gateway.Camera) bool { return string(c.ID) == id })
	if at < 0 {
		return nil, auth.ErrUnknown
	}
	digests := l.digests(all[at])
	if err := l.elsewhere(all[at].ID, digests, auth.LentPlaces(l.consents)); err != nil {
		return nil, err
	}
	return digests, l.twice(all[at], byPlace(all))
}

// elsewhere is auth.ErrLent where a citizen's camera of another id is, or was.
func (l *lent) elsewhere(id gateway.CameraID, digests []string, places map[string]string) error {
	for _, d := range digests {
		if other := places[d]; other != "" && other != string(id) {
			return fmt.Errorf("camera %s: %w", id, auth.ErrLent)
		}
	}
	return nil
}

// twice is auth.ErrEntered where another camera is at a place of c.
func (l *lent) twice(c gateway.Camera, at map[string][]gateway.CameraID) error {
	for _, place := range c.Places() {
		for _, other := range at[place] {
			if other != c.ID {
				return fmt.Errorf("camera %s: %w: %s", c.ID, auth.ErrEntered, other)
			}
		}
	}
	return nil
}

func byPlace(cameras []gateway.Camera) map[string][]gateway.CameraID {
	at := make(map[string][]gateway.CameraID, len(cameras))
	for _, c := range cameras {
		for _, p := range c.Places() {
			at[p] = append(at[p], c.ID)
		}
	}
	return at
}

// isLent says whether a citizen's camera of another id is, or was, where c is.
func (l *lent) isLent() func(c gateway.Camera) bool {
	places := auth.LentPlaces(l.consents)
	return func(c gateway.Camera) bool { return l.elsewhere(c.ID, l.digests(c), places) != nil }
}

// enter is asked before cameras are written: whether they may be where they are
// to be. It notes the places of those that are lent.
func (l *lent) enter(ctx context.Context, cameras ...gateway.Camera) error {
	before := map[gateway.CameraID]gateway.Camera{}
	all := l.cameras()
	for _, c := range all {
		before[c.ID] = c
	}
	places := auth.LentPlaces(l.consents)
	var at map[string][]gateway.CameraID
	type lending struct {
		id      string
		digests []string
	}
	var moved []lending
	for _, c := range cameras {
		_, _, lends := l.consents.Get(string(c.ID))
		if lends && c.KeepWarm {
			return gateway.Problems{{Field: "keep_warm", Text: fmt.Sprintf("camera %q: a citizen's camera is pulled only while somebody looks at it: leave keep_warm out", c.ID)}}
		}
		if lends && c.Sound {
			return gateway.Problems{{Field: "sound", Text: fmt.Sprintf("camera %q: a citizen's camera is never heard: leave sound out", c.ID)}}
		}
		if old, ok := before[c.ID]; ok && old.Main == c.Main && old.Sub == c.Sub {
			continue
		}
		digests := l.digests(c)
		if err := l.elsewhere(c.ID, digests, places); err != nil {
			return err
		}
		if !lends {
			continue
		}
		if at == nil {
			at = byPlace(append(slices.Clone(all), cameras...))
		}
		if err := l.twice(c, at); err != nil {
			return err
		}
		moved = append(moved, lending{string(c.ID), digests})
	}
	for _, m := range moved {
		if err := auth.AddPlaces(ctx, l.consents, m.id, m.digests); err != nil {
			return fmt.Errorf("note the address of a citizen's camera: %w", err)
		}
	}
	return nil
}

// follow notes the places of what is lent as the gateway starts, of the
// configuration file's cameras above all, and warns of those that are there twice.
func (l *lent) follow(ctx context.Context, log *slog.Logger) error {
	all := l.cameras()
	for _, c := range all {
		if err := auth.AddPlaces(ctx, l.consents, string(c.ID), l.digests(c)); err != nil {
			return fmt.Errorf("note the address of camera %s: %w", c.ID, err)
		}
	}
	is := l.isLent()
	for _, c := range all {
		if is(c) {
			log.Warn("a camera is at the address of a citizen's, past whose consent it is seen: remove it", "camera", c.ID)
		}
	}
	return nil
}
