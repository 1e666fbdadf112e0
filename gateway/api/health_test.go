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
