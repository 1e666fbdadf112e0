package auth

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds of layouts.
const (
	MaxLayouts      = 10_000
	MaxAreaLayouts  = 50 // shared in one area
	MaxOwnLayouts   = 20 // of one person
	MaxLayoutTiles  = 16
	maxLayoutName   = 60 // letters
	maxLayoutID     = 40
	layoutIDLetters = "abcdefghijklmnopqrstuvwxyz0123456789-"
)

// layoutShapes are the grids that a layout may ask for: one picture, two by two,
// one large with five small, three by three.
var layoutShapes = []string{"1", "4", "6", "9"}

// Layout is an arrangement of cameras under a name: a person's own, or that of an
// area, which a shift shares. It gives no right to any of its cameras.
type Layout struct {
	ID      string    `json:"id"`             // by who made it; unique for its area, or for its person
	Area    string    `json:"area,omitempty"` // "": it is the own one of the person By
	Name    string    `json:"name"`
	Shape   string    `json:"shape"`
	Cameras []string  `json:"cameras"` // by tile, in order; "": none
	By      string    `json:"by"`      // who changed it last
	Changed time.Time `json:"changed"`
}

// Hidden stands in the place of a camera that who reads, or writes, a layout may
// not know of. Written, it leaves the camera that is there.
const Hidden = "?"

