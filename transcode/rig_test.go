package transcode

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/rtsp"
	"matthan/gateway/simulate"
	"matthan/gateway/video"
)

// patience bounds every wait of these tests.
const patience = 30 * time.Second

// rig is simulated cameras behind a real Hub, and stills of them.
type rig struct {
	t       testing.TB
	cameras *simulate.Server
	hub     *gateway.Hub
	stills  *Stills
	list    []gateway.Camera
	dialled atomic.Int32 // sources that were begun
}

// ffmpeg is that of the machine.
var ffmpeg = program{"ffmpeg", ranWithin}

// needFFmpeg skips where there is none.
func needFFmpeg(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("stills need ffmpeg")
	}
}

func quick() Config {
	return Config{FFmpeg: "ffmpeg", Workers: 1, PerSecond: 1000, Every: time.Minute, Bytes: 1 << 20}
}

// newRig starts it. The last camera of the list is one that is not there.
func newRig(t testing.TB, cameras int, cfg Config) *rig {
	t.Helper()
	server, err := simulate.Start(simulate.Options{Cameras: cameras, StartWithKey: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close(); _ = server.Wait() })
	r := &rig{t: t, cameras: server}
	for i := range cameras {
		r.list = append(r.list, gateway.Camera{ID: gateway.CameraID(fmt.Sprint("cam", i)), Name: "x", Area: "ward", Kind: gateway.Public,
			Main: server.URL(i, simulate.Main), Sub: server.URL(i, simulate.Sub), Transport: gateway.TCP})
	}
	r.list = append(r.list, gateway.Camera{ID: "gone", Name: "x", Area: "ward", Kind: gateway.Public, Main: "rtsp://127.0.0.1:1/", Transport: gateway.TCP})
	inventory, err := gateway.NewList([]gateway.Area{{ID: "ward", Name: "Phường"}}, r.list)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	r.hub = gateway.NewHub(inventory, gateway.Limits{}, log, func(c gateway.Camera, q gateway.Quality) (gateway.Source, error) {
		r.dialled.Add(1)
		return rtsp.New(rtsp.Config{URL: c.URL(q), Transport: c.Transport, Log: log})
	})
	r.stills = New(cfg, r.hub, log)
	r.run(r.hub.Run)
	r.run(r.stills.Run)
	return r
}

// run runs a room until the test ends, and waits for it.
func (r *rig) run(room func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = room(ctx) }()
	r.t.Cleanup(func() {
		stop()
		select {
		case <-ended:
		case <-time.After(patience):
			r.t.Error("a room does not end")
		}
	})
}

func (r *rig) ask(who string, camera, width int) (gateway.Still, error) {
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	return r.stills.Still(ctx, who, r.list[camera], width, false)
}

// still is one that must be there.
func (r *rig) still(camera, width int) gateway.Still {
	r.t.Helper()
	s, err := r.ask("an", camera, width)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// sees decodes a still and reads the code in its pixels.
func sees(t testing.TB, s gateway.Still) (scene, number int) {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(s.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds().Size()
	y, ok := img.(*image.YCbCr)
	if !ok || size.X != s.Width || size.Y != s.Height {
		t.Fatalf("%T of %v, and it is said to be %dx%d", img, size, s.Width, s.Height)
	}
	scene, number, ok = simulate.ReadCode(y.Y, y.YStride, size.X, size.Y)
	if !ok {
		t.Fatal("there is no code in the pixels")
	}
	return scene, number
}

// until waits for something that happens by itself.
func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); <-time.After(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waiting for this: %s", what)
		}
	}
}

// script is a program that stands in for ffmpeg.
func script(t testing.TB, text string) string {
	t.Helper()
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("scripts need /bin/sh")
	}
	file := filepath.Join(t.TempDir(), "ffmpeg")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return file
}

// keyPicture is the first one of a clip's small stream.
func keyPicture(t testing.TB) *video.AccessUnit {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "gateway", "simulate", "clips", "hang-dua-pho-moi.sub.h264"))
	if err != nil {
		t.Fatal(err)
	}
	var nalus [][]byte
	for _, n := range video.SplitAnnexB(b) {
		nalus = append(nalus, n)
		if video.TypeOf(n) == video.NALUIDR {
			break
		}
	}
	return &video.AccessUnit{Codec: video.H264, Payloads: video.Packetize(nalus, video.MaxPayload), Format: &video.Format{Width: 640, Height: 360},
		Key: true, Captured: time.Now(), Arrived: time.Now()}
}
