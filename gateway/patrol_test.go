package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"matthan/gateway/video"
)

// street is cameras with hosts that may be down, and what was told of them.
type street struct {
	*Patrol
	mu     sync.Mutex
	down   map[string]bool // by host
	full   bool            // no camera gives a session
	knocks map[CameraID]int
	most   int // knocks at once
	busy   int
	told   []Alert
}

func startPatrol(t *testing.T, cameras []Camera, every time.Duration) *street {
	t.Helper()
	inv, err := NewList([]Area{{ID: "a", Name: "A"}}, cameras)
	if err != nil {
		t.Fatal(err)
	}
	s := &street{down: map[string]bool{}, knocks: map[CameraID]int{}}
	hub := NewHub(inv, Limits{}, slog.New(slog.DiscardHandler), func(c Camera, _ Quality) (Source, error) {
		return script(func(ctx context.Context, publish func(*video.AccessUnit)) error {
			for i := 0; ; i++ {
				if s.isDown(c) {
					return Fail(CauseUnreachable, errors.New("nobody answers"))
				}
				if s.isFull() {
					return Fail(CauseFull, errors.New("no more sessions"))
				}
				publish(&video.AccessUnit{PTS: int64(i) * 90_000, Arrived: time.Now(), Key: i == 0, Payloads: [][]byte{{1}}})
				select {
				case <-time.After(time.Second):
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
		}), nil
	})
	s.Patrol = &Patrol{Hub: hub, Inventory: inv, Patience: Patience{After: 5 * time.Minute, Steady: time.Minute}, Every: every, Knock: s.answers,
		Spare: func() func(Camera) bool { return func(c Camera) bool { return c.Kind == Household } },
		Tell:  func(a Alert) { s.mu.Lock(); defer s.mu.Unlock(); s.told = append(s.told, a) }, Log: slog.New(slog.DiscardHandler)}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = hub.Run(ctx) })
	wg.Go(func() { s.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return s
}

func (s *street) isDown(c Camera) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.down[MachineOf(c)]
}

func (s *street) isFull() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.full
}

func (s *street) answers(ctx context.Context, c Camera) error {
	s.mu.Lock()
	s.knocks[c.ID]++
	s.busy++
	s.most = max(s.most, s.busy)
	s.mu.Unlock()
	defer func() { s.mu.Lock(); defer s.mu.Unlock(); s.busy-- }()
	if s.isDown(c) {
		<-ctx.Done()
		return Fail(CauseUnreachable, ctx.Err())
	}
	return nil
}

// seen is what was done and told so far.
func (s *street) seen() (knocks map[CameraID]int, told []Alert) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.knocks), slices.Clone(s.told)
}

func (s *street) atOnce() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.most
}

func (s *street) set(down bool, hosts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range hosts {
		s.down[h] = down
	}
}

func at(id CameraID, host string, kind Kind) Camera {
	return Camera{ID: id, Name: "x", Area: "a", Kind: kind, Main: "rtsp://" + host + "/" + string(id)}
}

func TestACameraThatNobodyWatchesIsKnownToBeOfflineAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPatrol(t, []Camera{at("one", "192.0.2.1", Public), at("two", "192.0.2.1", Public), at("far", "192.0.2.2", Public), at("home", "192.0.2.3", Household)}, 3*time.Minute)
		pass(time.Minute)
		if knocks, _ := s.seen(); len(knocks) != 0 {
			t.Errorf("%v knocks in the first minute", knocks)
		}
		pass(29 * time.Minute)
		knocks, _ := s.seen()
		if n := knocks["far"]; n < 6 || n > 14 || knocks["two"] != 0 || knocks["home"] != 0 {
			t.Errorf("in half an hour: %v", knocks)
		}
		s.set(true, "192.0.2.1", "192.0.2.3")
		pass(11 * time.Minute)
		before, told := s.seen()
		if len(told) != 1 || told[0].Kind != AlertHost || len(told[0].Cameras) != 2 {
			t.Fatalf("%+v", told)
		}
		if is, ok := s.Trouble("two"); !ok || is.Cause != CauseUnreachable {
			t.Errorf("%+v", is)
		}
		pass(30 * time.Minute)
		knocks, _ = s.seen()
		if n := knocks["one"] - before["one"]; n > 14 {
			t.Errorf("%d knocks in half an hour at a host that is known to be down", n)
		}
		s.set(false, "192.0.2.1")
		pass(8 * time.Minute)
		if _, told := s.seen(); len(told) != 2 || told[1].Kind != AlertOnline || told[1].Of != 1 || len(told[1].Cameras) != 2 {
			t.Fatalf("%+v", told)
		}
	})
}

