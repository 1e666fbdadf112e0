package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"matthan/gateway"
	"matthan/gateway/rtsp"
	"matthan/gateway/video"
)

// otherClips are two seconds each of what is not H.264, by the name that
// testdata/rtsp.py knows them by, with what ffmpeg makes them of.
var otherClips = []struct {
	name, kind string
	how        []string
}{
	{"hevc", "h265", []string{"-c:v", "libx265", "-x265-params", "log-level=none:pools=1:frame-threads=1:keyint=25:min-keyint=25:scenecut=0:bframes=0"}},
	{"hevc-b", "h265", []string{"-c:v", "libx265", "-x265-params", "log-level=none:pools=1:frame-threads=1:keyint=25:min-keyint=25:scenecut=0:bframes=2:b-adapt=0:open-gop=0"}},
	{"photos", "mjpeg", []string{"-c:v", "mjpeg", "-huffman", "default", "-q:v", "6", "-pix_fmt", "yuvj420p", "-color_range", "pc"}},
}

// TestServersOfOthersSendH265AndJPEG pulls what GStreamer's and ffmpeg's packetizers
// make of H.265, which must come out bit for bit, and of JPEG, whose pixels must.
func TestServersOfOthersSendH265AndJPEG(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("encoding needs ffmpeg")
	}
	if what := missingGStreamer(); what != "" {
		t.Skip("it is skipped without " + what)
	}
	dir := t.TempDir()
	named := func(name string) string { return filepath.Join(dir, name) }
	var matroska, descriptions []string
	ports := pairsOfPorts(t, 3*len(otherClips))
	places := map[string]map[string]int{}
	for i, c := range otherClips {
		once, bare, minute, sdp := named(c.name+".mp4"), named(c.name+"."+c.kind), named(c.name+".mkv"), named(c.name+".sdp")
		format := map[string]string{"h265": "hevc", "mjpeg": "mjpeg"}[c.kind]
		for _, args := range [][]string{
			append(append([]string{"-f", "lavfi", "-i", "testsrc2=size=320x176:rate=25", "-frames:v", fmt.Sprint(foreignRound), "-pix_fmt", "yuv420p", "-threads", "1"}, c.how...), once),
			{"-i", once, "-c", "copy", "-f", format, bare},
			{"-stream_loop", "29", "-i", once, "-c", "copy", minute},
		} {
			if out, err := exec.Command("ffmpeg", append([]string{"-v", "error", "-nostdin"}, args...)...).CombinedOutput(); err != nil {
				t.Skipf("this ffmpeg makes no %s: %v: %s", c.name, err, out)
			}
		}
		places[c.name] = placesOf(t, bare, c.kind)
		args := []string{"-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", once, "-sdp_file", sdp}
		for _, port := range ports[3*i : 3*i+3] {
			args = append(args, "-c", "copy", "-f", "rtp", fmt.Sprintf("rtp://127.0.0.1:%d", port))
		}
		startProgram(t, nil, exec.Command("ffmpeg", args...))
		matroska, descriptions = append(matroska, minute), append(descriptions, sdp)
	}
	for _, file := range descriptions {
		awaitFile(t, file)
	}
	plain, secure := serveByGStreamer(t, matroska)
	sentPlain, sentSecure := serveByGStreamer(t, descriptions)
	for server, served := range map[string]map[way]string{
		"GStreamer": {byTCP: plain + "/%s", byUDP: plain + "/%s", byTLS: secure + "/%s"},
		"ffmpeg":    {byTCP: sentPlain + "/%s/0", byUDP: sentPlain + "/%s/1", byTLS: sentSecure + "/%s/2"},
	} {
		for w, address := range served {
			for _, c := range otherClips {
				t.Run(fmt.Sprintf("%s/%s/%s", server, c.name, w), func(t *testing.T) {
					t.Parallel()
					cfg := rtsp.Config{URL: fmt.Sprintf(address, c.name), Transport: gateway.Transport(w)}
					if w == byTLS {
						cfg.Transport, cfg.InsecureTLS, cfg.Login = gateway.TCP, true, gateway.Login{User: "viewer", Password: canary}
					}
					err := followsClip(t, cfg, places[c.name])
					if err != nil { // a machine that stops for a moment loses datagrams
						t.Log(err)
						err = followsClip(t, cfg, places[c.name])
					}
					if err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
}

// placesOf are the pictures of a clip by their place in it: the slices of H.265, or
// the pixels.
func placesOf(t *testing.T, file, kind string) map[string]int {
	t.Helper()
	places := map[string]int{}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if kind == "h265" {
		for _, n := range video.SplitAnnexB(b) {
			if _, ok := sliceOf(n, true); ok {
				places[string(n)] = len(places)
			}
		}
	} else {
		for _, p := range bytes.SplitAfter(b, []byte{0xff, 0xd9}) {
			if len(p) > 0 {
				places[pixelsOf(p)] = len(places)
			}
		}
	}
	if len(places) != foreignRound {
		t.Fatalf("%s has %d pictures that differ", file, len(places))
	}
	return places
}

// pixelsOf are those of a JPEG, "" where it cannot be decoded.
func pixelsOf(b []byte) string {
	m, err := jpeg.Decode(bytes.NewReader(b))
	if p, ok := m.(*image.YCbCr); ok && err == nil {
		return string(p.Y) + string(p.Cb) + string(p.Cr)
	}
	return ""
}

// followsClip pulls a round and more, and compares each picture.
func followsClip(t *testing.T, cfg rtsp.Config, places map[string]int) error {
	t.Helper()
	s, err := rtsp.New(cfg)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(t.Context(), patience, errors.New("it took too long"))
	defer cancel()
	count, at, wrong := 0, 0, error(nil)
	enough := errors.New("enough")
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	err = s.Run(ctx, func(au *video.AccessUnit) {
		is := ""
		for _, n := range au.NALUs() {
			if au.Codec == video.JPEG {
				is = pixelsOf(n)
			} else if _, ok := sliceOf(n, true); ok {
				is += string(n)
			}
		}
		place, ok := places[is]
		switch {
		case !ok:
			wrong = fmt.Errorf("picture %d is none of the clip: %d bytes of %v", count, au.Size(), au.Codec)
		case count > 0 && place != (at+1)%foreignRound:
			wrong = fmt.Errorf("picture %d is that at %d, after %d", count, place, at)
		case au.Format.Width != 320 || au.Format.Height != 176:
			wrong = fmt.Errorf("picture %d of %dx%d", count, au.Format.Width, au.Format.Height)
		}
		at = place
		if count++; count > foreignRound || wrong != nil {
			stop(enough)
		}
	})
	if wrong == nil && !errors.Is(err, enough) {
		wrong = fmt.Errorf("after %d pictures: %w", count, err)
	}
	return wrong
}
