package auth

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// laid keeps a layout, and fails the test where that is refused.
func (h *house) laid(by Subject, l Layout) {
	h.t.Helper()
	l.ID, l.Shape = cmpOr(l.ID, "a"), cmpOr(l.Shape, "4")
	revision, err := h.LayoutRevision(by, l, now)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.PutLayout(h.t.Context(), by, l, revision, now); err != nil {
		h.t.Fatal(err)
	}
}

func cmpOr(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// seen are the names of somebody's layouts.
func (h *house) seen(by Subject) (names []string) {
	h.t.Helper()
	rows, err := h.Layouts(by, now)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range rows {
		names = append(names, r.Layout.Name)
	}
	return names
}

func TestALayoutIsSeenByWhoLooksAtItsArea(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	chief, officer := h.subject("chief", "lang", Supervisor), h.subject("officer", "lang", Viewer)
	city, stranger, auditor := h.subject("city", "city", Viewer), h.subject("stranger", "vinh", Viewer), h.subject("auditor", "lang", Auditor)
	h.laid(chief, Layout{Area: "lang", Name: "Ca đêm", Cameras: []string{"public-lang"}})
	h.laid(officer, Layout{Name: "Của tôi", Cameras: []string{"public-lang"}})
	for who, want := range map[*Subject][]string{&chief: {"Ca đêm"}, &officer: {"Của tôi", "Ca đêm"}, &city: {"Ca đêm"}, &stranger: nil, &auditor: nil} {
		if got := h.seen(*who); !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", who.Name, got, want)
		}
	}
	for _, who := range []Subject{officer, city, stranger, auditor} {
		if _, err := h.PutLayout(t.Context(), who, Layout{ID: "a", Area: "lang", Name: "x", Shape: "4"}, 0, now); !errors.Is(err, ErrDenied) {
			t.Errorf("%s writes: %v", who.Name, err)
		}
		if err := h.RemoveLayout(t.Context(), who, Layout{ID: "a", Area: "lang"}, 1, now); !errors.Is(err, ErrDenied) {
			t.Errorf("%s removes: %v", who.Name, err)
		}
	}
	// The same id is nobody's alone: it tells nothing of others'.
	h.laid(stranger, Layout{Name: "Cũng a"})
	if got := h.seen(stranger); !slices.Equal(got, []string{"Cũng a"}) {
		t.Errorf("%q", got)
	}
}

func TestALayoutTellsNothingOfACameraThatIsNotYours(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	chief, officer := h.subject("chief", "city", Supervisor), h.subject("officer", "lang", Viewer)
	keeper := h.subject("keeper", "lang", Supervisor)
	h.laid(chief, Layout{Area: "lang", Name: "Ca đêm", Cameras: []string{"public-lang", "", "public-vinh", "office-lang"}})
	row, err := h.Layout(officer, "a", now)
	if err != nil || !slices.Equal(row.Layout.Cameras, []string{"public-lang", "", Hidden, "office-lang"}) || row.Writes {
		t.Errorf("%+v %v", row, err)
	}
	if err := func() error {
		_, err := h.PutLayout(t.Context(), keeper, Layout{ID: "b", Area: "lang", Name: "x", Shape: "4", Cameras: []string{"public-vinh"}}, 0, now)
		return err
	}(); !errors.Is(err, ErrFaulty) || strings.ReplaceAll(err.Error(), "public-vinh", "") != strings.ReplaceAll(h.none(keeper).Error(), "no-camera", "") {
		t.Errorf("a camera of others: %v", err)
	}
	// Who may write, and not see all of it, moves the tile and does not lose it.
	row, err = h.Layout(keeper, "a", now)
	if err != nil || !row.Writes {
		t.Fatal(row, err)
	}
	next := row.Layout
	next.Cameras = []string{Hidden, "office-lang", "public-lang", Hidden}
	if _, err := h.PutLayout(t.Context(), keeper, next, row.Revision, now); err != nil {
		t.Fatal(err)
	}
	if row, _ := h.Layout(chief, "a", now); !slices.Equal(row.Layout.Cameras, []string{"public-vinh", "office-lang", "public-lang", ""}) {
		t.Errorf("%q", row.Layout.Cameras)
	}
}

// none is the answer to a layout with a camera that is nowhere.
func (h *house) none(by Subject) error {
	_, err := h.PutLayout(h.t.Context(), by, Layout{ID: "b", Area: "lang", Name: "x", Shape: "4", Cameras: []string{"no-camera"}}, 0, now)
	return err
}

func TestLayoutsAreBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	chief := h.subject("chief", "lang", Supervisor)
	many := make([]string, MaxLayoutTiles+1)
	for name, l := range map[string]Layout{
		"no id":             {Name: "x", Shape: "4"},
		"an odd id":         {ID: "A/b", Name: "x", Shape: "4"},
		"a long id":         {ID: strings.Repeat("a", 41), Name: "x", Shape: "4"},
		"no name":           {ID: "a", Name: " ", Shape: "4"},
		"a long name":       {ID: "a", Name: strings.Repeat("ễ", 61), Shape: "4"},
		"a name of 2 lines": {ID: "a", Name: "a\nb", Shape: "4"},
		"another shape":     {ID: "a", Name: "x", Shape: "5"},
		"17 tiles":          {ID: "a", Name: "x", Shape: "9", Cameras: many},
		"a camera twice":    {ID: "a", Name: "x", Shape: "4", Cameras: []string{"public-lang", "public-lang"}},
	} {
		if _, err := h.PutLayout(t.Context(), chief, l, 0, now); !errors.Is(err, ErrFaulty) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for area, most := range map[string]int{"": MaxOwnLayouts, "lang": MaxAreaLayouts} {
		for i := range most {
			h.laid(chief, Layout{ID: fmt.Sprint("l", i), Area: area, Name: strings.Repeat("ễ", 60)})
		}
		if _, err := h.PutLayout(t.Context(), chief, Layout{ID: "more", Area: area, Name: "x", Shape: "4"}, 0, now); !errors.Is(err, ErrFaulty) {
			t.Errorf("one more than %d in %q: %v", most, area, err)
		}
		h.laid(chief, Layout{ID: "l0", Area: area, Name: "again"})
	}
}

func TestOfTwoChangesOfALayoutOneWins(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	chief := h.subject("chief", "lang", Supervisor)
	l := Layout{ID: "a", Area: "lang", Name: "x", Shape: "9"}
	revision, err := h.PutLayout(t.Context(), chief, l, 0, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.PutLayout(t.Context(), chief, l, 0, now); !errors.Is(err, ErrConflict) {
		t.Errorf("made twice: %v", err)
	}
	if err := h.RemoveLayout(t.Context(), chief, l, revision+1, now); !errors.Is(err, ErrConflict) {
		t.Errorf("removed as another: %v", err)
	}
	if err := h.RemoveLayout(t.Context(), chief, l, revision, now); err != nil || h.seen(chief) != nil {
		t.Errorf("%v %q", err, h.seen(chief))
	}
}

func TestFavouritesAreAPersonsOwnAndOutliveARightThatComesBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer, stranger := h.subject("officer", "lang", Viewer), h.subject("stranger", "vinh", Viewer)
	put := func(by Subject, ids ...string) error {
		_, revision, err := h.Favourites(by, now)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.PutFavourites(t.Context(), by, ids, revision, now)
		return err
	}
	see := func(by Subject) []string {
		ids, _, err := h.Favourites(by, now)
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	if err := put(officer, "office-lang", "public-lang"); err != nil {
		t.Fatal(err)
	}
	if got := see(stranger); len(got) != 0 {
		t.Errorf("a stranger has %q", got)
	}
	for name, ids := range map[string][]string{"one of elsewhere": {"public-vinh"}, "one that is not": {"no-such-camera"}, "one twice": {"public-lang", "public-lang"},
		"too many": slices.Repeat([]string{"public-lang"}, MaxFavourites+1)} {
		if err := put(officer, ids...); !errors.Is(err, ErrFaulty) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := h.PutFavourites(t.Context(), officer, nil, 0, now); !errors.Is(err, ErrConflict) {
		t.Errorf("over another device's: %v", err)
	}
	// Moved elsewhere for a week, the officer keeps the stars, and does not see them.
	officer = h.subject("officer", "vinh", Viewer)
	if got := see(officer); len(got) != 0 {
		t.Errorf("without the right: %q", got)
	}
	if err := put(officer, "public-vinh"); err != nil {
		t.Fatal(err)
	}
	officer = h.subject("officer", "lang", Viewer)
	if got := see(officer); !slices.Equal(got, []string{"office-lang", "public-lang"}) {
		t.Errorf("back again: %q", got)
	}
}
