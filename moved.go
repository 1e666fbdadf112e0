package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/api"
	"matthan/gateway/onvif"
)

// Bounds of following cameras that moved.
const (
	lookEvery = 30 * time.Second
	lostAfter = time.Minute      // without a picture
	lookAgain = 10 * time.Minute // for the same camera, so that no login is worn out
	maxLost   = 32               // cameras that are asked in one round
)

// moved follows cameras whose address changed: one that gives no picture is looked
// for by its ONVIF identity, asked with its login where it is now, and kept with
// that address. A citizen's camera is left to people: its consent is for where it
// is.
type moved struct {
	cameras func() []gateway.Camera
	health  func(gateway.CameraID) (state string, since time.Time)
	get     func(gateway.CameraID) (gateway.Camera, uint64, bool) // of the store
	put     func(context.Context, gateway.Camera, uint64) (uint64, error)
	note    func(gateway.Camera) // that it has another address
	search  onvif.Search
	permit  func(netip.AddrPort) error
	log     *slog.Logger

	looked map[gateway.CameraID]time.Time
}

// run looks for what is lost until ctx ends.
func (m *moved) run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			m.round(ctx, now)
		}
	}
}

// round looks for all that is lost at once.
func (m *moved) round(ctx context.Context, now time.Time) {
	lost := m.lost(now)
	if len(lost) == 0 {
		return
	}
	found, err := onvif.Discover(ctx, m.search)
	if err != nil {
		m.log.Warn("cameras that are lost cannot be looked for", "err", err)
		return
	}
	for _, id := range lost {
		cam, revision, ok := m.get(id)
		if !ok {
			continue
		}
		for _, f := range found {
			if !onvif.SameIdentity(f.Identity, cam.ONVIF.Identity) {
				continue
			}
			if err := m.follow(ctx, cam, revision, f); err != nil && ctx.Err() == nil {
				m.log.Info("a camera that is lost was found, and not followed", "camera", id, "err", err)
			}
			break
		}
	}
}

// lost are the cameras that are to be looked for now.
func (m *moved) lost(now time.Time) (ids []gateway.CameraID) {
	if m.looked == nil {
		m.looked = map[gateway.CameraID]time.Time{}
	}
	offline := map[gateway.CameraID]bool{}
	for _, c := range m.cameras() {
		if c.ONVIF.Identity == "" || c.Kind == gateway.Household {
			continue
		}
		if state, since := m.health(c.ID); state != api.Offline || now.Sub(since) < lostAfter {
			continue
		}
		if offline[c.ID] = true; len(ids) < maxLost && now.Sub(m.looked[c.ID]) >= lookAgain {
			m.looked[c.ID] = now
			ids = append(ids, c.ID)
		}
	}
	for id := range m.looked { // of what is there again, or gone
		if !offline[id] {
			delete(m.looked, id)
		}
	}
	return ids
}

// follow keeps a camera with the address that it was found at, if its login is
// taken there and the address is another.
func (m *moved) follow(ctx context.Context, cam gateway.Camera, revision uint64, f onvif.Found) error {
	device, err := onvif.New(onvif.Config{Address: f.Addresses[0], Login: cam.Login, InsecureTLS: cam.AnyCertificate, Permit: m.permit})
	if err != nil {
		return err
	}
	defer device.Close()
	profiles, err := device.Profiles(ctx)
	if err != nil {
		return err
	}
	for _, p := range profiles {
		if p.Token != cam.ONVIF.Profile && cam.ONVIF.Profile != "" {
			continue
		}
		at, err := device.StreamURL(ctx, p)
		if err != nil {
			return err
		}
		next := cam
		next.ONVIF.Address = f.Addresses[0]
		if next.Main, err = rehosted(cam.Main, at); err != nil {
			return err
		}
		if next.Sub, err = rehosted(cam.Sub, at); err != nil {
			return err
		}
		if next.Main == cam.Main && next.Sub == cam.Sub {
			return nil // it is where it was, and gives no picture for another reason
		}
		if _, err := m.put(ctx, next, revision); err != nil {
			return fmt.Errorf("keep its new address: %w", err)
		}
		m.note(next)
		return nil
	}
	return errors.New("the device has its profile no more")
}

// rehosted is a stream's address at the host and port of another. The path stays:
// people may have chosen it.
func rehosted(stream, at string) (string, error) {
	if stream == "" {
		return "", nil
	}
	u, err := url.Parse(stream)
	to, err2 := url.Parse(at)
	if err != nil || err2 != nil || u.Scheme != to.Scheme {
		return "", errors.New("its stream has another scheme now")
	}
	u.Host = to.Host
	return u.String(), nil
}

// notedMove is the record of a camera that was followed.
func notedMove(inventory gateway.Inventory, c gateway.Camera) auth.Record {
	return auth.Record{Event: auth.CameraChanged, Camera: string(c.ID), Kind: string(c.Kind), Areas: pathsOf(inventory, []string{string(c.Area)}),
		Detail: "main sub onvif, found at another address by its identity"}
}
