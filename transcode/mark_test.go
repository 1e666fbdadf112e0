package transcode

import (
	"math"
	"strings"
	"testing"

	"matthan/gateway"
)

// cells are the brightness of a letter's places.
type cells [letterRows][letterColumns]float64

// level takes away the mean and the slopes, which are the scene's behind the letter.
func (c cells) level() cells {
	var mean, down, across float64
	for y := range letterRows {
		for x := range letterColumns {
			mean += c[y][x] / (letterRows * letterColumns)
			down += c[y][x] * float64(y-letterRows/2) / (letterColumns * 28) // the sum of (y-3)² for 7 rows
			across += c[y][x] * float64(x-letterColumns/2) / (letterRows * 10)
		}
	}
	for y := range letterRows {
		for x := range letterColumns {
			c[y][x] -= mean + down*float64(y-letterRows/2) + across*float64(x-letterColumns/2)
		}
	}
	return c
}

// alike is how much cells are a letter: their correlation.
func alike(c cells, rows [letterRows]byte) float64 {
	var ink cells
	for y, row := range rows {
		for x := range letterColumns {
			ink[y][x] = float64(row >> (letterColumns - 1 - x) & 1)
		}
	}
	a, b := c.level(), ink.level()
	var aa, bb, ab float64
	for y := range letterRows {
		for x := range letterColumns {
			aa, bb, ab = aa+a[y][x]*a[y][x], bb+b[y][x]*b[y][x], ab+a[y][x]*b[y][x]
		}
	}
	return ab / math.Sqrt(aa*bb)
}

// readMark reads the letters at some places of a picture, all together.
func readMark(gray []byte, w, h, n int, places ...[2]int) (mark string) {
	unit := markUnit(strings.Repeat("X", n), w, h)
	for i := range n {
		is := map[rune]float64{}
		for _, at := range places {
			left, top := w*at[0]/100-(n*(letterColumns+1)-1)*unit/2, h*at[1]/100-letterRows*unit/2
			var c cells
			for y := range letterRows * unit {
				for x := range letterColumns * unit {
					c[y/unit][x/unit] += float64(gray[(top+y)*w+left+i*(letterColumns+1)*unit+x])
				}
			}
			for letter, rows := range letters {
				if !strings.ContainsRune("ILOU", letter) { // in no code
					is[letter] += alike(c, rows)
				}
			}
		}
		best, found := 0.0, ' '
		for letter, sure := range is {
			if sure > best {
				best, found = sure, letter
			}
		}
		mark += string(found)
	}
	return mark
}

// wrong is how many letters of is are others than those of code.
func wrong(is, code string) (n int) {
	for i := range code {
		if is[i] != code[i] {
			n++
		}
	}
	return n
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
				if is := readMark(one, width, height, len(code), markPlaces[0][:]...); is != code {
					t.Errorf("picture %d: %q is read", i, is)
				}
				for _, at := range markPlaces[0] {
					// What drives by behind one of them may cover a letter.
					if is := readMark(one, width, height, len(code), at); wrong(is, code) > 2 {
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
