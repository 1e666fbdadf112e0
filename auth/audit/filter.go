package audit

import (
	"slices"
	"strings"
	"time"

	"matthan/auth"
)

// Filter says which entries are wanted: those that fit all that is set.
type Filter struct {
	From, Until time.Time // Until is not included
	Person      string    // who acted, or was acted on
	Camera      string
	Areas       []string     // any of them, each with all below it, as the tree was then
	View        string       // its id, or the code on its pictures: seven letters of it or more, see CodeOf
	Reason      string       // its code
	Case        string       // its number, in capital or small letters
	Events      []auth.Event // any of them
	Newest      bool         // first
}

// Fits says whether an entry is wanted.
func (f *Filter) Fits(e *Entry) bool {
	return (f.From.IsZero() || !e.Time.Before(f.From)) &&
		(f.Until.IsZero() || e.Time.Before(f.Until)) &&
		(f.Person == "" || e.Subject == f.Person || e.Target == f.Person) &&
		(f.Camera == "" || e.Camera == f.Camera) &&
		(len(f.Areas) == 0 || slices.ContainsFunc(f.Areas, func(a string) bool { return slices.Contains(e.Areas, a) })) &&
		(f.View == "" || isView(f.View, e.View)) &&
		(f.Reason == "" || e.Reason == f.Reason) &&
		(f.Case == "" || strings.EqualFold(e.Case, f.Case)) &&
		(len(f.Events) == 0 || slices.Contains(f.Events, e.Event))
}

// Page is a part of what fits.
type Page struct {
	Entries []Entry
	Next    uint64 // ask for what comes after this record; 0: there is no more
}
