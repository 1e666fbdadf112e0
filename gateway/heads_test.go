package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// tripod notes what it is told; its camera answers at once, or refuses.
type tripod struct {
	mu   sync.Mutex
	log  []string
	fail error
}

func (t *tripod) note(format string, a ...any) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.log = append(t.log, fmt.Sprintf(format, a...))
	return t.fail
}

func (t *tripod) Move(_ context.Context, m Motion) error {
	return t.note("move %g %g %g", m.Pan, m.Tilt, m.Zoom)
}
func (t *tripod) Home(context.Context) error           { return t.note("home") }
func (t *tripod) Go(_ context.Context, p string) error { return t.note("go %s", p) }
func (t *tripod) Close()                               { _ = t.note("close") }
func (t *tripod) Presets(context.Context) ([]Preset, error) {
	return []Preset{{"1", "Ngã tư"}}, nil
}

func (t *tripod) said() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := fmt.Sprint(t.log)
	t.log = nil
	return s
}

// atDesk runs f beside heads with one camera that turns, in a bubble of time.
func atDesk(t *testing.T, open func(context.Context, Camera) (Turner, error), f func(h *Heads)) {
	synctest.Test(t, func(t *testing.T) {
		list, err := NewList([]Area{{ID: "a", Name: "A"}}, []Camera{
			{ID: "cam", Name: "C", Area: "a", Kind: Public, Main: "rtsp://127.0.0.1/1", ONVIF: ONVIF{Address: "http://127.0.0.1/onvif/device_service", Profile: "1", PTZ: true}},
			{ID: "fixed", Name: "F", Area: "a", Kind: Public, Main: "rtsp://127.0.0.1/2"},
		})
		if err != nil {
			t.Fatal(err)
		}
		h := NewHeads(list, slog.New(slog.DiscardHandler), open, func(CameraID) {})
		h.HomeAfter = time.Minute
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { _ = h.Run(ctx) })
		f(h)
		cancel()
		wg.Wait()
	})
}

func always(p *tripod) func(context.Context, Camera) (Turner, error) {
	return func(context.Context, Camera) (Turner, error) { return p, nil }
}

