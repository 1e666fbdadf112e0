package transcode

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"matthan/gateway"
	"matthan/gateway/simulate"
	"matthan/gateway/video"
)

// jpegs cuts JPEGs that stand one after the other.
func jpegs(b []byte) (aus []*video.AccessUnit) {
	for len(b) > 0 {
		end := bytes.Index(b, []byte{0xff, 0xd9})
		if end < 0 {
			break
		}
		aus = append(aus, &video.AccessUnit{Codec: video.JPEG, Format: mjpeg, Key: true, PTS: int64(len(aus)) * 3600, Payloads: [][]byte{b[:end+2]}})
		b = b[end+2:]
	}
	return aus
}

// reordered gives pictures the times that ffmpeg says they have.
func reordered(t testing.TB, aus []*video.AccessUnit, list string) []*video.AccessUnit {
	t.Helper()
	i := 0
	for line := range strings.Lines(list) {
		f := strings.Split(line, ",")
		if strings.HasPrefix(line, "#") || len(f) < 3 || i == len(aus) {
			continue
		}
		pts, err := strconv.ParseInt(strings.TrimSpace(f[2]), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		format := *aus[i].Format
		format.Reorder = true
		aus[i].PTS, aus[i].Format = (pts+2)*3600, &format
		i++
	}
	return aus
}

func TestARungIsMadeOfEveryCodec(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	x264 := []string{"-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-b_strategy", "0", "-g", "30", "-threads", "1"}
	for name, plays := range map[string]func(testing.TB) []*video.AccessUnit{
		"H.265": func(t testing.TB) []*video.AccessUnit {
			return unitsOf(t, video.H265, recode(t, "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=30:bframes=0:log-level=none:open-gop=0", "-f", "hevc"), 60)
		},
		"MJPEG": func(t testing.TB) []*video.AccessUnit {
			return jpegs(recode(t, "-c:v", "mjpeg", "-q:v", "4", "-f", "mjpeg"))
		},
		"B-frames": func(t testing.TB) []*video.AccessUnit {
			aus := unitsOf(t, video.H264, recode(t, append(x264, "-f", "h264")...), 60)
			return reordered(t, aus, string(recode(t, append(x264, "-f", "framecrc")...)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			aus := plays(t)
			if len(aus) != 60 {
				t.Fatalf("%d pictures", len(aus))
			}
			c := newCinema(t, twoMasks[1:], aus)
			for _, q := range []gateway.Quality{gateway.Full, gateway.Low} {
				made := c.watch(t, q).take(50)
				pictures, w, h := frames(t, made)
				before := -1
				for i, one := range pictures {
					black(t, name, one, w, h, twoMasks[1:])
					_, number, ok := simulate.ReadCode(one, w, w, h)
					if !ok || before >= 0 && number != (before+1)%60 {
						t.Fatalf("%s: picture %d after %d, %v", q, number, before, ok)
					}
					before = number
					if i > 0 && made[i].PTS <= made[i-1].PTS {
						t.Errorf("%s: time runs back from %d to %d", q, made[i-1].PTS, made[i].PTS)
					}
				}
			}
		})
	}
}

func TestAStillIsMadeOfEveryCodec(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	for name, au := range map[string]*video.AccessUnit{
		"H.265": unitsOf(t, video.H265, recode(t, "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=30:bframes=0:log-level=none:open-gop=0", "-f", "hevc"), 60)[0],
		"MJPEG": jpegs(recode(t, "-c:v", "mjpeg", "-q:v", "4", "-f", "mjpeg"))[0],
	} {
		for _, masks := range [][]gateway.Mask{nil, twoMasks} {
			still, err := ffmpeg.decode(t.Context(), au, 320, masks)
			if err != nil || still.Width != 320 {
				t.Errorf("%s: %dx%d, %v", name, still.Width, still.Height, err)
			}
		}
	}
}
