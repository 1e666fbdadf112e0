package api

import (
	"slices"
	"testing"
	"time"

	"matthan/gateway"
)

func TestAQuirkOfBothStreamsIsToldOnce(t *testing.T) {
	t.Parallel()
	at := func(s int64) time.Time { return time.Unix(s, 0) }
	docs := describeQuirks(gateway.Camera{}, []gateway.StreamDay{
		{Quality: gateway.Main, Quirks: []gateway.Met{{Quirk: gateway.QuirkMarker, Since: at(20), Last: at(40)}, {Quirk: "unheard of", Since: at(1), Last: at(2)}}},
		{Quality: gateway.Sub, Quirks: []gateway.Met{{Quirk: gateway.QuirkClock, Since: at(11), Last: at(30)}, {Quirk: gateway.QuirkMarker, Since: at(10), Last: at(30)}}},
	})
	if len(docs) != 2 || docs[0].Code != "quirk_marker" || docs[1].Code != "quirk_clock" {
		t.Fatalf("%+v", docs)
	}
	if d := docs[0]; !slices.Equal(d.Streams, []gateway.Quality{gateway.Main, gateway.Sub}) || d.Since != 10_000 || d.Last != 40_000 || d.Do != nil {
		t.Errorf("%+v", d)
	}
	if d := docs[1]; !slices.Equal(d.Streams, []gateway.Quality{gateway.Sub}) || d.Since != 11_000 || d.Last != 30_000 || d.Do == nil {
		t.Errorf("%+v", d)
	}
}

func TestAStreamIsToldHowItGoesToViewersAndWhyNotAsItIs(t *testing.T) {
	t.Parallel()
	masked := gateway.Camera{Masks: []gateway.Mask{{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 0, Y: 1}}}}
	b := []gateway.Met{{Quirk: gateway.QuirkReorder}}
	for name, tt := range map[string]struct {
		camera             gateway.Camera
		stream             gateway.StreamDay
		with, without, why string // with rungs, and without
	}{
		"H.264":                     {gateway.Camera{}, gateway.StreamDay{Quality: gateway.Main, Codec: "H264"}, "pass", "pass", ""},
		"H.265":                     {gateway.Camera{}, gateway.StreamDay{Quality: gateway.Main, Codec: "H265"}, "some", "some", "codec"},
		"MJPEG":                     {gateway.Camera{}, gateway.StreamDay{Quality: gateway.Sub, Codec: "JPEG"}, "rung", "refused", "codec"},
		"B-frames":                  {gateway.Camera{}, gateway.StreamDay{Quality: gateway.Main, Codec: "H264", Quirks: b}, "rung", "pass", "b_frames"},
		"masks":                     {masked, gateway.StreamDay{Quality: gateway.Main, Codec: "H264"}, "rung", "refused", "masks"},
		"masks, and never measured": {masked, gateway.StreamDay{Quality: gateway.Main}, "rung", "refused", "masks"},
		"a mark":                    {gateway.Camera{Marked: true}, gateway.StreamDay{Quality: gateway.Main, Codec: "H264"}, "rung", "refused", "mark"},
		"never measured":            {gateway.Camera{}, gateway.StreamDay{Quality: gateway.Main}, "", "", ""},
		"a rung":                    {gateway.Camera{}, gateway.StreamDay{Quality: gateway.Low, Codec: "H264"}, "rung", "rung", ""},
		"a rung with masks":         {masked, gateway.StreamDay{Quality: gateway.Full, Codec: "H264"}, "rung", "rung", "masks"},
	} {
		if way, why := wayOf(tt.camera, tt.stream, true); way != tt.with || why != tt.why {
			t.Errorf("%s, with rungs: %q %q", name, way, why)
		}
		if way, why := wayOf(tt.camera, tt.stream, false); way != tt.without || why != tt.why {
			t.Errorf("%s, without: %q %q", name, way, why)
		}
	}
}
