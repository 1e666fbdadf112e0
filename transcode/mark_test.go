package transcode

import (
	"math"
	"strings"
	"testing"

	"matthan/gateway"
)

// alike is how much cells are a letter: their correlation.
func alike(cells [letterRows][letterColumns]float64, rows [letterRows]byte) float64 {
	const n = letterRows * letterColumns
	var a, b, aa, bb, ab float64
	for y, row := range rows {
		for x := range letterColumns {
			ink := float64(row >> (letterColumns - 1 - x) & 1)
			a, b, aa, bb, ab = a+cells[y][x], b+ink, aa+cells[y][x]*cells[y][x], bb+ink*ink, ab+cells[y][x]*ink
		}
	}
	return (n*ab - a*b) / math.Sqrt((n*aa-a*a)*(n*bb-b*b))
}

// readMark reads the letters at a place of a picture.
func readMark(gray []byte, w, h, n int, at [2]int) (mark string) {
	unit := markUnit(strings.Repeat("X", n), w, h)
	left, top := w*at[0]/100-(n*(letterColumns+1)-1)*unit/2, h*at[1]/100-letterRows*unit/2
	for i := range n {
		var cells [letterRows][letterColumns]float64
		for y := range letterRows * unit {
			for x := range letterColumns * unit {
				cells[y/unit][x/unit] += float64(gray[(top+y)*w+left+i*(letterColumns+1)*unit+x])
			}
		}
		best, found := 0.0, ' '
		for letter, rows := range letters {
			if strings.ContainsRune("ILOU", letter) { // in no code
				continue
			}
			if is := alike(cells, rows); is > best {
				best, found = is, letter
			}
		}
		mark += string(found)
	}
	return mark
}

func TestTheCodeOfAViewIsReadOffItsPictures(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	p := newPlant(t, 1, RungsConfig{Most: 10}, func(_ int, c *gateway.Camera) { c.Marked, c.Masks = true, twoMasks[:1] })
	for q, code := range map[gateway.Quality]string{gateway.Full: "A3K-9XZ0", gateway.Low: "7QW-MV58"} {
		t.Run(string(q), func(t *testing.T) {
			t.Parallel()
			w := p.watchMarked(t, 0, q, code)
			pictures, width, height := frames(t, w.take(30))
			for i, one := range pictures {
				for _, at := range markPlaces[0] {
					if is := readMark(one, width, height, len(code), at); is != code {
						t.Errorf("picture %d: %q is read at %v", i, is, at)
					}
				}
				black(t, "under the mark", one, width, height, nil)
			}
		})
	}
}

func TestAMarkIsNumbersAndColoursOnly(t *testing.T) {
	t.Parallel()
	for mark := range letters {
		if is := markChain(string(mark), 640, 360); strings.Trim(is, "abcdefghijklmnopqrstuvwxyz0123456789=:,()@.'") != "" || strings.Count(is, "drawbox") < 8 {
			t.Errorf("%q: %q", mark, is)
		}
	}
	if markChain("", 640, 360) != "" {
		t.Error("something is drawn without a mark")
	}
	for _, size := range [][2]int{{2, 2}, {16, 1080}, {352, 288}, {640, 360}, {3840, 2160}, {360, 640}} {
		unit := markUnit("ABC-1234", size[0], size[1])
		if unit < 1 || unit*letterRows > max(letterRows, size[1]/10) || unit*48 > max(48, size[0]*2/5) {
			t.Errorf("of a picture of %v a cell is %d", size, unit)
		}
	}
}

// Each view's rung takes its room, like any other.
func TestRungsWithMarksAreCounted(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	p := newPlant(t, 1, RungsConfig{Most: 1}, func(_ int, c *gateway.Camera) { c.Marked = true })
	p.rungs.room.most = 0.6
	all := []*watched{p.watchMarked(t, 0, gateway.Low, "AAA-0000"), p.watchMarked(t, 0, gateway.Low, "BBB-1111"), p.watchMarked(t, 0, gateway.Low, "CCC-2222")}
	until(t, "two run and one is told", func() bool { live, refused := phases(all); return live == 2 && refused == 1 })
}
