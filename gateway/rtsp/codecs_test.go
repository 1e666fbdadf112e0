package rtsp

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"matthan/gateway"
	"matthan/gateway/simulate"
	"matthan/gateway/video"
)

// file reads a clip of the rig.
func file(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "simulate", "rig", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestH265AndJPEGComeOutAsTheCameraHasThem(t *testing.T) {
	t.Parallel()
	rig, err := simulate.StartRig(simulate.RigOptions{Profiles: []string{"h265", "mjpeg"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rig.Close)
	for _, transport := range []gateway.Transport{gateway.TCP, gateway.UDP} {
		t.Run("H.265 over "+string(transport), func(t *testing.T) {
			t.Parallel()
			sets := video.SplitAnnexB(file(t, "hevc.h265"))
			slices := map[string]int{} // to their place
			for _, n := range sets {
				if n[0]>>1&0x3f < 32 {
					slices[string(n)] = len(slices)
				}
			}
			got, s, err := collect(t, Config{URL: rig.URL("h265", simulate.Main), Transport: transport}, 30)
			if !errors.Is(err, errEnough) || len(slices) != 100 {
				t.Fatal(err, len(slices))
			}
			at := -1
			for i, au := range got {
				nalus := au.NALUs()
				place, ok := slices[string(nalus[len(nalus)-1])]
				if !ok || i > 0 && place != (at+1)%100 || au.Codec != video.H265 || au.Key != (place%25 == 0) {
					t.Fatalf("picture %d is %d after %d, %v; %+v", i, place, at, ok, au)
				}
				if at = place; !au.Key {
					continue
				}
				if len(nalus) != 4 || !bytes.Equal(bytes.Join(nalus[:3], nil), bytes.Join(sets[:3], nil)) {
					t.Fatalf("picture %d has %d NAL units", i, len(nalus))
				}
				if f := au.Format; f.Width != 320 || f.Height != 180 || f.Reorder {
					t.Fatalf("%+v", f)
				}
			}
			if !got[0].Key || len(s.Quirks()) > 0 {
				t.Errorf("key %v, %q", got[0].Key, s.Quirks())
			}
		})
		t.Run("JPEG over "+string(transport), func(t *testing.T) {
			t.Parallel()
			var photos []*image.YCbCr
			for _, b := range bytes.SplitAfter(file(t, "photos.mjpeg"), []byte{0xff, 0xd9}) {
				if len(b) > 0 {
					photos = append(photos, pixels(t, b))
				}
			}
			got, s, err := collect(t, Config{URL: rig.URL("mjpeg", simulate.Main), Transport: transport}, 12)
			if !errors.Is(err, errEnough) || len(photos) != 25 {
				t.Fatal(err, len(photos))
			}
			at := -1
			for i, au := range got {
				if f := au.Format; au.Codec != video.JPEG || !au.Key || f.Width != 320 || f.Height != 176 {
					t.Fatalf("%+v, %+v", au, f)
				}
				is, place := pixels(t, au.NALUs()[0]), -1
				for k, p := range photos {
					if bytes.Equal(p.Y, is.Y) && bytes.Equal(p.Cb, is.Cb) && bytes.Equal(p.Cr, is.Cr) {
						place = k
					}
				}
				if place < 0 || i > 0 && place != (at+1)%25 {
					t.Fatalf("picture %d is %d after %d", i, place, at)
				}
				at = place
			}
			if len(s.Quirks()) > 0 {
				t.Errorf("%q", s.Quirks())
			}
		})
	}
}

func pixels(t *testing.T, b []byte) *image.YCbCr {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m.(*image.YCbCr)
}
