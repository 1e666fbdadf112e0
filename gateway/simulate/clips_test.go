package simulate

import (
	"bytes"
	"fmt"
	"io/fs"
	"os/exec"
	"testing"
)

func TestEmbeddedClipsAreCompleteAndSmall(t *testing.T) {
	t.Parallel()
	files, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	clips, err := loadClips(files, maxClips)
	if err != nil {
		t.Fatal(err)
	}
	scenes, times := map[int]bool{}, map[string]bool{}
	for _, c := range clips {
		scenes[c.Scene], times[c.Time] = true, true
		if c.Pictures < 10*c.FPS || c.Name == "" || c.NameEN == "" || c.Position[0] == 0 {
			t.Errorf("clip %+v", c.clipInfo)
		}
		for i, p := range c.main.pictures {
			if p.key != (i%100 == 0) || len(p.slices) != 1 {
				t.Errorf("%s: picture %d: key %v, %d slices", c.ID, i, p.key, len(p.slices))
			}
		}
	}
	if len(clips) < 8 || len(scenes) < 6 || len(times) < 2 {
		t.Errorf("%d clips of %d scenes at %d times of day", len(clips), len(scenes), len(times))
	}
	total := int64(0)
	err = fs.WalkDir(files, ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	if err != nil || total > 24<<20 {
		t.Errorf("%d bytes of clips, %v", total, err)
	}
}

func TestPixelsOfEmbeddedClipsTellTheirPlaceInTheLoop(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("decoding needs ffmpeg")
	}
	files, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	clips, err := loadClips(files, maxClips)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range clips {
		for _, q := range []Quality{Main, Sub} {
			t.Run(c.ID+"-"+string(q), func(t *testing.T) {
				t.Parallel()
				width, strip := 1280, 16
				if q == Sub {
					width, strip = 640, 8
				}
				b, err := fs.ReadFile(files, fmt.Sprintf("%s.%s.h264", c.ID, q))
				if err != nil {
					t.Fatal(err)
				}
				for i, gray := range bottoms(t, b, width, strip, c.Pictures) {
					scene, number, ok := ReadCode(gray, width, width, strip)
					if !ok || number != i || scene != c.Scene {
						t.Fatalf("picture %d tells scene %d, place %d, %v", i, scene, number, ok)
					}
				}
			})
		}
	}
}

// bottoms decodes n pictures and returns the luma of their last rows.
func bottoms(t *testing.T, h264 []byte, width, rows, n int) [][]byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-threads", "1", "-f", "h264", "-i", "-",
		"-vf", fmt.Sprintf("crop=iw:%d:0:ih-%d", rows, rows), "-f", "rawvideo", "-pix_fmt", "gray", "-fps_mode", "passthrough", "-")
	cmd.Stdin = bytes.NewReader(h264)
	var failed bytes.Buffer
	cmd.Stderr = &failed
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("decode: %v: %s", err, failed.String())
	}
	if len(out) != n*width*rows {
		t.Fatalf("%d bytes for %d pictures", len(out), n)
	}
	pictures := make([][]byte, n)
	for i := range pictures {
		pictures[i] = out[i*width*rows : (i+1)*width*rows]
	}
	return pictures
}
