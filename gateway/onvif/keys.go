package onvif

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"matthan/gateway"
)

// Bounds of asking for key pictures.
const (
	askEvery   = 5 * time.Second // of one stream
	keptFor    = time.Hour       // what is known of a device; it may have been given another firmware
	refusedFor = 24 * time.Hour  // a login that was refused: makes have accounts for ONVIF alone, and lock them
	maxKept    = 1024            // devices
)

// Keys asks devices for key pictures, and keeps what it has learnt of them, so
// that a request is all that the next one takes. The zero Keys is ready; its
// methods may be called concurrently.
type Keys struct {
	mu    sync.Mutex
	known map[asking]*answering
}

// asking is all by which a device is asked.
type asking struct {
	address                  string
	login                    gateway.Login
	anyCertificate, anywhere bool
}

// answering is what is known of a device.
type answering struct {
	device *Device

	// under Keys.mu
	until    time.Time
	refused  error // the login
	streams  map[wanted]*lately
	channels []Channel // nil before somebody needed them
}

// lately is when a stream was asked for, and what another try would not change.
type lately struct {
	at      time.Time
	refused error
}

// wanted is a stream: the channel's, by the token of its main profile.
type wanted struct {
	profile string
	quality gateway.Quality
}

// Ask asks for a key picture in one of the streams of the channel that a profile
// is of; of a device with one channel the profile may be "". A stream that was
// asked for one a few seconds ago is not asked again, which is no error.
func (k *Keys) Ask(ctx context.Context, cfg Config, profile string, q gateway.Quality) error {
	a, err := k.find(cfg, time.Now())
	if err != nil {
		return err
	}
	w, now := wanted{profile, q}, time.Now()
	due, err := k.begin(a, w, now)
	if err != nil || !due {
		return err
	}
	token, err := k.token(ctx, a, w)
	if err == nil {
		err = a.device.AskKey(ctx, token)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case gateway.CauseOf(err) == gateway.CauseUnauthorized:
		a.refused, a.until = err, now.Add(refusedFor)
	case isFault(err): // it knows no such operation, or profile
		a.streams[w].refused = err
	}
	return err
}

// begin says whether a stream is to be asked for now, and counts it as asked for.
func (k *Keys) begin(a *answering, w wanted, now time.Time) (due bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := a.streams[w]
	switch {
	case a.refused != nil:
		return false, a.refused
	case s == nil:
		a.streams[w] = &lately{at: now}
		return true, nil
	case s.refused != nil:
		return false, s.refused
	case now.Sub(s.at) < askEvery:
		return false, nil
	}
	s.at = now
	return true, nil
}

// find gives what is known of a device, or will be.
func (k *Keys) find(cfg Config, now time.Time) (*answering, error) {
	is := asking{cfg.Address, cfg.Login, cfg.InsecureTLS, cfg.Permit == nil}
	k.mu.Lock()
	defer k.mu.Unlock()
	if a := k.known[is]; a != nil && now.Before(a.until) {
		return a, nil
	}
	device, err := New(cfg)
	if err != nil {
		return nil, gateway.Fail(gateway.CauseInternal, err)
	}
	if k.known == nil {
		k.known = map[asking]*answering{}
	}
	delete(k.known, is)
	for old, a := range k.known {
		if !now.Before(a.until) || len(k.known) >= maxKept {
			a.device.Close()
			delete(k.known, old)
		}
	}
	a := &answering{device: device, until: now.Add(keptFor), streams: map[wanted]*lately{}}
	k.known[is] = a
	return a, nil
}

// token is that of a stream's own profile: of a channel's others than the one
// that the inventory names, too, and of a channel that it names none of.
func (k *Keys) token(ctx context.Context, a *answering, w wanted) (string, error) {
	if w.quality == gateway.Main && w.profile != "" {
		return w.profile, nil
	}
	k.mu.Lock()
	channels := a.channels
	k.mu.Unlock()
	if channels == nil {
		profiles, err := a.device.Profiles(ctx)
		if err != nil {
			return "", err
		}
		channels = Group(profiles)
		k.mu.Lock()
		a.channels = channels
		k.mu.Unlock()
	}
	for _, c := range channels {
		its := slices.ContainsFunc(c.Profiles, func(p Profile) bool { return p.Token == w.profile })
		if its || w.profile == "" && len(channels) == 1 {
			if p, _, ok := c.Stream(w.quality); ok {
				return p.Token, nil
			}
		}
	}
	return "", gateway.Fail(gateway.CauseNoStream, errors.New("the device has no profile that is known to be this stream's"))
}
