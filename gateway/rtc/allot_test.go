package rtc

import (
	"slices"
	"testing"

	"matthan/gateway"
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
	shown := tileWant{bits: []int{sub}, still: true, lives: true}
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
		{"none goes so that another comes", []tileWant{large, small, shown, small}, 2100, []int{0, 1, 0, 1}, 2500},
		{"but for the first", []tileWant{large, small, shown}, 500, []int{1, 1, 1}, 800},
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
	lame := gateway.Camera{ID: "a", Main: "m", Masks: masks}
	marked := gateway.Camera{ID: "a", Main: "m", Sub: "s", Marked: true}
	only := func(all ...gateway.Quality) func(gateway.Quality) bool {
		return func(q gateway.Quality) bool { return slices.Contains(all, q) }
	}
	for _, c := range []struct {
		name  string
		cam   gateway.Camera
		small bool
		means Means
		want  []gateway.Quality
	}{
		{"large", both, false, Means{}, []gateway.Quality{main, sub}},
		{"small", both, true, Means{}, []gateway.Quality{sub}},
		{"no small stream", alone, false, Means{}, []gateway.Quality{main}},
		{"no small stream, small", alone, true, Means{}, []gateway.Quality{main}},
		{"no small stream, but rungs", alone, false, Means{Made: true}, []gateway.Quality{main, low}},
		{"no small stream, but rungs, small: the camera's own costs nothing", alone, true, Means{Made: true}, []gateway.Quality{main, low}},
		{"masked", masked, false, Means{Made: true}, []gateway.Quality{full, low}},
		{"masked, small", masked, true, Means{Made: true}, []gateway.Quality{low}},
		{"masked, no small stream, small", lame, true, Means{Made: true}, []gateway.Quality{low}},
		{"masked, without rungs: never its own", masked, false, Means{}, []gateway.Quality{full}},
		{"masked, without rungs, small", masked, true, Means{}, []gateway.Quality{full}},
		{"marked", marked, false, Means{Made: true, Mark: "ABC-1234"}, []gateway.Quality{full, low}},
		{"marked, small", marked, true, Means{Made: true, Mark: "ABC-1234"}, []gateway.Quality{low}},
		{"marked, without rungs: never its own", marked, false, Means{Mark: "ABC-1234"}, []gateway.Quality{full}},
		{"not marked", both, false, Means{Made: true, Mark: "ABC-1234"}, []gateway.Quality{main, sub}},
		{"a viewer without H.265", both, false, Means{Plays: only(sub)}, []gateway.Quality{sub}},
		{"a viewer without H.265, with rungs", both, false, Means{Made: true, Plays: only(sub)}, []gateway.Quality{sub}},
		{"all is H.265", both, false, Means{Made: true, Plays: only()}, []gateway.Quality{full, low}},
		{"all is H.265, small", both, true, Means{Made: true, Plays: only()}, []gateway.Quality{low}},
		{"all is H.265, without rungs", both, false, Means{Plays: only()}, []gateway.Quality{main}},
		{"the small one is H.265", both, false, Means{Made: true, Plays: only(main)}, []gateway.Quality{main, low}},
		{"all is H.265, and the viewer plays it", both, false, Means{Made: true, Plays: only(main, sub)}, []gateway.Quality{main, sub}},
	} {
		var got []gateway.Quality
		for _, id := range Ladder(c.cam, c.small, c.means) {
			got = append(got, id.Quality)
			if want := c.means.Mark; c.cam.Marked != (id.Mark != "") || c.cam.Marked && id.Mark != want {
				t.Errorf("%s: %s, and the view's mark is %q", c.name, id, want)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAStreamThatIsNotPlayedIsLeftForWhatThereIs(t *testing.T) {
	t.Parallel()
	const main, sub, full, low = gateway.Main, gateway.Sub, gateway.Full, gateway.Low
	ladder := func(all ...gateway.Quality) (out []gateway.StreamID) {
		for _, q := range all {
			out = append(out, gateway.StreamID{Camera: "a", Quality: q})
		}
		return out
	}
	for _, c := range []struct {
		name   string
		ladder []gateway.StreamID
		left   gateway.Quality
		made   bool
		want   []gateway.StreamID
	}{
		{"the small stream costs nothing", ladder(main, sub), main, true, ladder(sub)},
		{"without rungs too", ladder(main, sub), main, false, ladder(sub)},
		{"a rung of the small one", ladder(sub), sub, true, ladder(low)},
		{"main stays", ladder(main, sub), sub, true, ladder(main, low)},
		{"no small stream", ladder(main, low), main, true, ladder(full, low)},
		{"main was chosen", ladder(main), main, true, ladder(full)},
		{"nothing is left", ladder(main), main, false, nil},
		{"it was left already", ladder(sub), main, true, nil},
		{"a rung is all there is", ladder(full, low), full, true, nil},
	} {
		if got := instead(c.ladder, gateway.StreamID{Camera: "a", Quality: c.left}, c.made); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
