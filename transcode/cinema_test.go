package transcode

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// cinema is a camera that plays what it is given, once and again.
type cinema struct{ *plant }

// reel is its source.
type reel []*video.AccessUnit

func (r reel) Run(ctx context.Context, publish func(*video.AccessUnit)) error {
	tick := time.NewTicker(40 * time.Millisecond)
	defer tick.Stop()
	for i := 0; ; i++ {
		au := *r[i%len(r)]
		au.PTS, au.Captured, au.Arrived = au.PTS+int64(i/len(r)*len(r))*3600, time.Now(), time.Now()
		publish(&au)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func newCinema(t testing.TB, masks []gateway.Mask, plays []*video.AccessUnit) *cinema {
	t.Helper()
	c := &cinema{&plant{rig: &rig{t: t}, inventory: &changing{}}}
	c.list = []gateway.Camera{{ID: "cam0", Name: "x", Area: "ward", Kind: gateway.Public, Main: "rtsp://192.0.2.1/", Masks: masks}}
	c.inventory.set(t, c.list)
	log := slog.New(slog.DiscardHandler)
	if testing.Verbose() {
		log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	c.hub = gateway.NewHub(c.inventory, gateway.Limits{Linger: 100 * time.Millisecond}, log, func(gateway.Camera, gateway.Quality) (gateway.Source, error) { return reel(plays), nil })
	c.rungs = NewRungs(RungsConfig{FFmpeg: "ffmpeg", Most: 10}, c.hub, log)
	c.hub.Rungs = c.rungs
	c.run(c.hub.Run)
	c.run(func(ctx context.Context) error { c.rungs.Run(ctx); return nil })
	return c
}

func (c *cinema) watch(t testing.TB, q gateway.Quality) *watched { return c.plant.watch(t, 0, q) }

// clip is the first pictures of a clip, by the assembler's rules.
func clip(t testing.TB, quality string, n int) []*video.AccessUnit {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "gateway", "simulate", "clips", "hang-dua-pho-moi."+quality+".h264"))
	if err != nil {
		t.Fatal(err)
	}
	return unitsOf(t, video.H264, b, n)
}

// unitsOf cuts a byte stream into access units of one slice each.
func unitsOf(t testing.TB, codec video.Codec, b []byte, n int) (aus []*video.AccessUnit) {
	t.Helper()
	var nalus [][]byte
	var format *video.Format
	for _, nalu := range video.SplitAnnexB(b) {
		if !decodes(codec, nalu) {
			continue
		}
		nalus = append(nalus, nalu)
		slice, key := video.TypeOf(nalu).VCL(), video.TypeOf(nalu) == video.NALUIDR
		if codec == video.H265 {
			kind := nalu[0] >> 1 & 0x3f
			slice, key = kind < 32, kind >= 16 && kind <= 21
			format = h265
		}
		if !slice {
			if f, err := video.ParseSPS(nalu); err == nil && (format == nil || *format != *f) {
				format = f
			}
			continue
		}
		au := &video.AccessUnit{Codec: codec, Format: format, Key: key, PTS: int64(len(aus)) * 3600, Payloads: nalus}
		if codec == video.H264 {
			au.Payloads = video.Packetize(nalus, video.MaxPayload)
		}
		aus = append(aus, au)
		if nalus = nil; len(aus) == n {
			return aus
		}
	}
	t.Fatal(errors.New("the clip is shorter"))
	return nil
}

// h265 and mjpeg are what clips are made into.
var (
	h265  = &video.Format{Codec: video.H265, Width: 640, Height: 360}
	mjpeg = &video.Format{Codec: video.JPEG, Width: 640, Height: 360}
)

// recode has ffmpeg encode a clip's small stream in another way.
func recode(t testing.TB, args ...string) []byte {
	t.Helper()
	in := filepath.Join("..", "gateway", "simulate", "clips", "hang-dua-pho-moi.sub.h264")
	cmd := exec.CommandContext(t.Context(), "ffmpeg", append([]string{"-v", "error", "-r", "25", "-f", "h264", "-i", in, "-frames:v", "60"}, append(args, "pipe:1")...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Skip("ffmpeg cannot make this")
	}
	return out
}
