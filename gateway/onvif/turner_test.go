package onvif

import (
	"math"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/simulate"
)

func TestACameraIsTurnedByItsStick(t *testing.T) {
	t.Parallel()
	is := serve(t, cameras(t, 1), simulate.ONVIFOptions{User: "admin", Password: password, PTZ: true})
	d := client(t, is, admin)
	profiles, err := d.Profiles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{Address: is.Addr(), Login: admin, Timeout: patience}
	h, err := OpenTurner(t.Context(), cfg, profiles[0].Token)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	waits := func(what string, ok func(pan, tilt, zoom float64) bool) {
		t.Helper()
		for end := time.Now().Add(patience); !ok(is.Position(0)); <-time.After(5 * time.Millisecond) {
			if time.Now().After(end) {
				pan, tilt, zoom := is.Position(0)
				t.Fatalf("%s: it is at %g %g %g", what, pan, tilt, zoom)
			}
		}
	}
	if err := h.Move(t.Context(), gateway.Motion{Pan: -1, Tilt: 0.5, Zoom: 1}); err != nil {
		t.Fatal(err)
	}
	waits("to the left, up and closer", func(pan, tilt, zoom float64) bool { return pan < -0.05 && tilt > 0.02 && zoom > 0.05 })
	if err := h.Move(t.Context(), gateway.Motion{}); err != nil {
		t.Fatal(err)
	}
	before, _, _ := is.Position(0)
	<-time.After(50 * time.Millisecond)
	if after, _, _ := is.Position(0); after != before {
		t.Errorf("it goes on from %g to %g", before, after)
	}
	token, err := d.SetPreset(t.Context(), profiles[0], "Cổng trường", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Home(t.Context()); err != nil {
		t.Fatal(err)
	}
	waits("home", func(pan, tilt, zoom float64) bool { return math.Abs(pan)+math.Abs(tilt)+zoom < 0.001 })
	known, err := h.Presets(t.Context())
	if err != nil || len(known) != 1 || known[0].Name != "Cổng trường" {
		t.Errorf("presets %v, %v", known, err)
	}
	if err := h.Go(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	waits("at the preset", func(pan, _, _ float64) bool { return math.Abs(pan-before) < 0.001 })
}

func TestACameraThatDoesNotTurnIsNotOpened(t *testing.T) {
	t.Parallel()
	is := serve(t, cameras(t, 1), simulate.ONVIFOptions{User: "admin", Password: password})
	d := client(t, is, admin)
	profiles, err := d.Profiles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]gateway.Cause{profiles[0].Token: gateway.CauseProtocol, "none": gateway.CauseNoStream} {
		if _, err := OpenTurner(t.Context(), Config{Address: is.Addr(), Login: admin, Timeout: patience}, token); gateway.CauseOf(err) != want {
			t.Errorf("%q: %v, want %s", token, err, want)
		}
	}
	if _, err := OpenTurner(t.Context(), Config{Address: is.Addr(), Login: gateway.Login{User: "admin", Password: "x"}, Timeout: patience}, profiles[0].Token); gateway.CauseOf(err) != gateway.CauseUnauthorized {
		t.Errorf("with a wrong password: %v", err)
	}
}
