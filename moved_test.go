package main

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/api"
	"matthan/gateway/onvif"
	"matthan/gateway/simulate"
)

// lostCamera is one camera that gave no picture for a while, and the device that
// it is now.
type lostCamera struct {
	*moved
	kept        gateway.Camera
	puts, notes int
	streams     *simulate.Server
	device      *simulate.ONVIF
	now, since  time.Time
}

const movedIdentity = "urn:uuid:00000000-0000-4000-8000-00000000beef"

func newLostCamera(t *testing.T, secret string) *lostCamera {
	t.Helper()
	l := &lostCamera{now: time.Now()}
	var err error
	if l.streams, err = simulate.Start(simulate.Options{Cameras: 2}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.streams.Close)
	if l.device, err = simulate.StartONVIF(l.streams, simulate.ONVIFOptions{Cameras: []int{0, 1}, Identity: movedIdentity, Discovery: "127.0.0.1:0",
		User: "viewer", Password: canary}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.device.Close)
	l.since = l.now.Add(-lostAfter)
	l.kept = gateway.Camera{ID: "nga-tu", Kind: gateway.Public, Main: "rtsp://192.0.2.1:554/chosen/main", Sub: "rtsp://192.0.2.1:554/chosen/sub?x=1",
		Login: gateway.Login{User: "viewer", Password: gateway.Secret(secret)},
		ONVIF: gateway.ONVIF{Address: "http://192.0.2.1/onvif/device_service", Identity: "uuid:00000000-0000-4000-8000-00000000BEEF", Profile: "profile1main"},
		Masks: []gateway.Mask{{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 0, Y: 1}}}} // they go with it
	l.moved = &moved{
		cameras: func() []gateway.Camera { return []gateway.Camera{l.kept} },
		health:  func(gateway.CameraID) (string, time.Time) { return api.Offline, l.since },
		get:     func(gateway.CameraID) (gateway.Camera, uint64, bool) { return l.kept, 7, true },
		put: func(_ context.Context, c gateway.Camera, revision uint64) (uint64, error) {
			l.puts++
			if revision != 7 {
				return 0, errors.New("another revision")
			}
			l.kept = c
			return 8, nil
		},
		note:   func(gateway.Camera) { l.notes++ },
		search: onvif.Search{To: []netip.AddrPort{netip.MustParseAddrPort(l.device.DiscoveryAddr())}, Wait: 500 * time.Millisecond},
		log:    slog.New(slog.DiscardHandler),
	}
	return l
}

func TestACameraWhoseAddressChangedIsFoundByItsIdentity(t *testing.T) {
	t.Parallel()
	l := newLostCamera(t, canary)
	before := l.kept
	l.round(t.Context(), l.now.Add(-time.Second))
	if !reflect.DeepEqual(l.kept, before) {
		t.Fatal("it was followed before it was lost")
	}
	l.round(t.Context(), l.now)
	want := before
	want.Main, want.Sub, want.ONVIF.Address = "rtsp://"+l.streams.Addr()+"/chosen/main", "rtsp://"+l.streams.Addr()+"/chosen/sub?x=1", l.device.URL()
	if !reflect.DeepEqual(l.kept, want) || l.notes != 1 {
		t.Fatalf("%+v, %d notes", l.kept, l.notes)
	}
	// Where it is found where it was, something else is wrong with it.
	l.round(t.Context(), l.now.Add(lookAgain))
	if l.puts != 1 || l.notes != 1 {
		t.Errorf("%d changes, %d notes", l.puts, l.notes)
	}
}

func TestALostCameraIsNotFollowedWithoutNeed(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*lostCamera){
		"another device":     func(l *lostCamera) { l.kept.ONVIF.Identity = "urn:uuid:another" },
		"no identity":        func(l *lostCamera) { l.kept.ONVIF.Identity = "" },
		"a citizen's camera": func(l *lostCamera) { l.kept.Kind = gateway.Household },
		"it gives pictures": func(l *lostCamera) {
			l.health = func(gateway.CameraID) (string, time.Time) { return api.Live, l.since }
		},
		"not in the store": func(l *lostCamera) {
			l.get = func(gateway.CameraID) (gateway.Camera, uint64, bool) { return gateway.Camera{}, 0, false }
		},
		"out of reach":    func(l *lostCamera) { l.permit = func(netip.AddrPort) error { return gateway.ErrOutOfReach } },
		"no such profile": func(l *lostCamera) { l.kept.ONVIF.Profile = "another" },
		"another scheme":  func(l *lostCamera) { l.kept.Main = "rtsps://192.0.2.1/chosen/main" },
		"it cannot be kept": func(l *lostCamera) {
			l.put = func(context.Context, gateway.Camera, uint64) (uint64, error) { return 0, api.ErrConflict }
		},
	} {
		l := newLostCamera(t, canary)
		change(l)
		before := l.kept
		l.round(t.Context(), l.now)
		if !reflect.DeepEqual(l.kept, before) || l.notes != 0 {
			t.Errorf("%s: %+v", name, l.kept)
		}
	}
}

func TestALoginThatTheFoundDeviceRefusesIsNotWornOut(t *testing.T) {
	t.Parallel()
	l := newLostCamera(t, "sai")
	before := l.kept
	for i := range 5 {
		l.round(t.Context(), l.now.Add(time.Duration(i)*lookEvery))
	}
	// Twice: makes that take local time for UTC are given their chance.
	if !reflect.DeepEqual(l.kept, before) || l.device.Refused() > 2 || l.device.Refused() == 0 {
		t.Errorf("%d times refused, %+v", l.device.Refused(), l.kept)
	}
}
