package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/rtsp"
	"matthan/gateway/video"
)

// What another's server says of its sound, and how it packs it.
func TestServersOfOthersAreHeard(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("encoding needs ffmpeg")
	}
	if what := missingGStreamer(); what != "" {
		t.Skip("it is skipped without " + what)
	}
	codings := []struct {
		name  string
		codec gateway.SoundCodec
		args  []string
	}{
		{"pcmu", gateway.PCMU, []string{"-c:a", "pcm_mulaw", "-ar", "8000"}},
		{"pcma", gateway.PCMA, []string{"-c:a", "pcm_alaw", "-ar", "8000"}},
		{"opus", gateway.Opus, []string{"-c:a", "libopus", "-ar", "48000"}},
		{"aac", gateway.AAC, []string{"-c:a", "aac", "-ar", "16000"}},
	}
	dir := t.TempDir()
	var files []string
	for _, c := range codings {
		file := filepath.Join(dir, "sound-"+c.name+".mkv")
		args := append([]string{"-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-f", "lavfi", "-i", "sine=frequency=1000",
			"-t", "30", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-threads", "1", "-preset", "veryfast", "-g", "25", "-bf", "0", "-ac", "1"}, append(c.args, file)...)
		if out, err := exec.Command("ffmpeg", args...).CombinedOutput(); err != nil {
			t.Fatalf("ffmpeg: %v: %s", err, out)
		}
		if err := os.Chmod(file, 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	plain, _ := serveByGStreamer(t, files)
	for _, c := range codings {
		for _, way := range []gateway.Transport{gateway.TCP, gateway.UDP} {
			t.Run(fmt.Sprintf("%s over %s", c.name, way), func(t *testing.T) {
				t.Parallel()
				hearForeign(t, rtsp.Config{URL: plain + "/sound-" + c.name, Transport: way}, c.codec)
			})
		}
	}
}

// hearForeign runs a source until pictures and a second of sound have come.
func hearForeign(t *testing.T, cfg rtsp.Config, codec gateway.SoundCodec) {
	t.Helper()
	src, err := rtsp.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	var pictures atomic.Int64
	var first, last *gateway.Sound
	src.Hear(func(p *gateway.Sound) {
		if p.Codec != codec || p.Captured.After(p.Arrived) || last != nil && p.PTS <= last.PTS {
			t.Errorf("%+v", p)
		}
		if first == nil {
			first = p
		}
		if last = p; pictures.Load() > 10 && p.PTS-first.PTS >= int64(2*p.Rate) {
			end(enough)
		}
	})
	if err := src.Run(ctx, func(*video.AccessUnit) { pictures.Add(1) }); !errors.Is(err, enough) {
		t.Fatalf("%v after %d pictures", err, pictures.Load())
	}
	if over := last.Captured.Sub(first.Captured) - 2*time.Second; over < -time.Second || over > time.Second {
		t.Errorf("two seconds of sound were taken in %v", over+2*time.Second)
	}
}
