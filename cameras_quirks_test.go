package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/doctor"
	"matthan/gateway/rtsp"
	"matthan/gateway/simulate"
	"matthan/gateway/video"
)

// Quirks that take half a minute to be sure of; the tests of package rtsp see them.
var slowQuirks = []gateway.Quirk{gateway.QuirkClock, gateway.QuirkNoReports}

// TestQuirkOfEveryKindOfCameraIsTold pulls all profiles that play until the quirk
// is told that is expected of them. Who has none tells none.
func TestQuirkOfEveryKindOfCameraIsTold(t *testing.T) {
	t.Parallel()
	outcomes := outcomes()
	rig, err := simulate.StartRig(simulate.RigOptions{User: "viewer", Password: canary})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rig.Close)
	turns := make(chan struct{}, playAtOnce)
	var all sync.WaitGroup
	for _, p := range simulate.Profiles() {
		want := outcomes[p.Name]
		if want.causes != nil || want.gaps || slices.Contains(slowQuirks, want.quirk) {
			continue
		}
		all.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			if err := tellsQuirk(t.Context(), rig, p, want.quirk); err != nil {
				t.Errorf("%s: %v", p.Name, err)
			}
		})
	}
	all.Wait()
}

var errTold = errors.New("it is told")

func tellsQuirk(ctx context.Context, rig *simulate.Rig, p simulate.Profile, want gateway.Quirk) error {
	cfg := rtsp.Config{URL: rig.URL(p.Name, simulate.Main), Transport: gateway.TCP}
	if p.UDP {
		cfg.Transport = gateway.UDP
	}
	if p.Login {
		cfg.Login = gateway.Login{User: "viewer", Password: canary}
	}
	s, err := rtsp.New(cfg)
	if err != nil {
		return err
	}
	ctx, timeout := context.WithTimeout(ctx, patience)
	defer timeout()
	ctx, end := context.WithCancelCause(ctx)
	n := 0
	err = s.Run(ctx, func(*video.AccessUnit) {
		if n++; want != "" && slices.Contains(s.Quirks(), want) || want == "" && n == 60 {
			end(errTold)
		}
	})
	got := s.Quirks()
	if !errors.Is(err, errTold) {
		return fmt.Errorf("after %d pictures: %w; its quirks are %v, want %q", n, err, got, want)
	}
	if want == "" && len(got) > 0 {
		return fmt.Errorf("it has quirks: %v", got)
	}
	return nil
}

// TestHealthTellsWhatACameraDoesAgainstTheRules looks at such cameras, and at one
// that keeps them.
func TestHealthTellsWhatACameraDoesAgainstTheRules(t *testing.T) {
	t.Parallel()
	began := time.Now().UnixMilli()
	codes := map[string]doctor.Code{"marker-never": "quirk_marker", "b-frames": doctor.CodeBFrames, "plain": ""}
	r := startRigs(t, slices.DeleteFunc(simulate.Profiles(), func(p simulate.Profile) bool {
		_, asked := codes[p.Name]
		return !asked
	}))
	for camera := range codes {
		p, err := r.play(camera)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.close)
	}
	type health struct {
		Streams []struct{ Pictures float64 }
		Quirks  []struct {
			doctor.Finding
			Streams     []gateway.Quality
			Since, Last int64
		}
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(patience)
	for camera, code := range codes {
		ask := func() (h health) {
			status, _, body := r.api("GET", "/api/v1/health/cameras/"+camera, liveToken, "")
			if err := json.Unmarshal([]byte(body), &h); err != nil || status != http.StatusOK {
				t.Fatalf("%d %v", status, err)
			}
			return h
		}
		// What is measured first is measured after seconds: by then a quirk is told.
		h := ask()
		for ; len(h.Streams) == 0 || h.Streams[0].Pictures == 0; h = ask() {
			select {
			case <-tick.C:
			case <-limit:
				t.Fatalf("%s: no stream is measured: %+v", camera, h)
			}
		}
		if code == "" {
			if len(h.Quirks) > 0 {
				t.Errorf("%s: %+v", camera, h.Quirks)
			}
			continue
		}
		if len(h.Quirks) != 1 {
			t.Errorf("%s: %+v", camera, h.Quirks)
			continue
		}
		q := h.Quirks[0]
		if q.Code != code || q.Says.VI == "" || q.Says.EN == "" || (q.Do == nil) != (q.Severity == doctor.Fine) || !slices.Equal(q.Streams, []gateway.Quality{gateway.Main}) {
			t.Errorf("%s: %+v", camera, q)
		}
		if now := time.Now().UnixMilli(); q.Since < began || q.Last < q.Since || q.Last > now {
			t.Errorf("%s: since %d, last %d; asked from %d to %d", camera, q.Since, q.Last, began, now)
		}
	}
}
