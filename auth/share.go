package auth

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// Bounds of shares.
const (
	MaxShare    = 4 * time.Hour // from its making on
	MaxShares   = 10_000
	MaxSharing  = 20 // of one person that run at once
	MaxPins     = 5  // wrong ones that end a share
	PinDigits   = 6
	maxShared   = 200 // of one person that are kept, so that nobody leaves the others no place
	maxShareFor = 100 // bytes of a name
	maxNote     = 300 // bytes
	maxOpens    = 100 // of one share: each is a record
)

var (
	// ErrPin is the answer to a wrong pin of a share that is there.
	ErrPin = errors.New("the pin is wrong")
	// ErrSharesHousehold is the answer to who may look at a citizen's own camera
	// and wants to share it.
	ErrSharesHousehold = fmt.Errorf("%w: a household's camera is never shared: it was lent to the ward alone", ErrFaulty)
)

// Share lets somebody else look at one live camera for a short time, as long as
// who made it may: a colleague, who signs in, or a named outsider with a pin.
type Share struct {
	Camera  string    `json:"camera"`
	By      string    `json:"by"` // who made it
	ByName  string    `json:"by_name"`
	For     string    `json:"for"` // name of whom it is for
	Outside bool      `json:"outside,omitempty"`
	Made    time.Time `json:"made"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"` // not included
	Note    string    `json:"note,omitempty"`
	Revoked time.Time `json:"revoked,omitzero"`

	Link   string `json:"link"`             // SHA-256 hex of the link's secret
	Pin    string `json:"pin,omitempty"`    // outside: HMAC-SHA-256 hex of the pin, keyed by the link's secret
	Tries  int    `json:"tries,omitempty"`  // wrong pins
	Opened string `json:"opened,omitempty"` // inside: the person who opened it first, and whose it is since
	Device string `json:"device,omitempty"` // outside: SHA-256 hex of the token of the device that it runs on
	Opens  int    `json:"opens,omitempty"`  // outside: how often it was, each time on one more device
}

// Running says whether the share is in force, as far as it goes by itself.
func (s *Share) Running(now time.Time) bool {
	return s.Revoked.IsZero() && s.Tries < MaxPins && s.Opens <= maxOpens && !now.Before(s.From) && now.Before(s.Until)
}

// end is when it ended or will.
func (s *Share) end() time.Time {
	if s.Revoked.IsZero() {
		return s.Until
	}
	return s.Revoked
}

// Shared is what who made a share is told, once.
type Shared struct {
	Key, Secret string
	Pin         string // "" inside
	Share       Share
}

// pinOf is what is kept of a pin. The link's secret is its key: without it, a copy
// of the table leads to no pin, however few there are.
func pinOf(secret, pin string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("matthan share pin " + pin))
	return hex.EncodeToString(mac.Sum(nil))
}

func newPin() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make a pin: %w", err)
	}
	return fmt.Sprintf("%0*d", PinDigits, n), nil
}

// Share makes a share of the camera s.Camera, until s.Until. It takes a person
// with a right of their own to View the camera, and for Outside the right to
// ShareOut too. Of s only Camera, For, Outside, Until and Note count. It returns
// ErrDenied, also where there is no such camera, or an ErrFaulty.
func (p *Policy) Share(ctx context.Context, by Subject, s Share, now time.Time) (Shared, error) {
	person, err := p.person(by, now)
	if err != nil {
		return Shared{}, err
	}
	camera, ok := p.camera(s.Camera)
	if !ok {
		return Shared{}, ErrDenied
	}
	for _, a := range sharing(s.Outside) {
		if _, ok := p.ownRight(by.ID, a, camera, now); !ok {
			return Shared{}, ErrDenied
		}
	}
	if _, takes := p.lends(camera.Camera, camera.Kind); takes {
		return Shared{}, ErrSharesHousehold
	}
	s = Share{Camera: s.Camera, By: by.ID, ByName: person.Name, For: cleanText(s.For, maxShareFor), Outside: s.Outside,
		Made: now, From: now, Until: s.Until, Note: cleanText(s.Note, maxNote)}
	if err := p.checkShare(&s, now); err != nil {
		return Shared{}, err
	}
	out := Shared{Key: strings.ToLower(rand.Text())}
	out.Secret, s.Link = newLink()
	if s.Outside {
		if out.Pin, err = newPin(); err != nil {
			return Shared{}, err
		}
		s.Pin = pinOf(out.Secret, out.Pin)
	}
	if _, err := p.people.Shares.Put(ctx, out.Key, s, 0); err != nil {
		return Shared{}, fmt.Errorf("keep the share: %w", err)
	}
	out.Share = s
	return out, nil
}

// sharing are the rights that who shares must have, and keep.
func sharing(outside bool) []Action {
	if outside {
		return []Action{View, ShareOut}
	}
	return []Action{View}
}

func (p *Policy) checkShare(s *Share, now time.Time) error {
	switch {
	case s.For == "":
		return fmt.Errorf("%w: say by name whom it is for", ErrFaulty)
	case !s.Until.After(now) || s.Until.Sub(now) > MaxShare:
		return fmt.Errorf("%w: a share holds for at most %v", ErrFaulty, MaxShare)
	}
	all := p.people.Shares.All()
	if len(all) >= MaxShares {
		return fmt.Errorf("%w: there are too many shares: wait until some have ended", ErrFaulty)
	}
	running, own := 0, 0
	for _, row := range all {
		if row.Value.By != s.By {
			continue
		}
		if own++; row.Value.Running(now) {
			running++
		}
	}
	switch {
	case running >= MaxSharing:
		return fmt.Errorf("%w: %d of your shares are running: end one first", ErrFaulty, running)
	case own >= maxShared:
		return fmt.Errorf("%w: you shared %d times in a day: speak to the supervisor", ErrFaulty, own)
	}
	return nil
}

// EndShare ends a share at once, for who made it and for those who may Supervise
// the camera's area. It returns ErrUnknown to all others, and where it has ended.
func (p *Policy) EndShare(ctx context.Context, by Subject, key string, now time.Time) error {
	if _, err := p.person(by, now); err != nil {
		return err
	}
	s, _, ok := p.people.Shares.Get(key)
	if !ok || s.By != by.ID && !p.careOf(by, Supervise, now).shared(&s) {
		return ErrUnknown
	}
	return change(ctx, p.people.Shares, key, func(v *Share, found bool) error {
		if !found || !v.Running(now) {
			return ErrUnknown
		}
		v.Revoked, v.Device = now, ""
		return nil
	})
}

// shared says whether the action may be done to where a share's camera hangs.
func (c *care) shared(s *Share) bool { return c.camera(s.Camera) || c.area(AllAreas) }

// Shares are those that by made, those that by opened, and those of places that
// by may Supervise: running, or ended within a day; the newest first.
func (p *Policy) Shares(by Subject, now time.Time) ([]Row[Share], error) {
	if _, err := p.person(by, now); err != nil {
		return nil, err
	}
	mine := p.careOf(by, Supervise, now)
	rows := slices.DeleteFunc(p.people.Shares.All(), func(row Row[Share]) bool {
		s := &row.Value
		return s.By != by.ID && s.Opened != by.ID && !mine.shared(s)
	})
	slices.SortFunc(rows, func(a, b Row[Share]) int {
		return cmp.Or(b.Value.Made.Compare(a.Value.Made), strings.Compare(a.Key, b.Key))
	})
	return rows, nil
}