func TestACameraTurnsWhileItsHandAsks(t *testing.T) {
	p := &tripod{}
	atDesk(t, always(p), func(h *Heads) {
		hand := Hand{"a", "Minh", 1}
		if _, err := h.Take("cam", hand, time.Now()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if s := h.Turned("cam", time.Now()); !s.Ready || s.Holder.Name != "Minh" || len(s.Presets) != 1 {
			t.Errorf("told %+v", s)
		}
		for range 3 {
			if err := h.Move("cam", "a", Motion{Pan: 3, Tilt: -0.5}, time.Now()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(200 * time.Millisecond)
		}
		if s := p.said(); s != "[move 1 -0.5 0]" {
			t.Errorf("while it is asked: %s", s)
		}
		time.Sleep(MoveWithin)
		synctest.Wait()
		if s := p.said(); s != "[move 0 0 0]" {
			t.Errorf("when it is not asked any more: %s", s)
		}
		time.Sleep(StickIdle)
		synctest.Wait()
		if s := h.Turned("cam", time.Now()); s.Holder != (Hand{}) {
			t.Errorf("an idle stick is held by %v", s.Holder)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if s := p.said(); s != "[home close]" {
			t.Errorf("a minute after it was left: %s", s)
		}
	})
}

func TestACameraThatNeedNotLookHomeStaysAndTurnsAsSlowlyAsItMust(t *testing.T) {
	p := &tripod{}
	atDesk(t, always(p), func(h *Heads) {
		h.HomeAfter, h.Speed = 0, 0.25
		_, _ = h.Take("cam", Hand{ID: "a"}, time.Now())
		_ = h.Move("cam", "a", Motion{Pan: 3, Tilt: -1, Zoom: 0.5}, time.Now())
		synctest.Wait()
		h.Leave("cam", "a")
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if s := p.said(); s != "[move 0.25 -0.25 0.125 move 0 0 0 close]" {
			t.Errorf("the camera was told %s", s)
		}
	})
}

func TestACameraIsToldAgainOfALongMotion(t *testing.T) {
	p := &tripod{}
	atDesk(t, always(p), func(h *Heads) {
		_, _ = h.Take("cam", Hand{ID: "a"}, time.Now())
		for range 12 {
			_ = h.Move("cam", "a", Motion{Pan: 1}, time.Now())
			time.Sleep(200 * time.Millisecond)
		}
		if s := p.said(); s != "[move 1 0 0 move 1 0 0 move 1 0 0]" {
			t.Errorf("in 2.4 s it is told %s", s)
		}
	})
}

func TestTwoHandsAndOneStick(t *testing.T) {
	p := &tripod{}
	atDesk(t, always(p), func(h *Heads) {
		if _, err := h.Take("cam", Hand{"a", "Minh", 1}, time.Now()); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Take("cam", Hand{"b", "Lan", 1}, time.Now()); !errors.Is(err, ErrStickTaken) {
			t.Errorf("an equal: %v", err)
		}
		if err := h.Move("cam", "b", Motion{Pan: 1}, time.Now()); !errors.Is(err, ErrStickTaken) {
			t.Errorf("who does not hold it moves: %v", err)
		}
		_ = h.Move("cam", "a", Motion{Pan: 1}, time.Now())
		synctest.Wait()
		if from, err := h.Take("cam", Hand{"c", "Hòa", 2}, time.Now()); err != nil || from.ID != "a" {
			t.Errorf("a higher rank: from %v, %v", from, err)
		}
		if err := h.Move("cam", "a", Motion{Pan: 1}, time.Now()); !errors.Is(err, ErrStickTaken) {
			t.Errorf("who lost it moves: %v", err)
		}
		if !h.Leave("cam", "c") {
			t.Error("the holder could not leave")
		}
		synctest.Wait()
		if s := p.said(); s != "[move 1 0 0 move 0 0 0]" {
			t.Errorf("the camera was told %s", s)
		}
	})
}

func TestPresetsHomeAndWhatIsNotThere(t *testing.T) {
	p := &tripod{}
	atDesk(t, always(p), func(h *Heads) {
		if _, err := h.Take("fixed", Hand{ID: "a"}, time.Now()); !errors.Is(err, ErrFixed) {
			t.Errorf("a camera that does not turn: %v", err)
		}
		if _, err := h.Take("none", Hand{ID: "a"}, time.Now()); !errors.Is(err, ErrNotFound) {
			t.Errorf("no camera: %v", err)
		}
		if _, err := h.Take("cam", Hand{ID: "a"}, time.Now()); err != nil {
			t.Fatal(err)
		}
		_ = h.Go("cam", "a", "1", time.Now())
		synctest.Wait()
		_ = h.Home("cam", "a", time.Now())
		synctest.Wait()
		h.Leave("cam", "a")
		synctest.Wait()
		if s := p.said(); s != "[go 1 home close]" {
			t.Errorf("the camera was told %s", s)
		}
	})
}

func TestACameraThatIsNotReachedIsSaidSo(t *testing.T) {
	refuse := func(context.Context, Camera) (Turner, error) {
		return nil, Fail(CauseUnreachable, errors.New("nobody there"))
	}
	atDesk(t, refuse, func(h *Heads) {
		if _, err := h.Take("cam", Hand{ID: "a"}, time.Now()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if s := h.Turned("cam", time.Now()); !s.Failed {
			t.Errorf("told %+v", s)
		}
		time.Sleep(StickIdle)
		synctest.Wait()
		if s := h.Turned("cam", time.Now()); s.Failed || s.Holder.ID != "" {
			t.Errorf("later told %+v", s)
		}
	})
}

func TestATurningCameraStopsWithTheGateway(t *testing.T) {
	p := &tripod{}
	atDesk(t, always(p), func(h *Heads) {
		_, _ = h.Take("cam", Hand{ID: "a"}, time.Now())
		_ = h.Move("cam", "a", Motion{Zoom: 1}, time.Now())
		synctest.Wait()
	})
	if s := p.said(); s != "[move 0 0 1 move 0 0 0 close]" {
		t.Errorf("the camera was told %s", s)
	}
}
