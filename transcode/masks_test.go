package transcode

import (
	"bytes"
	"image/jpeg"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"

	"matthan/gateway"
	"matthan/gateway/video"
)

func square(x0, y0, x1, y1 float64) gateway.Mask {
	return gateway.Mask{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}

// bow crosses itself.
var bow = gateway.Mask{{X: 0.1, Y: 0.6}, {X: 0.4, Y: 0.9}, {X: 0.4, Y: 0.6}, {X: 0.1, Y: 0.9}}

var twoMasks = []gateway.Mask{square(0.55, 0.1, 0.9, 0.45), bow}

// within says whether a point lies in a polygon, by either rule.
func within(m gateway.Mask, x, y float64) bool {
	odd, wind := false, 0
	for i, a := range m {
		b := m[(i+1)%len(m)]
		if (a.Y > y) == (b.Y > y) {
			continue
		}
		if x < a.X+(y-a.Y)/(b.Y-a.Y)*(b.X-a.X) {
			odd = !odd
			if b.Y > a.Y {
				wind++
			} else {
				wind--
			}
		}
	}
	return odd || wind != 0
}

func hidden(masks []gateway.Mask, x, y float64) bool {
	for _, m := range masks {
		if within(m, x, y) {
			return true
		}
	}
	return false
}

// black says whether every pixel within the masks is, and something outside is not.
// What an encoder leaves of black beside a bright picture is black still.
func black(t *testing.T, what string, gray []byte, w, h int, masks []gateway.Mask) {
	t.Helper()
	bright, bad := 0, 0
	for y := range h {
		for x := range w {
			v := gray[y*w+x]
			switch {
			case hidden(masks, (float64(x)+0.5)/float64(w), (float64(y)+0.5)/float64(h)):
				if v > 40 {
					if bad++; bad < 5 {
						t.Errorf("%s: pixel %d, %d within a mask is %d", what, x, y, v)
					}
				}
			case v > 60:
				bright++
			}
		}
	}
	if bad > 0 {
		t.Errorf("%s: %d pixels within masks show something", what, bad)
	}
	if bright < w*h/10 {
		t.Errorf("%s: only %d pixels show anything", what, bright)
	}
}

func TestWhatAMaskIsDrawnOverIsHiddenByBoxes(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		var masks []gateway.Mask
		for range 1 + random.IntN(gateway.MaxMasks) {
			m := make(gateway.Mask, 3+random.IntN(gateway.MaxMaskPoints-2))
			cx, cy, size := random.Float64(), random.Float64(), random.Float64()
			for i := range m {
				m[i] = gateway.Point{X: min(max(cx+size*(random.Float64()-0.5), 0), 1), Y: min(max(cy+size*(random.Float64()-0.5), 0), 1)}
			}
			masks = append(masks, m)
		}
		grid, boxes := boxesOf(masks)
		if len(boxes) > maxBoxes {
			t.Fatalf("%d boxes", len(boxes))
		}
		for range 500 {
			x, y := random.Float64(), random.Float64()
			cx, cy := int(x*float64(grid[0])), int(y*float64(grid[1]))
			covered := false
			for _, b := range boxes {
				covered = covered || cx >= b.left && cx < b.right && cy >= b.top && cy < b.bottom
			}
			if hidden(masks, x, y) && !covered {
				t.Fatalf("%v, %v is seen of %v", x, y, masks)
			}
		}
	}
}

func TestAMaskHidesLittleMoreThanItIsDrawnOver(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		mask      gateway.Mask
		x, y      float64
		isCovered bool
	}{
		"beside":          {square(0.25, 0.25, 0.5, 0.5), 0.53, 0.3, false},
		"within a U":      {gateway.Mask{{X: 0.1, Y: 0.1}, {X: 0.2, Y: 0.1}, {X: 0.2, Y: 0.8}, {X: 0.8, Y: 0.8}, {X: 0.8, Y: 0.1}, {X: 0.9, Y: 0.1}, {X: 0.9, Y: 0.9}, {X: 0.1, Y: 0.9}}, 0.5, 0.4, false},
		"a loop's inside": {gateway.Mask{{X: 0.1, Y: 0.1}, {X: 0.9, Y: 0.1}, {X: 0.9, Y: 0.9}, {X: 0.1, Y: 0.9}, {X: 0.1, Y: 0.1}, {X: 0.3, Y: 0.3}, {X: 0.3, Y: 0.7}, {X: 0.7, Y: 0.7}, {X: 0.7, Y: 0.3}, {X: 0.3, Y: 0.3}}, 0.5, 0.5, true},
		"a bow's wing":    {bow, 0.12, 0.7, true},
		"a bow's notch":   {bow, 0.25, 0.62, false},
		"all":             {square(0, 0, 1, 1), 0.999, 0.999, true},
		"a line":          {gateway.Mask{{X: 0.5, Y: 0}, {X: 0.5, Y: 1}, {X: 0.5, Y: 0.5}}, 0.5, 0.3, true},
	} {
		grid, boxes := boxesOf([]gateway.Mask{tt.mask})
		covered := false
		for _, b := range boxes {
			x, y := int(tt.x*float64(grid[0])), int(tt.y*float64(grid[1]))
			covered = covered || x >= b.left && x < b.right && y >= b.top && y < b.bottom
		}
		if covered != tt.isCovered {
			t.Errorf("%s: covered %v", name, covered)
		}
	}
}

