package gateway

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// heeds is a listener that counts how often it was told.
type heeds struct{ n int }

func (h *heeds) Hear(*Sounds) { h.n++ }

func TestSoundIsKeptOnlyWhileSomebodyListensAndNotForLong(t *testing.T) {
	t.Parallel()
	s := &Sounds{}
	say := func(n int) {
		for range n {
			s.Publish(&Sound{Codec: PCMU, Rate: 8000, Payload: []byte{1}})
		}
	}
	say(10)
	if got := s.After(nil, 0); len(got) != 0 {
		t.Fatalf("%d sounds are kept for nobody", len(got))
	}
	h := &heeds{}
	from := s.Listen(h)
	say(3)
	if got := s.After(nil, from); len(got) != 3 || h.n != 3 || got[2].Number != s.Newest() {
		t.Fatalf("%d sounds, told %d times", len(got), h.n)
	}
	say(5 * keptSounds)
	if got := s.After(nil, from); len(got) != keptSounds || got[len(got)-1].Number != s.Newest() {
		t.Fatalf("%d sounds for one who is late", len(got))
	}
	s.Publish(&Sound{Codec: PCMU, Payload: make([]byte, MaxSound+1)})
	s.Publish(&Sound{Codec: PCMU})
	if h.n != 3+5*keptSounds {
		t.Error("a sound that fits no packet is passed on")
	}
	s.Unlisten(h)
	if got := s.After(nil, from); len(got) != 0 {
		t.Fatalf("%d sounds are still kept when nobody listens any more", len(got))
	}
}

func TestCitizensCameraIsNeverHeard(t *testing.T) {
	t.Parallel()
	c := Camera{ID: "nha", Name: "x", Area: "ward", Kind: Household, Main: "rtsp://192.0.2.1/", Sound: true}
	if c.Audible() {
		t.Error("it is heard")
	}
	if _, err := NewList([]Area{{ID: "ward", Name: "Phường"}}, []Camera{c}); err == nil || !strings.Contains(err.Error(), "sound") {
		t.Errorf("the inventory takes it: %v", err)
	}
	if c.Kind = Public; !c.Audible() || c.dial(Main) == (Camera{Main: c.Main}).dial(Main) {
		t.Error("a switch that is turned does not reach the camera")
	}
	if c.Sound = false; c.Audible() {
		t.Error("it is heard although nobody switched it on")
	}
}

func TestSpeechRunsWhileSomebodyListensAndNotAgainAtOnceWhereItFails(t *testing.T) {
	t.Parallel()
	begun, heard := make(chan struct{}, 10), make(chan *Sound, 100)
	fails := false
	s := &speaker{sounds: &Sounds{}, log: slog.New(slog.DiscardHandler), speech: func(ctx context.Context, in <-chan *Sound, _ func(*Sound)) error {
		begun <- struct{}{}
		if fails {
			return errors.New("broken")
		}
		for {
			select {
			case p := <-in:
				heard <- p
			case <-ctx.Done():
				return nil
			}
		}
	}}
	say := func() { s.hear(&Sound{Codec: AAC, Rate: 16000, Payload: []byte{1}}) }
	say()
	if s.in != nil {
		t.Fatal("it runs for nobody")
	}
	h := &heeds{}
	s.sounds.Listen(h)
	say()
	<-begun
	<-heard
	s.sounds.Unlisten(h)
	s.heard = s.heard.Add(-2 * speechLasts)
	if say(); s.in != nil {
		t.Fatal("it runs on when nobody listens any more")
	}
	s.wg.Wait()
	s.sounds.Listen(h)
	fails = true
	say()
	<-begun
	<-s.ended
	for range 5 {
		say()
	}
	if s.in != nil || len(begun) > 0 || time.Until(s.next) < speechAgain/2 {
		t.Fatal("what fails is begun again at once")
	}
	s.close()
}

func TestARungIsHeardAsWhatItIsMadeOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _, _ := milled(t, playing)
		heard := func(q Quality) *Sounds {
			s, release, err := h.Open(StreamID{Camera: "one", Quality: q})
			if err != nil {
				t.Fatal(err)
			}
			defer release()
			return s.Sounds()
		}
		if heard(Full) != heard(Main) {
			t.Error("it is silent")
		}
	})
}
