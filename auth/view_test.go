package auth

import (
	"regexp"
	"testing"
)

func TestACodeIsReadBackAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"7KQ-2M4X": "7kq2m4x", "7kq2m4x": "7kq2m4x", " 7kq 2m4x ": "7kq2m4x", "7KQ–2M4X": "7kq2m4x",
		"OIL-oil0": "0110110", "7kq2m4x0123456789"[:16]: "7kq2m4x012345678",
		"": "", "7kq2m4": "", "7kq2m4x01234567890": "", "7uq-2m4x": "", "7kq/2m4x": "", "7kq-2m4ế": "", "\xff7kq2m4x": "",
	} {
		if got := FoldView(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

func TestEveryViewHasACodeOfItsOwnBeginning(t *testing.T) {
	t.Parallel()
	made := map[string]bool{}
	for range 1000 {
		view := NewView()
		code := ViewCode(view)
		if !regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{4}$`).MatchString(code) || FoldView(code) != view[:7] || FoldView(view) != view {
			t.Fatalf("view %q has the code %q", view, code)
		}
		made[view] = true
	}
	if len(made) != 1000 {
		t.Errorf("%d of 1000 views are different", len(made))
	}
	for _, other := range []string{"", "v7", "c2Vzc2lvbgc2Vzc2lvbg", "0123456789ABCDEF", "0123456789abcdeu"} {
		if code := ViewCode(other); code != "" {
			t.Errorf("%q has the code %q", other, code)
		}
	}
}