// key is where the layout is kept. Of a layout of others it tells nothing, not
// even to who tries to make one with the same id.
func (l *Layout) key(person string) string {
	scope := "area " + l.Area
	if l.Area == "" {
		scope = "person " + person
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", len(scope), scope, l.ID))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (l *Layout) check() error {
	n := utf8.RuneCountInString(l.Name)
	switch {
	case l.ID == "" || len(l.ID) > maxLayoutID || strings.Trim(l.ID, layoutIDLetters) != "":
		return fmt.Errorf("%w: a layout's id has 1 to %d small letters, digits and -", ErrFaulty, maxLayoutID)
	case strings.TrimSpace(l.Name) == "" || n > maxLayoutName || strings.ContainsFunc(l.Name, unicode.IsControl) || !utf8.ValidString(l.Name):
		return fmt.Errorf("%w: a layout's name has 1 to %d letters on one line", ErrFaulty, maxLayoutName)
	case !slices.Contains(layoutShapes, l.Shape):
		return fmt.Errorf("%w: a layout's shape is one of %s", ErrFaulty, strings.Join(layoutShapes, ", "))
	case len(l.Cameras) > MaxLayoutTiles:
		return fmt.Errorf("%w: a layout has at most %d tiles", ErrFaulty, MaxLayoutTiles)
	}
	seen := map[string]bool{}
	for _, id := range l.Cameras {
		if id != "" && id != Hidden && (seen[id] || len(id) > maxID) {
			return fmt.Errorf("%w: a camera stands in a layout once, by its id", ErrFaulty)
		}
		seen[id] = true
	}
	return nil
}

// seesLayouts says whether by may look at an area's cameras, and so at its
// layouts.
func (p *Policy) seesLayouts(by Subject, area string, now time.Time) bool {
	path := p.path(area)
	if path == nil {
		return false
	}
	// As of any public camera there.
	_, err := p.Decide(by, View, Resource{Camera: Hidden, Kind: ordinary[0], Areas: path}, now)
	return err == nil
}

// writesLayouts says whether by cares for an area.
func (p *Policy) writesLayouts(by Subject, area string, now time.Time) bool {
	path := p.path(area)
	if path == nil {
		return false
	}
	_, err := p.Decide(by, Supervise, Resource{Areas: path}, now)
	return err == nil
}

// knowsCamera says whether by may know that there is a camera.
func (p *Policy) knowsCamera(by Subject, id string, now time.Time) bool {
	r, ok := p.camera(id)
	if !ok {
		return false
	}
	_, err := p.Decide(by, List, r, now)
	return err == nil
}

// LayoutRow is a layout as one person sees it: Hidden stands for cameras that are
// not theirs to know of.
type LayoutRow struct {
	Layout   Layout
	Revision uint64
	Writes   bool // may they change it
}

// Layouts are a person's own ones and those of the areas whose cameras they may
// look at, by name.
func (p *Policy) Layouts(by Subject, now time.Time) ([]LayoutRow, error) {
	if _, err := p.person(by, now); err != nil {
		return nil, err
	}
	var out []LayoutRow
	sees, writes := map[string]bool{}, map[string]bool{}
	for _, row := range p.people.Layouts.All() {
		l := row.Value
		mine := l.Area == "" && l.By == by.ID
		if l.Area != "" {
			if _, asked := sees[l.Area]; !asked {
				writes[l.Area] = p.writesLayouts(by, l.Area, now)
				sees[l.Area] = writes[l.Area] || p.seesLayouts(by, l.Area, now)
			}
		}
		if mine || l.Area != "" && sees[l.Area] {
			out = append(out, LayoutRow{p.layoutFor(by, l, now), row.Revision, mine || writes[l.Area]})
		}
	}
	slices.SortFunc(out, func(a, b LayoutRow) int {
		return cmp.Or(cmp.Compare(a.Layout.Area, b.Layout.Area), cmp.Compare(a.Layout.Name, b.Layout.Name), cmp.Compare(a.Layout.ID, b.Layout.ID))
	})
	return out, nil
}

// layoutFor is a layout without the cameras that by may not know of. One that is
// gone looks the same.
func (p *Policy) layoutFor(by Subject, l Layout, now time.Time) Layout {
	l.Cameras = slices.Clone(l.Cameras)
	for i, id := range l.Cameras {
		if id != "" && !p.knowsCamera(by, id, now) {
			l.Cameras[i] = Hidden
		}
	}
	return l
}

// Layout is one of Layouts by its id: of several, one's own. It returns
// ErrUnknown where there is none for by.
func (p *Policy) Layout(by Subject, id string, now time.Time) (LayoutRow, error) {
	rows, err := p.Layouts(by, now)
	if err != nil {
		return LayoutRow{}, err
	}
	if i := slices.IndexFunc(rows, func(r LayoutRow) bool { return r.Layout.ID == id }); i >= 0 {
		return rows[i], nil
	}
	return LayoutRow{}, ErrUnknown
}

// LayoutRevision is the revision of what PutLayout of l would change, 0 where
// there is none. It returns ErrDenied to who may not write there.
func (p *Policy) LayoutRevision(by Subject, l Layout, now time.Time) (uint64, error) {
	if _, err := p.person(by, now); err != nil {
		return 0, err
	}
	if l.Area != "" && !p.writesLayouts(by, l.Area, now) {
		return 0, ErrDenied
	}
	_, revision, _ := p.people.Layouts.Get(l.key(by.ID))
	return revision, nil
}

// PutLayout makes or changes a layout over the given revision; 0: there must be
// none. Without an area it is by's own. It takes the right to Supervise the area,
// and to know of the cameras. By and Changed are set here. It returns ErrDenied,
// ErrConflict or an ErrFaulty.
func (p *Policy) PutLayout(ctx context.Context, by Subject, l Layout, revision uint64, now time.Time) (uint64, error) {
	if err := l.check(); err != nil {
		return 0, err
	}
	if _, err := p.LayoutRevision(by, l, now); err != nil {
		return 0, err
	}
	key := l.key(by.ID)
	old, _, there := p.people.Layouts.Get(key)
	l.Name, l.By, l.Changed = strings.TrimSpace(l.Name), by.ID, now
	if err := p.fillLayout(by, &l, old.Cameras, now); err != nil {
		return 0, err
	}
	if !there {
		if err := p.roomForLayout(&l); err != nil {
			return 0, err
		}
	}
	next, err := p.people.Layouts.Put(ctx, key, l, revision)
	if err != nil {
		return 0, fmt.Errorf("keep the layout: %w", err)
	}
	return next, nil
}

// fillLayout puts what by may not know of back into its places, in order, and
// refuses what is not by's to name.
func (p *Policy) fillLayout(by Subject, l *Layout, old []string, now time.Time) error {
	var hidden []string
	for _, id := range old {
		if id != "" && !p.knowsCamera(by, id, now) {
			hidden = append(hidden, id)
		}
	}
	l.Cameras = slices.Clone(l.Cameras)
	for i, id := range l.Cameras {
		switch {
		case id == Hidden && len(hidden) > 0:
			l.Cameras[i], hidden = hidden[0], hidden[1:]
		case id == Hidden:
			l.Cameras[i] = ""
		case id != "" && !p.knowsCamera(by, id, now):
			return fmt.Errorf("%w: there is no camera %.64q for you", ErrFaulty, id)
		}
	}
	return nil
}

// roomForLayout says whether another one may be kept.
func (p *Policy) roomForLayout(l *Layout) error {
	all := p.people.Layouts.All()
	beside := 0
	for _, row := range all {
		if row.Value.Area == l.Area && (l.Area != "" || row.Value.By == l.By) {
			beside++
		}
	}
	switch {
	case len(all) >= MaxLayouts:
		return fmt.Errorf("%w: there are too many layouts: remove some", ErrFaulty)
	case l.Area != "" && beside >= MaxAreaLayouts:
		return fmt.Errorf("%w: the area has %d layouts: remove one first", ErrFaulty, beside)
	case l.Area == "" && beside >= MaxOwnLayouts:
		return fmt.Errorf("%w: you have %d layouts: remove one first", ErrFaulty, beside)
	}
	return nil
}

// RemoveLayout removes a layout of the given revision, with the same rights as
// PutLayout.
func (p *Policy) RemoveLayout(ctx context.Context, by Subject, l Layout, revision uint64, now time.Time) error {
	if _, err := p.LayoutRevision(by, l, now); err != nil {
		return err
	}
	if err := p.people.Layouts.Delete(ctx, l.key(by.ID), revision); err != nil {
		return fmt.Errorf("remove the layout: %w", err)
	}
	return nil
}
