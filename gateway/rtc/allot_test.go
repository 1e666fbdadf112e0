package rtc

import (
	"slices"
	"testing"

	"matthan/gateway"
	"matthan/gateway/video"
)

func TestATightLinkKeepsTheFirstPictureAndTurnsOthersIntoStills(t *testing.T) {
	t.Parallel()
	const main, sub = 1700, 400
	large := tileWant{bits: []int{main, sub}, still: true}
	first := tileWant{bits: []int{main, sub}, first: true, still: true}
	small := tileWant{bits: []int{sub}, still: true}
	live := tileWant{bits: []int{main, sub}}
	fixed := tileWant{bits: []int{main}, fixed: true}
	none := tileWant{}
	for _, c := range []struct {
		name   string
		tiles  []tileWant
		budget int
		want   []int
		above  int // the next budget that gives more
	}{
		{"nothing bounds it", []tileWant{large, small, none}, 0, []int{0, 0, 0}, 0},
		{"room for all", []tileWant{large, small, small}, 2500, []int{0, 0, 0}, 0},
		{"the first goes before the others", []tileWant{large, first, large}, 2100, []int{1, 0, 2}, 2500},
		{"in their order", []tileWant{large, small, small}, 2100, []int{0, 0, 1}, 2500},
		{"each has a small one before any has a better", []tileWant{large, large, large}, 3000, []int{0, 1, 1}, 3800},
		{"the small stream of the first", []tileWant{large, small, small}, 900, []int{1, 0, 1}, 1200},
		{"the first has its smallest in any case", []tileWant{first, small}, 100, []int{1, 1}, 800},
		{"without stills none is held", []tileWant{live, live, live}, 500, []int{1, 1, 1}, 1700},
		{"what was chosen stays, and counts", []tileWant{fixed, large, small}, 2100, []int{0, 1, 1}, 2500},
		{"nothing is left for the others", []tileWant{fixed, small, small}, 1000, []int{0, 0, 1}, 2500},
		{"no picture at all", []tileWant{none, none}, 1000, []int{0, 0}, 0},
		{"one picture", []tileWant{large}, 600, []int{1}, 1700},
	} {
		got := allot(c.tiles, c.budget)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if c.budget == 0 {
			continue
		}
		next := above(c.tiles, c.budget)
		if next != c.above {
			t.Errorf("%s: more by %d, want by %d", c.name, next, c.above)
		}
		if next > 0 && slices.Equal(allot(c.tiles, next), got) {
			t.Errorf("%s: %d gives nothing more", c.name, next)
		}
	}
}

func TestAStepUpIsFoundFromEveryBudget(t *testing.T) {
	t.Parallel()
	tiles := []tileWant{{bits: []int{1700, 400}, still: true}, {bits: []int{400}, still: true}, {bits: []int{2500, 900, 300}, still: true, first: true}, {bits: []int{700}, fixed: true}}
	steps := 0
	for budget := 1; ; steps++ {
		next := above(tiles, budget)
		if next == 0 {
			break
		}
		if next <= budget || steps > 20 {
			t.Fatalf("after %d steps from %d to %d", steps, budget, next)
		}
		budget = next
	}
	if steps == 0 {
		t.Fatal("there is nothing above nothing")
	}
}

func TestAnUplinkIsSharedAndFirstPicturesSufferLast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                            string
		uplink, all, lead, mine, myLead int
		want                            int
	}{
		{"none is set", 0, 9000, 3000, 900, 300, 0},
		{"it is wide enough", 9000, 9000, 3000, 900, 300, 0},
		{"half of what is beside the first pictures", 6000, 9000, 3000, 900, 300, 600},
		{"nothing but first pictures", 3000, 9000, 3000, 900, 300, 300},
		{"not even those", 1500, 9000, 3000, 900, 300, 150},
		{"one viewer", 1000, 3000, 1700, 3000, 1700, 1000},
	} {
		if got := share(c.uplink, c.all, c.lead, c.mine, c.myLead); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestALadderHasWhatTheCameraGivesAndTheViewerPlays(t *testing.T) {
	t.Parallel()
	const main, sub, full, low = gateway.Main, gateway.Sub, gateway.Full, gateway.Low
	masks := []gateway.Mask{{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}}}
	both, alone := gateway.Camera{ID: "a", Main: "m", Sub: "s"}, gateway.Camera{ID: "a", Main: "m"}
	masked := gateway.Camera{ID: "a", Main: "m", Sub: "s", Masks: masks}
	old := func(_ gateway.Quality, c video.Codec) bool { return c == video.H264 }
	h265 := map[gateway.Quality]video.Codec{main: video.H265, sub: video.H264}
	all265 := map[gateway.Quality]video.Codec{main: video.H265, sub: video.H265}
	for _, c := range []struct {
		name  string
		cam   gateway.Camera
		small bool
		rungs Rungs
		want  []gateway.Quality
	}{
		{"large", both, false, Rungs{}, []gateway.Quality{main, sub}},
		{"small", both, true, Rungs{}, []gateway.Quality{sub}},
		{"no small stream", alone, false, Rungs{}, []gateway.Quality{main}},
		{"no small stream, small", alone, true, Rungs{}, []gateway.Quality{main}},
		{"no small stream, but rungs", alone, false, Rungs{Made: true}, []gateway.Quality{main, low}},
		{"no small stream, but rungs, small", alone, true, Rungs{Made: true}, []gateway.Quality{low}},
		{"masked", masked, false, Rungs{Made: true}, []gateway.Quality{full, low}},
		{"masked, small", masked, true, Rungs{Made: true}, []gateway.Quality{low}},
		{"masked, without rungs", masked, false, Rungs{}, nil},
		{"a viewer without H.265", both, false, Rungs{Codecs: h265, Decodes: old}, []gateway.Quality{sub}},
		{"a viewer without H.265, with rungs", both, false, Rungs{Made: true, Codecs: h265, Decodes: old}, []gateway.Quality{full, sub}},
		{"all is H.265", both, false, Rungs{Made: true, Codecs: all265, Decodes: old}, []gateway.Quality{full, low}},
		{"all is H.265, small", both, true, Rungs{Made: true, Codecs: all265, Decodes: old}, []gateway.Quality{low}},
		{"all is H.265, and the viewer plays it", both, false, Rungs{Made: true, Codecs: all265, Decodes: func(gateway.Quality, video.Codec) bool { return true }}, []gateway.Quality{main, sub}},
	} {
		var got []gateway.Quality
		for _, id := range Ladder(c.cam, c.small, c.rungs) {
			got = append(got, id.Quality)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
