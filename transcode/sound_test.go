package transcode

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/rtsp"
	"matthan/gateway/simulate"
)

// hears is a listener that keeps what it hears.
type hears struct {
	mu   sync.Mutex
	last uint64
	all  []*gateway.Sound
}

func (h *hears) Hear(s *gateway.Sounds) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := len(h.all)
	if h.all = s.After(h.all, h.last); len(h.all) > n {
		h.last = h.all[len(h.all)-1].Number
	}
}

func (h *hears) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.all)
}

// speaking is a hub in front of a simulated camera that sends AAC.
func speaking(t *testing.T, s *Sound) (hub *gateway.Hub, speaks func() int) {
	t.Helper()
	server, err := simulate.Start(simulate.Options{Cameras: 1, StartWithKey: true, Sound: "aac"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close(); _ = server.Wait() })
	inventory, err := gateway.NewList([]gateway.Area{{ID: "ward", Name: "Phường"}}, []gateway.Camera{{ID: "cam", Name: "x", Area: "ward",
		Kind: gateway.Public, Main: server.URL(0, simulate.Main), Transport: gateway.TCP, Sound: true}})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	hub = gateway.NewHub(inventory, gateway.Limits{Linger: time.Millisecond}, log, func(c gateway.Camera, q gateway.Quality) (gateway.Source, error) {
		return rtsp.New(rtsp.Config{URL: c.URL(q), Transport: c.Transport, Log: log})
	})
	hub.Speech = s.Speak
	(&rig{t: t}).run(hub.Run)
	return hub, func() int { return len(s.turns) }
}

func TestAACIsHeardAsOpusWhileSomebodyListens(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	hub, speaks := speaking(t, NewSound("ffmpeg"))
	stream, release, err := hub.Open(gateway.StreamID{Camera: "cam", Quality: gateway.Main})
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	until(t, "the picture comes", func() bool { return stream.State().Phase == gateway.Live })
	if speaks() != 0 {
		t.Fatal("a process runs for nobody")
	}
	h := &hears{}
	stream.Sounds().Listen(h)
	until(t, "it is heard", func() bool { return h.count() >= 150 })
	stream.Sounds().Unlisten(h)
	h.mu.Lock()
	var ages []time.Duration
	for i, p := range h.all {
		if p.Codec != gateway.Opus || p.Rate != opusRate || i > 0 && p.PTS <= h.all[i-1].PTS {
			t.Fatalf("packet %d: %+v", i, p)
		}
		if i >= 75 {
			ages = append(ages, p.Arrived.Sub(p.Captured))
		}
	}
	h.mu.Unlock()
	slices.Sort(ages)
	t.Logf("Opus leaves %v after its sound was taken (worst %v); an access unit is 64 ms", ages[len(ages)/2], ages[len(ages)-1])
	until(t, "the process ends when nobody listens", func() bool { return speaks() == 0 })
}

func TestProcessThatMakesNoSoundIsEnded(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"it ends":            "#!/bin/sh\nexit 1\n",
		"it writes garbage":  "#!/bin/sh\ncat /dev/zero\n",
		"it writes no Opus":  "#!/bin/sh\nprintf 'OggS\\000\\002\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\003abc'; cat >/dev/null\n",
		"it closes its door": "#!/bin/sh\nexec <&-\nprintf garbagegarbagegarbagegarbagegarbage\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "ffmpeg")
			if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
			in := make(chan *gateway.Sound, 1)
			in <- &gateway.Sound{Codec: gateway.AAC, Rate: 16000, Config: []byte{0x14, 0x08}, Payload: []byte{1}}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			err := NewSound(path).Speak(ctx, in, func(*gateway.Sound) { t.Error("something is heard") })
			if err == nil || ctx.Err() != nil {
				t.Fatal(err, ctx.Err())
			}
		})
	}
}

func TestNoMoreThanSoManyProcessesMakeSound(t *testing.T) {
	t.Parallel()
	s := &Sound{turns: make(chan struct{}, 1)}
	s.turns <- struct{}{}
	if err := s.Speak(t.Context(), nil, nil); err != ErrSpeaking {
		t.Error(err)
	}
}

// FuzzOgg checks that what a process writes is bounded, whatever it is.
func FuzzOgg(f *testing.F) {
	head := append([]byte("OggS\x00\x02"), make([]byte, 20)...)
	page := append(append(bytes.Clone(head), 1, 19), []byte("OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00")...)
	page = append(append(append(page, head...), 1, 8), "OpusTags"...)
	f.Add(append(append(append(page, head...), 2, 3, 1), 0x48, 1, 2, 0xfc))
	f.Fuzz(func(t *testing.T, b []byte) {
		times := &soundTimes{}
		times.fed(&gateway.Sound{Rate: 16000, Config: []byte{0x14, 0x08}, Payload: []byte{1}})
		err := readOgg(bytes.NewReader(b), func(p []byte, samples int) error {
			if len(p) > maxPacket || samples == 0 || samples > 63*2880 {
				t.Fatalf("%d bytes, %d samples", len(p), samples)
			}
			times.sound(p, samples)
			return nil
		})
		if err == nil {
			t.Fatal("it never ends")
		}
	})
}
