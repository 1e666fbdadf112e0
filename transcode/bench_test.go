//go:build bench

package transcode

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// TestBenchRungs measures what docs/performance.md says of rungs. The pictures
// that are sized up first are encoded as a camera's.
func TestBenchRungs(t *testing.T) {
	needFFmpeg(t)
	sized := func(w, h int, codec ...string) []*video.AccessUnit {
		in := filepath.Join("..", "gateway", "simulate", "clips", "hang-dua-pho-moi.main.h264")
		args := []string{"-v", "error", "-r", "25", "-f", "h264", "-i", in, "-frames:v", "100", "-vf", fmt.Sprintf("scale=%d:%d", w, h)}
		out, err := exec.CommandContext(t.Context(), "ffmpeg", append(append(args, codec...), "pipe:1")...).Output()
		if err != nil {
			t.Fatal(err)
		}
		if codec[1] == "libx265" {
			h265 = &video.Format{Codec: video.H265, Width: w, Height: h}
			return unitsOf(t, video.H265, out, 100)
		}
		return unitsOf(t, video.H264, out, 100)
	}
	h264 := []string{"-c:v", "libx264", "-preset", "fast", "-bf", "0", "-g", "100", "-f", "h264"}
	hevc := []string{"-c:v", "libx265", "-preset", "superfast", "-x265-params", "keyint=100:bframes=0:log-level=none:open-gop=0", "-f", "hevc"}
	t.Log("| rung | of | first picture, p50 / worst, ms | added, p50 / p95 / p99, ms | CPU, ms a second | units |")
	for _, is := range []struct {
		name  string
		plays []*video.AccessUnit
		q     gateway.Quality
		masks []gateway.Mask
		mark  string
	}{
		{"640x360", clip(t, "sub", 300), gateway.Low, nil, ""},
		{"1280x720", clip(t, "main", 300), gateway.Low, nil, ""},
		{"1280x720", clip(t, "main", 300), gateway.Full, nil, ""},
		{"1280x720, two masks", clip(t, "main", 300), gateway.Full, twoMasks, ""},
		{"1280x720, a mark", clip(t, "main", 300), gateway.Full, nil, "ABC-1234"},
		{"1280x720 H.265", sized(1280, 720, hevc...), gateway.Full, nil, ""},
		{"1920x1080", sized(1920, 1080, h264...), gateway.Low, nil, ""},
		{"1920x1080", sized(1920, 1080, h264...), gateway.Full, nil, ""},
		{"2560x1440", sized(2560, 1440, h264...), gateway.Full, nil, ""},
	} {
		t.Run(is.name+" "+string(is.q), func(t *testing.T) {
			c := newCinema(t, is.masks, is.plays)
			if is.mark != "" {
				c.list[0].Marked = true
				c.inventory.set(t, c.list)
			}
			t.Log(benchRung(t, is.name, is.q, is.mark, c))
		})
	}
}

// benchRung is a row of the table.
func benchRung(t *testing.T, name string, q gateway.Quality, mark string, c *cinema) string {
	_, release, err := c.hub.Behind().Open(gateway.StreamID{Camera: "cam0", Quality: gateway.Main}) // watched anyway
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	<-c.rungs.tested
	var starts, added []time.Duration
	for i := range 7 {
		<-time.After(time.Duration(600+130*i) * time.Millisecond) // at another place in the GOP
		begun := time.Now()
		w := c.watchMarked(t, 0, q, mark)
		w.take(1)
		starts = append(starts, time.Since(begun))
		if i < 6 {
			w.leave()
			c.kill(t, w.stream)
			continue
		}
		before, from := c.rungs.Figures(), time.Now()
		for len(added) < 500 {
			<-w.news
			aus, _ := w.stream.After(w.pos)
			for _, au := range aus {
				w.pos = au.Number
				added = append(added, time.Since(au.Arrived))
			}
		}
		f, took := c.rungs.Figures(), time.Since(from)
		slices.Sort(starts)
		slices.Sort(added)
		ms := func(all []time.Duration, percent int) float64 {
			return float64(all[(len(all)-1)*percent/100].Microseconds()) / 1000
		}
		return fmt.Sprintf("| %s | %s | %.0f / %.0f | %.1f / %.1f / %.1f | %.0f | %.2f |", q, name, ms(starts, 50), ms(starts, 100),
			ms(added, 50), ms(added, 95), ms(added, 99), float64((f.CPU-before.CPU).Milliseconds())/took.Seconds(), f.Cost)
	}
	return ""
}

// kill waits until a rung that nobody watches any more has ended.
func (c *cinema) kill(t *testing.T, s *gateway.Stream) {
	until(t, "the rung ends", func() bool { return c.hub.Pulled(s.ID()) == nil && c.rungs.Figures().Running == 0 })
}
