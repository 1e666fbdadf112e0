package gateway

import (
	"math"
	"slices"
)

// PairsOf are masks as records and documents have them: [x, y] for each point;
// nil for none.
func PairsOf(masks []Mask) (pairs [][][2]float64) {
	for _, m := range masks {
		line := make([][2]float64, len(m))
		for i, p := range m {
			line[i] = [2]float64{p.X, p.Y}
		}
		pairs = append(pairs, line)
	}
	return pairs
}

// MasksOf is the other way round. It checks nothing; see NewList.
func MasksOf(pairs [][][2]float64) (masks []Mask) {
	for _, line := range pairs {
		m := make(Mask, len(line))
		for i, p := range line {
			m[i] = Point{p[0], p[1]}
		}
		masks = append(masks, m)
	}
	return masks
}

// Samples of a picture in which it is counted what masks hide: the middles of a
// grid's cells.
const (
	sampleColumns = 128
	sampleRows    = 72
)

// Hidden is the share of the picture that masks hide, from 0 to 1, to about a
// hundredth.
func Hidden(masks []Mask) float64 {
	n := 0
	for row := range sampleRows {
		for column := range sampleColumns {
			at := Point{(float64(column) + 0.5) / sampleColumns, (float64(row) + 0.5) / sampleRows}
			if slices.ContainsFunc(masks, func(m Mask) bool { return m.hides(at) }) {
				n++
			}
		}
	}
	return float64(n) / (sampleColumns * sampleRows)
}

// hides says whether a point is within the polygon, by its winding number: where
// lines cross, all is within that they go around.
func (m Mask) hides(at Point) bool {
	winding := 0
	for i, b := range m {
		a := m[(i+len(m)-1)%len(m)]
		left := (b.X-a.X)*(at.Y-a.Y) - (at.X-a.X)*(b.Y-a.Y)
		switch {
		case a.Y <= at.Y && b.Y > at.Y && left > 0:
			winding++
		case a.Y > at.Y && b.Y <= at.Y && left < 0:
			winding--
		}
	}
	return winding != 0
}

// Lifts says whether other masks in the place of some show more than before:
// there are fewer, or they hide less of the picture.
func Lifts(before, after []Mask) bool {
	return len(after) < len(before) || percent(after) < percent(before)
}

func percent(masks []Mask) int { return int(math.Round(100 * Hidden(masks))) }

// Covers are the masks of cameras, by their places.
type Covers map[string][]Mask

// CoversOf are those of cameras.
func CoversOf(cameras []Camera) Covers {
	all := Covers{}
	for _, c := range cameras {
		if c.Masked() {
			for _, p := range c.Places() {
				all[p] = append(all[p], c.Masks...)
			}
		}
	}
	return all
}

// Of are a camera's masks and those of all cameras at its places, each once: what
// is hidden under one id is not seen under another.
func (all Covers) Of(c Camera) []Mask {
	masks := slices.Clip(c.Masks)
	for _, p := range c.Places() {
		for _, m := range all[p] {
			if !slices.ContainsFunc(masks, func(known Mask) bool { return slices.Equal(known, m) }) {
				masks = append(masks, m)
			}
		}
	}
	return masks
}
