package gateway

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"matthan/gateway/video"
)

// script is a Source whose every run is a function.
type script func(ctx context.Context, publish func(*video.AccessUnit)) error

func (s script) Run(ctx context.Context, publish func(*video.AccessUnit)) error {
	return s(ctx, publish)
}

// startHub runs a hub of two cameras on one host inside a synctest bubble.
func startHub(t *testing.T, limits Limits, run func(id CameraID) script, before ...func(*Hub)) *Hub {
	t.Helper()
	camera := func(id CameraID) Camera {
		return Camera{ID: id, Name: "x", Area: "a", Kind: Public, Main: "rtsp://192.0.2.1/" + string(id),
			Login: Login{User: "u", Password: Secret("p-" + id)}, ONVIF: ONVIF{Address: "http://192.0.2.1/onvif/device_service"}}
	}
	inv, err := NewList([]Area{{ID: "a", Name: "A"}}, []Camera{camera("one"), camera("two")})
	if err != nil {
		t.Fatal(err)
	}
	h := NewHub(inv, limits, slog.New(slog.NewTextHandler(io.Discard, nil)), func(c Camera, _ Quality) (Source, error) {
		return run(c.ID), nil
	})
	for _, f := range before {
		f(h)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = h.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return h
}

// pass lets time go by in the bubble, until all that it sets off has come to rest.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func open(t *testing.T, h *Hub, id CameraID) (*Stream, func()) {
	t.Helper()
	s, release, err := h.Open(StreamID{Camera: id, Quality: Main})
	if err != nil {
		t.Fatal(err)
	}
	return s, release
}

func playing(ctx context.Context, publish func(*video.AccessUnit)) error {
	for i := 0; ; i++ {
		publish(&video.AccessUnit{PTS: int64(i) * 3600, Arrived: time.Now(), Key: i == 0, Payloads: [][]byte{{1}}})
		select {
		case <-time.After(40 * time.Millisecond):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func TestOnePullServesAllAndEndsAfterItsLinger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs, running := 0, 0
		h := startHub(t, Limits{Linger: 10 * time.Second}, func(CameraID) script {
			return func(ctx context.Context, publish func(*video.AccessUnit)) error {
				runs++
				running++
				defer func() { running-- }()
				return playing(ctx, publish)
			}
		})
		a, releaseA := open(t, h, "one")
		b, releaseB := open(t, h, "one")
		if a != b {
			t.Fatal("two streams for one camera")
		}
		pass(time.Second)
		releaseA()
		releaseA() // once counts
		pass(time.Minute)
		if running != 1 {
			t.Fatalf("%d sources while one still watches", running)
		}
		releaseB()
		pass(9 * time.Second)
		c, releaseC := open(t, h, "one") // within the linger
		if c != a || runs != 1 {
			t.Fatalf("came back within the linger to another pull (%d runs)", runs)
		}
		releaseC()
		pass(11 * time.Second)
		if running != 0 || h.Pulls() != 0 {
			t.Fatalf("%d sources, %d pulls after the linger", running, h.Pulls())
		}
		d, releaseD := open(t, h, "one")
		defer releaseD()
		pass(time.Second)
		if d == a || runs != 2 || d.State().Phase != Live {
			t.Fatalf("no fresh pull: %d runs, %v", runs, d.State().Phase)
		}
	})
}

func TestAWatchedCameraIsTriedAtMostTwoSecondsApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries []time.Time
		h := startHub(t, Limits{}, func(CameraID) script {
			return func(context.Context, func(*video.AccessUnit)) error {
				tries = append(tries, time.Now())
				return Fail(CauseUnreachable, errors.New("refused"))
			}
		})
		began := time.Now()
		s, release := open(t, h, "one")
		defer release()
		pass(time.Minute)
		for i := 1; i < len(tries); i++ {
			if d := tries[i].Sub(tries[i-1]); d > 2*time.Second {
				t.Fatalf("try %d came %v after the one before", i, d)
			}
		}
		if len(tries) < 30 || len(tries) > 60 {
			t.Fatalf("%d tries in a minute", len(tries))
		}
		st := s.State()
		if st.Phase != Offline || st.Cause != CauseUnreachable || !st.Since.Equal(began) || st.Retry.Before(time.Now()) {
			t.Fatalf("state %+v", st)
		}
	})
}

