package main

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/simulate"
)

// The simulated cameras' key pictures are four seconds apart. A session begins
// where the camera is, so the first one is waited for unless it is asked for.
func TestTheFirstPictureOfAColdCameraIsAskedFor(t *testing.T) {
	t.Parallel()
	const gop, late = 100, 60 // pictures, 25 a second
	sent := make(chan simulate.Sent, 10_000)
	cameras, err := simulate.Start(simulate.Options{Cameras: 8, User: "admin", Password: canary, OnPicture: func(s simulate.Sent) { sent <- s }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cameras.Close)
	recorder, err := simulate.StartONVIF(cameras, simulate.ONVIFOptions{Cameras: []int{0, 1, 2, 3, 4, 5, 6, 7}, User: "admin", Password: canary})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(recorder.Close)
	var all []gateway.Camera
	for i := range 8 {
		id := string(rune('0' + i))
		all = append(all, gateway.Camera{ID: gateway.CameraID(id), Name: id, Area: "a", Kind: gateway.Public, Main: cameras.URL(i, simulate.Main),
			Login: gateway.Login{User: "admin", Password: canary}, ONVIF: gateway.ONVIF{Address: recorder.URL(), Profile: "profile" + id + "main"}})
	}
	cfg := defaultConfig()
	if cfg.Inventory, err = gateway.NewList([]gateway.Area{{ID: "a", Name: "A"}}, all); err != nil {
		t.Fatal(err)
	}
	hub := openHub(cfg, cfg.Inventory, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = hub.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })

	for i, c := range all { // they are spread over the GOP: one is far enough from its next key picture
		_, release, err := hub.Open(gateway.StreamID{Camera: c.ID, Quality: gateway.Main})
		if err != nil {
			t.Fatal(err)
		}
		first := ofCamera(t, sent, i)
		if place := first.Loop % gop; place == 0 || place > gop-late {
			release()
			continue
		}
		defer release()
		for s := first; ; s = ofCamera(t, sent, i) {
			if !s.Key {
				continue
			}
			if own := gop - first.Loop%gop; s.Number-first.Number >= uint64(own) {
				t.Errorf("the first key picture came after %d pictures, as it would have by itself", own)
			}
			t.Logf("a key picture after %d pictures of %d", s.Number-first.Number, gop-first.Loop%gop)
			break
		}
		if n := recorder.Synced(i); n != 1 {
			t.Errorf("the camera was asked %d times", n)
		}
		return
	}
	t.Fatal("every camera was near its next key picture")
}

// ofCamera is the next picture that a camera sends.
func ofCamera(t *testing.T, sent <-chan simulate.Sent, camera int) simulate.Sent {
	t.Helper()
	within := time.After(20 * time.Second)
	for {
		select {
		case s := <-sent:
			if s.Camera == camera {
				return s
			}
		case <-within:
			t.Fatal("no picture")
		}
	}
}