func TestWhatIsWatchedIsNotKnockedAtAndTellsOfThoseBesideIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPatrol(t, []Camera{at("one", "192.0.2.1", Public), at("two", "192.0.2.1", Public), at("far", "192.0.2.2", Public)}, 10*time.Minute)
		_, release := open(t, s.Hub, "two")
		defer release()
		pass(time.Hour)
		if knocks, _ := s.seen(); knocks["one"] != 0 || knocks["two"] != 0 {
			t.Errorf("%v", knocks)
		}
		s.set(true, "192.0.2.1")
		pass(7*time.Minute + 30*time.Second)
		before, told := s.seen()
		if len(told) != 1 || told[0].Kind != AlertHost || len(told[0].Cameras) != 2 {
			t.Errorf("%+v", told)
		}
		pass(time.Hour)
		if knocks, _ := s.seen(); knocks["one"]-before["one"] > 9 {
			t.Errorf("%d knocks in an hour, where one in ten minutes is meant", knocks["one"]-before["one"])
		}
		_, releaseOne := open(t, s.Hub, "one")
		defer releaseOne()
		pass(time.Minute)
		before, _ = s.seen()
		pass(time.Hour)
		if knocks, _ := s.seen(); knocks["one"] != before["one"] || knocks["two"] != before["two"] {
			t.Errorf("%v, %v: one knocks where all are asked for pictures", before, knocks)
		}
	})
}

func TestACitizensCameraIsKnownOnlyByWhoLooksAtIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPatrol(t, []Camera{at("home", "192.0.2.3", Household), at("far", "192.0.2.2", Public)}, 3*time.Minute)
		s.set(true, "192.0.2.3")
		pass(time.Hour)
		if _, ok := s.Trouble("home"); ok {
			t.Error("it is known to be offline, and nobody has looked")
		}
		_, release := open(t, s.Hub, "home")
		pass(7 * time.Minute)
		release()
		pass(time.Hour)
		knocks, told := s.seen()
		if _, ok := s.Trouble("home"); !ok || knocks["home"] != 0 || len(told) != 0 {
			t.Errorf("%v %v", knocks, told)
		}
	})
}

func TestACameraThatOthersWatchIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPatrol(t, []Camera{at("one", "192.0.2.1", Public), at("far", "192.0.2.2", Public)}, 3*time.Minute)
		s.set(true, "192.0.2.1")
		_, release := open(t, s.Hub, "one")
		defer release()
		pass(8 * time.Minute)
		s.mu.Lock()
		s.full = true
		s.mu.Unlock()
		s.set(false, "192.0.2.1")
		pass(20 * time.Minute)
		if _, told := s.seen(); len(told) != 2 || told[0].Kind != AlertOffline || told[1].Kind != AlertOnline {
			t.Errorf("%+v", told)
		}
	})
}

func TestKnocksAreFewAtOnceHoweverManyHostsAreDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cameras []Camera
		var hosts []string
		for i := range 600 {
			host := fmt.Sprintf("10.0.%d.%d", i/200, i%200)
			cameras, hosts = append(cameras, at(CameraID(fmt.Sprintf("c%d", i)), host, Public)), append(hosts, host)
		}
		s := startPatrol(t, cameras, 3*time.Minute)
		s.set(true, hosts...)
		pass(15 * time.Minute)
		knocks, told := s.seen()
		if most := s.atOnce(); most > knockers || len(knocks) != len(cameras) {
			t.Errorf("%d at once, %d hosts", most, len(knocks))
		}
		if len(told) != 1 || told[0].Kind != AlertNetwork {
			t.Fatalf("%d alerts", len(told))
		}
		if is, ok := s.Trouble("c599"); !ok || !is.Network {
			t.Errorf("%+v", is)
		}
		s.set(false, hosts...)
		pass(15 * time.Minute)
		if _, told := s.seen(); len(told) != 2 || told[1].Kind != AlertNetworkBack {
			t.Fatalf("%d alerts", len(told))
		}
		if is, ok := s.Trouble("c599"); ok {
			t.Errorf("%+v", is)
		}
	})
}
