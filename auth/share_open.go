package auth

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"strings"
	"time"
)

// byLink finds the share that a link's secret opens. One that nobody may look by
// any more is not there.
func (p *Policy) byLink(secret string, outside bool, now time.Time) (Row[Share], error) {
	if p.people == nil || len(secret) < MinSecret || len(secret) > MaxSecret {
		return Row[Share]{}, ErrUnknown
	}
	key, ok := p.sharesNow().byLink[sessionKey(secret)]
	if !ok {
		return Row[Share]{}, ErrUnknown
	}
	s, revision, ok := p.people.Shares.Get(key)
	if !ok || s.Outside != outside {
		return Row[Share]{}, ErrUnknown
	}
	if _, ok := p.sharedUntil(&s, now); !ok {
		return Row[Share]{}, ErrUnknown
	}
	return Row[Share]{key, s, revision}, nil
}

// OpenShare opens a colleague's share for a person: it is theirs from then on,
// and nobody else's who comes by the link; fresh says that it has just become so.
// Who made it opens it without that. It returns ErrUnknown, or for another's
// ErrDenied with the share.
func (p *Policy) OpenShare(ctx context.Context, by Subject, secret string, now time.Time) (row Row[Share], fresh bool, err error) {
	if _, err := p.person(by, now); err != nil {
		return row, false, err
	}
	row, err = p.byLink(secret, false, now)
	if err != nil || row.Value.By == by.ID || row.Value.Opened == by.ID {
		return row, false, err
	}
	err = change(ctx, p.people.Shares, row.Key, func(v *Share, found bool) error {
		switch {
		case !found || !v.Running(now):
			return ErrUnknown
		case v.Opened == by.ID:
			return errNothing
		case v.Opened != "":
			return ErrDenied
		}
		v.Opened = by.ID
		row.Value = *v
		return nil
	})
	if errors.Is(err, errNothing) { // on another of their devices, at the same time
		return row, false, nil
	}
	return row, err == nil, err
}

// Offered is an outsider's share as who has the link is shown it before the pin.
func (p *Policy) Offered(secret string, now time.Time) (Row[Share], error) {
	return p.byLink(secret, true, now)
}

// Guest is an outsider who has opened a share.
type Guest struct {
	Key   string
	Token string // a bearer token, of one device: the one before ends
	Share Share
}

// OpenGuest opens an outsider's share by its pin. Every wrong one is counted
// before it is answered, with ErrPin and the share as it is then; MaxPins of them
// end it, as do too many right ones. It returns ErrUnknown for a link that opens
// nothing, and an ErrFaulty for what can be no pin.
func (p *Policy) OpenGuest(ctx context.Context, secret, pin string, now time.Time) (Guest, error) {
	row, err := p.byLink(secret, true, now)
	if err != nil {
		return Guest{}, err
	}
	if len(pin) != PinDigits || strings.Trim(pin, "0123456789") != "" {
		return Guest{}, fmt.Errorf("%w: the pin has %d digits", ErrFaulty, PinDigits)
	}
	token, sum := newLink()
	g := Guest{Key: row.Key, Token: token}
	right := false
	err = change(ctx, p.people.Shares, row.Key, func(v *Share, found bool) error {
		if !found || !v.Running(now) {
			return ErrUnknown
		}
		if right = hmac.Equal([]byte(v.Pin), []byte(pinOf(secret, pin))); right {
			v.Device = sum
			v.Opens++
		} else if v.Tries++; v.Tries >= MaxPins {
			v.Revoked, v.Device = now, ""
		}
		g.Share = *v
		return nil
	})
	switch {
	case err != nil:
		return Guest{}, err
	case !right:
		return Guest{Key: g.Key, Share: g.Share}, ErrPin
	}
	return g, nil
}
