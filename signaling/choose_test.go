package signaling

import (
	"slices"
	"testing"

	"matthan/gateway"
	"matthan/gateway/rtc"
)

func TestWhatIsSentFollowsTheTilesSizeAndWhatWasChosen(t *testing.T) {
	t.Parallel()
	both, alone := gateway.Camera{ID: "a", Main: "m", Sub: "s"}, gateway.Camera{ID: "a", Main: "m"}
	masked := gateway.Camera{ID: "a", Main: "m", Sub: "s", Masks: []gateway.Mask{{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}}}}
	const main, sub, full, low = gateway.Main, gateway.Sub, gateway.Full, gateway.Low
	none, made := rtc.Means{}, rtc.Means{Made: true}
	deaf := rtc.Means{Made: true, Plays: func(gateway.Quality) bool { return false }}
	for _, c := range []struct {
		name   string
		cam    gateway.Camera
		asked  View
		thin   bool
		means  rtc.Means
		stream gateway.Quality
		begin  gateway.Quality
		gentle bool
		ladder []gateway.Quality
	}{
		{"large", both, View{}, false, none, main, sub, false, []gateway.Quality{main, sub}},
		{"large, on a thin link", both, View{Stream: "auto"}, true, none, main, sub, true, []gateway.Quality{main, sub}},
		{"small", both, View{Small: true}, true, none, sub, main, false, []gateway.Quality{sub}},
		{"no small stream", alone, View{Small: true}, false, none, main, "", false, []gateway.Quality{main}},
		{"main was chosen", both, View{Stream: "main", Small: true}, true, none, main, "", false, nil},
		{"sub was chosen", both, View{Stream: "sub"}, false, none, sub, "", false, nil},
		{"sub was chosen, and there is none", alone, View{Stream: "sub"}, false, none, main, "", false, nil},
		{"sub was chosen, and is made", alone, View{Stream: "sub"}, false, made, low, "", false, nil},
		{"main was chosen, and is not played", both, View{Stream: "main"}, false, deaf, full, "", false, nil},
		{"masked", masked, View{}, false, made, full, "", false, []gateway.Quality{full, low}},
		{"masked, on a thin link", masked, View{}, true, made, full, low, true, []gateway.Quality{full, low}},
		{"masked, and main was chosen", masked, View{Stream: "main"}, false, made, full, "", false, nil},
		{"masked, and sub was chosen, and nothing is made", masked, View{Stream: "sub"}, false, none, low, "", false, nil},
	} {
		got := choose(c.cam, c.asked, c.thin, c.means)
		var ladder []gateway.Quality
		for _, id := range got.Ladder {
			ladder = append(ladder, id.Quality)
		}
		if got.Stream.Quality != c.stream || got.Begin.Quality != c.begin || got.Gentle != c.gentle || !slices.Equal(ladder, c.ladder) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if got := choose(both, View{First: true, Stills: true}, false, rtc.Means{}); !got.First || !got.Stills {
		t.Errorf("%+v", got)
	}
}
