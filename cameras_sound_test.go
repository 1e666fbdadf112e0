package main

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/rtsp"
	"matthan/gateway/simulate"
	"matthan/gateway/video"
)

// Cameras are fragile: that their sound is asked for must cost no picture.
func TestEveryKindOfCameraThatShowsAPictureShowsItWhereItsSoundIsAskedForToo(t *testing.T) {
	t.Parallel()
	turns := make(chan struct{}, playAtOnce)
	var all sync.WaitGroup
	for _, p := range simulate.Profiles() {
		all.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			without := showsSome(t, p, false)
			if without != nil {
				return // it shows none in so short a time, or never
			}
			if err := showsSome(t, p, true); err != nil {
				t.Errorf("%s: %v", p.Name, err)
			}
		})
	}
	all.Wait()
}

// showsSome plays a camera of its own for some pictures.
func showsSome(t *testing.T, p simulate.Profile, sound bool) error {
	t.Helper()
	rig, err := simulate.StartRig(simulate.RigOptions{Profiles: []string{p.Name}, User: "viewer", Password: canary})
	if err != nil {
		return err
	}
	defer rig.Close()
	cfg := rtsp.Config{URL: rig.URL(p.Name, simulate.Main), Transport: gateway.TCP}
	if p.UDP {
		cfg.Transport = gateway.UDP
	}
	if p.Login {
		cfg.Login = gateway.Login{User: "viewer", Password: canary}
	}
	src, err := rtsp.New(cfg)
	if err != nil {
		return err
	}
	if sound {
		src.Hear(func(*gateway.Sound) {})
	}
	enough := errors.New("enough")
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	n := 0
	if err := src.Run(ctx, func(*video.AccessUnit) {
		if n++; n == 20 {
			end(enough)
		}
	}); !errors.Is(err, enough) {
		return err
	}
	return nil
}
