package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/simulate"
)

// withNVR is a hub with six cameras of one recorder that gives four sessions.
func withNVR(t *testing.T, limit gateway.HostLimit) (*gateway.Hub, *simulate.Server) {
	t.Helper()
	recorder, err := simulate.Start(simulate.Options{Cameras: 6, Sessions: 4, StartWithKey: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(recorder.Close)
	var all []gateway.Camera
	for i := range 6 {
		all = append(all, gateway.Camera{ID: channel(i), Name: "x", Area: "a", Kind: gateway.Public,
			Main: recorder.URL(i, simulate.Main), Sub: recorder.URL(i, simulate.Sub)})
	}
	cfg := defaultConfig()
	if cfg.Inventory, err = gateway.NewList([]gateway.Area{{ID: "a", Name: "A"}}, all); err != nil {
		t.Fatal(err)
	}
	cfg.Limits.Streams.Linger = 10 * time.Millisecond
	if limit.Pulls > 0 {
		cfg.Limits.Streams.Hosts = map[string]gateway.HostLimit{hostNamed(recorder.Addr()): limit}
	}
	hub := openHub(cfg, cfg.Inventory, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = hub.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return hub, recorder
}

func channel(i int) gateway.CameraID { return gateway.CameraID(fmt.Sprintf("channel-%d", i)) }

// become waits until a stream is in a phase.
func become(t *testing.T, s *gateway.Stream, want gateway.Phase) gateway.State {
	t.Helper()
	for by := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if st := s.State(); st.Phase == want {
			return st
		}
		if time.Now().After(by) {
			t.Fatalf("%s is %+v, want %s", s.ID(), s.State(), want)
		}
	}
}

func held(t *testing.T, open func(gateway.StreamID) (*gateway.Stream, func(), error), i int, q gateway.Quality) (*gateway.Stream, func()) {
	t.Helper()
	s, release, err := open(gateway.StreamID{Camera: channel(i), Quality: q})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return s, release
}

func TestARecorderIsNotAskedForMoreThanItGives(t *testing.T) {
	t.Parallel()
	hub, recorder := withNVR(t, gateway.HostLimit{Pulls: 4})
	var warm []*gateway.Stream
	for i := range 4 {
		s, _ := held(t, hub.Warm, i, gateway.Main)
		warm = append(warm, s)
		become(t, s, gateway.Live)
	}
	for i, c := range []int{4, 5} { // each takes a warm one's place
		s, _ := held(t, hub.Open, c, gateway.Main)
		become(t, s, gateway.Live)
		gone := func() (n int) {
			for _, w := range warm {
				if w.State().Phase == gateway.Offline {
					n++
				}
			}
			return n
		}
		for by := time.Now().Add(20 * time.Second); gone() != i+1; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(by) {
				t.Fatalf("%d warm streams gave way to %d viewers", gone(), i+1)
			}
		}
	}
	for i := range 2 {
		s, _ := held(t, hub.Open, i, gateway.Main)
		become(t, s, gateway.Live)
	}
	s, _ := held(t, hub.Open, 2, gateway.Main)
	if st := become(t, s, gateway.Offline); st.Cause != gateway.CauseHost {
		t.Errorf("%+v", st)
	}
	if now, refused := recorder.Sessions(); now != 4 || refused > 4 { // a session may end a moment after its connection, of each that gave way
		t.Errorf("%d sessions, %d were refused", now, refused)
	}
	if host := hub.Host(gateway.Camera{Main: recorder.URL(0, simulate.Main)}); host.Pulls != 4 || host.Most.Pulls != 4 {
		t.Errorf("%+v", host)
	}
}

func TestARecorderThatSaysThatItIsFullIsBelieved(t *testing.T) {
	t.Parallel()
	hub, recorder := withNVR(t, gateway.HostLimit{})
	for i := range 4 {
		s, _ := held(t, hub.Warm, i, gateway.Main)
		become(t, s, gateway.Live)
	}
	s, _ := held(t, hub.Open, 4, gateway.Main)
	become(t, s, gateway.Live)
	if _, refused := recorder.Sessions(); refused < 1 || refused > 2 || !hub.Host(gateway.Camera{Main: recorder.URL(4, simulate.Main)}).Full {
		t.Errorf("%d sessions were refused, %+v", refused, hub.Host(gateway.Camera{Main: recorder.URL(4, simulate.Main)}))
	}
}

func TestTheSubStreamIsGivenWhereTheMainOneHasNoRoom(t *testing.T) {
	t.Parallel()
	hub, _ := withNVR(t, gateway.HostLimit{Pulls: 4, Bits: 5_000_000}) // one that was never measured is taken for 4 Mbit/s
	first, _ := held(t, hub.Open, 0, gateway.Main)
	become(t, first, gateway.Live)
	main, release := held(t, hub.Open, 1, gateway.Main)
	if st := become(t, main, gateway.Offline); st.Cause != gateway.CauseHost {
		t.Errorf("%+v", st)
	}
	release()
	sub, _ := held(t, hub.Open, 1, gateway.Sub)
	become(t, sub, gateway.Live)
}
