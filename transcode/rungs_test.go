package transcode

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// phases are how many streams are live, and how many were refused for want of room.
func phases(all []*watched) (live, refused int) {
	for _, w := range all {
		switch st := w.stream.State(); {
		case st.Phase == gateway.Live:
			live++
		case st.Cause == gateway.CauseRungsFull:
			refused++
		}
	}
	return live, refused
}

func TestNoMoreRungsAreMadeThanTheMachineCarries(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	const asked, carried = 20, 3
	// A small one of a small stream costs a quarter of a unit; three fit.
	p := newPlant(t, asked, RungsConfig{Most: 1}, nil)
	p.rungs.room.most = 0.8
	var all []*watched
	for i := range asked {
		all = append(all, p.watch(t, i, gateway.Low))
	}
	until(t, "three run and the others are told", func() bool { live, refused := phases(all); return live == carried && refused == asked-carried })
	if f := p.rungs.Figures(); f.Running != carried || f.Started != carried || f.Refused < asked-carried || f.Cost > f.Most {
		t.Errorf("%+v", f)
	}
	until(t, "no camera is pulled for a rung that has no room", func() bool { return p.hub.Pulls() == carried })
	for _, w := range all {
		if w.stream.State().Phase == gateway.Live {
			w.leave() // another has its turn
			break
		}
	}
	until(t, "another runs", func() bool { return p.rungs.Figures().Started == carried+1 })
}

func TestARungGivesWayToThatOfACameraWithMasks(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	p := newPlant(t, 3, RungsConfig{Most: 1}, func(i int, c *gateway.Camera) {
		if i == 2 {
			c.Masks = twoMasks
		}
	})
	first, second := p.watch(t, 0, gateway.Low), p.watch(t, 1, gateway.Low)
	first.take(1)
	second.take(1)
	with := p.watch(t, 2, gateway.Low) // half a unit: it is made of the large stream
	p.rungs.room.mu.Lock()
	p.rungs.room.most = 0.8
	p.rungs.room.mu.Unlock()
	with.take(1)
	if _, refused := phases([]*watched{first, second}); refused > 1 {
		t.Errorf("%d gave way", refused)
	}
	third := p.watch(t, 2, gateway.Full) // does not fit at all, and nobody gives way for it
	until(t, "it is told", func() bool { return third.stream.State().Cause == gateway.CauseRungsFull })
	with.take(30)
}

func TestAHungRungIsKilledAndComesBack(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	ran := filepath.Join(t.TempDir(), "ran")
	// The first is the test of the encoder; the second takes what it is given. It may
	// write no file.
	p := newPlant(t, 1, RungsConfig{Most: 10, FFmpeg: script(t, `if ! mkdir `+ran+`1 2>&-; then mkdir `+ran+`2 2>&- && exec cat > /dev/null; fi; exec `+lookFFmpeg(t)+` "$@"`)}, nil)
	began := time.Now()
	p.watch(t, 0, gateway.Low).take(5)
	if f := p.rungs.Figures(); f.Failed != 1 || f.Started != 2 {
		t.Errorf("%+v after %v", f, time.Since(began))
	}
}