func TestARefusedLoginIsNotRepeatedAtItsHostForTenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries atomic.Int32
		h := startHub(t, Limits{}, func(CameraID) script {
			return func(context.Context, func(*video.AccessUnit)) error {
				tries.Add(1)
				return Fail(CauseUnauthorized, errors.New("401"))
			}
		})
		s, release := open(t, h, "one")
		defer release()
		pass(time.Second)
		_, release2 := open(t, h, "two") // the same host
		defer release2()
		s3, release3 := open(t, h, "one") // another viewer makes no difference
		defer release3()
		pass(9 * time.Minute)
		if n := tries.Load(); n != 1 {
			t.Fatalf("%d tries within 10 minutes", n)
		}
		if st := s.State(); s != s3 || st.Cause != CauseUnauthorized || time.Until(st.Retry) > time.Minute || time.Until(st.Retry) <= 0 {
			t.Fatalf("state %+v", st)
		}
		pass(2 * time.Minute)
		if n := tries.Load(); n != 2 {
			t.Fatalf("%d tries in 11 minutes", n)
		}
	})
}

func TestARecorderWithAWrongPasswordSeesItOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		h := startHub(t, Limits{}, func(CameraID) script {
			return func(context.Context, func(*video.AccessUnit)) error {
				tries++
				time.Sleep(300 * time.Millisecond) // the way to the recorder and back
				return Fail(CauseUnauthorized, errors.New("401"))
			}
		})
		_, release := open(t, h, "one")
		defer release()
		s, release2 := open(t, h, "two") // at the same moment
		defer release2()
		pass(time.Minute)
		if st := s.State(); tries != 1 || st.Phase != Offline || st.Cause != CauseUnauthorized {
			t.Fatalf("%d tries, %+v", tries, st)
		}
	})
}

func TestALoginThatWorkedIsNotStoppedByAnothersRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		h := startHub(t, Limits{}, func(id CameraID) script {
			if id == "two" {
				return func(context.Context, func(*video.AccessUnit)) error {
					return Fail(CauseUnauthorized, errors.New("401"))
				}
			}
			return func(ctx context.Context, publish func(*video.AccessUnit)) error {
				if runs++; runs == 1 {
					ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
					defer cancel()
					_ = playing(ctx, publish)
					return Fail(CauseEnded, errors.New("closed"))
				}
				return playing(ctx, publish)
			}
		})
		s, release := open(t, h, "one")
		defer release()
		pass(time.Second) // until it has worked
		_, release2 := open(t, h, "two")
		defer release2()
		pass(20 * time.Second)
		if st := s.State(); st.Phase != Live || runs != 2 {
			t.Fatalf("%+v after %d runs", st, runs)
		}
	})
}

// Whether it sends pictures before is of no account: those may be the flood.
func TestACameraThatFloodsIsTriedLessAndLessOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		h := startHub(t, Limits{}, func(CameraID) script {
			return func(_ context.Context, publish func(*video.AccessUnit)) error {
				runs++
				publish(&video.AccessUnit{Arrived: time.Now(), Key: true, Payloads: [][]byte{{1}}})
				time.Sleep(100 * time.Millisecond)
				publish(&video.AccessUnit{Arrived: time.Now(), Payloads: [][]byte{{1}}})
				return Fail(CauseProtocol, errors.New("a flood"))
			}
		})
		_, release := open(t, h, "one")
		defer release()
		pass(10 * time.Minute)
		if runs < 10 || runs > 20 {
			t.Fatalf("%d runs in ten minutes", runs)
		}
	})
}

func TestACameraThatStumblesOnceInAMinuteComesBackAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		h := startHub(t, Limits{}, func(CameraID) script {
			return func(ctx context.Context, publish func(*video.AccessUnit)) error {
				runs++
				ctx, cancel := context.WithTimeout(ctx, longSession+time.Second)
				defer cancel()
				_ = playing(ctx, publish)
				return Fail(CauseProtocol, errors.New("200 packets in a row cannot be read"))
			}
		})
		_, release := open(t, h, "one")
		defer release()
		pass(10 * (longSession + 2*time.Second))
		if runs < 10 {
			t.Fatalf("%d runs", runs)
		}
	})
}

func TestACameraThatHangsOnAnOpenConnectionIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		h := startHub(t, Limits{}, func(CameraID) script {
			return func(ctx context.Context, publish func(*video.AccessUnit)) error {
				if runs++; runs > 1 {
					return playing(ctx, publish)
				}
				publish(&video.AccessUnit{Arrived: time.Now(), Key: true, Payloads: [][]byte{{1}}})
				<-ctx.Done() // no more, and no error
				return context.Cause(ctx)
			}
		})
		s, release := open(t, h, "one")
		defer release()
		last := time.Now()
		pass(SilentAfter + 50*time.Millisecond)
		if st := s.State(); st.Phase != Offline || st.Cause != CauseSilent || !st.Since.Equal(last) {
			t.Fatalf("after the hang: %+v", st)
		}
		pass(2 * time.Second)
		if st := s.State(); st.Phase != Live || runs != 2 {
			t.Fatalf("did not come back: %+v", st)
		}
	})
}

func TestPullsOverTheLimitsWaitAndAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHub(t, Limits{PullsPerHost: 1, Linger: time.Second}, func(CameraID) script { return playing })
		_, release := open(t, h, "one")
		pass(time.Second)
		s, release2 := open(t, h, "two")
		defer release2()
		pass(time.Second)
		if st := s.State(); st.Phase != Offline || st.Cause != CauseHost {
			t.Fatalf("%+v", st)
		}
		release()
		pass(4 * time.Second)
		if st := s.State(); st.Phase != Live {
			t.Fatalf("a free place is not taken: %+v", st)
		}
	})
}

func TestUnknownCamerasAndStreamsAreNotFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHub(t, Limits{}, func(CameraID) script { return playing })
		if _, _, err := h.Open(StreamID{Camera: "three", Quality: Main}); !errors.Is(err, ErrNotFound) {
			t.Fatal(err)
		}
		if _, _, err := h.Open(StreamID{Camera: "one", Quality: Sub}); !errors.Is(err, ErrNotFound) {
			t.Fatal(err)
		}
	})
}

func TestRetryDelay(t *testing.T) {
	for _, c := range []struct {
		failures int
		watched  bool
		jitter   float64
		min, max time.Duration
	}{
		{0, true, 0, 200 * time.Millisecond, 200 * time.Millisecond},
		{1, true, 0, 400 * time.Millisecond, 400 * time.Millisecond},
		{50, true, 0.999, 1500 * time.Millisecond, 2 * time.Second},
		{50, false, 0, 60 * time.Second, 60 * time.Second},
		{1 << 30, false, 0.5, 60 * time.Second, 81 * time.Second},
	} {
		if d := retryDelay(c.failures, c.watched, c.jitter); d < c.min || d > c.max {
			t.Errorf("%+v: %v", c, d)
		}
	}
}

// shifting is an inventory that changes.
type shifting struct {
	atomic.Pointer[List]
	changed chan struct{}
}

func (s *shifting) Cameras() []Camera                  { return s.Load().Cameras() }
func (s *shifting) Camera(id CameraID) (Camera, error) { return s.Load().Camera(id) }
func (s *shifting) Areas() []Area                      { return s.Load().Areas() }
func (s *shifting) Changed() <-chan struct{}           { return s.changed }

func TestAChangeOfOneCameraInterruptsNoOthersPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inv := &shifting{changed: make(chan struct{}, 1)}
		list := []Camera{
			{ID: "one", Name: "x", Area: "a", Kind: Public, Main: "rtsp://192.0.2.1/one"},
			{ID: "two", Name: "x", Area: "a", Kind: Public, Main: "rtsp://192.0.2.1/two"},
		}
		set := func(edit func([]Camera)) {
			list = slices.Clone(list)
			edit(list)
			l, err := NewList([]Area{{ID: "a", Name: "A"}}, list)
			if err != nil {
				t.Fatal(err)
			}
			inv.Store(l)
		}
		set(func([]Camera) {})
		runs := map[CameraID]int{}
		h := NewHub(inv, Limits{}, slog.New(slog.DiscardHandler), func(c Camera, _ Quality) (Source, error) {
			return script(func(ctx context.Context, publish func(*video.AccessUnit)) error {
				runs[c.ID]++
				return playing(ctx, publish)
			}), nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { _ = h.Run(ctx) })
		defer func() { cancel(); wg.Wait() }()
		_, release := open(t, h, "one")
		defer release()
		_, release = open(t, h, "two")
		defer release()
		pass(time.Second)
		for _, tt := range []struct {
			name     string
			edit     func([]Camera)
			one, two int
		}{
			{"another name", func(c []Camera) { c[0].Name = "y" }, 1, 1},
			{"another address", func(c []Camera) { c[0].Main = "rtsp://192.0.2.2/one" }, 2, 1},
			{"another password", func(c []Camera) { c[1].Login = Login{User: "u", Password: "p"} }, 2, 2},
			{"a sub stream", func(c []Camera) { c[1].Sub = "rtsp://192.0.2.1/two/sub" }, 2, 2},
		} {
			set(tt.edit)
			inv.changed <- struct{}{}
			pass(time.Second)
			if runs["one"] != tt.one || runs["two"] != tt.two {
				t.Errorf("%s: begun %d and %d times, want %d and %d", tt.name, runs["one"], runs["two"], tt.one, tt.two)
			}
		}
	})
}
