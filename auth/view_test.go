package auth

import (
	"regexp"
	"strings"
	"testing"
)

func TestEveryViewHasACodeOfItsOwnBeginning(t *testing.T) {
	t.Parallel()
	made := map[string]bool{}
	for range 1000 {
		view := NewView()
		code := ViewCode(view)
		if !regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{4}$`).MatchString(code) || strings.ToLower(strings.ReplaceAll(code, "-", "")) != view[:7] {
			t.Fatalf("view %q has the code %q", view, code)
		}
		made[view] = true
	}
	if len(made) != 1000 {
		t.Errorf("%d of 1000 views are different", len(made))
	}
	for _, other := range []string{"", "v7", "c2Vzc2lvbgc2Vzc2lvbg", "0123456789ABCDEF", "0123456789abcdeu", "0123456789\nabcdef"} {
		if code := ViewCode(other); code != "" {
			t.Errorf("%q has the code %q", other, code)
		}
	}
}