func masked(_ int, c *gateway.Camera) { c.Masks = twoMasks }

func TestNoPixelOfAMaskIsEverSent(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	for _, q := range []gateway.Quality{gateway.Full, gateway.Low} {
		t.Run(string(q), func(t *testing.T) {
			t.Parallel()
			p := newPlant(t, 1, RungsConfig{Most: 10}, masked)
			w := p.watch(t, 0, q)
			look := func(what string) {
				pictures, width, height := frames(t, w.take(30))
				for _, one := range pictures {
					black(t, what, one, width, height, twoMasks)
				}
			}
			look("from the beginning")
			p.rungs.mu.Lock()
			for pid := range p.rungs.running {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			p.rungs.mu.Unlock()
			until(t, "another process runs", func() bool { return p.rungs.Figures().Started == 2 })
			look("after a crash")
		})
	}
}

func TestAStillOfACameraWithMasksHasThem(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	p := newPlant(t, 1, RungsConfig{Most: 10}, nil)
	p.still(0, 480) // is kept
	with := p.list[0]
	with.Masks = twoMasks
	p.list[0] = with
	if _, err := p.ask("an", 0, 480); err == nil {
		t.Error("a still is made of a camera that has other masks by now")
	}
	p.inventory.set(t, p.list)
	p.stills.Forget(with.ID)
	s := p.still(0, 480)
	img, err := jpeg.Decode(bytes.NewReader(s.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	gray := make([]byte, 0, s.Width*s.Height)
	for y := range s.Height {
		for x := range s.Width {
			r, g, b, _ := img.At(x, y).RGBA()
			gray = append(gray, byte((299*r+587*g+114*b)/1000>>8))
		}
	}
	black(t, "still", gray, s.Width, s.Height, twoMasks)
}

// What a viewer held of a camera ends with the change, also what it may ask for
// again.
func TestAStreamEndsForItsViewersWhenTheCameraIsGivenMasks(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	p := newPlant(t, 1, RungsConfig{Most: 10}, nil)
	own, rung := p.watch(t, 0, gateway.Main), p.watch(t, 0, gateway.Full)
	aus := own.take(5)
	rung.take(5)
	with := p.list[0]
	with.Masks = twoMasks
	p.inventory.set(t, []gateway.Camera{with})
	until(t, "it has ended", func() bool { return own.stream.State().Cause == gateway.CauseMasked })
	gone := func() {
		if au, _ := own.stream.Packet(aus[0].First); au != nil || own.stream.GOP() != nil || own.stream.Kept() != 0 {
			t.Fatal("it still gives pictures")
		}
		if aus, _ := own.stream.After(aus[0].Number); len(aus) > 0 {
			t.Fatal("it still gives pictures")
		}
	}
	gone()
	for _, open := range []func(gateway.StreamID) (*gateway.Stream, func(), error){p.hub.Open, p.hub.Warm, p.hub.Glance} {
		if _, _, err := open(own.stream.ID()); err == nil {
			t.Error("it can be opened again")
		}
	}
	// Whatever comes of the rung's stream from now on has the masks.
	next := rung.take(30)
	pictures, width, height := frames(t, next)
	for _, one := range pictures {
		black(t, "the rung", one, width, height, twoMasks)
	}
	if au, _ := rung.stream.Packet(0); au != nil && au.Number < next[0].Number {
		t.Error("what was made without masks is kept")
	}
	if p.hub.Pulled(own.stream.ID()) != nil {
		t.Error("the stream behind the masks is given to anybody")
	}
	gone()
	// And back again.
	p.inventory.set(t, p.list)
	until(t, "it is shown again", func() bool {
		s, release, err := p.hub.Open(own.stream.ID())
		if err != nil {
			return false
		}
		defer release()
		return s != own.stream && s.GOP() != nil
	})
	gone()
}

// Another source of the same camera: the decoder's pictures change their size in
// the middle of the stream.
func TestMasksFollowAChangeOfResolution(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	small, large := clip(t, "sub", 40), clip(t, "main", 40)
	c := newCinema(t, twoMasks, append(append(append([]*video.AccessUnit{}, small...), large...), small...))
	w := c.watch(t, gateway.Full)
	sizes := map[int]bool{}
	for len(sizes) < 2 {
		aus := w.take(3)
		for len(aus) > 0 { // those of one size
			n := 1
			for n < len(aus) && aus[n].Format == aus[0].Format {
				n++
			}
			if aus[0].Key {
				pictures, width, height := frames(t, aus[:n])
				sizes[width] = true
				for _, one := range pictures {
					black(t, "while it changes", one, width, height, twoMasks)
				}
			}
			aus = aus[n:]
		}
	}
}

func TestAChainOfMasksIsNumbersOnly(t *testing.T) {
	t.Parallel()
	for _, is := range []string{chain(twoMasks), chain([]gateway.Mask{square(0, 0, 1, 1)})} {
		if strings.Trim(is, "abcdefghijklmnopqrstuvwxyz0123456789=:,*/()-@_+.") != "" || !strings.Contains(is, "drawbox") {
			t.Errorf("%q", is)
		}
	}
	if chain(nil) != "" {
		t.Error("without masks something is drawn")
	}
}
