package gateway

import (
	"errors"
	"io"
	"log/slog"
	"math"
	"strings"
	"testing"
)

func TestNobodyOpensTheOwnStreamsOfAMaskedCamera(t *testing.T) {
	inv, err := NewList([]Area{{ID: "a", Name: "A"}}, []Camera{{ID: "one", Name: "x", Area: "a", Kind: Public, Main: "rtsp://192.0.2.1/1", Sub: "rtsp://192.0.2.1/2",
		Masks: []Mask{{{0, 0}, {1, 0}, {0, 1}}}}})
	if err != nil {
		t.Fatal(err)
	}
	h := NewHub(inv, Limits{}, slog.New(slog.NewTextHandler(io.Discard, nil)), nil)
	for _, q := range []Quality{Main, Sub} {
		for name, open := range map[string]func(StreamID) (*Stream, func(), error){"open": h.Open, "warm": h.Warm, "glance": h.Glance} {
			if _, _, err := open(StreamID{Camera: "one", Quality: q}); !errors.Is(err, ErrMasked) {
				t.Errorf("%s %s: %v", name, q, err)
			}
		}
	}
}

func TestMasksAreCheckedLikeTheRestOfACamera(t *testing.T) {
	triangle := Mask{{0, 0}, {1, 0}, {0, 1}}
	for name, c := range map[string]struct {
		masks []Mask
		want  string
	}{
		"none":       {nil, ""},
		"one":        {[]Mask{triangle}, ""},
		"a line":     {[]Mask{triangle, {{0, 0}, {1, 1}}}, "mask 2 has 2 points"},
		"outside":    {[]Mask{{{0, 0}, {1.1, 0}, {0, 1}}}, "within the picture"},
		"no number":  {[]Mask{{{0, 0}, {math.NaN(), 0}, {0, 1}}}, "within the picture"},
		"too many":   {make([]Mask, MaxMasks+1), "17 masks, at most 16"},
		"too rugged": {[]Mask{make(Mask, MaxMaskPoints+1)}, "has 33 points"},
	} {
		if got := badMasks(c.masks); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
