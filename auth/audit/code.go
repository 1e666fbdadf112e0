package audit

import "strings"

// codeLetters is how much of a view's id its watermark shows.
const codeLetters = 7

// alike maps what people take for each other when they read a code aloud or copy
// it: letters of any size, 1 and i and l, 0 and o (Crockford's base32). What is
// written between them is left out.
var alike = strings.NewReplacer("i", "1", "l", "1", "o", "0", "-", "", " ", "")

func foldView(view string) string { return alike.Replace(strings.ToLower(view)) }

// CodeOf is what all records of a view have in common with the code on its
// pictures, "" for an id that is too short for one.
func CodeOf(view string) string {
	view = foldView(view)
	if len(view) < codeLetters {
		return ""
	}
	return view[:codeLetters]
}

// isView says whether a view is the one that somebody asks for, by its id or by
// a code: the first letters of it, seven at least.
func isView(asked, view string) bool {
	if asked == view {
		return true
	}
	asked = foldView(asked)
	return len(asked) >= codeLetters && strings.HasPrefix(foldView(view), asked)
}
