package gateway

import (
	"math"
	"reflect"
	"testing"
)

func TestASmallerMaskIsToldFromALargerOne(t *testing.T) {
	t.Parallel()
	left := Mask{{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}
	back := Mask{{0, 1}, {0.5, 1}, {0.5, 0}, {0, 0}}
	tiny := Mask{{0, 0}, {0.02, 0}, {0, 0.02}}
	bow := Mask{{0, 0}, {1, 1}, {1, 0}, {0, 1}} // its lines cross
	for name, c := range map[string]struct {
		masks []Mask
		want  float64
	}{
		"none": {nil, 0}, "a half": {[]Mask{left}, 0.5}, "in the other direction": {[]Mask{back}, 0.5}, "the same twice": {[]Mask{left, back}, 0.5},
		"lines that cross": {[]Mask{bow}, 0.5}, "all": {[]Mask{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}}, 1},
	} {
		if got := Hidden(c.masks); math.Abs(got-c.want) > 0.01 {
			t.Errorf("%s: %v of the picture, want %v", name, got, c.want)
		}
	}
	for name, c := range map[string]struct {
		before, after []Mask
		lifts         bool
	}{
		"the first":           {nil, []Mask{left}, false},
		"one more":            {[]Mask{left}, []Mask{left, tiny}, false},
		"the same":            {[]Mask{left}, []Mask{left}, false},
		"all away":            {[]Mask{left}, nil, true},
		"one of two":          {[]Mask{left, tiny}, []Mask{left}, true},
		"drawn very small":    {[]Mask{left}, []Mask{tiny}, true},
		"moved where nothing": {[]Mask{left}, []Mask{{{0.5, 0}, {1, 0}, {1, 1}, {0.5, 1}}}, false},
	} {
		if got := Lifts(c.before, c.after); got != c.lifts {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := MasksOf(PairsOf([]Mask{left, tiny})); !reflect.DeepEqual(got, []Mask{left, tiny}) || PairsOf(nil) != nil || MasksOf(nil) != nil {
		t.Errorf("%v", got)
	}
}
