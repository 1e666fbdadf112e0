package gateway

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"matthan/gateway/video"
)

// mill makes rungs that pass on what they are made of, with what they were told of
// masks as their payload.
type mill struct {
	hub *Hub
	no  error
	set func(masks int, marked bool)
}

func (m *mill) Can() error { return m.no }

func (m *mill) Rung(c Camera, _ StreamID) (Source, error) {
	return script(func(ctx context.Context, publish func(*video.AccessUnit)) error {
		s, release, err := m.hub.Behind().Open(StreamID{Camera: c.ID, Quality: Main})
		if err != nil {
			return err
		}
		defer release()
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for pos := uint64(0); ; {
			aus, ok := s.After(pos)
			if !ok {
				aus = s.GOP()
			}
			for _, au := range aus {
				next := *au
				next.Key, next.Payloads = true, [][]byte{{byte(len(c.Masks))}}
				pos = au.Number
				publish(&next)
			}
			if st := s.State(); st.Phase == Offline {
				return Fail(st.Cause, errors.New("it ended"))
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				// A picture that was on its way when the rung was to end.
				publish(&video.AccessUnit{PTS: 1 << 30, Key: true, Arrived: time.Now(), Payloads: [][]byte{{byte(len(c.Masks))}}})
				return context.Cause(ctx)
			}
		}
	}), nil
}

// milled runs a hub of one camera with rungs, whose masks can be set.
func milled(t *testing.T, run script) (h *Hub, m *mill, set func(masks int)) {
	inv := &shifting{changed: make(chan struct{}, 1)}
	put := func(masks int, marked bool) {
		c := Camera{ID: "one", Name: "x", Area: "a", Kind: Public, Main: "rtsp://192.0.2.1/one", Login: Login{User: "u", Password: "p"}, KeepWarm: true, Marked: marked}
		for range masks {
			c.Masks = append(c.Masks, Mask{{0, 0}, {1, 0}, {0, 1}})
		}
		l, err := NewList([]Area{{ID: "a", Name: "A"}}, []Camera{c})
		if err != nil {
			t.Fatal(err)
		}
		inv.Store(l)
	}
	put(0, false)
	h = NewHub(inv, Limits{PullsPerHost: 1, Linger: time.Second}, slog.New(slog.DiscardHandler), func(Camera, Quality) (Source, error) { return run, nil })
	m = &mill{hub: h, set: func(masks int, marked bool) { put(masks, marked); inv.changed <- struct{}{} }}
	h.Rungs = m
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = h.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return h, m, func(masks int) { m.set(masks, false) }
}

func TestARungIsNoPullAtTheCamerasHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, m, _ := milled(t, playing)
		var all []*Stream
		for _, q := range []Quality{Full, Low} {
			s, release, err := h.Open(StreamID{Camera: "one", Quality: q})
			if err != nil {
				t.Fatal(err)
			}
			defer release()
			all = append(all, s)
		}
		pass(time.Minute)
		for _, s := range all {
			if s.State().Phase != Live {
				t.Errorf("%s: %+v", s.ID(), s.State())
			}
		}
		cam, _ := h.inventory.Camera("one")
		if load := h.Host(cam); load.Pulls != 1 || h.Pulls() != 1 {
			t.Errorf("%+v, %d pulls", load, h.Pulls())
		}
		if d := h.Day("one"); len(d.Streams) != 1 || d.Streams[0].Quality != Main || d.State.Phase != Live {
			t.Errorf("%+v", d.Streams)
		}
		m.no = ErrNoRungs
		if _, _, err := h.Open(StreamID{Camera: "one", Quality: Full}); !errors.Is(err, ErrNoRungs) {
			t.Errorf("%v", err)
		}
		h.Rungs = nil
		if _, _, err := h.Open(StreamID{Camera: "one", Quality: Full}); !errors.Is(err, ErrNoRungs) {
			t.Errorf("%v", err)
		}
		if _, _, err := h.Open(StreamID{Camera: "one", Quality: "other"}); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v", err)
		}
	})
}

// A rung whose camera is offline says nothing of the camera itself, and its own
// failures do not either.
func TestARungThatFailsIsNoOutageOfTheCamera(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _, _ := milled(t, playing)
		h.Rungs = failing{}
		s, release, err := h.Open(StreamID{Camera: "one", Quality: Full})
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		pass(time.Minute)
		if st := s.State(); st.Phase != Offline || st.Cause != CauseRung {
			t.Errorf("%+v", st)
		}
		if d := h.Day("one"); len(d.Outages) != 0 || h.Health("one").Phase != Live {
			t.Errorf("%+v, %+v", d.Outages, h.Health("one"))
		}
	})
}

