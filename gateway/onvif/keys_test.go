package onvif

import (
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/simulate"
)

func TestAStreamIsAskedForAKeyPictureAtMostEveryFewSeconds(t *testing.T) {
	t.Parallel()
	rtsp := cameras(t, 2)
	for name, o := range map[string]simulate.ONVIFOptions{"of now": {}, "of old": {Old: true}, "by HTTP digest": {Login: simulate.HTTPDigestLogin}} {
		o.User, o.Password, o.Cameras = "admin", password, []int{0, 1}
		is := serve(t, rtsp, o)
		var keys Keys
		cfg := Config{Address: is.URL(), Login: admin, Timeout: patience}
		ask := func(profile string, q gateway.Quality, want0, want1 int) {
			t.Helper()
			if err := keys.Ask(t.Context(), cfg, profile, q); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if is.Synced(0) != want0 || is.Synced(1) != want1 {
				t.Errorf("%s: %s %s: the channels were asked %d and %d times, want %d and %d", name, profile, q, is.Synced(0), is.Synced(1), want0, want1)
			}
		}
		ask("profile0main", gateway.Main, 1, 0)
		ask("profile0main", gateway.Main, 1, 0)
		ask("profile1main", gateway.Main, 1, 1)
		ask("profile1main", gateway.Sub, 1, 2)
		if err := keys.Ask(t.Context(), cfg, "", gateway.Main); gateway.CauseOf(err) != gateway.CauseNoStream {
			t.Errorf("%s: a channel that nobody named: %v", name, err)
		}
		for _, a := range keys.known {
			a.streams[wanted{"profile0main", gateway.Main}].at = time.Now().Add(-askEvery)
		}
		ask("profile0main", gateway.Main, 2, 2)
	}
}

func TestADeviceThatRefusesIsNotAskedForKeyPicturesAgain(t *testing.T) {
	t.Parallel()
	is := serve(t, cameras(t, 1), simulate.ONVIFOptions{User: "admin", Password: password})
	var keys Keys
	cfg := Config{Address: is.URL(), Login: gateway.Login{User: "admin", Password: "wrong-secret"}, Timeout: patience}
	for _, q := range []gateway.Quality{gateway.Main, gateway.Sub, gateway.Main} {
		if err := keys.Ask(t.Context(), cfg, "profile0main", q); gateway.CauseOf(err) != gateway.CauseUnauthorized {
			t.Errorf("%v", err)
		}
	}
	if n := is.Refused(); n < 1 || n > 2 {
		t.Errorf("the login was shown %d times", n)
	}
	cfg.Login = admin // somebody has corrected it
	if err := keys.Ask(t.Context(), cfg, "gone", gateway.Main); !isFault(err) {
		t.Errorf("a profile that the device has not: %v", err)
	}
	if err := keys.Ask(t.Context(), cfg, "", gateway.Main); err != nil || is.Synced(0) != 1 {
		t.Errorf("%v, asked %d times", err, is.Synced(0))
	}
}
