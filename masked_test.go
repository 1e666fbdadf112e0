package main

import (
	"bytes"
	"os/exec"
	"testing"

	"matthan/gateway"
	"matthan/gateway/simulate"
	"matthan/gateway/video"
)

// From the camera to a player that asks for each of its streams by name.
func TestAPlayerSeesACameraWithMasksAndNothingBehindThem(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("rungs need ffmpeg")
	}
	l := startLive(t, simulate.Options{Cameras: 1, StartWithKey: true}, func(c *Config) {
		list := append([]gateway.Camera{}, c.Inventory.Cameras()...)
		list[0].Masks = []gateway.Mask{{{X: 0.5, Y: 0.1}, {X: 0.9, Y: 0.1}, {X: 0.9, Y: 0.5}, {X: 0.5, Y: 0.5}}}
		var err error
		if c.Inventory, err = gateway.NewList(c.Inventory.Areas(), list); err != nil {
			t.Fatal(err)
		}
	})
	for query, size := range map[string][2]int{"": {1280, 720}, "?stream=main": {1280, 720}, "?stream=sub": {640, 360}, "?stream=auto": {1280, 720}} {
		p, err := l.play("cam0" + query)
		defer p.close()
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		var in []byte
		n := 0
		for ; n < 20; n++ {
			pic, err := p.next()
			if err != nil {
				t.Fatalf("%s: %v", query, err)
			}
			for _, nalu := range pic.nalus {
				in = append(append(in, 0, 0, 0, 1), nalu...)
			}
		}
		f, err := video.ParseSPS(video.SplitAnnexB(in)[0])
		if err != nil || f.Width != size[0] || f.Height != size[1] || f.Reorder {
			t.Fatalf("%s: %+v, %v", query, f, err)
		}
		cmd := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-r", "25", "-f", "h264", "-i", "pipe:0", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1")
		cmd.Stdin = bytes.NewReader(in)
		gray, err := cmd.Output()
		if err != nil || len(gray) != n*f.Width*f.Height {
			t.Fatalf("%s: %d bytes, %v", query, len(gray), err)
		}
		bright := 0
		for i, v := range gray {
			at := i % (f.Width * f.Height)
			x, y := at%f.Width, at/f.Width
			switch {
			case x > f.Width/2 && x < f.Width*9/10 && y > f.Height/10 && y < f.Height/2:
				if v > 40 {
					t.Fatalf("%s: pixel %d, %d behind the mask is %d", query, x, y, v)
				}
			case v > 60:
				bright++
			}
		}
		if bright < len(gray)/10 {
			t.Errorf("%s: nothing is seen", query)
		}
	}
}