type failing struct{}

func (failing) Can() error { return nil }
func (failing) Rung(Camera, StreamID) (Source, error) {
	return script(func(context.Context, func(*video.AccessUnit)) error {
		return Fail(CauseRung, errors.New("ffmpeg ended"))
	}), nil
}

func TestNothingMadeWithOldMasksIsKeptOrComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _, set := milled(t, playing)
		own, leave, err := h.Open(StreamID{Camera: "one", Quality: Main})
		if err != nil {
			t.Fatal(err)
		}
		defer leave()
		rung, release, err := h.Open(StreamID{Camera: "one", Quality: Full})
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		pass(3 * time.Second)
		last := uint64(0)
		for _, masks := range []int{1, 2, 0, 1} {
			set(masks)
			pass(3 * time.Second)
			if st := own.State(); st.Cause != CauseMasked || own.Kept() != 0 || own.GOP() != nil {
				t.Errorf("the stream of before: %+v, %d bytes", st, own.Kept())
			}
			if rung.State().Phase != Live {
				t.Fatalf("%d masks: %+v", masks, rung.State())
			}
			for n := uint64(0); n < 1000; n++ {
				if au, _ := rung.Packet(n); au != nil && au.Payloads[0][0] != byte(masks) {
					t.Fatalf("%d masks: a picture with %d is kept", masks, au.Payloads[0][0])
				}
			}
			gop := rung.GOP()
			if len(gop) == 0 || gop[0].Number <= last {
				t.Fatalf("%d masks: %d pictures", masks, len(gop))
			}
			last = gop[len(gop)-1].Number
			if s := h.Pulled(StreamID{Camera: "one", Quality: Main}); (s == nil) != (masks > 0) {
				t.Errorf("%d masks: pulled for all: %v", masks, s != nil)
			}
			if s := h.Behind().Pulled(StreamID{Camera: "one", Quality: Main}); s == nil || s == own {
				t.Errorf("%d masks: it is not kept warm behind them", masks)
			}
		}
	})
}

func TestTimestampsOfBFramesStandAsTheCameraGaveThem(t *testing.T) {
	s := NewStream(StreamID{Camera: "a", Quality: Main}, 1<<20, epoch)
	format := &video.Format{Reorder: true}
	for i, shown := range []int64{0, 3, 1, 2, 6, 4, 5} {
		a := au(i, i == 0, 1)
		a.PTS, a.Format = shown*3600, format
		if s.Publish(a); a.PTS != shown*3600 {
			t.Errorf("picture %d is shown at %d", shown, a.PTS/3600)
		}
	}
}

func TestACameraWithMasksIsNotTurned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inv := &shifting{}
		put := func(masks ...Mask) {
			l, err := NewList([]Area{{ID: "a", Name: "A"}}, []Camera{{ID: "cam", Name: "C", Area: "a", Kind: Public, Main: "rtsp://127.0.0.1/1", Masks: masks,
				ONVIF: ONVIF{Address: "http://127.0.0.1/onvif/device_service", Profile: "1", PTZ: true}}})
			if err != nil {
				t.Fatal(err)
			}
			inv.Store(l)
		}
		put()
		p := &tripod{}
		h := NewHeads(inv, slog.New(slog.DiscardHandler), always(p), func(CameraID) {})
		h.HomeAfter = 10 * time.Second
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { _ = h.Run(ctx) })
		defer func() { cancel(); wg.Wait() }()
		if _, err := h.Take("cam", Hand{ID: "a"}, time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := h.Move("cam", "a", Motion{Pan: 1}, time.Now()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		put(Mask{{0, 0}, {1, 0}, {0, 1}})
		for name, err := range map[string]error{"move": h.Move("cam", "a", Motion{Pan: 1}, time.Now()), "home": h.Home("cam", "a", time.Now()), "go": h.Go("cam", "a", "1", time.Now())} {
			if !errors.Is(err, ErrMaskedTurn) {
				t.Errorf("%s: %v", name, err)
			}
		}
		pass(2 * time.Minute) // in which it would be brought home
		if s := p.said(); s != "[move 1 0 0 move 0 0 0 close]" {
			t.Errorf("the camera was told %s", s)
		}
		if _, err := h.Take("cam", Hand{ID: "a"}, time.Now()); !errors.Is(err, ErrMaskedTurn) {
			t.Errorf("%v", err)
		}
	})
}
