package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// What outsiders see of a share, on one device and by its pin.

func TestAGuestSeesOneCameraOnOneDevice(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	chief := h.subject("chief", "lang", Supervisor)
	made := h.share(chief, "public-lang", true)
	if _, _, err := h.OpenShare(t.Context(), h.subject("an", "vinh", Viewer), made.Secret, now); !errors.Is(err, ErrUnknown) {
		t.Errorf("an outsider's share without its pin: %v", err)
	}
	if row, err := h.Offered(made.Secret, now); err != nil || row.Value.For != "Đội PCCC" {
		t.Errorf("%v %v", row, err)
	}
	first := h.guest(made, now)
	h.want(first, View, "public-lang", now, nil)
	if _, err := h.Decide(first, Connect, Resource{}, now); err != nil {
		t.Error(err)
	}
	for _, a := range allActions {
		if a == Connect {
			continue
		}
		if a != View {
			h.want(first, a, "public-lang", now, ErrDenied)
		}
		h.want(first, a, "office-lang", now, ErrDenied)
		if _, err := h.Decide(first, a, Resource{Areas: pathOf("lang")}, now); !errors.Is(err, ErrDenied) {
			t.Errorf("%s of an area: %v", a, err)
		}
	}
	if o := h.Offices(first, now); o != (Offices{}) {
		t.Errorf("%+v", o)
	}
	changed := h.Changed()
	second := h.guest(made, now)
	h.fired(changed)
	if _, err := h.Decide(first, View, resourceOf(t, "public-lang"), now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("the first device goes on: %v", err)
	}
	h.want(second, View, "public-lang", now, nil)
	p, err := h.Decide(second, View, resourceOf(t, "public-lang"), made.Share.Until.Add(-time.Second))
	if err != nil || !p.Until.Equal(made.Share.Until) {
		t.Errorf("at its end: %v %v", p, err)
	}
	if _, err := h.Decide(second, Connect, Resource{}, made.Share.Until); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("after its end: %v", err)
	}
	// What is kept opens nothing, and tells no pin.
	v, _, _ := h.tables.Shares.Get(made.Key)
	kept, err := json.Marshal(v)
	if err != nil || strings.Contains(string(kept), made.Secret) || strings.Contains(string(kept), `"`+made.Pin+`"`) {
		t.Errorf("%s, %v", kept, err)
	}
	for _, s := range []string{v.Link, v.Device, v.Pin, made.Secret, made.Key} {
		if _, err := h.Authenticate(s, now); !errors.Is(err, ErrUnauthenticated) {
			t.Errorf("%.9s… opens the gateway: %v", s, err)
		}
	}
}

func TestFiveWrongPinsEndAShare(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	made := h.share(h.subject("chief", "lang", Supervisor), "public-lang", true)
	for _, no := range []string{"", "12345", "1234567", "12345x", "１２３４５６"} {
		if _, err := h.OpenGuest(t.Context(), made.Secret, no, now); !errors.Is(err, ErrFaulty) {
			t.Errorf("%q: %v", no, err)
		}
	}
	wrong := "000000"
	if made.Pin == wrong {
		wrong = "000001"
	}
	guest := h.guest(made, now)
	for try := 1; try <= MaxPins; try++ {
		g, err := h.OpenGuest(t.Context(), made.Secret, wrong, now)
		if v, _, _ := h.tables.Shares.Get(made.Key); !errors.Is(err, ErrPin) || g.Token != "" || g.Share.Tries != try || v.Tries != try {
			t.Fatalf("%d: %v, %+v, kept %d", try, err, g, v.Tries)
		}
	}
	if _, err := h.OpenGuest(t.Context(), made.Secret, made.Pin, now); !errors.Is(err, ErrUnknown) {
		t.Errorf("the right one after them: %v", err)
	}
	if _, err := h.Decide(guest, View, resourceOf(t, "public-lang"), now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("who looked goes on: %v", err)
	}
	// However many try at once, they have MaxPins answers.
	made = h.share(h.subject("chief", "lang", Supervisor), "public-lang", true)
	var wg sync.WaitGroup
	var told atomic.Int32
	for i := range 40 {
		wg.Go(func() {
			pin := fmt.Sprintf("%06d", 100_000+i)
			if _, err := h.OpenGuest(t.Context(), made.Secret, pin, now); err == nil || errors.Is(err, ErrPin) {
				told.Add(1)
			}
		})
	}
	if wg.Wait(); told.Load() > MaxPins {
		t.Errorf("%d answers", told.Load())
	}
}