func TestAnEncoderThatIsMissingIsToldOfAndSoftwareTakesItsPlace(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	for name, want := range map[string]string{EncoderVAAPI: EncoderSoftware, EncoderNVENC: EncoderSoftware, EncoderQSV: EncoderSoftware, EncoderAuto: EncoderSoftware} {
		if _, err := os.Stat("/dev/nvidia0"); err == nil {
			t.Skip("this machine has others")
		}
		p := newPlant(t, 1, RungsConfig{Most: 10, Encoder: name, Device: "/dev/dri/none"}, nil)
		<-p.rungs.tested
		if got := p.rungs.Figures().Encoder; got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	// As before version 5.1.
	old := newPlant(t, 1, RungsConfig{Most: 10, FFmpeg: script(t, `case "$*" in *-fps_mode*) echo "Unrecognized option 'fps_mode'." >&2; exit 1;; esac; exec `+lookFFmpeg(t)+` "$@"`)}, nil)
	old.watch(t, 0, gateway.Low).take(2)
	p := newPlant(t, 1, RungsConfig{Most: 10, FFmpeg: script(t, `echo "Unknown encoder 'libx264'" >&2; exit 1`)}, nil)
	<-p.rungs.tested
	if _, _, err := p.hub.Open(gateway.StreamID{Camera: "cam0", Quality: gateway.Low}); !errors.Is(err, gateway.ErrNoRungs) || !strings.Contains(err.Error(), "libx264") {
		t.Errorf("%v", err)
	}
}

func TestARungIsToldNothingOfOurs(t *testing.T) {
	t.Setenv("MATTHAN_CANARY", "canary")
	file := filepath.Join(t.TempDir(), "file")
	p := newPlant(t, 1, RungsConfig{Most: 10, FFmpeg: script(t, `env >&2; echo x > `+file+`; echo wrote $(cat `+file+`) >&2; exit 1`)}, nil)
	<-p.rungs.tested
	if err := p.rungs.broken; err == nil || strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "PWD") || strings.Contains(err.Error(), "wrote x") {
		t.Errorf("%v", err)
	}
	plan := plan{in: video.Format{Codec: video.H264, Width: 1280, Height: 720}, rate: 25, width: 640, height: 360}
	if args := strings.Join(plan.arguments(encoderOf(EncoderSoftware, "")), " "); !strings.Contains(args, "-protocol_whitelist pipe -format_whitelist matroska,webm -codec_whitelist h264 ") {
		t.Error(args)
	}
}

// What ffmpeg writes is as foreign as what a camera sends it.
func FuzzFLV(f *testing.F) {
	head := []byte("FLV\x01\x01\x00\x00\x00\x09\x00\x00\x00\x00")
	tag := func(body ...byte) []byte {
		n := len(body)
		return append(append([]byte{9, byte(n >> 16), byte(n >> 8), byte(n), 0, 0, 40, 0, 0, 0, 0}, body...), 0, 0, 0, 0)
	}
	sps := []byte{0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x00, 0xa0, 0x5b, 0x20}
	record := tag(append(append([]byte{0x17, 0, 0, 0, 0, 1, 66, 0, 30, 0xff, 0xe1, 0, byte(len(sps))}, sps...), 1, 0, 2, 0x68, 0xce)...)
	picture := tag(0x17, 1, 0, 0, 0, 0, 0, 0, 2, 0x65, 0x88)
	f.Add(append(append(append([]byte{}, head...), record...), picture...))
	f.Add(append(append([]byte{}, head...), picture...))
	f.Add(append(append([]byte{}, head...), 9, 0xff, 0xff, 0xff))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := flv{r: bufio.NewReader(bytes.NewReader(b))}
		for range 1000 {
			p, err := r.next()
			if err != nil {
				return
			}
			if len(p.nalus) == 0 || r.format == nil {
				t.Fatal("a picture of nothing")
			}
		}
	})
}

func TestSizesOfRungs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		q            gateway.Quality
		w, h         int
		wantW, wantH int
	}{
		{gateway.Full, 1920, 1080, 1920, 1080}, {gateway.Full, 1281, 721, 1280, 720},
		{gateway.Low, 1920, 1080, 640, 360}, {gateway.Low, 2560, 1440, 640, 360}, {gateway.Low, 352, 288, 352, 288},
		{gateway.Low, 1280, 960, 480, 360}, {gateway.Low, 1080, 1920, 360, 640}, {gateway.Low, 4000, 20, 640, 2}, {gateway.Low, 1, 1, 2, 2},
	} {
		if w, h := sizeOf(tt.q, tt.w, tt.h); w != tt.wantW || h != tt.wantH {
			t.Errorf("%s of %dx%d: %dx%d", tt.q, tt.w, tt.h, w, h)
		}
	}
	unit := plan{in: video.Format{Codec: video.H264, Width: 1280, Height: 720}, rate: 25, width: 1280, height: 720}
	if c := unit.cost(); fmt.Sprintf("%.3f", c) != "1.000" {
		t.Errorf("a unit costs %v", c)
	}
}
