package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"matthan/gateway"
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
